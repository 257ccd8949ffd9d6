namespace Adjoint.Operations;

/// <summary>
/// The table of scalar functions. A row is a name, a formula and a slope for each argument, written in the vocabulary: so there are derivatives of any
/// order. A new function costs a row here and a line in the vocabulary. At a kink the slope is the mean of both sides for maximum and minimum, and 0 for
/// abs, sign and relu; where a limit exists the slopes have it, without NaN.
/// </summary>
public static class Scalars
{
    static ScalarFunction Of<TFormula>(string name, Func<Tensor, Tensor, Tensor>? slope, Func<long, long>? integer = null) where TFormula : IUnaryFormula =>
        ScalarFunction.Unary<TFormula>(name, slope, integer);

    static ScalarFunction Of<TFormula>(string name, Slope? inX, Slope? inY, Func<long, long, long>? integer = null) where TFormula : IBinaryFormula =>
        ScalarFunction.Binary<TFormula>(name, inX, inY, integer);

    /// <summary>Exponentials, logarithms, and what is made of them.</summary>
    public static readonly ScalarFunction
        Exp = Of<Exponentials.Exp>("exp", (x, z) => z),
        Exp2 = Of<Exponentials.Exp2>("exp2", (x, z) => z * Math.Log(2)),
        ExpM1 = Of<Exponentials.ExpM1>("expm1", (x, z) => x.Exp()),
        Log = Of<Logarithms.Log>("log", (x, z) => x.Reciprocal()),
        Log2 = Of<Logarithms.Log2>("log2", (x, z) => x.Reciprocal() * 1.4426950408889634),
        Log10 = Of<Logarithms.Log10>("log10", (x, z) => x.Reciprocal() * 0.4342944819032518),
        Log1P = Of<Logarithms.Log1P>("log1p", (x, z) => (1 + x).Reciprocal()),
        LogAddExp = Of<Logarithms.LogAddExp>("logaddexp", (x, y, z) => (x - y).Sigmoid(), (x, y, z) => (y - x).Sigmoid()),
        XLogY = Of<Logarithms.XLogY>("xlogy", (x, y, z) => Tensor.Select(Slopes.IsZero(x) & (y <= 0), 1, y).Log(), (x, y, z) => x / Tensor.Select(Slopes.IsZero(x) & (y <= 0), 1, y)),
        Logit = Of<Logarithms.Logit>("logit", (x, z) => (x * (1 - x)).Reciprocal()),
        Sinh = Of<Exponentials.Sinh>("sinh", (x, z) => x.Cosh()),
        Cosh = Of<Exponentials.Cosh>("cosh", (x, z) => x.Sinh()),
        Tanh = Of<Exponentials.Tanh>("tanh", (x, z) => 1 - z * z),
        Asinh = Of<Logarithms.Asinh>("asinh", (x, z) => (x * x + 1).Rsqrt()),
        Acosh = Of<Logarithms.Acosh>("acosh", (x, z) => ((x - 1) * (x + 1)).Rsqrt()),
        Atanh = Of<Logarithms.Atanh>("atanh", (x, z) => ((1 - x) * (1 + x)).Reciprocal());

    /// <summary>Angles.</summary>
    public static readonly ScalarFunction
        Sin = Of<Trigonometry.Sin>("sin", (x, z) => x.Cos()),
        Cos = Of<Trigonometry.Cos>("cos", (x, z) => -x.Sin()),
        Tan = Of<Trigonometry.Tan>("tan", (x, z) => 1 + z * z),
        Asin = Of<Trigonometry.Asin>("asin", (x, z) => ((1 - x) * (1 + x)).Rsqrt()),
        Acos = Of<Trigonometry.Acos>("acos", (x, z) => -((1 - x) * (1 + x)).Rsqrt()),
        Atan = Of<Trigonometry.Atan>("atan", (x, z) => (1 + x * x).Reciprocal()),
        Atan2 = Of<Trigonometry.Atan2>("atan2", (x, y, z) => Slopes.Inverse(y, x), (x, y, z) => -Slopes.Inverse(x, y)),
        Sinc = Of<Trigonometry.Sinc>("sinc", (x, z) => Map.Of(SincDerivative!, x.OnesLike(), x)),
        SincDerivative = Of<GammaFunctions.SincDerivative>("sinc-derivative", null, (n, x, z) => Map.Of(SincDerivative!, n + 1, x));

    /// <summary>Powers, roots and quotients. On integers, remainders and floors of quotients follow Python; division by zero is an error.</summary>
    public static readonly ScalarFunction
        Square = Of<Powers.Square>("square", (x, z) => 2 * x, x => x * x),
        Reciprocal = Of<Powers.Reciprocal>("reciprocal", (x, z) => -(z * z)),
        Sqrt = Of<Powers.Sqrt>("sqrt", (x, z) => 0.5 / z),
        Rsqrt = Of<Powers.Rsqrt>("rsqrt", (x, z) => -0.5 * (z * z * z)),
        Cbrt = Of<Powers.Cbrt>("cbrt", (x, z) => (1 / 3.0) / (z * z)),
        Divide = Of<Powers.Divide>("divide", (x, y, z) => y.Reciprocal(), (x, y, z) => -(z / y)),
        Pow = Of<Powers.Pow>("pow", (x, y, z) => y * x.Pow(Tensor.Select(Slopes.IsZero(x) & Slopes.IsZero(y), 1, y - 1)), (x, y, z) => z * Tensor.Select(Slopes.IsZero(x), 1, x).Log()),
        Hypot = Of<Powers.Hypot>("hypot", (x, y, z) => x / Slopes.NonZero(z), (x, y, z) => y / Slopes.NonZero(z)),
        Remainder = Of<Powers.Remainder>("remainder", (x, y, z) => x.OnesLike(), (x, y, z) => -x.FloorDivide(y), Slopes.Remainder),
        FloorDivide = Of<Powers.FloorDivide>("floor-divide", null, null, Slopes.FloorDivide);

