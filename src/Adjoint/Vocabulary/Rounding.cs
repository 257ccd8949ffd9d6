namespace Adjoint;

/// <summary>Signs and roundings, on integers too. Roundings have the derivative 0.</summary>
public static class Rounding
{
    extension(Tensor x)
    {
        /// <summary>|x|, with the derivative 0 at 0.</summary>
        public Tensor Abs() => Map.Of(Scalars.Abs, x);

        /// <summary>−1, 0 or 1; NaN for NaN.</summary>
        public Tensor Sign() => Map.Of(Scalars.Sign, x);

        /// <summary>|x| with the sign of y; the operands broadcast. With the derivative 0 at x = 0.</summary>
        public Tensor CopySign(Tensor y) { var (a, b) = Broadcasting.Match("copysign", Arithmetic.Floating(x), Arithmetic.Floating(y)); return Map.Of(Scalars.CopySign, a, b); }

        /// <summary>The greatest integer ≤ x.</summary>
        public Tensor Floor() => Map.Of(Scalars.Floor, x);

        /// <summary>The least integer ≥ x.</summary>
        public Tensor Ceiling() => Map.Of(Scalars.Ceiling, x);

        /// <summary>x without its fraction: toward 0.</summary>
        public Tensor Truncate() => Map.Of(Scalars.Truncate, x);

        /// <summary>The nearest integer, of two the even one.</summary>
        public Tensor Round() => Map.Of(Scalars.Round, x);
    }
}
