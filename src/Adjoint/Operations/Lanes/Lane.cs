using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>Polynomials c₀ + c₁x + c₂x² + … in Horner's form with fused steps, and parts of numbers.</summary>
static class Lane
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Of(c2), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Of(c3), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c4), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c5), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c6), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c7), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c8), x, T.Of(c7)), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c9), x, T.Of(c8)), x, T.Of(c7)), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9, double c10) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c10), x, T.Of(c9)), x, T.Of(c8)), x, T.Of(c7)), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9, double c10, double c11) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c11), x, T.Of(c10)), x, T.Of(c9)), x, T.Of(c8)), x, T.Of(c7)), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9, double c10, double c11, double c12) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c12), x, T.Of(c11)), x, T.Of(c10)), x, T.Of(c9)), x, T.Of(c8)), x, T.Of(c7)), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7, double c8, double c9, double c10, double c11, double c12, double c13) where T : struct, ILane<T> =>
        T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Fma(T.Of(c13), x, T.Of(c12)), x, T.Of(c11)), x, T.Of(c10)), x, T.Of(c9)), x, T.Of(c8)), x, T.Of(c7)), x, T.Of(c6)), x, T.Of(c5)), x, T.Of(c4)), x, T.Of(c3)), x, T.Of(c2)), x, T.Of(c1)), x, T.Of(c0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Polynomial<T>(T x, ReadOnlySpan<double> c) where T : struct, ILane<T>
    {
        T sum = T.Of(c[^1]);
        for (int i = c.Length - 2; i >= 0; i--) sum = T.Fma(sum, x, T.Of(c[i]));
        return sum;
    }

    /// <summary>2ⁿ for integral n of normal powers: the exponent appears in the low bits of n + 1.5·2⁵² + bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PowerOfTwo<T>(T n) where T : struct, ILane<T> =>
        T.IsDouble ? T.ShiftLeft(n + T.Of(6755399441055744 + 1023), 52) : T.ShiftLeft(n + T.Of(12582912 + 127), 23);

    /// <summary>x · 2ⁿ for |n| up to twice the exponent range, rounded once: <see cref="ILane{TSelf}.Scale"/> where there is no instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T InHalves<T>(T x, T n) where T : struct, ILane<T>
    {
        T half = T.Round(n * T.Of(0.5));
        return x * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <summary>The mask of odd n, for integral |n| below 2⁵¹ (float32: 2²²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T IsOdd<T>(T n) where T : struct, ILane<T> =>
        T.IsDouble ? T.ShiftRight(T.ShiftLeft(n + T.Of(6755399441055744), 63), 63) : T.ShiftRight(T.ShiftLeft(n + T.Of(12582912), 31), 31);

    /// <summary>x with the sign of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CopySign<T>(T x, T y) where T : struct, ILane<T> => T.Abs(x) | (y & T.Of(-0.0));

    /// <summary>The mask of negative numbers, −0 included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T IsNegative<T>(T x) where T : struct, ILane<T> => T.ShiftRight(x, T.IsDouble ? 63 : 31);

    /// <summary>The mask of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T IsNaN<T>(T x) where T : struct, ILane<T> => ~T.Equal(x, x);
}
