using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>
/// Logarithms. x = 2ᵏ·m with m from √½ to √2; f = m − 1, s = f / (2 + f), log m = 2 artanh s = 2s + s³·R(s²).
/// </summary>
public static class Logarithms
{
    /// <summary>k and m − 1, for positive x; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (T K, T F) Split<T>(T x) where T : struct, ILane<T>
    {
        int digits = T.IsDouble ? 52 : 23;
        T magic = T.Of(T.IsDouble ? 6755399441055744 : 12582912);
        T isTiny = x < T.Of(T.IsDouble ? 2.2250738585072014e-308 : 1.17549435e-38f);
        T scaled = T.Select(isTiny, x * T.Of(T.IsDouble ? 18014398509481984 : 33554432), x);
        T exponent = T.ShiftRight(T.SubtractBits(scaled, T.Of(0.70710678118654752)), digits);
        T m = T.SubtractBits(scaled, T.ShiftLeft(exponent, digits));
        T k = T.AddBits(exponent, magic) - magic;
        return (k - (isTiny & T.Of(T.IsDouble ? 54 : 25)), m - T.Of(1));
    }

    // (2 artanh s − 2s) / s³ in z = s² ≤ 0.0296: error 2⁻⁵¹ and 2⁻²²
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Tail<T>(T z) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(z, 0.666666666666667, 0.39999999999893915, 0.28571428628500795, 0.2222221072440129, 0.18182918892943603, 0.15330736526779512, 0.14628571557283904)
        : Lane.Polynomial(z, 0.666666865, 0.399885744, 0.29589203);

    // (2 artanh s − 2s − ⅔s³) / s⁵
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T SecondTail<T>(T z) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(z, 0.4000000000000003, 0.2857142857133355, 0.2222222227333973, 0.18181807883954582, 0.15385601168212606, 0.13285084775940922, 0.12924355760875225)
        : Lane.Polynomial(z, 0.400000155, 0.285620689, 0.230557382);

    // log(1 + f) + k·ln 2 + low, in the order of fdlibm: only the last subtraction rounds visibly
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Sum<T>(T k, T f, T low) where T : struct, ILane<T>
    {
        T s = f / (T.Of(2) + f), z = s * s, square = T.Of(0.5) * f * f;
        T high = T.Of(T.IsDouble ? 0.6931471805598903 : 0.693145752), rest = T.Of(T.IsDouble ? 5.497923018708371e-14 : 1.42860677e-06);
        return T.Fma(k, high, f - (square - T.Fma(s, T.Fma(z, Tail(z), square), T.Fma(k, rest, low))));
    }

    // log of what has no finite one
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Special<T>(T x, T z) where T : struct, ILane<T>
    {
        T infinity = T.Of(double.PositiveInfinity);
        z = T.Select(T.Equal(x, infinity), infinity, z);
        z = T.Select(T.Equal(x, T.Of(0)), -infinity, z);
        return T.Select(x >= T.Of(0), z, T.Of(double.NaN));
    }

    /// <summary>log x as a pair, to about 2⁻⁶⁴ relative (float32: 2⁻³⁵), for positive finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (T K, Pair<T> LogM) AsPair<T>(T x) where T : struct, ILane<T>
    {
        var (k, f) = Split(x);
        var d = Pair<T>.Ordered(T.Of(2), f);
        T inverse = T.Of(1) / d.High, quotient = f * inverse;
        var s = Pair<T>.Ordered(quotient, inverse * (T.Fma(-quotient, d.High, f) - quotient * d.Low));
        var z = s * s;
        var cube = s * z;
        var tail = Pair<T>.Of(0.6666666666666666, 3.700743415417188e-17) * cube + cube.High * z.High * SecondTail(z.High);
        return (k, new Pair<T>(s.High + s.High, s.Low + s.Low) + tail);
    }

    /// <summary>The natural logarithm of x as a pair, for positive finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Pair<T> Natural<T>(T x) where T : struct, ILane<T>
    {
        var (k, logM) = AsPair(x);
        return Pair<T>.Of(0.6931471805599453, 2.3190468138462996e-17) * k + logM;
    }

