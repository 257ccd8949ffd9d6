using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>One row of a product by eight registers of columns, read in place: a vector times a matrix streams whole cache lines.</summary>
static unsafe class RowKernel<L, V, T> where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint depth, T* left, T* right, T* output, Tile<T>* tile)
    {
        V x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default;
        nint step = tile->LeftStep, rightStep = tile->RightStep;
        for (; depth > 0; depth--, left += step, right += rightStep)
        {
            V a = L.Broadcast(left);
            x0 = L.Fma(a, L.Load(right), x0);
            x1 = L.Fma(a, L.Load(right + L.Count), x1);
            x2 = L.Fma(a, L.Load(right + 2 * L.Count), x2);
            x3 = L.Fma(a, L.Load(right + 3 * L.Count), x3);
            x4 = L.Fma(a, L.Load(right + 4 * L.Count), x4);
            x5 = L.Fma(a, L.Load(right + 5 * L.Count), x5);
            x6 = L.Fma(a, L.Load(right + 6 * L.Count), x6);
            x7 = L.Fma(a, L.Load(right + 7 * L.Count), x7);
        }
        V scale = L.Broadcast(tile->Scale);
        bool accumulate = tile->Accumulate;
        Write(output, x0, scale, accumulate);
        Write(output + L.Count, x1, scale, accumulate);
        Write(output + 2 * L.Count, x2, scale, accumulate);
        Write(output + 3 * L.Count, x3, scale, accumulate);
        Write(output + 4 * L.Count, x4, scale, accumulate);
        Write(output + 5 * L.Count, x5, scale, accumulate);
        Write(output + 6 * L.Count, x6, scale, accumulate);
        Write(output + 7 * L.Count, x7, scale, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Write(T* p, V x, V scale, bool accumulate)
    {
        x = L.Multiply(x, scale);
        L.Store(p, accumulate ? L.Add(L.Load(p), x) : x);
    }
}
