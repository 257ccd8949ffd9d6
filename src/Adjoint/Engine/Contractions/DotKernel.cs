using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Several dot products with one vector: <c>sums[r] = Σ_k left[k] · rows[r][k]</c>, all contiguous. An element k is added to lane k mod 128 bytes,
/// and the lanes are summed by halves: the same bits for every width. Eight registers: 4 rows of 2, 2 of 4 or 1 of 8.
/// </summary>
static unsafe class DotKernel<L, V, T> where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    static int Registers { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => 128 / (L.Count * sizeof(T)); }

    /// <summary>The number of rows at a time.</summary>
    public static int Rows => 8 / Registers;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint depth, T* left, T** rows, T* sums)
    {
        V x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default;
        T* r0 = rows[0], r1 = Registers < 8 ? rows[1] : r0, r2 = Registers < 4 ? rows[2] : r0, r3 = Registers < 4 ? rows[3] : r0;
        nint k = 0;
        for (nint step = 128 / sizeof(T); k + step <= depth; k += step)
        {
            x0 = Step(0, left, r0, r1, r2, r3, k, x0);
            x1 = Step(1, left, r0, r1, r2, r3, k, x1);
            x2 = Step(2, left, r0, r1, r2, r3, k, x2);
            x3 = Step(3, left, r0, r1, r2, r3, k, x3);
            x4 = Step(4, left, r0, r1, r2, r3, k, x4);
            x5 = Step(5, left, r0, r1, r2, r3, k, x5);
            x6 = Step(6, left, r0, r1, r2, r3, k, x6);
            x7 = Step(7, left, r0, r1, r2, r3, k, x7);
        }
        if (k < depth)
        {
            x0 = Last(0, left, r0, r1, r2, r3, k, (int)(depth - k), x0);
            x1 = Last(1, left, r0, r1, r2, r3, k, (int)(depth - k), x1);
            x2 = Last(2, left, r0, r1, r2, r3, k, (int)(depth - k), x2);
            x3 = Last(3, left, r0, r1, r2, r3, k, (int)(depth - k), x3);
            x4 = Last(4, left, r0, r1, r2, r3, k, (int)(depth - k), x4);
            x5 = Last(5, left, r0, r1, r2, r3, k, (int)(depth - k), x5);
            x6 = Last(6, left, r0, r1, r2, r3, k, (int)(depth - k), x6);
            x7 = Last(7, left, r0, r1, r2, r3, k, (int)(depth - k), x7);
        }
        if (Registers == 2)
        {
            sums[0] = L.Sum(L.Add(x0, x1));
            sums[1] = L.Sum(L.Add(x2, x3));
            sums[2] = L.Sum(L.Add(x4, x5));
            sums[3] = L.Sum(L.Add(x6, x7));
        }
        else if (Registers == 4)
        {
            sums[0] = L.Sum(L.Add(L.Add(x0, x2), L.Add(x1, x3)));
            sums[1] = L.Sum(L.Add(L.Add(x4, x6), L.Add(x5, x7)));
        }
        else sums[0] = L.Sum(L.Add(L.Add(L.Add(x0, x4), L.Add(x2, x6)), L.Add(L.Add(x1, x5), L.Add(x3, x7))));
    }

    /// <summary>One dot product, with the bits of <see cref="Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T One(nint depth, T* left, T* right)
    {
        V x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default;
        nint k = 0;
        for (nint step = 128 / sizeof(T); k + step <= depth; k += step)
        {
            x0 = Step(0, left, right, right, right, right, k, x0);
            x1 = Step(1, left, right, right, right, right, k, x1);
            if (Registers > 2) { x2 = Step(2, left, right, right, right, right, k, x2); x3 = Step(3, left, right, right, right, right, k, x3); }
            if (Registers > 4) { x4 = Step(4, left, right, right, right, right, k, x4); x5 = Step(5, left, right, right, right, right, k, x5); }
            if (Registers > 4) { x6 = Step(6, left, right, right, right, right, k, x6); x7 = Step(7, left, right, right, right, right, k, x7); }
        }
        if (k < depth)
        {
            int rest = (int)(depth - k);
            x0 = Last(0, left, right, right, right, right, k, rest, x0);
            x1 = Last(1, left, right, right, right, right, k, rest, x1);
            if (Registers > 2) { x2 = Last(2, left, right, right, right, right, k, rest, x2); x3 = Last(3, left, right, right, right, right, k, rest, x3); }
            if (Registers > 4) { x4 = Last(4, left, right, right, right, right, k, rest, x4); x5 = Last(5, left, right, right, right, right, k, rest, x5); }
            if (Registers > 4) { x6 = Last(6, left, right, right, right, right, k, rest, x6); x7 = Last(7, left, right, right, right, right, k, rest, x7); }
        }
        return L.Sum(Registers == 2 ? L.Add(x0, x1) : Registers == 4 ? L.Add(L.Add(x0, x2), L.Add(x1, x3)) : L.Add(L.Add(L.Add(x0, x4), L.Add(x2, x6)), L.Add(L.Add(x1, x5), L.Add(x3, x7))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Step(int i, T* left, T* r0, T* r1, T* r2, T* r3, nint k, V sum)
    {
        int row = i / Registers, at = i % Registers * L.Count;
        T* right = row == 0 ? r0 : row == 1 ? r1 : row == 2 ? r2 : r3;
        return L.Fma(L.Load(left + k + at), L.Load(right + k + at), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Last(int i, T* left, T* r0, T* r1, T* r2, T* r3, nint k, int rest, V sum)
    {
        int row = i / Registers, at = i % Registers * L.Count, count = Math.Clamp(rest - at, 0, L.Count);
        T* right = row == 0 ? r0 : row == 1 ? r1 : row == 2 ? r2 : r3;
        return L.Fma(L.LoadPart(left + k + at, count), L.LoadPart(right + k + at, count), sum);
    }
}
