using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What a micro-kernel needs beyond the three addresses; strides in elements.</summary>
unsafe struct Tile<T> where T : unmanaged
{
    public nint LeftRow, LeftStep, RightStep, OutputRow;
    public int Columns;
    public bool Accumulate;
    public T Scale;
}

interface IConstant { static abstract int Value { get; } }
readonly struct Constant1 : IConstant { public static int Value => 1; }
readonly struct Constant2 : IConstant { public static int Value => 2; }
readonly struct Constant3 : IConstant { public static int Value => 3; }
readonly struct Constant4 : IConstant { public static int Value => 4; }
readonly struct Constant5 : IConstant { public static int Value => 5; }
readonly struct Constant6 : IConstant { public static int Value => 6; }
readonly struct Constant7 : IConstant { public static int Value => 7; }
readonly struct Constant8 : IConstant { public static int Value => 8; }
readonly struct Constant9 : IConstant { public static int Value => 9; }
readonly struct Constant10 : IConstant { public static int Value => 10; }
readonly struct Constant11 : IConstant { public static int Value => 11; }
readonly struct Constant12 : IConstant { public static int Value => 12; }
readonly struct Constant13 : IConstant { public static int Value => 13; }
readonly struct Constant14 : IConstant { public static int Value => 14; }

/// <summary>
/// A tile of a product of matrices that stays in registers: <c>R</c> rows by <c>W</c> (1 or 2) registers of columns,
/// <c>output[r, c] = [output[r, c] +] scale · Σ_k left[r, k] · right[k, c]</c>, k ascending, each step one fused multiply-add.
/// Of the output only <see cref="Tile{T}.Columns"/> are touched; of <c>right[k]</c> too with one register, while two are read in full, so its rows are padded.
/// With <c>P</c> = 1 the rows of the left side are adjacent (<see cref="Tile{T}.LeftRow"/> is 1): a packed panel, or a transposed matrix in place.
/// </summary>
static unsafe class MicroKernel<L, V, T, R, W, P>
    where L : ILanes<V, T> where V : struct where T : unmanaged, INumberBase<T> where R : IConstant where W : IConstant where P : IConstant
{
    // a leaf, without a call even on cold paths: a call would spill the accumulators
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint depth, T* left, T* right, T* output, Tile<T>* tile)
    {
        V x0 = default, y0 = default;
        V x1 = default, y1 = default;
        V x2 = default, y2 = default;
        V x3 = default, y3 = default;
        V x4 = default, y4 = default;
        V x5 = default, y5 = default;
        V x6 = default, y6 = default;
        V x7 = default, y7 = default;
        V x8 = default, y8 = default;
        V x9 = default, y9 = default;
        V x10 = default, y10 = default;
        V x11 = default, y11 = default;
        V x12 = default, y12 = default;
        V x13 = default, y13 = default;
        nint row = P.Value == 1 ? 1 : tile->LeftRow, row2 = 2 * row, step = tile->LeftStep, rightStep = tile->RightStep;
        int columns = tile->Columns;
        V mask = W.Value > 1 ? default : L.Mask(columns);
        T* left3 = left + 3 * row, left6 = left3 + 3 * row, left9 = left6 + 3 * row, left12 = left9 + 3 * row;
        for (; depth > 0; depth--)
        {
            V b = W.Value > 1 ? L.Load(right) : L.LoadPart(right, columns, mask), d = W.Value > 1 ? L.Load(right + L.Count) : default;
            V a;
            right += rightStep;
            a = L.Broadcast(left); x0 = L.Fma(a, b, x0); if (W.Value > 1) y0 = L.Fma(a, d, y0);
            if (R.Value > 1) { a = L.Broadcast(P.Value == 1 ? left + 1 : left + row); x1 = L.Fma(a, b, x1); if (W.Value > 1) y1 = L.Fma(a, d, y1); }
            if (R.Value > 2) { a = L.Broadcast(P.Value == 1 ? left + 2 : left + row2); x2 = L.Fma(a, b, x2); if (W.Value > 1) y2 = L.Fma(a, d, y2); }
            if (R.Value > 3) { a = L.Broadcast(P.Value == 1 ? left + 3 : left3); x3 = L.Fma(a, b, x3); if (W.Value > 1) y3 = L.Fma(a, d, y3); }
            if (R.Value > 4) { a = L.Broadcast(P.Value == 1 ? left + 4 : left3 + row); x4 = L.Fma(a, b, x4); if (W.Value > 1) y4 = L.Fma(a, d, y4); }
            if (R.Value > 5) { a = L.Broadcast(P.Value == 1 ? left + 5 : left3 + row2); x5 = L.Fma(a, b, x5); if (W.Value > 1) y5 = L.Fma(a, d, y5); }
            if (R.Value > 6) { a = L.Broadcast(P.Value == 1 ? left + 6 : left6); x6 = L.Fma(a, b, x6); if (W.Value > 1) y6 = L.Fma(a, d, y6); }
            if (R.Value > 7) { a = L.Broadcast(P.Value == 1 ? left + 7 : left6 + row); x7 = L.Fma(a, b, x7); if (W.Value > 1) y7 = L.Fma(a, d, y7); }
            if (R.Value > 8) { a = L.Broadcast(P.Value == 1 ? left + 8 : left6 + row2); x8 = L.Fma(a, b, x8); if (W.Value > 1) y8 = L.Fma(a, d, y8); }
            if (R.Value > 9) { a = L.Broadcast(P.Value == 1 ? left + 9 : left9); x9 = L.Fma(a, b, x9); if (W.Value > 1) y9 = L.Fma(a, d, y9); }
            if (R.Value > 10) { a = L.Broadcast(P.Value == 1 ? left + 10 : left9 + row); x10 = L.Fma(a, b, x10); if (W.Value > 1) y10 = L.Fma(a, d, y10); }
            if (R.Value > 11) { a = L.Broadcast(P.Value == 1 ? left + 11 : left9 + row2); x11 = L.Fma(a, b, x11); if (W.Value > 1) y11 = L.Fma(a, d, y11); }
            if (R.Value > 12) { a = L.Broadcast(P.Value == 1 ? left + 12 : left12); x12 = L.Fma(a, b, x12); if (W.Value > 1) y12 = L.Fma(a, d, y12); }
            if (R.Value > 13) { a = L.Broadcast(P.Value == 1 ? left + 13 : left12 + row); x13 = L.Fma(a, b, x13); if (W.Value > 1) y13 = L.Fma(a, d, y13); }
            left += step;
            if (P.Value != 1)
            {
                if (R.Value > 3) left3 += step;
                if (R.Value > 6) left6 += step;
                if (R.Value > 9) left9 += step;
                if (R.Value > 12) left12 += step;
            }
        }
        if (tile->Scale != T.One)
        {
            V s = L.Broadcast(tile->Scale);
            x0 = L.Multiply(x0, s); if (W.Value > 1) y0 = L.Multiply(y0, s);
            if (R.Value > 1) { x1 = L.Multiply(x1, s); if (W.Value > 1) y1 = L.Multiply(y1, s); }
            if (R.Value > 2) { x2 = L.Multiply(x2, s); if (W.Value > 1) y2 = L.Multiply(y2, s); }
            if (R.Value > 3) { x3 = L.Multiply(x3, s); if (W.Value > 1) y3 = L.Multiply(y3, s); }
            if (R.Value > 4) { x4 = L.Multiply(x4, s); if (W.Value > 1) y4 = L.Multiply(y4, s); }
            if (R.Value > 5) { x5 = L.Multiply(x5, s); if (W.Value > 1) y5 = L.Multiply(y5, s); }
            if (R.Value > 6) { x6 = L.Multiply(x6, s); if (W.Value > 1) y6 = L.Multiply(y6, s); }
            if (R.Value > 7) { x7 = L.Multiply(x7, s); if (W.Value > 1) y7 = L.Multiply(y7, s); }
            if (R.Value > 8) { x8 = L.Multiply(x8, s); if (W.Value > 1) y8 = L.Multiply(y8, s); }
            if (R.Value > 9) { x9 = L.Multiply(x9, s); if (W.Value > 1) y9 = L.Multiply(y9, s); }
            if (R.Value > 10) { x10 = L.Multiply(x10, s); if (W.Value > 1) y10 = L.Multiply(y10, s); }
            if (R.Value > 11) { x11 = L.Multiply(x11, s); if (W.Value > 1) y11 = L.Multiply(y11, s); }
            if (R.Value > 12) { x12 = L.Multiply(x12, s); if (W.Value > 1) y12 = L.Multiply(y12, s); }
            if (R.Value > 13) { x13 = L.Multiply(x13, s); if (W.Value > 1) y13 = L.Multiply(y13, s); }
        }
        nint outputRow = tile->OutputRow;
        if (tile->Accumulate)
        {
            if (columns == W.Value * L.Count)
            {
                Add(output, x0, y0);
                if (R.Value > 1) Add(output + outputRow, x1, y1);
                if (R.Value > 2) Add(output + 2 * outputRow, x2, y2);
                if (R.Value > 3) Add(output + 3 * outputRow, x3, y3);
                if (R.Value > 4) Add(output + 4 * outputRow, x4, y4);
                if (R.Value > 5) Add(output + 5 * outputRow, x5, y5);
                if (R.Value > 6) Add(output + 6 * outputRow, x6, y6);
                if (R.Value > 7) Add(output + 7 * outputRow, x7, y7);
                if (R.Value > 8) Add(output + 8 * outputRow, x8, y8);
                if (R.Value > 9) Add(output + 9 * outputRow, x9, y9);
                if (R.Value > 10) Add(output + 10 * outputRow, x10, y10);
                if (R.Value > 11) Add(output + 11 * outputRow, x11, y11);
                if (R.Value > 12) Add(output + 12 * outputRow, x12, y12);
                if (R.Value > 13) Add(output + 13 * outputRow, x13, y13);
            }
            else
            {
                AddPart(output, x0, y0, columns);
                if (R.Value > 1) AddPart(output + outputRow, x1, y1, columns);
                if (R.Value > 2) AddPart(output + 2 * outputRow, x2, y2, columns);
                if (R.Value > 3) AddPart(output + 3 * outputRow, x3, y3, columns);
                if (R.Value > 4) AddPart(output + 4 * outputRow, x4, y4, columns);
                if (R.Value > 5) AddPart(output + 5 * outputRow, x5, y5, columns);
                if (R.Value > 6) AddPart(output + 6 * outputRow, x6, y6, columns);
                if (R.Value > 7) AddPart(output + 7 * outputRow, x7, y7, columns);
                if (R.Value > 8) AddPart(output + 8 * outputRow, x8, y8, columns);
                if (R.Value > 9) AddPart(output + 9 * outputRow, x9, y9, columns);
                if (R.Value > 10) AddPart(output + 10 * outputRow, x10, y10, columns);
                if (R.Value > 11) AddPart(output + 11 * outputRow, x11, y11, columns);
                if (R.Value > 12) AddPart(output + 12 * outputRow, x12, y12, columns);
                if (R.Value > 13) AddPart(output + 13 * outputRow, x13, y13, columns);
            }
        }
        else if (columns == W.Value * L.Count)
        {
            Store(output, x0, y0);
            if (R.Value > 1) Store(output + outputRow, x1, y1);
            if (R.Value > 2) Store(output + 2 * outputRow, x2, y2);
            if (R.Value > 3) Store(output + 3 * outputRow, x3, y3);
            if (R.Value > 4) Store(output + 4 * outputRow, x4, y4);
            if (R.Value > 5) Store(output + 5 * outputRow, x5, y5);
            if (R.Value > 6) Store(output + 6 * outputRow, x6, y6);
            if (R.Value > 7) Store(output + 7 * outputRow, x7, y7);
            if (R.Value > 8) Store(output + 8 * outputRow, x8, y8);
            if (R.Value > 9) Store(output + 9 * outputRow, x9, y9);
            if (R.Value > 10) Store(output + 10 * outputRow, x10, y10);
            if (R.Value > 11) Store(output + 11 * outputRow, x11, y11);
            if (R.Value > 12) Store(output + 12 * outputRow, x12, y12);
            if (R.Value > 13) Store(output + 13 * outputRow, x13, y13);
        }
        else
        {
            StorePart(output, x0, y0, columns);
            if (R.Value > 1) StorePart(output + outputRow, x1, y1, columns);
            if (R.Value > 2) StorePart(output + 2 * outputRow, x2, y2, columns);
            if (R.Value > 3) StorePart(output + 3 * outputRow, x3, y3, columns);
            if (R.Value > 4) StorePart(output + 4 * outputRow, x4, y4, columns);
            if (R.Value > 5) StorePart(output + 5 * outputRow, x5, y5, columns);
            if (R.Value > 6) StorePart(output + 6 * outputRow, x6, y6, columns);
            if (R.Value > 7) StorePart(output + 7 * outputRow, x7, y7, columns);
            if (R.Value > 8) StorePart(output + 8 * outputRow, x8, y8, columns);
            if (R.Value > 9) StorePart(output + 9 * outputRow, x9, y9, columns);
            if (R.Value > 10) StorePart(output + 10 * outputRow, x10, y10, columns);
            if (R.Value > 11) StorePart(output + 11 * outputRow, x11, y11, columns);
            if (R.Value > 12) StorePart(output + 12 * outputRow, x12, y12, columns);
            if (R.Value > 13) StorePart(output + 13 * outputRow, x13, y13, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(T* p, V x, V y)
    {
        L.Store(p, x);
        if (W.Value > 1) L.Store(p + L.Count, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(T* p, V x, V y)
    {
        L.Store(p, L.Add(L.Load(p), x));
        if (W.Value > 1) L.Store(p + L.Count, L.Add(L.Load(p + L.Count), y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StorePart(T* p, V x, V y, int columns)
    {
        L.StorePart(p, x, columns);
        if (W.Value > 1) L.StorePart(p + L.Count, y, columns - L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddPart(T* p, V x, V y, int columns)
    {
        L.StorePart(p, L.Add(L.LoadPart(p, columns), x), columns);
        if (W.Value > 1) L.StorePart(p + L.Count, L.Add(L.LoadPart(p + L.Count, columns - L.Count), y), columns - L.Count);
    }
}
