using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>The error function, the normal distribution, and their inverses.</summary>
public static class ErrorFunctions
{
    // e^(−square) · erfcx(a), a ≥ 0: (1 + 2a) e^(a²) erfc a is a smooth function of (a − c) / (a + c) (Shepherd and Laframboise 1981): errors 2⁻⁵⁸ and 2⁻²⁷
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Tail<T>(T a, Pair<T> square) where T : struct, ILane<T>
    {
        T c = T.Of(T.IsDouble ? 4 : 2), q = (a - c) / (a + c);
        T smooth = T.IsDouble ? Lane.Polynomial(q, doubleTail) : Lane.Polynomial(q, singleTail);
        return Exponentials.Of(-square.High, -square.Low) * (smooth / T.Fma(T.Of(2), a, T.Of(1)));
    }

    static ReadOnlySpan<double> doubleTail =>
    [
        1.2329951186255526, -0.13962111684056253, 0.015379652102619523, 0.06809705425469259, -0.10103906603629266, 0.09373283499835361, -0.06633036581244672, 0.037167515537377856,
        -0.016197734055679282, 0.005031969979399385, -0.0007577732983635298, -0.00019925670474788313, 0.00015062169462125237, -2.4399172870686758e-05, -1.1222015496282597e-05,
        5.709629675261918e-06, 2.936688030676073e-07, -8.252727493350701e-07, 7.491789135082537e-08, 1.0993980640840464e-07, -1.8184199806971624e-08, -1.408922730961662e-08,
        1.9389565991275174e-09, 1.2868186391484246e-09,
    ];

    static ReadOnlySpan<double> singleTail =>
    [
        1.27697837, -0.0927638337, -0.166030556, 0.16405125, -0.0542174391, -0.00803136826, 0.00870835222, 0.00125213712, -0.00142284285, -0.000400326942, 0.00017412295, 8.21614594e-05,
    ];

    // erf a for a ≤ 1: a + a·P(a²), errors 2⁻⁶² and 2⁻²⁹
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Middle<T>(T a) where T : struct, ILane<T>
    {
        T z = a * a;
        T p = T.IsDouble
            ? Lane.Polynomial(z, 0.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792, 0.0052239776248180145, -0.000854832698083379,
                0.0001205533111164271, -1.4925595266831182e-05, 1.6461000484121368e-06, -1.6350312701054695e-07, 1.4659775274047436e-08, -1.1372848856791674e-09, 5.957176147748911e-11)
            : Lane.Polynomial(z, 0.128379166, -0.37612626, 0.112835944, -0.0268542115, 0.00518908724, -0.00080168643, 7.87587487e-05);
        return T.Fma(a, p, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Limit<T>(T a) where T : struct, ILane<T> => T.Min(a, T.Of(T.IsDouble ? 28 : 10.5));

    /// <summary>erf x = 2/√π ∫₀ˣ e^(−t²) dt</summary>
    public readonly struct Erf : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = Limit(T.Abs(x));
            T z = T.Select(a < T.Of(1), Middle(a), T.Of(1) - Tail(a, Pair<T>.Product(a, a)));
            return Lane.CopySign(z, x) | (z & Lane.IsNaN(z));
        }
    }

    /// <summary>erfc x = 1 − erf x, without cancellation</summary>
    public readonly struct Erfc : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = Limit(T.Abs(x)), tail = Tail(a, Pair<T>.Product(a, a));
            T near = T.Of(1) - Lane.CopySign(Middle(a), x);
            return T.Select(T.Abs(x) < T.Of(0.5), near, T.Select(x < T.Of(0), T.Of(2) - tail, tail));
        }
    }

    // Φ: the tail's square is x²/2 exactly, though x/√2 is rounded
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Below<T>(T x) where T : struct, ILane<T>
    {
        T limited = T.Min(T.Max(x, T.Of(-39)), T.Of(39)), half = T.Of(0.5);
        T a = T.Abs(limited) * T.Of(0.7071067811865476);
        T tail = half * Tail(a, Pair<T>.Product(limited, limited * half));
        T near = T.Fma(half, Lane.CopySign(Middle(a), x), half);
        return T.Select(a < half, near, T.Select(x < T.Of(0), tail, T.Of(1) - tail));
    }

    /// <summary>Φ(x) = ½ erfc(−x/√2), the distribution function of the normal distribution</summary>
    public readonly struct NormalCdf : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => Below(x);
    }

    /// <summary>x · Φ(x)</summary>
    public readonly struct Gelu : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Of(-50)) * Below(x);
    }

    // Wichura 1988, algorithm AS 241 (PPND16, PPND7): numerators and denominators for the middle, the tails, and the far tails
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T MiddleRatio<T>(T r) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(r, 3.3871328727963666080, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4, 4.5921953931549871457e+4,
                6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3)
            / Lane.Polynomial(r, 1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4,
                3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3)
        : Lane.Polynomial(r, 3.3871327179, 50.434271938, 159.29113202, 59.109374720) / Lane.Polynomial(r, 1, 17.895169469, 78.757757664, 67.187563600);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T TailRatio<T>(T r) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(r, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258,
                2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4)
            / Lane.Polynomial(r, 1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
                1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9)
        : Lane.Polynomial(r, 1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103) / Lane.Polynomial(r, 1, 0.73700164250, 0.12021132975);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T FarRatio<T>(T r) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(r, 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1, 2.65321895265761230930e-2,
                1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7)
            / Lane.Polynomial(r, 1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
                1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15)
        : Lane.Polynomial(r, 6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997) / Lane.Polynomial(r, 1, 0.24197894225, 0.012258202635);

    // the x with Φ(x) = ½ + q; tail = ½ − |q|, given because q does not hold all its digits
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Quantile<T>(T q, T tail) where T : struct, ILane<T>
    {
        T middle = q * MiddleRatio(T.Fma(-q, q, T.Of(0.180625)));
        T r = T.Sqrt(-Logarithms.Log.Of(tail));
        T outer = T.Select(r <= T.Of(5), TailRatio(r - T.Of(1.6)), FarRatio(r - T.Of(5)));
        outer = T.Select(T.Equal(tail, T.Of(0)), T.Of(double.PositiveInfinity), outer);
        return T.Select(T.Abs(q) <= T.Of(0.425), middle, T.Select(tail >= T.Of(0), Lane.CopySign(outer, q), T.Of(double.NaN)));
    }

    /// <summary>The x with Φ(x) = p</summary>
    public readonly struct NormalQuantile : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T p) where T : struct, ILane<T> => Quantile(p - T.Of(0.5), T.Min(p, T.Of(1) - p));
    }

    /// <summary>The y with erf y = x: the quantile of (1 + x) / 2, over √2</summary>
    public readonly struct ErfInv : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> =>
            Quantile(x * T.Of(0.5), T.Of(0.5) * (T.Of(1) - T.Abs(x))) * T.Of(0.7071067811865476);
    }
}
