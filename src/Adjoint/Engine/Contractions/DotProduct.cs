using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Products with few columns and a long sum: matrix times vector where the matrix is contiguous along the sum, dot products, a few rows by a few columns, and
/// many rows that are contiguous along the sum by columns that would leave lanes idle. What is not contiguous along the sum is copied so, a block at a time.
/// Blocks are summed in order.
/// </summary>
unsafe struct DotProduct<T> where T : unmanaged, INumberBase<T>
{
    const int Block = 8192, Group = 64, RowGroup = 8, Most = 16;

    public MatrixProduct<T> Product;

    T* left, right;
    nint leftStep, rightStep;
    int from, depth, groups, chunks;

    /// <summary>Whether a shape is computed this way: of sizes and strides only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Fits(MatrixShape shape)
    {
        bool along = shape.RightDepth.Stride == 1 && !shape.RightDepth.IsTable && !shape.RightColumns.IsTable;
        if (shape.Rows == 1) return along && shape.Depth >= 8 || shape.Columns <= RowGroup && shape.Depth >= 64;
        if (shape.Rows <= RowGroup && shape.Columns <= RowGroup && shape.Depth >= 64) return true;
        if (shape.Columns is 1 or > Most || shape.Depth < 128 || shape.Rows < RowGroup || !shape.LeftDepth.IsUnit || shape.LeftRows.IsTable) return false;
        // tiles of lines of 64 bytes of columns, and how much of them is in use; packing costs nothing only here
        int line = 64 / sizeof(T), wide = (shape.Columns + line - 1) / line * line;
        return along ? shape.Columns < wide : 4 * shape.Columns <= 3 * wide;
    }

    /// <summary>Whether a shape is one dot product of contiguous vectors in one block.</summary>
    public static bool IsOne(MatrixShape shape) => shape.Rows == 1 && shape.Columns == 1 && shape.Depth is >= 8 and <= Block && shape.LeftDepth.IsUnit && shape.RightDepth.IsUnit;

    /// <summary>Computes one dot product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(KernelSet<T> kernels, int depth, T* left, T* right, T* output, in Finish finish)
    {
        T sum = (finish.Scale == 0 ? T.One : T.CreateTruncating(finish.Scale)) * kernels.DotOne(depth, left, right);
        *output = finish.Accumulate ? *output + sum : sum;
    }

