using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A tile of a product of matrices whose right side is read in place, wherever its columns are: <c>R</c> rows by three registers of columns, each of one or
/// two runs (<see cref="ILanes{V, T}.Runs"/>) of adjacent elements with an address of its own,
/// <c>output[run][r, c] = scale · Σ_k left[k, r] · right[run][offsets[k] + c]</c>, k ascending, each step one fused multiply-add.
/// </summary>
static unsafe class WindowTile<L, V, T, R> where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T> where R : IConstant
{
    // a leaf, as MicroKernel
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint depth, T* left, int* offsets, T** right, T** output, nint row, T scale)
    {
        V x0 = default, y0 = default, z0 = default;
        V x1 = default, y1 = default, z1 = default;
        V x2 = default, y2 = default, z2 = default;
        V x3 = default, y3 = default, z3 = default;
        V x4 = default, y4 = default, z4 = default;
        V x5 = default, y5 = default, z5 = default;
        V x6 = default, y6 = default, z6 = default;
        V x7 = default, y7 = default, z7 = default;
        T* b0 = right[0], b1 = right[L.Runs - 1], b2 = right[L.Runs], b3 = right[2 * L.Runs - 1], b4 = right[2 * L.Runs], b5 = right[3 * L.Runs - 1];
        for (int* end = offsets + depth; offsets < end; offsets++)
        {
            nint at = *offsets;
            V b = L.LoadRuns(b0 + at, b1 + at), c = L.LoadRuns(b2 + at, b3 + at), d = L.LoadRuns(b4 + at, b5 + at), a;
            a = L.Broadcast(left); x0 = L.Fma(a, b, x0); y0 = L.Fma(a, c, y0); z0 = L.Fma(a, d, z0);
            if (R.Value > 1) { a = L.Broadcast(left + 1); x1 = L.Fma(a, b, x1); y1 = L.Fma(a, c, y1); z1 = L.Fma(a, d, z1); }
            if (R.Value > 2) { a = L.Broadcast(left + 2); x2 = L.Fma(a, b, x2); y2 = L.Fma(a, c, y2); z2 = L.Fma(a, d, z2); }
            if (R.Value > 3) { a = L.Broadcast(left + 3); x3 = L.Fma(a, b, x3); y3 = L.Fma(a, c, y3); z3 = L.Fma(a, d, z3); }
            if (R.Value > 4) { a = L.Broadcast(left + 4); x4 = L.Fma(a, b, x4); y4 = L.Fma(a, c, y4); z4 = L.Fma(a, d, z4); }
            if (R.Value > 5) { a = L.Broadcast(left + 5); x5 = L.Fma(a, b, x5); y5 = L.Fma(a, c, y5); z5 = L.Fma(a, d, z5); }
            if (R.Value > 6) { a = L.Broadcast(left + 6); x6 = L.Fma(a, b, x6); y6 = L.Fma(a, c, y6); z6 = L.Fma(a, d, z6); }
            if (R.Value > 7) { a = L.Broadcast(left + 7); x7 = L.Fma(a, b, x7); y7 = L.Fma(a, c, y7); z7 = L.Fma(a, d, z7); }
            left += R.Value;
        }
        if (scale != T.One)
        {
            V s = L.Broadcast(scale);
            x0 = L.Multiply(x0, s); y0 = L.Multiply(y0, s); z0 = L.Multiply(z0, s);
            if (R.Value > 1) { x1 = L.Multiply(x1, s); y1 = L.Multiply(y1, s); z1 = L.Multiply(z1, s); }
            if (R.Value > 2) { x2 = L.Multiply(x2, s); y2 = L.Multiply(y2, s); z2 = L.Multiply(z2, s); }
            if (R.Value > 3) { x3 = L.Multiply(x3, s); y3 = L.Multiply(y3, s); z3 = L.Multiply(z3, s); }
            if (R.Value > 4) { x4 = L.Multiply(x4, s); y4 = L.Multiply(y4, s); z4 = L.Multiply(z4, s); }
            if (R.Value > 5) { x5 = L.Multiply(x5, s); y5 = L.Multiply(y5, s); z5 = L.Multiply(z5, s); }
            if (R.Value > 6) { x6 = L.Multiply(x6, s); y6 = L.Multiply(y6, s); z6 = L.Multiply(z6, s); }
            if (R.Value > 7) { x7 = L.Multiply(x7, s); y7 = L.Multiply(y7, s); z7 = L.Multiply(z7, s); }
        }
        Store(output, 0, x0, y0, z0);
        if (R.Value > 1) { Store(output, 1 * row, x1, y1, z1); }
        if (R.Value > 2) { Store(output, 2 * row, x2, y2, z2); }
        if (R.Value > 3) { Store(output, 3 * row, x3, y3, z3); }
        if (R.Value > 4) { Store(output, 4 * row, x4, y4, z4); }
        if (R.Value > 5) { Store(output, 5 * row, x5, y5, z5); }
        if (R.Value > 6) { Store(output, 6 * row, x6, y6, z6); }
        if (R.Value > 7) { Store(output, 7 * row, x7, y7, z7); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(T** output, nint at, V x, V y, V z)
    {
        L.StoreRuns(output[0] + at, output[L.Runs - 1] + at, x);
        L.StoreRuns(output[L.Runs] + at, output[2 * L.Runs - 1] + at, y);
        L.StoreRuns(output[2 * L.Runs] + at, output[3 * L.Runs - 1] + at, z);
    }
}