    /// <summary>Functions in pieces.</summary>
    public static readonly ScalarFunction
        Abs = Of<Pieces.Abs>("abs", (x, z) => x.Sign(), x => x < 0 ? unchecked(-x) : x),
        Sign = Of<Pieces.Sign>("sign", null, x => Math.Sign(x)),
        Floor = Of<Pieces.Floor>("floor", null, x => x),
        Ceiling = Of<Pieces.Ceiling>("ceiling", null, x => x),
        Truncate = Of<Pieces.Truncate>("truncate", null, x => x),
        Round = Of<Pieces.Round>("round", null, x => x),
        Relu = Of<Pieces.Relu>("relu", (x, z) => (x > 0).To(x.DType), x => Math.Max(x, 0)),
        Maximum = Of<Pieces.Maximum>("maximum", Slopes.Greater, (x, y, z) => Slopes.Greater(y, x, z), Math.Max),
        Minimum = Of<Pieces.Minimum>("minimum", (x, y, z) => Slopes.Greater(y, x, z), Slopes.Greater, Math.Min),
        CopySign = Of<Pieces.CopySign>("copysign", (x, y, z) => x.Sign() * x.OnesLike().CopySign(y), null);

    /// <summary>Smooth steps and ramps of neural networks.</summary>
    public static readonly ScalarFunction
        Sigmoid = Of<Exponentials.Sigmoid>("sigmoid", (x, z) => z * (-x).Sigmoid()),
        Silu = Of<Exponentials.Silu>("silu", (x, z) => x.Sigmoid() + z * (-x).Sigmoid()),
        Softplus = Of<Logarithms.Softplus>("softplus", (x, z) => x.Sigmoid()),
        Gelu = Of<ErrorFunctions.Gelu>("gelu", (x, z) => x.NormalCdf() + x * Slopes.NormalDensity(x));

    /// <summary>The error function and the gamma function with their kin.</summary>
    public static readonly ScalarFunction
        Erf = Of<ErrorFunctions.Erf>("erf", (x, z) => 1.1283791670955126 * (-x.Square()).Exp()),
        Erfc = Of<ErrorFunctions.Erfc>("erfc", (x, z) => -1.1283791670955126 * (-x.Square()).Exp()),
        ErfInv = Of<ErrorFunctions.ErfInv>("erfinv", (x, z) => 0.88622692545275801 * z.Square().Exp()),
        NormalCdf = Of<ErrorFunctions.NormalCdf>("normal-cdf", (x, z) => Slopes.NormalDensity(x)),
        NormalQuantile = Of<ErrorFunctions.NormalQuantile>("normal-quantile", (x, z) => 2.5066282746310005 * (0.5 * z.Square()).Exp()),
        LogGamma = Of<GammaFunctions.LogGamma>("lgamma", (x, z) => x.Digamma()),
        Digamma = Of<GammaFunctions.Digamma>("digamma", (x, z) => x.Polygamma(1)),
        Polygamma = Of<GammaFunctions.Polygamma>("polygamma", null, (n, x, z) => Map.Of(Polygamma!, n + 1, x));
}

/// <summary>Parts of slopes.</summary>
static class Slopes
{
    public static Tensor IsZero(Tensor x) => x.EqualTo(0);

    /// <summary>x, and 1 where it is 0: a divisor whose quotients with 0 are 0, in every derivative too.</summary>
    public static Tensor NonZero(Tensor x) => Tensor.Select(IsZero(x), 1, x);

    /// <summary>x / (x² + y²) without overflow; 0 at the origin.</summary>
    public static Tensor Inverse(Tensor x, Tensor y) { var radius = NonZero(x.Hypot(y)); return x / radius / radius; }

    /// <summary>1 where x is greater, ½ at ties.</summary>
    public static Tensor Greater(Tensor x, Tensor y, Tensor z) => (x > y).To(x.DType) + 0.5 * x.EqualTo(y).To(x.DType);

    /// <summary>e^(−x²/2) / √(2π)</summary>
    public static Tensor NormalDensity(Tensor x) => 0.39894228040143268 * (-0.5 * x.Square()).Exp();

    /// <summary>⌊x/y⌋</summary>
    public static long FloorDivide(long x, long y) => y == -1 ? unchecked(-x) : x / NonZero("floor-divide", y) - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0);

    /// <summary>x − y⌊x/y⌋</summary>
    public static long Remainder(long x, long y) => y == -1 ? 0 : x % NonZero("remainder", y) is var rest && rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;

    static long NonZero(string name, long y) => y != 0 ? y : throw new DivideByZeroException($"{name}: an integer divisor is 0. Select another one there, or divide floats.");
}
