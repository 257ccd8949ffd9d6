using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>
/// eˣ and what is made of it. x = k·ln 2 + r with |r| ≤ ½ ln 2 (Cody and Waite), then a polynomial in r, then the exponent k.
/// </summary>
public static class Exponentials
{
    const double Log2E = 1.4426950408889634, Ln2 = 0.6931471805599453, Ln2Low = 2.3190468138462996e-17;

    /// <summary>k, r and a tail with e^(x + low) = 2ᵏ (1 + r + tail), for |low| far below |x|; r is exact, and k·ln 2 to 2⁻¹⁰⁰.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (T K, T R, T Tail) Parts<T>(T x, T low) where T : struct, ILane<T>
    {
        // e^(r + low) − 1 = r + t + low (1 + r + t), t = eʳ − 1 − r
        T k = T.Round(x * T.Of(Log2E));
        var ln2 = Pair<T>.Of(Ln2, Ln2Low);
        T r = T.Fma(-k, ln2.High, x), t = r * r * Tail(r);
        low = T.Fma(-k, ln2.Low, low);
        return (k, r, T.Fma(low, r + t, low) + t);
    }

    // (eʳ − 1 − r) / r² on |r| ≤ 0.35: Chebyshev, error 2⁻⁵⁹ and 2⁻²⁹
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Tail<T>(T r) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(r, 0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333325551, 0.0013888888888883332, 0.00019841269876840357,
            2.480158732699005e-05, 2.755725286336732e-06, 2.755727183153613e-07, 2.5106262550879078e-08, 2.0915433598076003e-09)
        : Lane.Polynomial(r, 0.5, 0.166666672, 0.0416664556, 0.00833331048, 0.00139345322, 0.000198919704);

    // beyond these the result is 0 or ∞ in every rounding
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Limit<T>(T x) where T : struct, ILane<T> => T.Min(T.Max(x, T.Of(T.IsDouble ? -750 : -110)), T.Of(T.IsDouble ? 720 : 95));

    /// <summary>e^(x + low).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Of<T>(T x, T low) where T : struct, ILane<T>
    {
        var (k, r, rest) = Parts(Limit(x), low);
        return T.Scale(T.Of(1) + (r + rest), k);
    }

    /// <summary>eˣ as a pair, for |x| at most 700 (float32: 80).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Pair<T> AsPair<T>(T x) where T : struct, ILane<T>
    {
        var (k, r, rest) = Parts(x, T.Of(0));
        var sum = Pair<T>.Ordered(T.Of(1), r);
        T scale = Lane.PowerOfTwo(k);
        var value = Pair<T>.Ordered(sum.High, sum.Low + rest);
        return new(value.High * scale, value.Low * scale);
    }

    /// <summary>½ (eˣ − 1) as a pair, for x from −50 to 720 (float32: 95).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Pair<T> HalfMinusOne<T>(T x) where T : struct, ILane<T>
    {
        // ½ (eˣ − 1) = s·(e^r − 1) + (s − ½), s = 2^(k − 1)
        var (k, r, rest) = Parts(x, T.Of(0));
        T s = Lane.PowerOfTwo(k - T.Of(1));
        var small = Pair<T>.Ordered(r, rest);
        return Pair<T>.Sum(s, T.Of(-0.5)) + new Pair<T>(small.High * s, small.Low * s);
    }

    /// <summary>eˣ</summary>
    public readonly struct Exp : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => Exponentials.Of(x, T.Of(0));
    }

    /// <summary>2ˣ: the reduction is exact.</summary>
    public readonly struct Exp2 : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T limited = T.Min(T.Max(x, T.Of(T.IsDouble ? -1080 : -155)), T.Of(T.IsDouble ? 1030 : 130));
            T k = T.Round(limited), f = limited - k;
            var r = Pair<T>.Of(Ln2, Ln2Low) * f;
            return T.Scale(T.Of(1) + (r.High + T.Fma(r.High * r.High, Tail(r.High), r.Low)), k);
        }
    }

    /// <summary>eˣ − 1</summary>
    public readonly struct ExpM1 : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T half = HalfMinusOne(T.Min(T.Max(x, T.Of(-50)), T.Of(T.IsDouble ? 709.8 : 88.8))).Value;
            return T.Select(T.Equal(x, T.Of(0)), x, half + half);
        }
    }

    /// <summary>½ (eˣ − e⁻ˣ) = h + h / (1 + 2h), h = ½ (eˣ − 1)</summary>
    public readonly struct Sinh : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), most = T.Of(T.IsDouble ? 700 : 80);
            var h = HalfMinusOne(T.Min(a, most));
            T near = (h + h / (new Pair<T>(h.High + h.High, h.Low + h.Low) + T.Of(1))).Value;
            return T.Select(T.Equal(x, T.Of(0)), x, Lane.CopySign(T.Select(a > most, HalfExp(a), near), x) | (x & Lane.IsNaN(x)));
        }
    }

    /// <summary>½ (eˣ + e⁻ˣ)</summary>
    public readonly struct Cosh : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), most = T.Of(T.IsDouble ? 700 : 80);
            var e = AsPair(T.Min(a, most));
            T near = (e + new Pair<T>(T.Of(1), T.Of(0)) / e).Value * T.Of(0.5);
            return T.Select(a > most, HalfExp(a), near);
        }
    }

    // ½ eˣ where eˣ may overflow: the half goes into the exponent
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T HalfExp<T>(T x) where T : struct, ILane<T>
    {
        var (k, r, rest) = Parts(Limit(x), T.Of(0));
        return T.Scale(T.Of(1) + (r + rest), k - T.Of(1));
    }

    /// <summary>tanh x = t / (2 − t), t = 1 − e⁻²ˣ, for |x|; with t, 2 − t and the quotient as pairs</summary>
    public readonly struct Tanh : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            // t = (1 − 2ᵏ) − 2ᵏ (r + tail)
            T a = T.Min(T.Abs(x), T.Of(22)), one = T.Of(1), two = T.Of(2);
            var (k, r, tail) = Parts(a * T.Of(-2), T.Of(0));
            var small = Pair<T>.Ordered(r, tail);
            T s = Lane.PowerOfTwo(k), rest = one - s, part = small.High * s;
            T t = rest - part, tLow = ((rest - t) - part) + (((one - rest) - s) - small.Low * s);
            T u = two - t, uLow = ((two - u) - t) - tLow;
            T inverse = one / u, z = t * inverse;
            T error = T.Fma(-z, u, t) + T.Fma(-z, uLow, tLow);
            return Lane.CopySign(T.Fma(error, inverse, z), x);
        }
    }

    /// <summary>1 / (1 + e⁻ˣ), from e^−|x|, which never overflows</summary>
    public readonly struct Sigmoid : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T e = Exponentials.Of(-T.Abs(x), T.Of(0));
            return T.Select(x < T.Of(0), e, T.Of(1)) / (T.Of(1) + e);
        }
    }

    /// <summary>x · sigmoid x; for negative x the exponent of e^−|x| comes last, so that only the result underflows</summary>
    public readonly struct Silu : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, r, rest) = Parts(-T.Min(T.Abs(x), T.Of(T.IsDouble ? 800 : 120)), T.Of(0));
            T m = T.Of(1) + (r + rest), e = T.Scale(m, k), isNegative = x < T.Of(0);
            T z = T.Max(x, T.Of(-1e6)) * T.Select(isNegative, m, T.Of(1)) / (T.Of(1) + e);
            return T.Scale(z, isNegative & k);
        }
    }
}
