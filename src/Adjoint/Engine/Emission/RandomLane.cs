using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>Random bits in kernels: words of <see cref="Threefry"/> blocks.</summary>
static class RandomLane
{
    /// <summary>Number <paramref name="i"/> of a key: every block holds two.</summary>
    public static long Draw(long key0, long key1, long i)
    {
        var (first, second) = Threefry.Block((ulong)key0, (ulong)key1, (ulong)i >> 1, Threefry.ForDraws);
        return (long)((i & 1) == 0 ? first : second);
    }

    public static long SplitFirst(long key0, long key1, long i) => (long)Threefry.Block((ulong)key0, (ulong)key1, (ulong)i, Threefry.ForSplits).Item1;
    public static long SplitSecond(long key0, long key1, long i) => (long)Threefry.Block((ulong)key0, (ulong)key1, (ulong)i, Threefry.ForSplits).Item2;
    public static long FoldFirst(long key0, long key1, long i) => (long)Threefry.Block((ulong)key0, (ulong)key1, (ulong)i, Threefry.ForFolds).Item1;
    public static long FoldSecond(long key0, long key1, long i) => (long)Threefry.Block((ulong)key0, (ulong)key1, (ulong)i, Threefry.ForFolds).Item2;

    public static long ShiftRight(long x, long bits) => (long)((ulong)x >> (int)bits);
}

/// <summary>The same eight at a time.</summary>
static class RandomLanes
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining, Call = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Call)]
    public static Vector512<long> Draw(Vector512<long> key0, Vector512<long> key1, Vector512<long> i)
    {
        var (first, second) = Block(key0, key1, i >>> 1, Threefry.ForDraws);
        return Vector512.ConditionalSelect(Vector512.Equals(i & Vector512<long>.One, Vector512<long>.Zero), first, second);
    }

    [MethodImpl(Call)]
    public static Vector512<long> SplitFirst(Vector512<long> key0, Vector512<long> key1, Vector512<long> i) => Block(key0, key1, i, Threefry.ForSplits).First;

    [MethodImpl(Call)]
    public static Vector512<long> SplitSecond(Vector512<long> key0, Vector512<long> key1, Vector512<long> i) => Block(key0, key1, i, Threefry.ForSplits).Second;

    [MethodImpl(Call)]
    public static Vector512<long> FoldFirst(Vector512<long> key0, Vector512<long> key1, Vector512<long> i) => Block(key0, key1, i, Threefry.ForFolds).First;

    [MethodImpl(Call)]
    public static Vector512<long> FoldSecond(Vector512<long> key0, Vector512<long> key1, Vector512<long> i) => Block(key0, key1, i, Threefry.ForFolds).Second;

    /// <summary>All by the same number of bits.</summary>
    [MethodImpl(Inline)]
    public static Vector512<long> ShiftRight(Vector512<long> x, Vector512<long> bits) => x >>> (int)bits[0];

    // Threefry.Block with its loop unrolled, so that all shifts are constants
    [MethodImpl(Inline)]
    static (Vector512<long> First, Vector512<long> Second) Block(Vector512<long> key0, Vector512<long> key1, Vector512<long> counter, ulong purpose)
    {
        var key2 = Vector512.Create(0x1BD11BDAA9FC1A22) ^ key0 ^ key1;
        Vector512<long> x = counter + key0, y = Vector512.Create((long)purpose) + key1;
        Odd(ref x, ref y, key1, key2, 1);
        Even(ref x, ref y, key2, key0, 2);
        Odd(ref x, ref y, key0, key1, 3);
        Even(ref x, ref y, key1, key2, 4);
        Odd(ref x, ref y, key2, key0, 5);
        return (x, y);
    }

    [MethodImpl(Inline)]
    static void Odd(ref Vector512<long> x, ref Vector512<long> y, Vector512<long> first, Vector512<long> second, long injection)
    {
        x += y; y = (y << 16 | y >>> 48) ^ x;
        x += y; y = (y << 42 | y >>> 22) ^ x;
        x += y; y = (y << 12 | y >>> 52) ^ x;
        x += y; y = (y << 31 | y >>> 33) ^ x;
        x += first;
        y += second + Vector512.Create(injection);
    }

    [MethodImpl(Inline)]
    static void Even(ref Vector512<long> x, ref Vector512<long> y, Vector512<long> first, Vector512<long> second, long injection)
    {
        x += y; y = (y << 16 | y >>> 48) ^ x;
        x += y; y = (y << 32 | y >>> 32) ^ x;
        x += y; y = (y << 24 | y >>> 40) ^ x;
        x += y; y = (y << 21 | y >>> 43) ^ x;
        x += first;
        y += second + Vector512.Create(injection);
    }
}
