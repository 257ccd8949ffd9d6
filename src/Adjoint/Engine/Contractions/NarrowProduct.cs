using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Products with few columns whose left side is contiguous along the rows: rows and columns change roles, so that lanes run along the rows and both sides are
/// read in place, and each tile is stored transposed. The same sums in the same order as <see cref="MatrixProduct{T}"/>.
/// </summary>
static unsafe class NarrowProduct
{
    /// <summary>Whether a shape is computed this way; of sizes, strides and the kernels' height.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Fits<T>(MatrixShape shape, KernelSet<T> kernels) where T : unmanaged, INumberBase<T> =>
        shape.LeftRows.Stride == 1 && shape.Columns <= kernels.Rows && shape.Rows >= 2 * kernels.Columns && shape.IsPlainOutput
        && !shape.LeftRows.IsTable && !shape.LeftDepth.IsTable && !shape.RightDepth.IsTable && !shape.RightColumns.IsTable
        && shape.Depth > 0 && (long)shape.Columns * shape.Rows * shape.Depth <= 1 << 20;

    /// <summary>Computes the product, without its epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void Run<T>(MatrixShape shape, KernelSet<T> kernels, T* left, T* right, T* output, bool accumulate, T scale) where T : unmanaged, INumberBase<T>
    {
        int wide = kernels.Columns, rows = shape.Rows, columns = shape.Columns, block = MatrixProduct<T>.Block(shape.Depth);
        nint stride = shape.OutputRows.Stride;
        T* patch = stackalloc T[14 * 32];
        T** sources = stackalloc T*[14];
        for (int n = 0; n < Math.Max(4, columns); n++) sources[n] = patch + Math.Min(n, columns - 1) * wide;
        Tile<T> tile;
        (tile.LeftRow, tile.LeftStep, tile.OutputRow, tile.Scale) = (shape.RightColumns.Stride, shape.RightDepth.Stride, wide, scale);
        for (int from = 0; from < shape.Depth; from += block, accumulate = true)
        {
            int depth = Math.Min(block, shape.Depth - from);
            for (int row = 0, count; row < rows; row += count)
            {
                // more than one register and less than two is one and a part
                count = Math.Min(wide, rows - row);
                if (count > kernels.Lanes && count < wide) count = kernels.Lanes;
                tile.Columns = count;
                tile.RightStep = shape.LeftDepth.Stride;
                tile.Accumulate = false;
                kernels.Kernel(columns, count > kernels.Lanes, tile.LeftRow != 1)(depth, right + from * tile.LeftStep, left + from * tile.RightStep + row, patch, &tile);
                T* target = output + row * stride;
                if (accumulate)
                {
                    for (int r = 0; r < count; r++)
                        for (int n = 0; n < columns; n++) target[r * stride + n] += patch[n * wide + r];
                }
                else if (columns >= 4) Packing.Transpose(sources, 0, columns, stride, count, target);
                else if (stride == columns)
                {
                    // rows of four: what is too much is written over by the next row, and the last ones are written singly
                    int whole = count - 3;
                    if (whole > 0) Packing.Transpose(sources, 0, 4, stride, whole, target);
                    for (int r = Math.Max(0, whole); r < count; r++)
                        for (int n = 0; n < columns; n++) target[r * stride + n] = patch[n * wide + r];
                }
                else
                    for (int r = 0; r < count; r++)
                        for (int n = 0; n < columns; n++) target[r * stride + n] = patch[n * wide + r];
            }
        }
    }
}
