using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Products with few elements and a long sum: matrix times vector where the matrix is contiguous along the sum, dot products, and a few rows by a few
/// columns. What is not contiguous along the sum is copied so, a block at a time. Blocks are summed in order.
/// </summary>
unsafe struct DotProduct<T> where T : unmanaged, INumberBase<T>
{
    const int Block = 8192, Group = 64;

    public MatrixProduct<T> Product;

    T* left;
    nint leftStep;
    int from, depth;

    /// <summary>Whether a shape is computed this way: of sizes and strides only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Fits(MatrixShape shape)
    {
        bool along = shape.RightDepth.Stride == 1 && !shape.RightDepth.IsTable && !shape.RightColumns.IsTable;
        return (shape.Rows == 1 && along && shape.Depth >= 8) || (shape.Rows <= 8 && shape.Columns <= 8 && shape.Depth >= 64);
    }

    /// <summary>Computes the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        var shape = Product.Shape;
        int groups = (shape.Columns + Group - 1) / Group;
        for (from = 0; from < shape.Depth; from += Block)
        {
            depth = Math.Min(Block, shape.Depth - from);
            left = Contiguous(Product.Left, shape.LeftRows, shape.LeftDepth, 0, shape.Rows, Scratch.Left, out leftStep);
            if (groups == 1) Columns(0);
            else Product.Team.For(groups, static (i, job) => Unsafe.AsRef<DotProduct<T>>(job).Columns(i), Unsafe.AsPointer(ref this),
                (long)shape.Columns * depth * shape.Rows < 64 * 1024 ? 1 : Product.Threads);
        }
    }

    // rows that are contiguous along the depth: in place, or copied; step: from one to the next
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly T* Contiguous(T* source, Offsets across, Offsets along, int first, int count, int slot, out nint step)
    {
        if (along.IsUnit && !across.IsTable)
        {
            step = across.Stride;
            return source + across[first] + (along.Count > 1 ? from : 0);
        }
        step = (depth + 31) / 32 * 32;
        T* copy = Scratch.Get<T>(slot, count * (long)step);
        for (int k = 0; k < depth; k++)
            for (int i = 0; i < count; i++) copy[i * step + k] = source[across[first + i] + along[from + k]];
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Columns(int group)
    {
        var shape = Product.Shape;
        int first = group * Group, count = Math.Min(Group, shape.Columns - first), together = Product.Kernels.DotRows;
        T* right = Contiguous(Product.Right, shape.RightColumns, shape.RightDepth, first, count, Scratch.Right, out nint step);
        T* sums = stackalloc T[Group * 8 + 8];
        T** rows = stackalloc T*[4];
        for (int m = 0; m < shape.Rows; m++)
            for (int n = 0; n < count; n += together)
            {
                // beyond the last column it is computed again, over what the next row overwrites
                for (int r = 0; r < together; r++) rows[r] = right + Math.Min(n + r, count - 1) * step;
                Product.Kernels.Dot(depth, left + m * leftStep, rows, sums + m * count + n);
            }
        Complete(sums, first, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Complete(T* sums, int first, int count)
    {
        var shape = Product.Shape;
        var finish = Product.Finish;
        bool last = from + depth == shape.Depth;
        var scale = finish.Scale == 0 ? T.One : T.CreateTruncating(finish.Scale);
        for (int m = 0; m < shape.Rows; m++)
            for (int n = 0; n < count; n++)
            {
                ref T sum = ref sums[m * count + n];
                sum = scale * sum;
                if (from > 0 || finish.Accumulate) sum = Product.Output[shape.OutputRows[m] + shape.OutputColumns[first + n]] + sum;
            }
        if (last) finish.Epilogue?.Invoke(sums, count, shape.Rows, count, Product.Batch, 0, first, finish.Context);
        for (int m = 0; m < shape.Rows; m++)
            for (int n = 0; n < count; n++) Product.Output[shape.OutputRows[m] + shape.OutputColumns[first + n]] = sums[m * count + n];
    }
}