    /// <summary>Computes the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        var shape = Product.Shape;
        if (IsOne(shape) && Product.Finish.Epilogue is null)
        {
            One(Product.Kernels, shape.Depth, Product.Left, Product.Right, Product.Output, Product.Finish);
            return;
        }
        groups = (shape.Columns + Group - 1) / Group;
        int blocks = (shape.Rows + RowGroup - 1) / RowGroup;
        for (from = 0; from < shape.Depth; from += Block)
        {
            depth = Math.Min(Block, shape.Depth - from);
            left = Contiguous(Product.Left, shape.LeftRows, shape.LeftDepth, shape.Rows, Scratch.Left, out leftStep);
            right = Contiguous(Product.Right, shape.RightColumns, shape.RightDepth, shape.Columns, Scratch.Right, out rightStep);
            bool alone = (long)shape.Columns * depth * shape.Rows < 64 * 1024;
            chunks = alone ? 1 : Math.Min(blocks, 16);
            if (groups * chunks == 1) Part(0);
            else Product.Team.For(groups * chunks, static (i, job) => Unsafe.AsRef<DotProduct<T>>(job).Part(i), Unsafe.AsPointer(ref this), alone ? 1 : Product.Threads);
        }
    }

    // vectors that are contiguous along the depth: in place, or copied; step: from one to the next
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly T* Contiguous(T* source, Offsets across, Offsets along, int count, int slot, out nint step)
    {
        if (along.IsUnit && !across.IsTable)
        {
            step = across.Stride;
            return source + (along.Count > 1 ? from : 0);
        }
        step = (depth + 31) / 32 * 32;
        T* copy = Scratch.Get<T>(slot, count * (long)step);
        if (across.IsUnit && !along.IsTable) Packing.TransposeNarrow(source + from * along.Stride, along.Stride, count, step, depth, copy);
        else
            for (int k = 0; k < depth; k++)
                for (int i = 0; i < count; i++) copy[i * step + k] = source[across[i] + along[from + k]];
        return copy;
    }

    // some rows by a group of columns
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    readonly void Part(int index)
    {
        int rows = Product.Shape.Rows, first = index % groups * Group, count = Math.Min(Group, Product.Shape.Columns - first), blocks = (rows + RowGroup - 1) / RowGroup;
        bool tiled = count > 1 && Product.Kernels.DotTriples != null;
        int start = (int)((long)blocks * (index / groups) / chunks) * RowGroup, end = Math.Min(rows, (int)((long)blocks * (index / groups + 1) / chunks) * RowGroup);
        T* sums = stackalloc T[Group * RowGroup + 8], tile = stackalloc T[12];
        var finish = Product.Finish;
        nint stride = Product.Shape.OutputRows.Stride;
        bool plain = tiled && Product.Shape.IsPlainOutput && depth == Product.Shape.Depth && !finish.Accumulate && finish.Scale is 0 or 1 && finish.Epilogue is null;
        for (int row = start; row < end; row += RowGroup)
        {
            int some = Math.Min(RowGroup, end - row), m = 0;
            if (tiled && some >= 4)
            {
                // a last tile overlaps the one before
                T* target = plain ? Product.Output + row * stride + first : sums;
                nint step = plain ? stride : count;
                for (; m < some; m += 4) Tile(row + (m = Math.Min(m, some - 4)), first, count, target + m * step, step, tile);
                if (plain) continue;
            }
            for (; m < some; m++) Row(left + (row + m) * leftStep, right + first * rightStep, count, sums + m * count);
            Complete(sums, row, some, first, count);
        }
    }

    // four rows
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Tile(int row, int first, int count, T* sums, nint step, T* tile)
    {
        for (int n = 0; n < count;)
        {
            int rest = count - n, width = rest is 2 or 4 ? 2 : 3;
            // a lone last column takes the one before again
            if (rest == 1) (n, width) = (n - 1, 2);
            T* a = left + row * leftStep, b = right + (first + n) * rightStep;
            if (width == 3) Product.Kernels.DotTriples(depth, a, leftStep, b, rightStep, tile);
            else Product.Kernels.DotPairs(depth, a, leftStep, b, rightStep, tile);
            T* s0 = sums + n, s1 = s0 + step, s2 = s1 + step, s3 = s2 + step;
            for (int i = 0; i < width; i++) (s0[i], s1[i], s2[i], s3[i]) = (tile[4 * i], tile[4 * i + 1], tile[4 * i + 2], tile[4 * i + 3]);
            n += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    readonly void Row(T* vector, T* columns, int count, T* sums)
    {
        int together = Product.Kernels.DotRows;
        T** rows = stackalloc T*[4];
        for (int n = 0; n < count; n += together)
        {
            // beyond the last column it is computed again, over what the next row overwrites
            for (int r = 0; r < together; r++) rows[r] = columns + Math.Min(n + r, count - 1) * rightStep;
            Product.Kernels.Dot(depth, vector, rows, sums + n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Complete(T* sums, int row, int rows, int first, int count)
    {
        var shape = Product.Shape;
        bool last = from + depth == shape.Depth, accumulate = from > 0 || Product.Finish.Accumulate;
        var scale = Product.Finish.Scale == 0 ? T.One : T.CreateTruncating(Product.Finish.Scale);
        for (int m = 0; m < rows; m++)
            for (int n = 0; n < count; n++)
            {
                ref T sum = ref sums[m * count + n];
                sum = scale * sum;
                if (accumulate) sum = Product.Output[shape.OutputRows[row + m] + shape.OutputColumns[first + n]] + sum;
            }
        if (last) Product.Finish.Epilogue?.Invoke(sums, count, rows, count, Product.Batch, row, first, Product.Finish.Context);
        for (int m = 0; m < rows; m++)
            for (int n = 0; n < count; n++) Product.Output[shape.OutputRows[row + m] + shape.OutputColumns[first + n]] = sums[m * count + n];
    }
}
