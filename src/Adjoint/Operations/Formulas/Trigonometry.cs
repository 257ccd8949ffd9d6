using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>Functions of angles, right for every finite argument, and their inverses.</summary>
public static class Trigonometry
{
    /// <summary>sin x</summary>
    public readonly struct Sin : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, r) = Angles.Reduce(x);
            return T.Select(T.Equal(x, T.Of(0)), x, Angles.Sin(k, r));
        }
    }

    /// <summary>cos x</summary>
    public readonly struct Cos : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, r) = Angles.Reduce(x);
            return Angles.Sin(k + T.Of(1), r);
        }
    }

    /// <summary>tan x = sin r / cos r, or −cos r / sin r in the odd quadrants</summary>
    public readonly struct Tan : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, r) = Angles.Reduce(x);
            Pair<T> sin = Angles.Sin(r), cos = Angles.Cos(r);
            (sin, cos) = (Pair<T>.Ordered(sin.High, sin.Low), Pair<T>.Ordered(cos.High, cos.Low));
            T isOdd = Lane.IsOdd(k);
            T z = (Pair<T>.Select(isOdd, -cos, sin) / Pair<T>.Select(isOdd, sin, cos)).Value;
            return T.Select(T.Equal(x, T.Of(0)), x, z);
        }
    }

    /// <summary>sin(πx) / (πx), and 1 at 0</summary>
    public readonly struct Sinc : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            var (k, r) = Angles.ReducePi(x);
            T z = Angles.Sin(k, r) / (x * T.Of(3.141592653589793)) + T.Of(0);
            return T.Select(T.Abs(x) < T.Of(1e-10), T.Of(1), T.Select(T.Equal(T.Abs(x), T.Of(double.PositiveInfinity)), T.Of(0), z));
        }
    }

    // (artan s − s) / s³ in z = s² ≤ tan²(π/8): errors 2⁻⁵⁹ and 2⁻³⁰
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T AtanTail<T>(T z) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(z, -0.3333333333333333, 0.19999999999999804, -0.14285714285659806, 0.11111111105153429, -0.09090908753400499, 0.07692296372129964,
            -0.06666424833613552, 0.05878928398517232, -0.052304498567092406, 0.04551573086664191, -0.034570044186095536, 0.016285183029865667)
        : Lane.Polynomial(z, -0.333333343, 0.199999779, -0.142841503, 0.110713609, -0.0862464383, 0.0504805483);

    // The angle of (b, a) in the first quadrant, a, b ≥ 0 not both 0 or ∞, as a pair:
    // with n ≤ d the two, artan(n/d), or π/4 + artan((n − d) / (n + d)) where n/d > tan(π/8); and π/2 minus that where a > b
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Pair<T> Angle<T>(T a, T b) where T : struct, ILane<T>
    {
        T isSteep = a > b, n = T.Min(a, b), d = T.Max(a, b), zero = T.Of(0);
        T isWide = n > T.Of(0.41421356237309503) * d;
        var numerator = Pair<T>.Select(isWide, Pair<T>.Sum(n, -d), new(n, zero));
        var denominator = Pair<T>.Select(isWide, Pair<T>.Sum(d, n), new(d, zero));
        var s = numerator / denominator;
        T z = s.High * s.High;
        var angle = Pair<T>.Ordered(s.High, T.Fma(s.High * z, AtanTail(z), s.Low));
        var quarter = Pair<T>.Of(0.7853981633974483, 3.061616997868383e-17);
        angle = Pair<T>.Select(isWide, quarter + angle, angle);
        return Pair<T>.Select(isSteep, Pair<T>.Of(1.5707963267948966, 6.123233995736766e-17) + -angle, angle);
    }

    /// <summary>artan x</summary>
    public readonly struct Atan : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), z = Angle(T.Min(a, T.Of(T.IsDouble ? 1e30 : 1e15)), T.Of(1)).Value;
            return T.Select(a < T.Of(T.IsDouble ? 1e-150 : 1e-15), x, Lane.CopySign(z, x) | (z & Lane.IsNaN(z)));
        }
    }

    /// <summary>The angle of the point (y, x) whose ordinate is the first argument, from −π to π</summary>
    public readonly struct Atan2 : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T>
        {
            T infinity = T.Of(double.PositiveInfinity), zero = T.Of(0);
            T a = T.Abs(x), b = T.Abs(y);
            T areInfinite = T.Equal(a, infinity) & T.Equal(b, infinity), areZero = T.Equal(a, zero) & T.Equal(b, zero);
            (a, b) = (T.Select(areInfinite, T.Of(1), a), T.Select(areInfinite, T.Of(1), T.Select(areZero, T.Of(1), b)));

            T most = T.Max(a, b);
            T scale = T.Select(most > T.Of(T.IsDouble ? 1e300 : 1e37), T.Of(0.0625), T.Select(most < T.Of(T.IsDouble ? 1e-250 : 1e-25), T.Of(T.IsDouble ? 1.6069380442589903e60 : 1.0995116e12), T.Of(1)));
            T n = a * scale, d = b * scale, ratio = n / d;
            var angle = Angle(n, d);
            // small ratios need no arcus, and their pairs would underflow; an infinite operand has exactly 0 or π/2
            T isFlat = ratio < T.Of(T.IsDouble ? 1e-150 : 1e-15), isUpright = ratio > T.Of(T.IsDouble ? 1e30 : 1e15);
            angle = Pair<T>.Select(isFlat, new(ratio, zero), Pair<T>.Select(isUpright, Pair<T>.Of(1.5707963267948966, 6.123233995736766e-17), angle));
            angle = Pair<T>.Select(Lane.IsNegative(y), Pair<T>.Of(3.141592653589793, 1.2246467991473532e-16) + -angle, angle);
            T z = angle.Value;
            T isUndefined = Lane.IsNaN(x) | Lane.IsNaN(y);
            return Lane.CopySign(z, x) | (isUndefined & T.Of(double.NaN));
        }
    }

    // (arcsin s − s) / s³ in z = s² ≤ ¼: errors 2⁻⁵⁹ and 2⁻³¹
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T AsinTail<T>(T z) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(z, 0.16666666666666666, 0.07500000000000118, 0.044642857142551895, 0.03038194447553234, 0.02237215744350722, 0.017352816540325496, 0.01396378001220357,
            0.011566459612121669, 0.009621842970100282, 0.009319560794767446, 0.0030448799094556773, 0.019554513336123378, -0.01924167174674304, 0.02961201126495512)
        : Lane.Polynomial(z, 0.166666672, 0.074999921, 0.0446476638, 0.0302691385, 0.0236118175, 0.0105744153, 0.0309745409);

    // arcsin of a ≤ ½, or of √((1 − a) / 2) for greater a, as a pair
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Pair<T> HalfAngle<T>(T a, T isGreat) where T : struct, ILane<T>
    {
        T rest = T.Of(0.5) * (T.Of(1) - a), root = T.Sqrt(rest);
        T low = T.Select(rest > T.Of(0), T.Fma(-root, root, rest) / (root + root), T.Of(0));
        var s = Pair<T>.Select(isGreat, new(root, low), new(a, T.Of(0)));
        T z = T.Select(isGreat, rest, a * a);
        return Pair<T>.Ordered(s.High, T.Fma(s.High * z, AsinTail(z), s.Low));
    }

    /// <summary>arcsin x; π/2 − 2 arcsin √((1 − |x|) / 2) for |x| above ½</summary>
    public readonly struct Asin : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), isGreat = a > T.Of(0.5);
            var s = HalfAngle(a, isGreat);
            var far = Pair<T>.Of(1.5707963267948966, 6.123233995736766e-17) + new Pair<T>(s.High * T.Of(-2), s.Low * T.Of(-2));
            T z = T.Select(isGreat, far.Value, s.Value);
            return T.Select(a <= T.Of(1), Lane.CopySign(z, x), T.Of(double.NaN));
        }
    }

    /// <summary>arccos x; 2 arcsin √((1 − |x|) / 2) for |x| above ½, and its supplement for negative x</summary>
    public readonly struct Acos : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), isGreat = a > T.Of(0.5), isNegative = x < T.Of(0);
            var s = HalfAngle(a, isGreat);
            var twice = new Pair<T>(s.High + s.High, s.Low + s.Low);
            var great = Pair<T>.Select(isNegative, Pair<T>.Of(3.141592653589793, 1.2246467991473532e-16) + -twice, twice);
            var small = Pair<T>.Of(1.5707963267948966, 6.123233995736766e-17) + Pair<T>.Select(isNegative, s, -s);
            return T.Select(a <= T.Of(1), Pair<T>.Select(isGreat, great, small).Value, T.Of(double.NaN));
        }
    }
}
