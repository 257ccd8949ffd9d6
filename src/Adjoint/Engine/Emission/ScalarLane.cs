using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What kernels do with one number: the same definitions as <see cref="VectorLane{T, TMask}"/>, by the same names.</summary>
static unsafe class ScalarLane<T> where T : unmanaged, INumber<T>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static T Load(byte* p) => *(T*)p;

    [MethodImpl(Inline)]
    public static void Store(byte* p, T x) => *(T*)p = x;

    [MethodImpl(Inline)]
    public static T Add(T x, T y) => x + y;

    [MethodImpl(Inline)]
    public static T Subtract(T x, T y) => x - y;

    [MethodImpl(Inline)]
    public static T Multiply(T x, T y) => x * y;

    [MethodImpl(Inline)]
    public static T Negate(T x) => -x;

    [MethodImpl(Inline)]
    public static bool Less(T x, T y) => x < y;

    [MethodImpl(Inline)]
    public static bool LessOrEqual(T x, T y) => x <= y;

    [MethodImpl(Inline)]
    public static bool Equal(T x, T y) => x == y;

    [MethodImpl(Inline)]
    public static bool NotEqual(T x, T y) => x != y;

    [MethodImpl(Inline)]
    public static T Select(bool condition, T x, T y) => condition ? x : y;

    [MethodImpl(Inline)]
    public static T Maximum(T x, T y) => T.Max(x, y);

    [MethodImpl(Inline)]
    public static T Minimum(T x, T y) => T.Min(x, y);

    [MethodImpl(Inline)]
    public static T MultiplyAdd(T sum, T x, T y) =>
        typeof(T) == typeof(float) ? (T)(object)float.FusedMultiplyAdd((float)(object)x, (float)(object)y, (float)(object)sum)
        : typeof(T) == typeof(double) ? (T)(object)double.FusedMultiplyAdd((double)(object)x, (double)(object)y, (double)(object)sum)
        : sum + x * y;

    [MethodImpl(Inline)]
    public static T FromBool(bool x) => x ? T.One : T.Zero;

    [MethodImpl(Inline)]
    public static bool ToBool(T x) => !T.IsZero(x);

    /// <summary>The number that an address is.</summary>
    [MethodImpl(Inline)]
    public static T Count(byte* at) => T.CreateTruncating((nint)at);

    /// <inheritdoc cref="Adjoint.Locate"/>
    [MethodImpl(Inline)]
    public static long Locate(long index, long length, byte* fault)
    {
        long place = index < 0 ? index + length : index;
        if ((ulong)place < (ulong)length) return place;
        *(long*)fault = 1;
        return 0;
    }

    public static TTo To<TTo>(T x) where TTo : INumber<TTo> => TTo.CreateSaturating(x);
}

/// <summary>Logic on integers, bit by bit.</summary>
static class BitLane<T> where T : unmanaged, IBinaryInteger<T>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static T And(T x, T y) => x & y;

    [MethodImpl(Inline)]
    public static T Or(T x, T y) => x | y;

    [MethodImpl(Inline)]
    public static T ExclusiveOr(T x, T y) => x ^ y;
}

/// <summary>What kernels do with one bool.</summary>
static unsafe class BoolLane
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static bool Load(byte* p) => *p != 0;

    [MethodImpl(Inline)]
    public static void Store(byte* p, bool x) => *p = x ? (byte)1 : (byte)0;

    [MethodImpl(Inline)]
    public static bool And(bool x, bool y) => x & y;

    [MethodImpl(Inline)]
    public static bool Or(bool x, bool y) => x | y;

    [MethodImpl(Inline)]
    public static bool ExclusiveOr(bool x, bool y) => x ^ y;

    [MethodImpl(Inline)]
    public static bool Less(bool x, bool y) => !x & y;

    [MethodImpl(Inline)]
    public static bool LessOrEqual(bool x, bool y) => !x | y;

    [MethodImpl(Inline)]
    public static bool Equal(bool x, bool y) => x == y;

    [MethodImpl(Inline)]
    public static bool NotEqual(bool x, bool y) => x != y;

    [MethodImpl(Inline)]
    public static bool Select(bool condition, bool x, bool y) => condition ? x : y;

    [MethodImpl(Inline)]
    public static bool Maximum(bool x, bool y) => x | y;

    [MethodImpl(Inline)]
    public static bool Minimum(bool x, bool y) => x & y;
}
