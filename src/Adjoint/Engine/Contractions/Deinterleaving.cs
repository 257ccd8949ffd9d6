using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

/// <summary>
/// Splits rows of a few adjacent elements into columns, a register of each at a time: element i of the rows k, k + 1, … stands in as many registers as a row has
/// elements, and is gathered from them by one permutation of two registers after another.
/// </summary>
static unsafe class Deinterleaving
{
    /// <summary>The longest row.</summary>
    public const int Most = 8;

    // for a length: [element, register - 1, lane]; a lane that the register does not have keeps what was gathered
    static readonly int[]?[] words = new int[Most + 1][];
    static readonly long[]?[] longs = new long[Most + 1][];

    /// <summary><c>target[i · step + k] = source[k · count + i]</c> for i below the count, for as many k as fill registers: the number of them. Needs AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Run<T>(T* source, int count, nint step, int depth, T* target) where T : unmanaged
    {
        if (sizeof(T) == 4) return Words((int*)source, count, step, depth, (int*)target);
        return sizeof(T) == 8 ? Longs((long*)source, count, step, depth, (long*)target) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Words(int* source, int count, nint step, int depth, int* target)
    {
        int k = 0;
        fixed (int* table = words[count] ??= [.. Table(count, 16)])
            for (; k + 16 <= depth; k += 16, source += 16 * count, target += 16)
            {
                var first = Vector512.Load(source);
                int* indices = table;
                for (int i = 0; i < count; i++)
                {
                    var x = first;
                    for (int r = 1; r < count; r++, indices += 16) x = Avx512F.PermuteVar16x32x2(x, Vector512.Load(indices), Vector512.Load(source + 16 * r));
                    x.Store(target + i * step);
                }
            }
        return k;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Longs(long* source, int count, nint step, int depth, long* target)
    {
        int k = 0;
        fixed (long* table = longs[count] ??= [.. Table(count, 8).Select(i => (long)i)])
            for (; k + 8 <= depth; k += 8, source += 8 * count, target += 8)
            {
                var first = Vector512.Load(source);
                long* indices = table;
                for (int i = 0; i < count; i++)
                {
                    var x = first;
                    for (int r = 1; r < count; r++, indices += 8) x = Avx512F.PermuteVar8x64x2(x, Vector512.Load(indices), Vector512.Load(source + 8 * r));
                    x.Store(target + i * step);
                }
            }
        return k;
    }

    static IEnumerable<int> Table(int count, int lanes) =>
        from i in Enumerable.Range(0, count)
        from register in Enumerable.Range(1, count - 1)
        from lane in Enumerable.Range(0, lanes)
        let at = lane * count + i
        select at / lanes == register ? lanes + at % lanes : register == 1 && at / lanes == 0 ? at : lane;
}
