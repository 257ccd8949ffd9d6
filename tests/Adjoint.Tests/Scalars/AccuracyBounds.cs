namespace Adjoint.Tests;

/// <summary>What docs/accuracy.md promises: errors in units in the last place, and the float32 arguments on which they are tested.</summary>
/// <param name="Double">The bound for float64.</param>
/// <param name="Single">The bound for float32.</param>
/// <param name="Lower">The least argument.</param>
/// <param name="Upper">The greatest argument; half of the arguments are uniform in between, half have magnitudes of all orders.</param>
/// <param name="First">For functions of an order, the greatest order.</param>
/// <param name="Floor">The magnitude below which errors are measured against it, for functions with zeros at which no relative precision is promised.</param>
sealed record AccuracyBound(double Double, double Single, double Lower = -10, double Upper = 10, int First = 0, double Floor = 0)
{
    public float Draw(Random random) => First > 0 ? random.Next(1, First + 1) : Number(random);
    public float DrawSecond(Random random) => Number(random);

    float Number(Random random)
    {
        if (random.Next(2) == 0) return (float)(Lower + (Upper - Lower) * random.NextDouble());
        double most = Math.Max(Math.Abs(Lower), Math.Abs(Upper)), x = most * Math.Pow(2, -100 * random.NextDouble());
        return (float)(Lower >= 0 || (random.Next(2) == 0 && x <= Upper) ? x : -Math.Min(x, -Lower));
    }
}

/// <summary>The bounds, by function.</summary>
static class AccuracyBounds
{
    public static readonly Dictionary<string, AccuracyBound> All = new()
    {
        ["exp"] = new(0.9, 0.9, -104, 89), ["exp2"] = new(0.9, 1.0, -150, 128.5), ["expm1"] = new(1.2, 0.9, -20, 89),
        ["log"] = new(0.9, 0.9, 0, 1e30), ["log2"] = new(0.6, 0.6, 0, 1e30), ["log10"] = new(0.6, 0.6, 0, 1e30), ["log1p"] = new(0.9, 0.8, -0.999, 1e30), ["logit"] = new(1.2, 1.5, 0, 1),
        ["sinh"] = new(1.2, 0.9, -90, 90), ["cosh"] = new(0.7, 0.9, -90, 90), ["tanh"] = new(0.8, 0.8), ["asinh"] = new(1.1, 1.2, -1e30, 1e30), ["acosh"] = new(1.1, 0.9, 1, 100), ["atanh"] = new(0.9, 1.2, -1, 1),
        ["sin"] = new(0.9, 0.9, -1e6, 1e6), ["cos"] = new(0.8, 0.9, -1e6, 1e6), ["tan"] = new(0.9, 1.0, -1e6, 1e6),
        ["asin"] = new(0.6, 0.7, -1, 1), ["acos"] = new(0.6, 0.7, -1, 1), ["atan"] = new(0.6, 0.7, -1e3, 1e3), ["atan2"] = new(0.7, 0.7), ["sinc"] = new(2.4, 3.1),
        ["cbrt"] = new(0.6, 0.6, -1e30, 1e30), ["rsqrt"] = new(1.6, 1.7, 0, 1e30), ["pow"] = new(1.0, 0.9, 0, 10), ["hypot"] = new(0.6, 0.6),
        ["sigmoid"] = new(1.9, 2.4, -80, 80), ["silu"] = new(2.1, 2.8, -80, 80), ["softplus"] = new(1.3, 1.7, -80, 80), ["logaddexp"] = new(1.4, 1.8, 0, 20), ["xlogy"] = new(1.9, 2.0, 0, 10),
        ["erf"] = new(0.9, 1.1, -5, 5), ["erfc"] = new(2.7, 3.7, -5, 9.5), ["erfinv"] = new(3.8, 5.8, -1, 1), ["normal-cdf"] = new(3.7, 4.0, -13, 6), ["normal-quantile"] = new(3.9, 5.1, 0, 1), ["gelu"] = new(3.1, 4.4, -13, 20),
        ["lgamma"] = new(3.5, 0.6, 0, 100), ["digamma"] = new(4.1, 0.6, 0, 100, Floor: 1), ["polygamma"] = new(8.5, 0.6, 0.01, 30, 5), ["sinc-derivative"] = new(85, 0.6, -4, 4, 4, Floor: 10),
    };
}
