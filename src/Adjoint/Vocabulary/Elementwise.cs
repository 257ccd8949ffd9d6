namespace Adjoint;

/// <summary>Functions of every element: powers, exponentials, angles. Integers become float32 first. Accuracy: docs/accuracy.md.</summary>
public static class ElementwiseFunctions
{
    static Tensor Float(ScalarFunction function, Tensor x) => Map.Of(function, Arithmetic.Floating(x));

    extension(Tensor x)
    {
        /// <summary>eˣ.</summary>
        public Tensor Exp() => Float(Scalars.Exp, x);

        /// <summary>2ˣ.</summary>
        public Tensor Exp2() => Float(Scalars.Exp2, x);

        /// <summary>eˣ − 1, precise near 0.</summary>
        public Tensor ExpM1() => Float(Scalars.ExpM1, x);

        /// <summary>The natural logarithm; NaN for negative x.</summary>
        public Tensor Log() => Float(Scalars.Log, x);

        /// <summary>The logarithm to base 2.</summary>
        public Tensor Log2() => Float(Scalars.Log2, x);

        /// <summary>The logarithm to base 10.</summary>
        public Tensor Log10() => Float(Scalars.Log10, x);

        /// <summary>log(1 + x), precise near 0.</summary>
        public Tensor Log1P() => Float(Scalars.Log1P, x);

        /// <summary>√x; its derivative at 0 is +∞.</summary>
        public Tensor Sqrt() => Float(Scalars.Sqrt, x);

        /// <summary>1 / √x.</summary>
        public Tensor Rsqrt() => Float(Scalars.Rsqrt, x);

        /// <summary>The real cube root, of negative x too.</summary>
        public Tensor Cbrt() => Float(Scalars.Cbrt, x);

        /// <summary>The sine, right for every finite x.</summary>
        public Tensor Sin() => Float(Scalars.Sin, x);

        /// <summary>The cosine, right for every finite x.</summary>
        public Tensor Cos() => Float(Scalars.Cos, x);

        /// <summary>The tangent, right for every finite x.</summary>
        public Tensor Tan() => Float(Scalars.Tan, x);

        /// <summary>The angle from −π/2 to π/2 whose sine is x.</summary>
        public Tensor Asin() => Float(Scalars.Asin, x);

        /// <summary>The angle from 0 to π whose cosine is x.</summary>
        public Tensor Acos() => Float(Scalars.Acos, x);

        /// <summary>The angle from −π/2 to π/2 whose tangent is x.</summary>
        public Tensor Atan() => Float(Scalars.Atan, x);

        /// <summary>½ (eˣ − e⁻ˣ).</summary>
        public Tensor Sinh() => Float(Scalars.Sinh, x);

        /// <summary>½ (eˣ + e⁻ˣ).</summary>
        public Tensor Cosh() => Float(Scalars.Cosh, x);

        /// <summary>The hyperbolic tangent.</summary>
        public Tensor Tanh() => Float(Scalars.Tanh, x);

        /// <summary>The inverse of the hyperbolic sine.</summary>
        public Tensor Asinh() => Float(Scalars.Asinh, x);

        /// <summary>The non-negative inverse of the hyperbolic cosine, for x ≥ 1.</summary>
        public Tensor Acosh() => Float(Scalars.Acosh, x);

        /// <summary>The inverse of the hyperbolic tangent, for |x| ≤ 1.</summary>
        public Tensor Atanh() => Float(Scalars.Atanh, x);
    }
}
