using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A tile of dot products along windows: <c>R</c> rows by <c>S</c> columns of sums, each a register of lanes that run along the depth,
/// <c>sums[s, r] += left[r][…] · right[s][…]</c>. The depth comes in runs: with <c>P</c> = 1 two whole ones for each four offsets (left, right, left, right),
/// with <c>P</c> = 2 a part of one (left, right, its length).
/// </summary>
static unsafe class CorrelationTile<L, V, T, R, S, P>
    where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T> where R : IConstant where S : IConstant where P : IConstant
{
    // a leaf, as MicroKernel
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int* offsets, int* end, T* left, nint leftRow, T** right, T* sums, nint step, nint row, bool isFirst, int skipped)
    {
        V a0 = default, a1 = default, a2 = default, a3 = default;
        V b0 = default, b1 = default, b2 = default, b3 = default;
        V c0 = default, c1 = default, c2 = default, c3 = default;
        V d0 = default, d1 = default, d2 = default, d3 = default;
        V e0 = default, e1 = default, e2 = default, e3 = default;
        V f0 = default, f1 = default, f2 = default, f3 = default;
        T* left1 = left + leftRow, left2 = left1 + leftRow, left3 = left2 + leftRow;
        T* y0 = right[0], y1 = right[1], y2 = right[2], y3 = right[3], y4 = right[4], y5 = right[5];
        if (!isFirst)
        {
            a0 = L.Load(sums); if (R.Value > 1) a1 = L.Load(sums + 1 * row); if (R.Value > 2) a2 = L.Load(sums + 2 * row); if (R.Value > 3) a3 = L.Load(sums + 3 * row);
            if (S.Value > 1) b0 = L.Load(sums + 1 * step); if (S.Value > 1 && R.Value > 1) b1 = L.Load(sums + 1 * step + 1 * row); if (S.Value > 1 && R.Value > 2) b2 = L.Load(sums + 1 * step + 2 * row); if (S.Value > 1 && R.Value > 3) b3 = L.Load(sums + 1 * step + 3 * row);
            if (S.Value > 2) c0 = L.Load(sums + 2 * step); if (S.Value > 2 && R.Value > 1) c1 = L.Load(sums + 2 * step + 1 * row); if (S.Value > 2 && R.Value > 2) c2 = L.Load(sums + 2 * step + 2 * row); if (S.Value > 2 && R.Value > 3) c3 = L.Load(sums + 2 * step + 3 * row);
            if (S.Value > 3) d0 = L.Load(sums + 3 * step); if (S.Value > 3 && R.Value > 1) d1 = L.Load(sums + 3 * step + 1 * row); if (S.Value > 3 && R.Value > 2) d2 = L.Load(sums + 3 * step + 2 * row); if (S.Value > 3 && R.Value > 3) d3 = L.Load(sums + 3 * step + 3 * row);
            if (S.Value > 4) e0 = L.Load(sums + 4 * step); if (S.Value > 4 && R.Value > 1) e1 = L.Load(sums + 4 * step + 1 * row); if (S.Value > 4 && R.Value > 2) e2 = L.Load(sums + 4 * step + 2 * row); if (S.Value > 4 && R.Value > 3) e3 = L.Load(sums + 4 * step + 3 * row);
            if (S.Value > 5) f0 = L.Load(sums + 5 * step); if (S.Value > 5 && R.Value > 1) f1 = L.Load(sums + 5 * step + 1 * row); if (S.Value > 5 && R.Value > 2) f2 = L.Load(sums + 5 * step + 2 * row); if (S.Value > 5 && R.Value > 3) f3 = L.Load(sums + 5 * step + 3 * row);
        }
        for (; offsets < end; offsets += 4)
        {
            int count = P.Value == 1 ? 0 : offsets[2] - skipped;
            V mask = P.Value == 1 ? default : L.Mask(count), y;
            V x0 = Load(left, offsets, count, mask), x1 = R.Value > 1 ? Load(left1, offsets, count, mask) : default;
            V x2 = R.Value > 2 ? Load(left2, offsets, count, mask) : default, x3 = R.Value > 3 ? Load(left3, offsets, count, mask) : default;
            y = Load(y0, offsets + 1, count, mask); a0 = L.Fma(x0, y, a0); if (R.Value > 1) a1 = L.Fma(x1, y, a1); if (R.Value > 2) a2 = L.Fma(x2, y, a2); if (R.Value > 3) a3 = L.Fma(x3, y, a3);
            if (S.Value > 1) { y = Load(y1, offsets + 1, count, mask); b0 = L.Fma(x0, y, b0); if (R.Value > 1) b1 = L.Fma(x1, y, b1); if (R.Value > 2) b2 = L.Fma(x2, y, b2); if (R.Value > 3) b3 = L.Fma(x3, y, b3); }
            if (S.Value > 2) { y = Load(y2, offsets + 1, count, mask); c0 = L.Fma(x0, y, c0); if (R.Value > 1) c1 = L.Fma(x1, y, c1); if (R.Value > 2) c2 = L.Fma(x2, y, c2); if (R.Value > 3) c3 = L.Fma(x3, y, c3); }
            if (S.Value > 3) { y = Load(y3, offsets + 1, count, mask); d0 = L.Fma(x0, y, d0); if (R.Value > 1) d1 = L.Fma(x1, y, d1); if (R.Value > 2) d2 = L.Fma(x2, y, d2); if (R.Value > 3) d3 = L.Fma(x3, y, d3); }
            if (S.Value > 4) { y = Load(y4, offsets + 1, count, mask); e0 = L.Fma(x0, y, e0); if (R.Value > 1) e1 = L.Fma(x1, y, e1); if (R.Value > 2) e2 = L.Fma(x2, y, e2); if (R.Value > 3) e3 = L.Fma(x3, y, e3); }
            if (S.Value > 5) { y = Load(y5, offsets + 1, count, mask); f0 = L.Fma(x0, y, f0); if (R.Value > 1) f1 = L.Fma(x1, y, f1); if (R.Value > 2) f2 = L.Fma(x2, y, f2); if (R.Value > 3) f3 = L.Fma(x3, y, f3); }
        }
        L.Store(sums, a0); if (R.Value > 1) L.Store(sums + 1 * row, a1); if (R.Value > 2) L.Store(sums + 2 * row, a2); if (R.Value > 3) L.Store(sums + 3 * row, a3);
        if (S.Value > 1) L.Store(sums + 1 * step, b0); if (S.Value > 1 && R.Value > 1) L.Store(sums + 1 * step + 1 * row, b1); if (S.Value > 1 && R.Value > 2) L.Store(sums + 1 * step + 2 * row, b2); if (S.Value > 1 && R.Value > 3) L.Store(sums + 1 * step + 3 * row, b3);
        if (S.Value > 2) L.Store(sums + 2 * step, c0); if (S.Value > 2 && R.Value > 1) L.Store(sums + 2 * step + 1 * row, c1); if (S.Value > 2 && R.Value > 2) L.Store(sums + 2 * step + 2 * row, c2); if (S.Value > 2 && R.Value > 3) L.Store(sums + 2 * step + 3 * row, c3);
        if (S.Value > 3) L.Store(sums + 3 * step, d0); if (S.Value > 3 && R.Value > 1) L.Store(sums + 3 * step + 1 * row, d1); if (S.Value > 3 && R.Value > 2) L.Store(sums + 3 * step + 2 * row, d2); if (S.Value > 3 && R.Value > 3) L.Store(sums + 3 * step + 3 * row, d3);
        if (S.Value > 4) L.Store(sums + 4 * step, e0); if (S.Value > 4 && R.Value > 1) L.Store(sums + 4 * step + 1 * row, e1); if (S.Value > 4 && R.Value > 2) L.Store(sums + 4 * step + 2 * row, e2); if (S.Value > 4 && R.Value > 3) L.Store(sums + 4 * step + 3 * row, e3);
        if (S.Value > 5) L.Store(sums + 5 * step, f0); if (S.Value > 5 && R.Value > 1) L.Store(sums + 5 * step + 1 * row, f1); if (S.Value > 5 && R.Value > 2) L.Store(sums + 5 * step + 2 * row, f2); if (S.Value > 5 && R.Value > 3) L.Store(sums + 5 * step + 3 * row, f3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Load(T* p, int* offsets, int count, V mask) => P.Value == 1 ? L.LoadRuns(p + offsets[0], p + offsets[2]) : L.LoadPart(p + offsets[0], count, mask);
}
