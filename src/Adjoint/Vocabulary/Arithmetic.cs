namespace Adjoint;

/// <summary>Sums, products and powers. Operands broadcast; C# numbers take the other operand's element type.</summary>
public static class Arithmetic
{
    internal static Tensor Add(Tensor a, Tensor b) { (a, b) = Broadcasting.Match("add", a, b); return Equation.Solve(Operations.Add.Shared, a, b); }
    internal static Tensor Subtract(Tensor a, Tensor b) { (a, b) = Broadcasting.Match("subtract", a, b); return Equation.Solve(Operations.Subtract.Shared, a, b); }
    internal static Tensor Multiply(Tensor a, Tensor b) => Broadcasting.Product(a, b);

    internal static Tensor Divide(Tensor a, Tensor b)
    {
        (a, b) = Broadcasting.Match("divide", Floating(a), Floating(b));
        return Map.Of(Scalars.Divide, a, b);
    }

    internal static Tensor Remainder(Tensor a, Tensor b) { (a, b) = Broadcasting.Match("remainder", a, b); return Map.Of(Scalars.Remainder, a, b); }

    /// <summary>Integers and bools as float32, the default floating type; C# integers stay weak.</summary>
    internal static Tensor Floating(Tensor x) => x.DType.IsFloat ? x
        : x.IsLiteral ? Tensor.Literal(x.IsWeak ? DType.Float64 : DType.Float32, x.Data.First(), x.IsWeak)
        : Equation.Solve(new Convert(DType.Float32), x);

    extension(Tensor x)
    {
        /// <summary>−x.</summary>
        public Tensor Negate() => Equation.Solve(Operations.Negate.Shared, x);

        /// <summary>x².</summary>
        public Tensor Square() => Map.Of(Scalars.Square, x);

        /// <summary>1 / x.</summary>
        public Tensor Reciprocal() => Map.Of(Scalars.Reciprocal, Floating(x));

        /// <summary>xʸ for real y; negative x only with integral y.</summary>
        public Tensor Pow(Tensor y) { var (a, b) = Broadcasting.Match("pow", Floating(x), Floating(y)); return Map.Of(Scalars.Pow, a, b); }

        /// <summary>The greater of each pair; at ties both share the derivative.</summary>
        public Tensor Maximum(Tensor y) { var (a, b) = Broadcasting.Match("maximum", x, y); return Map.Of(Scalars.Maximum, a, b); }

        /// <summary>The smaller of each pair; at ties both share the derivative.</summary>
        public Tensor Minimum(Tensor y) { var (a, b) = Broadcasting.Match("minimum", x, y); return Map.Of(Scalars.Minimum, a, b); }

        /// <summary>The values limited to [lower, upper].</summary>
        public Tensor Clip(Tensor lower, Tensor upper) => x.Maximum(lower).Minimum(upper);

        /// <summary>⌊x / y⌋.</summary>
        public Tensor FloorDivide(Tensor y) { var (a, b) = Broadcasting.Match("floor-divide", x, y); return Map.Of(Scalars.FloorDivide, a, b); }

        /// <summary>√(x² + y²) without overflow.</summary>
        public Tensor Hypot(Tensor y) { var (a, b) = Broadcasting.Match("hypot", Floating(x), Floating(y)); return Map.Of(Scalars.Hypot, a, b); }

        /// <summary>The angle of the point (y, this) against the x axis: this is the y coordinate.</summary>
        public Tensor Atan2(Tensor y) { var (a, b) = Broadcasting.Match("atan2", Floating(x), Floating(y)); return Map.Of(Scalars.Atan2, a, b); }

        /// <summary>x · log y, and 0 where x = 0.</summary>
        public Tensor XLogY(Tensor y) { var (a, b) = Broadcasting.Match("xlogy", Floating(x), Floating(y)); return Map.Of(Scalars.XLogY, a, b); }

        /// <summary>log(eˣ + eʸ) without overflow.</summary>
        public Tensor LogAddExp(Tensor y) { var (a, b) = Broadcasting.Match("logaddexp", Floating(x), Floating(y)); return Map.Of(Scalars.LogAddExp, a, b); }
    }
}
