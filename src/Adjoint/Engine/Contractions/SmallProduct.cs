using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Products that need neither blocks nor threads: both sides are read in place but for a last strip of one register of columns and a part. A lone row takes eight registers of
/// columns at a time. The same sums in the same order as <see cref="MatrixProduct{T}"/>.
/// </summary>
static unsafe class SmallProduct
{
    /// <summary>Whether a shape is small and plain; of sizes, strides and the registers' width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Fits<T>(MatrixShape shape, KernelSet<T> kernels) where T : unmanaged, INumberBase<T> =>
        shape.IsPlain && shape.Depth <= MatrixProduct<T>.DepthBlock
        && (shape.Rows == 1 || (long)shape.Rows * shape.Columns * shape.Depth <= 64 * 64 * 64) && (shape.Rows <= 2 * kernels.Rows || shape.Columns * shape.Depth * sizeof(T) <= 16384)
        && (shape.Rows <= kernels.Rows || Math.Abs(shape.LeftRows.Stride == 1 ? shape.LeftDepth.Stride : shape.LeftRows.Stride) * sizeof(T) <= 3072);

    /// <summary>Computes the product, without its epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(MatrixShape shape, KernelSet<T> kernels, T* left, T* right, T* output, bool accumulate, T scale) where T : unmanaged, INumberBase<T>
    {
        int rows = shape.Rows, columns = shape.Columns, depth = shape.Depth, wide = kernels.Columns, lanes = kernels.Lanes;
        Tile<T> tile;
        (tile.LeftRow, tile.LeftStep, tile.OutputRow) = (shape.LeftRows.Stride, shape.LeftDepth.Stride, shape.OutputRows.Stride);
        (tile.Accumulate, tile.Scale, tile.RightStep) = (accumulate, scale, shape.RightDepth.Stride);
        int column = 0;
        if (rows == 1)
        {
            tile.Columns = 4 * wide;
            for (; column + 4 * wide <= columns; column += 4 * wide) kernels.Row(depth, left, right + column, output + column, &tile);
        }
        bool strided = tile.LeftRow != 1;
        int parts = (rows + kernels.Rows - 1) / kernels.Rows, height = rows / parts, taller = rows % parts;
        for (; column < columns; column += wide)
        {
            T* b = right + column;
            tile.Columns = Math.Min(wide, columns - column);
            if (tile.Columns > lanes && tile.Columns != wide)
            {
                tile.RightStep = wide;
                b = Scratch.Get<T>(Scratch.Right, depth * tile.RightStep);
                Packing.CopyPadded(right + column, shape.RightDepth.Stride, tile.Columns, (int)tile.RightStep, depth, b);
            }
            T* a = left, c = output + column;
            for (int part = 0; part < parts; part++)
            {
                int m = height + (part < taller ? 1 : 0);
                kernels.Kernel(m, tile.Columns > lanes, strided)(depth, a, b, c, &tile);
                a += m * tile.LeftRow;
                c += m * tile.OutputRow;
            }
        }
    }
}
