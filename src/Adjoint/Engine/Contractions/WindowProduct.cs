using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Columns of a product in runs of one length, adjacent in the right side and in the output: where they begin, and their first columns. The last run of a
/// longer one overlaps the run before it.
/// </summary>
sealed unsafe class ColumnRuns
{
    readonly int[] table;

    ColumnRuns(int[] table) => this.table = table;

    public int Count => table.Length / 3;
    public int* Right => (int*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(table, 0);
    public int* Output => Right + Count;
    public int* First => Right + 2 * Count;

    /// <summary>The shortest stretch of what is adjacent in both sides, and how many runs of 8 there are.</summary>
    public static (int Shortest, int Count) Measure(in Offsets right, in Offsets other)
    {
        var (shortest, count) = (int.MaxValue, 0);
        for (int i = 0, end; i < right.Count; i = end)
        {
            end = Math.Min(right.RunEnd(i), other.RunEnd(i));
            shortest = Math.Min(shortest, end - i);
            count += (end - i + 7) / 8;
        }
        return (shortest, count);
    }

    public static ColumnRuns Of(in Offsets right, in Offsets output, int length)
    {
        var first = new List<int>();
        for (int i = 0, end; i < right.Count; i = end)
        {
            end = Math.Min(right.RunEnd(i), output.RunEnd(i));
            for (; i < end; i += length) first.Add(Math.Min(i, end - length));
        }
        var table = GC.AllocateUninitializedArray<int>(3 * first.Count, pinned: true);
        for (int g = 0; g < first.Count; g++)
            (table[g], table[first.Count + g], table[2 * first.Count + g]) = (checked((int)right[first[g]]), checked((int)output[first[g]]), first[g]);
        return new(table);
    }
}

/// <summary>
/// A product whose right side consists of windows: it is read in place, run by run, while the left side is packed once. Each element is one sum over the
/// whole depth, k ascending.
/// </summary>
unsafe struct WindowProduct<T> where T : unmanaged, INumberBase<T>
{
    const int Serial = 64 * 1024, MostRows = 8, MostRuns = 6;

    public MatrixProduct<T> Product;
    ColumnRuns runs;
    int* offsets;
    T* panels;
    T scale;
    int parts, chunks;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        var (shape, kernels) = (Product.Shape, Product.Kernels.Windows);
        runs = shape.RunsOf(kernels.RunLength);
        offsets = shape.RightDepth.Table;
        scale = Product.Finish.Scale == 0 ? T.One : T.CreateTruncating(Product.Finish.Scale);
        parts = (shape.Rows + kernels.Rows - 1) / kernels.Rows;
        panels = Scratch.Get<T>(Scratch.Left, (long)shape.Rows * shape.Depth);
        for (int part = 0, row = 0, rows; part < parts; part++, row += rows)
            Packing.Pack(Product.Left, shape.LeftRows, shape.LeftDepth, row, rows = Rows(part), rows, 0, shape.Depth, panels + (nint)row * shape.Depth);
        int tiles = (runs.Count + kernels.Runs - 1) / kernels.Runs;
        chunks = (int)Math.Clamp((long)shape.Rows * shape.Columns * Math.Max(1, shape.Depth) / Serial, 1, tiles);
        Product.Team.For(chunks, static (i, job) => Unsafe.AsRef<WindowProduct<T>>(job).Tiles(i), Unsafe.AsPointer(ref this), chunks == 1 ? 1 : Product.Threads);
    }

    readonly int Rows(int part) => Product.Shape.Rows / parts + (part < Product.Shape.Rows % parts ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    readonly void Tiles(int chunk)
    {
        var (shape, kernels) = (Product.Shape, Product.Kernels.Windows);
        bool inPlace = !Product.Finish.Accumulate && Product.Finish.Epilogue is null;
        int width = kernels.Runs, length = kernels.RunLength, tiles = (runs.Count + width - 1) / width;
        nint row = shape.OutputRows.Stride;
        T** right = stackalloc T*[MostRuns], output = stackalloc T*[MostRuns];
        T* patch = stackalloc T[MostRows * 48];
        for (int tile = (int)((long)tiles * chunk / chunks), end = (int)((long)tiles * (chunk + 1) / chunks); tile < end; tile++)
        {
            int first = tile * width, count = Math.Min(width, runs.Count - first);
            for (int j = 0; j < width; j++)
            {
                int run = first + Math.Min(j, count - 1);
                right[j] = Product.Right + runs.Right[run];
                output[j] = inPlace ? Product.Output + runs.Output[run] : patch + j * length;
            }
            for (int part = 0, start = 0, rows; part < parts; part++, start += rows)
            {
                rows = Rows(part);
                kernels.Tile(rows)(shape.Depth, panels + (nint)start * shape.Depth, offsets, right, output, inPlace ? row : width * length, scale);
                if (!inPlace) Complete(first, count, start, rows, patch);
                else
                    for (int j = 0; j < width; j++) output[j] += rows * row;
            }
        }
    }

    // the columns of a run that the run before it has too
    readonly int Skipped(int run) => run == 0 ? 0 : Math.Max(0, runs.First[run - 1] + Product.Kernels.Windows.RunLength - runs.First[run]);

    // what a run shares with the run before it is finished there
    readonly void Complete(int first, int count, int start, int rows, T* patch)
    {
        int length = Product.Kernels.Windows.RunLength, width = Product.Kernels.Windows.Runs * length;
        nint row = Product.Shape.OutputRows.Stride;
        for (int j = 0; j < count; j++)
        {
            int skipped = Skipped(first + j), more = length - skipped;
            T* source = patch + j * length + skipped, target = Product.Output + runs.Output[first + j] + skipped + start * row;
            for (int r = 0; r < rows && Product.Finish.Accumulate; r++)
                for (int c = 0; c < more; c++) source[r * width + c] = target[r * row + c] + source[r * width + c];
            Product.Finish.Epilogue?.Invoke(source, width, rows, more, Product.Batch, start, runs.First[first + j] + skipped, Product.Finish.Context);
            for (int r = 0; r < rows; r++) new Span<T>(source + r * width, more).CopyTo(new(target + r * row, more));
        }
    }
}
