using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Dot products of four vectors with <c>N</c> (1 to 3) others: <c>sums[4 · n + m] = Σ_k left[m][k] · right[n][k]</c>, all contiguous. For registers of 64 bytes:
/// the lanes, their order and so the bits of <see cref="DotKernel{L, V, T}"/>, with two registers for a sum.
/// </summary>
static unsafe class DotTile<L, V, T, N> where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T> where N : IConstant
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint depth, T* left, nint leftStep, T* right, nint rightStep, T* sums)
    {
        V x00 = default, y00 = default;
        V x10 = default, y10 = default;
        V x20 = default, y20 = default;
        V x30 = default, y30 = default;
        V x01 = default, y01 = default;
        V x11 = default, y11 = default;
        V x21 = default, y21 = default;
        V x31 = default, y31 = default;
        V x02 = default, y02 = default;
        V x12 = default, y12 = default;
        V x22 = default, y22 = default;
        V x32 = default, y32 = default;
        T* a1 = left + leftStep, a2 = a1 + leftStep, a3 = a2 + leftStep;
        T* b1 = N.Value > 1 ? right + rightStep : right, b2 = N.Value > 2 ? b1 + rightStep : right;
        nint k = 0;
        for (nint step = 2 * L.Count; k + step <= depth; k += step)
        {
            V b = L.Load(right + k), c = N.Value > 1 ? L.Load(b1 + k) : default, d = N.Value > 2 ? L.Load(b2 + k) : default, a;
            a = L.Load(left + k); x00 = L.Fma(a, b, x00); if (N.Value > 1) x01 = L.Fma(a, c, x01); if (N.Value > 2) x02 = L.Fma(a, d, x02);
            a = L.Load(a1 + k); x10 = L.Fma(a, b, x10); if (N.Value > 1) x11 = L.Fma(a, c, x11); if (N.Value > 2) x12 = L.Fma(a, d, x12);
            a = L.Load(a2 + k); x20 = L.Fma(a, b, x20); if (N.Value > 1) x21 = L.Fma(a, c, x21); if (N.Value > 2) x22 = L.Fma(a, d, x22);
            a = L.Load(a3 + k); x30 = L.Fma(a, b, x30); if (N.Value > 1) x31 = L.Fma(a, c, x31); if (N.Value > 2) x32 = L.Fma(a, d, x32);
            b = L.Load(right + k + L.Count); c = N.Value > 1 ? L.Load(b1 + k + L.Count) : default; d = N.Value > 2 ? L.Load(b2 + k + L.Count) : default;
            a = L.Load(left + k + L.Count); y00 = L.Fma(a, b, y00); if (N.Value > 1) y01 = L.Fma(a, c, y01); if (N.Value > 2) y02 = L.Fma(a, d, y02);
            a = L.Load(a1 + k + L.Count); y10 = L.Fma(a, b, y10); if (N.Value > 1) y11 = L.Fma(a, c, y11); if (N.Value > 2) y12 = L.Fma(a, d, y12);
            a = L.Load(a2 + k + L.Count); y20 = L.Fma(a, b, y20); if (N.Value > 1) y21 = L.Fma(a, c, y21); if (N.Value > 2) y22 = L.Fma(a, d, y22);
            a = L.Load(a3 + k + L.Count); y30 = L.Fma(a, b, y30); if (N.Value > 1) y31 = L.Fma(a, c, y31); if (N.Value > 2) y32 = L.Fma(a, d, y32);
        }
        if (k < depth)
        {
            int first = (int)Math.Min(depth - k, L.Count), second = (int)(depth - k) - first;
            V b = L.LoadPart(right + k, first), c = N.Value > 1 ? L.LoadPart(b1 + k, first) : default, d = N.Value > 2 ? L.LoadPart(b2 + k, first) : default, a;
            a = L.LoadPart(left + k, first); x00 = L.Fma(a, b, x00); if (N.Value > 1) x01 = L.Fma(a, c, x01); if (N.Value > 2) x02 = L.Fma(a, d, x02);
            a = L.LoadPart(a1 + k, first); x10 = L.Fma(a, b, x10); if (N.Value > 1) x11 = L.Fma(a, c, x11); if (N.Value > 2) x12 = L.Fma(a, d, x12);
            a = L.LoadPart(a2 + k, first); x20 = L.Fma(a, b, x20); if (N.Value > 1) x21 = L.Fma(a, c, x21); if (N.Value > 2) x22 = L.Fma(a, d, x22);
            a = L.LoadPart(a3 + k, first); x30 = L.Fma(a, b, x30); if (N.Value > 1) x31 = L.Fma(a, c, x31); if (N.Value > 2) x32 = L.Fma(a, d, x32);
            b = L.LoadPart(right + k + L.Count, second); c = N.Value > 1 ? L.LoadPart(b1 + k + L.Count, second) : default; d = N.Value > 2 ? L.LoadPart(b2 + k + L.Count, second) : default;
            a = L.LoadPart(left + k + L.Count, second); y00 = L.Fma(a, b, y00); if (N.Value > 1) y01 = L.Fma(a, c, y01); if (N.Value > 2) y02 = L.Fma(a, d, y02);
            a = L.LoadPart(a1 + k + L.Count, second); y10 = L.Fma(a, b, y10); if (N.Value > 1) y11 = L.Fma(a, c, y11); if (N.Value > 2) y12 = L.Fma(a, d, y12);
            a = L.LoadPart(a2 + k + L.Count, second); y20 = L.Fma(a, b, y20); if (N.Value > 1) y21 = L.Fma(a, c, y21); if (N.Value > 2) y22 = L.Fma(a, d, y22);
            a = L.LoadPart(a3 + k + L.Count, second); y30 = L.Fma(a, b, y30); if (N.Value > 1) y31 = L.Fma(a, c, y31); if (N.Value > 2) y32 = L.Fma(a, d, y32);
        }
        L.Sum(L.Add(x00, y00), L.Add(x10, y10), L.Add(x20, y20), L.Add(x30, y30), sums);
        if (N.Value > 1) L.Sum(L.Add(x01, y01), L.Add(x11, y11), L.Add(x21, y21), L.Add(x31, y31), sums + 4);
        if (N.Value > 2) L.Sum(L.Add(x02, y02), L.Add(x12, y12), L.Add(x22, y22), L.Add(x32, y32), sums + 8);
    }
}
