using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>Functions in pieces: signs, roundings, extremes.</summary>
public static class Pieces
{
    /// <summary>|x|</summary>
    public readonly struct Abs : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Abs(x);
    }

    /// <summary>−1, 0 or 1; ±0 and NaN themselves</summary>
    public readonly struct Sign : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Select(T.Abs(x) > T.Of(0), Lane.CopySign(T.Of(1), x), x);
    }

    /// <summary>max(x, 0)</summary>
    public readonly struct Relu : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Max(x, T.Of(0));
    }

    /// <summary>⌊x⌋</summary>
    public readonly struct Floor : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Floor(x);
    }

    /// <summary>⌈x⌉</summary>
    public readonly struct Ceiling : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Ceiling(x);
    }

    /// <summary>x without its fraction</summary>
    public readonly struct Truncate : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Truncate(x);
    }

    /// <summary>The nearest integer, of two the even one</summary>
    public readonly struct Round : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Round(x);
    }

    /// <summary>max(x, y); NaN if either is</summary>
    public readonly struct Maximum : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.Max(x, y);
    }

    /// <summary>min(x, y); NaN if either is</summary>
    public readonly struct Minimum : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => T.Min(x, y);
    }

    /// <summary>|x| with the sign of y</summary>
    public readonly struct CopySign : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => Lane.CopySign(x, y);
    }
}