    /// <summary>log x</summary>
    public readonly struct Log : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, f) = Split(x);
            return Special(x, Sum(k, f, T.Of(0)));
        }
    }

    /// <summary>log₂ x</summary>
    public readonly struct Log2 : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, logM) = AsPair(x);
            return Special(x, (Pair<T>.Of(1.4426950408889634, 2.0355273740931033e-17) * logM + k).Value);
        }
    }

    /// <summary>log₁₀ x</summary>
    public readonly struct Log10 : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, logM) = AsPair(x);
            return Special(x, (Pair<T>.Of(0.3010299956639812, -2.8037281277851704e-18) * k + Pair<T>.Of(0.4342944819032518, 1.098319650216765e-17) * logM).Value);
        }
    }

    /// <summary>log(1 + x): the rounding of 1 + x = 2ᵏ·m comes back as its quotient by m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T OnePlus<T>(T x, T low) where T : struct, ILane<T>
    {
        var u = Pair<T>.Sum(T.Of(1), x);
        var (k, f) = Split(u.High);
        T correction = T.Select(T.Abs(k) < T.Of(T.IsDouble ? 100 : 60), (u.Low + low) * Lane.PowerOfTwo(T.Max(-k, T.Of(-100))) / (T.Of(1) + f), T.Of(0));
        return T.Select(T.Abs(x) < T.Of(T.IsDouble ? 1e-300 : 1e-35), x, Special(u.High, Sum(k, f, correction)));
    }

    /// <summary>log(1 + x)</summary>
    public readonly struct Log1P : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => OnePlus(x, T.Of(0));
    }

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|)</summary>
    public readonly struct Softplus : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Of(0)) + OnePlus(Exponentials.Of(-T.Abs(x), T.Of(0)), T.Of(0));
    }

    /// <summary>log(eˣ + eʸ) = max + log(1 + e^−|x − y|)</summary>
    public readonly struct LogAddExp : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T>
        {
            T distance = T.Select(T.Equal(x, y), T.Of(0), T.Abs(x - y));
            return T.Max(x, y) + OnePlus(Exponentials.Of(-distance, T.Of(0)), T.Of(0));
        }
    }

    /// <summary>log(p / (1 − p)); near ½ as log(1 + (2p − 1) / (1 − p))</summary>
    public readonly struct Logit : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var rest = Pair<T>.Sum(T.Of(1), -x);
            var ratio = Pair<T>.Sum(x + x, T.Of(-1)) / rest;
            T isMiddle = (x > T.Of(0.25)) & (x < T.Of(0.75));
            return T.Select(isMiddle, OnePlus(ratio.High, ratio.Low), Log.Of(x / rest.High));
        }
    }

    /// <summary>x · log y, and 0 where x = 0 unless y is NaN</summary>
    public readonly struct XLogY : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T> =>
            T.Select(T.Equal(x, T.Of(0)) & ~Lane.IsNaN(y), T.Of(0), x * Log.Of(y));
    }

    /// <summary>arsinh |x| = log(1 + |x| + x² / (1 + √(1 + x²))), with the sign of x</summary>
    public readonly struct Asinh : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), far = T.Of(T.IsDouble ? 1e9 : 1e5), b = T.Min(a, far);
            var square = Pair<T>.Product(b, b);
            var t = square / (Pair<T>.Sqrt(square + T.Of(1)) + T.Of(1)) + b;
            T z = T.Select(a > far, Log.Of(a) + T.Of(0.6931471805599453), OnePlus(t.High, t.Low));
            return T.Select(a < T.Of(T.IsDouble ? 1e-150 : 1e-15), x, Lane.CopySign(z, x) | (x & Lane.IsNaN(x)));
        }
    }

    /// <summary>arcosh x = log(1 + t + √(2t + t²)), t = x − 1</summary>
    public readonly struct Acosh : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T far = T.Of(T.IsDouble ? 1e9 : 1e5), t = T.Min(x, far) - T.Of(1);
            var root = Pair<T>.Sqrt(Pair<T>.Product(t, t) + (t + t));
            var sum = new Pair<T>(t, T.Of(0)) + root;
            T near = T.Select(T.Equal(t, T.Of(0)), T.Of(0), OnePlus(sum.High, sum.Low));
            return T.Select(x > far, Log.Of(x) + T.Of(0.6931471805599453), T.Select(x >= T.Of(1), near, T.Of(double.NaN)));
        }
    }

    /// <summary>artanh |x| = ½ log(1 + 2|x| / (1 − |x|)), with the sign of x</summary>
    public readonly struct Atanh : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x);
            var t = new Pair<T>(a + a, T.Of(0)) / Pair<T>.Sum(T.Of(1), -a);
            T z = T.Of(0.5) * OnePlus(t.High, t.Low);
            z = T.Select(T.Equal(a, T.Of(1)), T.Of(double.PositiveInfinity), T.Select(a <= T.Of(1), z, T.Of(double.NaN)));
            return T.Select(a < T.Of(T.IsDouble ? 1e-150 : 1e-15), x, Lane.CopySign(z, x) | (z & Lane.IsNaN(z)));
        }
    }
}
