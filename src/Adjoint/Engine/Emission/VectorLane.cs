using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

/// <summary>What kernels do with 64 bytes of numbers at a time. On narrower machines the runtime splits every step, which changes no bit.</summary>
/// <typeparam name="T">The numbers: float, double, int or long.</typeparam>
/// <typeparam name="TMask">The integer of the same size, in which bools are: all bits set, or none.</typeparam>
static unsafe class VectorLane<T, TMask> where T : unmanaged, INumber<T> where TMask : unmanaged, IBinaryInteger<TMask>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static Vector512<TMask> First(nint count) => Vector512.LessThan(Vector512<TMask>.Indices, Vector512.Create(TMask.CreateTruncating(count)));

    [MethodImpl(Inline)]
    public static Vector512<T> Load(byte* p) => Vector512.Load((T*)p);

    [MethodImpl(Inline)]
    public static Vector512<T> LoadPart(byte* p, nint count)
    {
        if (Avx512F.IsSupported)
            return sizeof(T) == 4
                ? Avx512F.MaskLoad((int*)p, First(count).AsInt32(), Vector512<int>.Zero).As<int, T>()
                : Avx512F.MaskLoad((long*)p, First(count).AsInt64(), Vector512<long>.Zero).As<long, T>();
        return LoadSlowly((T*)p, 1, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector512<T> LoadSlowly(T* p, nint stride, nint count)
    {
        var z = Vector512<T>.Zero;
        for (nint i = 0; i < count; i++) ((T*)&z)[i] = p[i * stride];
        return z;
    }

    /// <summary>Every <paramref name="stride"/>-th number.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> LoadStrided(byte* p, nint stride) => LoadStridedPart(p, stride, Vector512<T>.Count);

    [MethodImpl(Inline)]
    public static Vector512<T> LoadStridedPart(byte* p, nint stride, nint count) =>
        stride == 2 && Avx512F.IsSupported ? Evens(LoadPart(p, 2 * count - 1), LoadPart(p + 64, 2 * count - 1 - Vector512<T>.Count)) : LoadSlowly((T*)p, stride, count);

    // the even ones of two vectors
    [MethodImpl(Inline)]
    static Vector512<T> Evens(Vector512<T> x, Vector512<T> y) => sizeof(T) == 4
        ? Avx512F.PermuteVar16x32x2(x.AsInt32(), Vector512<int>.Indices + Vector512<int>.Indices, y.AsInt32()).As<int, T>()
        : Avx512F.PermuteVar8x64x2(x.AsInt64(), Vector512<long>.Indices + Vector512<long>.Indices, y.AsInt64()).As<long, T>();

    /// <summary>The numbers at, at + stride, …</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> CountStrided(byte* at, nint stride) =>
        Vector512.Create(T.CreateTruncating((nint)at)) + Vector512<T>.Indices * Vector512.Create(T.CreateTruncating(stride));

    [MethodImpl(Inline)]
    public static Vector512<T> CountStridedPart(byte* at, nint stride, nint count) => CountStrided(at, stride);

    /// <summary>One number for each place along an axis.</summary>
    public static Vector512<T> LoadPlaced(byte* p, Vector512<TMask> places, nint placeStride, nint stride) =>
        LoadPlacedPart(p, places, placeStride, stride, Vector512<T>.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector512<T> LoadPlacedPart(byte* p, Vector512<TMask> places, nint placeStride, nint stride, nint count)
    {
        var z = Vector512<T>.Zero;
        for (nint i = 0; i < count; i++) ((T*)&z)[i] = ((T*)p)[i * stride + nint.CreateTruncating(((TMask*)&places)[i]) * placeStride];
        return z;
    }

    [MethodImpl(Inline)]
    public static void Store(byte* p, Vector512<T> x) => x.Store((T*)p);

    [MethodImpl(Inline)]
    public static void StorePart(byte* p, Vector512<T> x, nint count)
    {
        if (!Avx512F.IsSupported) StoreStridedPart(p, 1, x, count);
        else if (sizeof(T) == 4) Avx512F.MaskStore((int*)p, First(count).AsInt32(), x.AsInt32());
        else Avx512F.MaskStore((long*)p, First(count).AsInt64(), x.AsInt64());
    }

    [MethodImpl(Inline)]
    public static void StoreStrided(byte* p, nint stride, Vector512<T> x) => StoreStridedPart(p, stride, x, Vector512<T>.Count);

    [MethodImpl(Inline)]
    public static void StoreStridedPart(byte* p, nint stride, Vector512<T> x, nint count)
    {
        if (stride != 2 || !Avx512F.IsSupported) StoreSlowly((T*)p, stride, x, count);
        else if (sizeof(T) == 4)
        {
            var half = Vector512<int>.Indices >>> 1;
            var even = Vector512.Equals(Vector512<int>.Indices & Vector512<int>.One, Vector512<int>.Zero);
            Avx512F.MaskStore((int*)p, even & First(2 * count).AsInt32(), Avx512F.PermuteVar16x32(x.AsInt32(), half));
            Avx512F.MaskStore((int*)p + 16, even & First(2 * count - 16).AsInt32(), Avx512F.PermuteVar16x32(x.AsInt32(), half + Vector512.Create(8)));
        }
        else
        {
            var half = Vector512<long>.Indices >>> 1;
            var even = Vector512.Equals(Vector512<long>.Indices & Vector512<long>.One, Vector512<long>.Zero);
            Avx512F.MaskStore((long*)p, even & First(2 * count).AsInt64(), Avx512F.PermuteVar8x64(x.AsInt64(), half));
            Avx512F.MaskStore((long*)p + 8, even & First(2 * count - 8).AsInt64(), Avx512F.PermuteVar8x64(x.AsInt64(), half + Vector512.Create(4L)));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void StoreSlowly(T* p, nint stride, Vector512<T> x, nint count)
    {
        for (nint i = 0; i < count; i++) p[i * stride] = ((T*)&x)[i];
    }

    [MethodImpl(Inline)]
    public static Vector512<T> Spread(T x) => Vector512.Create(x);

    [MethodImpl(Inline)]
    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;

    [MethodImpl(Inline)]
    public static Vector512<T> Subtract(Vector512<T> x, Vector512<T> y) => x - y;

    [MethodImpl(Inline)]
    public static Vector512<T> Multiply(Vector512<T> x, Vector512<T> y) => x * y;

    [MethodImpl(Inline)]
    public static Vector512<T> Negate(Vector512<T> x) => -x;

    [MethodImpl(Inline)]
    public static Vector512<TMask> Less(Vector512<T> x, Vector512<T> y) => Vector512.LessThan(x, y).As<T, TMask>();

    [MethodImpl(Inline)]
    public static Vector512<TMask> LessOrEqual(Vector512<T> x, Vector512<T> y) => Vector512.LessThanOrEqual(x, y).As<T, TMask>();

    [MethodImpl(Inline)]
    public static Vector512<TMask> Equal(Vector512<T> x, Vector512<T> y) => Vector512.Equals(x, y).As<T, TMask>();

    [MethodImpl(Inline)]
    public static Vector512<TMask> NotEqual(Vector512<T> x, Vector512<T> y) => ~Vector512.Equals(x, y).As<T, TMask>();

    [MethodImpl(Inline)]
    public static Vector512<T> And(Vector512<T> x, Vector512<T> y) => x & y;

    [MethodImpl(Inline)]
    public static Vector512<T> Or(Vector512<T> x, Vector512<T> y) => x | y;

    [MethodImpl(Inline)]
    public static Vector512<T> ExclusiveOr(Vector512<T> x, Vector512<T> y) => x ^ y;

    [MethodImpl(Inline)]
    public static Vector512<T> Select(Vector512<TMask> condition, Vector512<T> x, Vector512<T> y) => Vector512.ConditionalSelect(condition.As<TMask, T>(), x, y);

    [MethodImpl(Inline)]
    public static Vector512<T> FromBool(Vector512<TMask> x) => Vector512.Create(T.One) & x.As<TMask, T>();

    /// <summary>Integers of the same size as floating numbers, rounded to even.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> FromIntegers(Vector512<TMask> x) =>
        sizeof(T) == 4 ? Vector512.ConvertToSingle(x.AsInt32()).As<float, T>() : Vector512.ConvertToDouble(x.AsInt64()).As<double, T>();

    [MethodImpl(Inline)]
    public static Vector512<TMask> ToBool(Vector512<T> x) => ~Vector512.Equals(x, Vector512<T>.Zero).As<T, TMask>();

    [MethodImpl(Inline)]
    public static Vector512<T> Maximum(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);

    [MethodImpl(Inline)]
    public static Vector512<T> Minimum(Vector512<T> x, Vector512<T> y) => Vector512.Min(x, y);

    /// <summary>sum + x · y, rounded once.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> MultiplyAdd(Vector512<T> sum, Vector512<T> x, Vector512<T> y) =>
        typeof(T) == typeof(float) ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
        : typeof(T) == typeof(double) ? Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>()
        : sum + x * y;

    /// <summary>The new sum in the first lanes, the old one in the others.</summary>
    [MethodImpl(Inline)]
    public static Vector512<T> Part(Vector512<T> next, Vector512<T> sum, nint count) => Select(First(count), next, sum);

    /// <summary>The lanes combined in a fixed order: halves, quarters, and so on.</summary>
    [MethodImpl(Inline)]
    public static T SumOfLanes(Vector512<T> x)
    {
        var half = x.GetLower() + x.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return sizeof(T) == 4 ? (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]) : quarter[0] + quarter[1];
    }

    [MethodImpl(Inline)]
    public static T ProductOfLanes(Vector512<T> x)
    {
        var half = x.GetLower() * x.GetUpper();
        var quarter = half.GetLower() * half.GetUpper();
        return sizeof(T) == 4 ? quarter[0] * quarter[2] * (quarter[1] * quarter[3]) : quarter[0] * quarter[1];
    }

    [MethodImpl(Inline)]
    public static T MaximumOfLanes(Vector512<T> x)
    {
        var half = Vector256.Max(x.GetLower(), x.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return sizeof(T) == 4 ? T.Max(T.Max(quarter[0], quarter[2]), T.Max(quarter[1], quarter[3])) : T.Max(quarter[0], quarter[1]);
    }

    [MethodImpl(Inline)]
    public static T MinimumOfLanes(Vector512<T> x)
    {
        var half = Vector256.Min(x.GetLower(), x.GetUpper());
        var quarter = Vector128.Min(half.GetLower(), half.GetUpper());
        return sizeof(T) == 4 ? T.Min(T.Min(quarter[0], quarter[2]), T.Min(quarter[1], quarter[3])) : T.Min(quarter[0], quarter[1]);
    }
}

/// <summary>Bools beside numbers of <typeparamref name="TMask"/>'s size: bytes in memory, masks in registers.</summary>
static unsafe class MaskLane<TMask> where TMask : unmanaged, IBinaryInteger<TMask>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static Vector512<TMask> Load(byte* p) => sizeof(TMask) == 4 ? Wide(Vector128.Load(p)) : Wide(Vector128.CreateScalar(*(ulong*)p).AsByte());

    [MethodImpl(Inline)]
    static Vector512<TMask> Wide(Vector128<byte> x) =>
        ~Vector512.Equals(sizeof(TMask) == 4 ? Ints(x).As<int, TMask>() : Longs(x.AsUInt64().ToScalar()).As<long, TMask>(), Vector512<TMask>.Zero);

    // two words that overlap
    [MethodImpl(Inline)]
    static Vector128<byte> Bytes(byte* p, nint count)
    {
        int last = 8 * (int)count;
        if (count > 8) return Vector128.Create(*(ulong*)p, *(ulong*)(p + count - 8) >> (128 - last)).AsByte();
        ulong low = count == 8 ? *(ulong*)p : count >= 4 ? *(uint*)p | ((ulong)*(uint*)(p + count - 4) << (last - 32))
            : p[0] | ((ulong)p[count >> 1] << (8 * (int)(count >> 1))) | ((ulong)p[count - 1] << (last - 8));
        return Vector128.CreateScalar(low).AsByte();
    }

    [MethodImpl(Inline)]
    static Vector512<int> Ints(Vector128<byte> x)
    {
        var (low, high) = Vector128.Widen(x);
        return Vector512.Create(Wide(low), Wide(high));
    }

    [MethodImpl(Inline)]
    static Vector256<int> Wide(Vector128<ushort> x)
    {
        var (low, high) = Vector128.Widen(x);
        return Vector256.Create(low.AsInt32(), high.AsInt32());
    }

    [MethodImpl(Inline)]
    static Vector512<long> Longs(ulong x)
    {
        var y = Wide(Vector128.WidenLower(Vector128.CreateScalar(x).AsByte()));
        var (low, high) = Vector256.Widen(y);
        return Vector512.Create(low, high);
    }

    [MethodImpl(Inline)]
    public static Vector512<TMask> LoadPart(byte* p, nint count) => Wide(Bytes(p, count));

    public static Vector512<TMask> LoadStrided(byte* p, nint stride) => LoadStridedPart(p, stride, Vector512<TMask>.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector512<TMask> LoadStridedPart(byte* p, nint stride, nint count)
    {
        var z = Vector512<TMask>.Zero;
        for (nint i = 0; i < count; i++) ((TMask*)&z)[i] = p[i * stride] != 0 ? TMask.AllBitsSet : TMask.Zero;
        return z;
    }

    public static Vector512<TMask> LoadPlaced(byte* p, Vector512<TMask> places, nint placeStride, nint stride) =>
        LoadPlacedPart(p, places, placeStride, stride, Vector512<TMask>.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector512<TMask> LoadPlacedPart(byte* p, Vector512<TMask> places, nint placeStride, nint stride, nint count)
    {
        var z = Vector512<TMask>.Zero;
        for (nint i = 0; i < count; i++)
            ((TMask*)&z)[i] = p[i * stride + nint.CreateTruncating(((TMask*)&places)[i]) * placeStride] != 0 ? TMask.AllBitsSet : TMask.Zero;
        return z;
    }

    [MethodImpl(Inline)]
    public static void Store(byte* p, Vector512<TMask> x)
    {
        if (sizeof(TMask) == 4) Bytes(x).Store(p); else StoreStridedPart(p, 1, x, Vector512<TMask>.Count);
    }

    [MethodImpl(Inline)]
    static Vector128<byte> Bytes(Vector512<TMask> x)
    {
        var one = x.AsInt32() & Vector512<int>.One;
        var shorts = Vector256.Narrow(one.GetLower(), one.GetUpper());
        return Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).AsByte();
    }

    [MethodImpl(Inline)]
    public static void StorePart(byte* p, Vector512<TMask> x, nint count)
    {
        if (sizeof(TMask) != 4 || count < 4) { StoreStridedPart(p, 1, x, count); return; }
        var words = Bytes(x).AsUInt64();
        ulong low = words.ToScalar();
        int last = 8 * (int)count;
        if (count > 8) { *(ulong*)p = low; *(ulong*)(p + count - 8) = (low >> (last - 64)) | (words[1] << (128 - last)); }
        else if (count == 8) *(ulong*)p = low;
        else { *(uint*)p = (uint)low; *(uint*)(p + count - 4) = (uint)(low >> (last - 32)); }
    }

    public static void StoreStrided(byte* p, nint stride, Vector512<TMask> x) => StoreStridedPart(p, stride, x, Vector512<TMask>.Count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StoreStridedPart(byte* p, nint stride, Vector512<TMask> x, nint count)
    {
        for (nint i = 0; i < count; i++) p[i * stride] = (byte)(TMask.IsZero(((TMask*)&x)[i]) ? 0 : 1);
    }

    [MethodImpl(Inline)]
    public static Vector512<TMask> Spread(bool x) => x ? Vector512<TMask>.AllBitsSet : Vector512<TMask>.Zero;

    [MethodImpl(Inline)]
    public static Vector512<TMask> And(Vector512<TMask> x, Vector512<TMask> y) => x & y;

    [MethodImpl(Inline)]
    public static Vector512<TMask> Or(Vector512<TMask> x, Vector512<TMask> y) => x | y;

    [MethodImpl(Inline)]
    public static Vector512<TMask> ExclusiveOr(Vector512<TMask> x, Vector512<TMask> y) => x ^ y;

    [MethodImpl(Inline)]
    public static Vector512<TMask> Less(Vector512<TMask> x, Vector512<TMask> y) => Vector512.AndNot(y, x);

    [MethodImpl(Inline)]
    public static Vector512<TMask> LessOrEqual(Vector512<TMask> x, Vector512<TMask> y) => ~x | y;

    [MethodImpl(Inline)]
    public static Vector512<TMask> Equal(Vector512<TMask> x, Vector512<TMask> y) => ~(x ^ y);

    [MethodImpl(Inline)]
    public static Vector512<TMask> NotEqual(Vector512<TMask> x, Vector512<TMask> y) => x ^ y;

    [MethodImpl(Inline)]
    public static Vector512<TMask> Select(Vector512<TMask> condition, Vector512<TMask> x, Vector512<TMask> y) => Vector512.ConditionalSelect(condition, x, y);
}
