using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>
/// A depth in runs of 32 bytes, adjacent in both sides: whole ones in pairs, what is left of each in parts, both in blocks that stay in cache.
/// </summary>
sealed unsafe class DepthRuns
{
    /// <summary>The pairs of a block.</summary>
    const int Block = 128;

    readonly int[] table;
    readonly int pairs;

    DepthRuns(int[] table, int pairs, (int Pairs, int Parts)[] blocks) => (this.table, this.pairs, Blocks) = (table, pairs, blocks);

    /// <summary>Where each block ends.</summary>
    public (int Pairs, int Parts)[] Blocks { get; }

    /// <summary>Four offsets each: left, right, left, right.</summary>
    public int* Pairs => (int*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(table, 0);

    /// <summary>Four numbers each: left, right, length, 0.</summary>
    public int* Parts => Pairs + 4 * pairs;

    public static DepthRuns Of(in Offsets left, in Offsets right, int length)
    {
        List<int> whole = [], parts = [];
        List<(int, int)> blocks = [];
        for (int i = 0, end; i < right.Count; i = end)
        {
            end = Math.Min(left.RunEnd(i), right.RunEnd(i));
            for (; i + length <= end; i += length) whole.AddRange(Pair(left, right, i));
            if (i < end) parts.AddRange([.. Pair(left, right, i), end - i, 0]);
            if (whole.Count / 4 - (blocks.Count > 0 ? blocks[^1].Item1 : 0) >= Block) blocks.Add((whole.Count / 4, parts.Count / 4));
        }
        // a whole one without another is a part
        if (whole.Count % 4 != 0)
        {
            parts.AddRange([.. whole[^2..], length, 0]);
            whole.RemoveRange(whole.Count - 2, 2);
        }
        blocks.Add((whole.Count / 4, parts.Count / 4));
        var table = GC.AllocateUninitializedArray<int>(whole.Count + parts.Count, pinned: true);
        whole.CopyTo(table);
        parts.CopyTo(table, whole.Count);
        return new(table, whole.Count / 4, [.. blocks]);
    }

    static int[] Pair(in Offsets left, in Offsets right, int i) => [checked((int)left[i]), checked((int)right[i])];
}

/// <summary>
/// A product with few rows that sums along windows, as the cotangents of a convolution's weights: both sides are read in place, with 64 bytes of virtual
/// lanes along the depth, which at last are added in halves. The order of the sums depends on sizes and strides only.
/// </summary>
unsafe struct CorrelationProduct<T> where T : unmanaged, INumberBase<T>
{
    public const int MostRows = 32;
    const int Serial = 64 * 1024, Width = 6, Height = 4, Group = 8;

    public MatrixProduct<T> Product;
    DepthRuns runs;
    int parts, chunks;

    static int Lanes => 64 / sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        var shape = Product.Shape;
        runs = shape.DepthRunsOf(32 / sizeof(T));
        parts = (shape.Columns + Width - 1) / Width;
        long cost = (long)shape.Rows * shape.Columns * shape.Depth;
        int threads = cost < Serial ? 1 : Product.Threads == 0 ? Product.Team.Threads : Math.Min(Product.Threads, Product.Team.Threads);
        chunks = Math.Max((parts + Group - 1) / Group, threads == 1 ? 1 : Math.Min(parts, 3 * threads));
        Product.Team.For(chunks, static (i, job) => Unsafe.AsRef<CorrelationProduct<T>>(job).Columns(i), Unsafe.AsPointer(ref this), threads);
        Product.Finish.Epilogue?.Invoke(Product.Output, shape.OutputRows.Stride, shape.Rows, shape.Columns, Product.Batch, 0, 0, Product.Finish.Context);
    }

    // some columns: block after block of the depth, and in each tile after tile
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    readonly void Columns(int chunk)
    {
        var (shape, kernels) = (Product.Shape, Product.Kernels);
        int from = (int)((long)parts * chunk / chunks), to = (int)((long)parts * (chunk + 1) / chunks), rows = shape.Rows, tall = (rows + Height - 1) / Height;
        int first = First(from), lanes = Lanes, wide = Math.Min(kernels.Lanes, lanes);
        nint step = (nint)lanes * rows;
        T* sums = Scratch.Get<T>(Scratch.Left, step * (First(to) - first));
        T** right = stackalloc T*[Width];
        var (pairs, rest) = (0, 0);
        bool isFirst = true;
        foreach (var (pairsEnd, partsEnd) in runs.Blocks)
        {
            for (int part = from; part < to; part++)
            {
                int column = First(part), width = First(part + 1) - column;
                for (int band = 0; band < tall; band++)
                {
                    int row = rows * band / tall, height = rows * (band + 1) / tall - row;
                    T* left = Product.Left + row * shape.LeftRows.Stride, into = sums + (column - first) * step + row * lanes;
                    for (int lane = 0; lane < lanes; lane += wide)
                    {
                        // lanes of narrower registers: those of the first run or of the second
                        int run = 2 * lane / lanes, within = lane - run * lanes / 2;
                        for (int s = 0; s < Width; s++) right[s] = Product.Right + shape.RightColumns[column + Math.Min(s, width - 1)] + within;
                        kernels.Windows.Correlation(height, width, false)(runs.Pairs + 4 * pairs + 2 * run, runs.Pairs + 4 * pairsEnd, left + within, shape.LeftRows.Stride, right, into + lane, step, lanes, isFirst, 0);
                        if (run == 0 && partsEnd > rest)
                            kernels.Windows.Correlation(height, width, true)(runs.Parts + 4 * rest, runs.Parts + 4 * partsEnd, left + within, shape.LeftRows.Stride, right, into + lane, step, lanes, false, within);
                    }
                }
            }
            (pairs, rest, isFirst) = (pairsEnd, partsEnd, false);
        }
        var scale = Product.Finish.Scale == 0 ? T.One : T.CreateTruncating(Product.Finish.Scale);
        for (int column = first, end = First(to); column < end; column++)
            for (int row = 0; row < rows; row++)
            {
                T* target = Product.Output + shape.OutputRows[row] + shape.OutputColumns[column];
                T sum = scale * Sum(sums + (column - first) * step + row * lanes);
                *target = Product.Finish.Accumulate ? *target + sum : sum;
            }
    }

    readonly int First(int part) => (int)((long)Product.Shape.Columns * part / parts);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Sum(T* lanes) => typeof(T) == typeof(float) ? (T)(object)VectorLane<float, int>.SumOfLanes(Vector512.Load((float*)lanes))
        : (T)(object)VectorLane<double, long>.SumOfLanes(Vector512.Load((double*)lanes));
}
