namespace Adjoint;

/// <summary>The distribution function Φ of the normal distribution, and its inverse.</summary>
static class NormalDistribution
{
    // Wichura 1988, algorithm AS 241 (PPND16): numerators and denominators for the middle, the tails, and the far tails
    static readonly double[][] middle =
    [
        [3.3871328727963666080, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3],
        [1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3],
    ];

    static readonly double[][] tail =
    [
        [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
        [1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9],
    ];

    static readonly double[][] farTail =
    [
        [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
        [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15],
    ];

    /// <summary>The x with Φ(x) = p, to about 1e-16 relative; p in (0, 1).</summary>
    public static Tensor Quantile(Tensor p)
    {
        var q = p - 0.5;
        var isMiddle = q.Abs() <= 0.425;
        var r = (-p.Minimum(1.0 - p).Log()).Sqrt();
        var outer = Tensor.Select(r <= 5.0, Ratio(tail, r - 1.6), Ratio(farTail, r - 5.0));
        return Tensor.Select(isMiddle, q * Ratio(middle, 0.180625 - q.Square()), q.Sign() * outer);
    }

    static Tensor Ratio(double[][] coefficients, Tensor x) => Polynomial(coefficients[0], x) / Polynomial(coefficients[1], x);
    static Tensor Polynomial(double[] c, Tensor x) => c[..^1].Reverse().Aggregate(c[^1] * x.OnesLike(), (sum, next) => sum * x + next);

    /// <summary>Φ(x), to about 1e-15 relative in the lower tail: a series for small |x|, a continued fraction for large.</summary>
    public static double Below(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x > 3) return 1 - Below(-x);
        if (x < -3)
        {
            // Φ(−t) = φ(t) / (t + 1 / (t + 2 / (t + 3 / …)))        Abramowitz and Stegun 26.2.14
            double fraction = -x;
            for (int k = 200; k > 0; k--) fraction = -x + k / fraction;
            return double.IsNegativeInfinity(x) ? 0 : density / fraction;
        }
        // Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …)        Abramowitz and Stegun 26.2.11
        double sum = 0, term = x;
        for (int k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2) { sum += term; term *= x * x / (k + 2); }
        return 0.5 + density * sum;
    }
}
