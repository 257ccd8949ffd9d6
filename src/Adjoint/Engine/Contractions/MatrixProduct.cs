using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

/// <summary>
/// Blocked products of matrices: the depth in blocks of equal length, the right side packed into panels as wide as a tile, the left side packed or read in
/// place, tiles in registers. An element is the sum over the blocks, in order, of sums with k ascending, whatever the kernels and the threads: the same bits.
/// </summary>
unsafe struct MatrixProduct<T> where T : unmanaged, INumberBase<T>
{
    // measured: see docs/performance-contractions.md
    /// <summary>So many products, 8 µs, are worth another thread: waking it and moving what it needs takes up to 5 µs where processors share no cache.</summary>
    const int Serial = 1024 * 1024;

    const int FollowedBytes = 128 * 1024, ColumnBlock = 4096, DirectLeftBytes = 768 * 4, DirectDepth = 28;
    public static int DepthBlock => sizeof(T) == 4 ? 384 : 256;
    static int RowBlock => sizeof(T) == 4 ? 504 : 336;

    public KernelSet<T> Kernels;
    public MatrixShape Shape;
    public T* Left, Right, Output;
    public int Batch;
    public Finish Finish;
    public ThreadTeam Team;
    public int Threads;

    T* panels;
    int firstColumn, columns, from, depth, direct, rowChunks, columnChunks;
    bool accumulate, last, directLeft;

    /// <summary>The length of a block of the depth: of the size only, so that sums do not depend on the kernel.</summary>
    public static int Block(int depth)
    {
        int blocks = (depth + DepthBlock - 1) / DepthBlock;
        return blocks <= 1 ? depth : ((depth + blocks - 1) / blocks + 15) / 16 * 16;
    }

    /// <summary>Computes the product. With a depth of zero the output is cleared, or kept when it accumulates; the epilogue runs in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        var shape = Shape;
        if (shape.Rows == 0 || shape.Columns == 0) return;
        if (RunWhole())
        {
            Finish.Follower?.Invoke(Batch * shape.Rows, shape.Rows, Finish.Context);
            return;
        }
        int block = Block(shape.Depth), wide = Kernels.Columns;
        // reading in place needs a stride between rows: a packed panel has its rows side by side
        bool plainLeft = !shape.LeftRows.IsTable && !shape.LeftDepth.IsTable;
        nint reach = shape.LeftRows.Stride == 1 ? shape.LeftDepth.Stride : shape.LeftRows.Stride;
        directLeft = plainLeft && (shape.Rows <= Kernels.Rows || (Math.Abs(reach) * sizeof(T) <= DirectLeftBytes && (shape.LeftRows.Stride == 1 || shape.LeftDepth.Stride == 1)));
        bool plainRight = shape.RightColumns.IsUnit && !shape.RightDepth.IsTable;
        bool directRight = plainRight && (shape.Rows <= DirectDepth || (shape.Columns <= 128 && (long)shape.Columns * shape.Depth * sizeof(T) <= 40960));
        for (firstColumn = 0; firstColumn < shape.Columns; firstColumn += ColumnBlock)
        {
            columns = Math.Min(ColumnBlock, shape.Columns - firstColumn);
            direct = !directRight ? 0 : columns % wide <= Kernels.Lanes ? columns : columns / wide * wide;
            from = 0;
            do
            {
                depth = Math.Min(block, shape.Depth - from);
                (accumulate, last) = (from > 0 || Finish.Accumulate, from + depth >= shape.Depth);
                int strips = (columns - direct + wide - 1) / wide;
                if (strips > 0)
                {
                    panels = Scratch.Get<T>(Scratch.Right, (long)strips * wide * depth);
                    Fork(strips, (long)strips * wide * depth * 8, static (i, job) => Unsafe.AsRef<MatrixProduct<T>>(job).PackStrip(i));
                }
                Divide((long)shape.Rows * columns * depth);
                Fork(rowChunks * columnChunks, (long)shape.Rows * columns * depth, static (i, job) => Unsafe.AsRef<MatrixProduct<T>>(job).Rectangle(i));
                from += depth;
            }
            while (from < shape.Depth);
        }
    }

    // products that need no blocks
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool RunWhole()
    {
        var shape = Shape;
        if (shape.IsWindowed)
        {
            new WindowProduct<T> { Product = this }.Run();
            return true;
        }
        if (shape.IsCorrelated)
        {
            new CorrelationProduct<T> { Product = this }.Run();
            return true;
        }
        if (DotProduct<T>.Fits(shape))
        {
            new DotProduct<T> { Product = this }.Run();
            return true;
        }
        if (!NarrowProduct.Fits(shape, Kernels) && SmallProduct.Fits(shape, Kernels) && (shape.Rows > 1 || shape.Columns < 1024))
        {
            SmallProduct.Run(shape, Kernels, Left, Right, Output, Finish.Accumulate, Finish.Scale == 0 ? T.One : T.CreateTruncating(Finish.Scale));
            Finish.Epilogue?.Invoke(Output, shape.OutputRows.Stride, shape.Rows, shape.Columns, Batch, 0, 0, Finish.Context);
            return true;
        }
        if (NarrowProduct.Fits(shape, Kernels))
        {
            NarrowProduct.Run(shape, Kernels, Left, Right, Output, Finish.Accumulate, Finish.Scale == 0 ? T.One : T.CreateTruncating(Finish.Scale));
            Finish.Epilogue?.Invoke(Output, shape.OutputRows.Stride, shape.Rows, shape.Columns, Batch, 0, 0, Finish.Context);
            return true;
        }
        return false;
    }

    // rows in blocks that stay in the second-level cache, with those that follow them; with several threads about three chunks for each, of at least two tiles either way
    void Divide(long cost)
    {
        int threads = cost < Serial ? 1 : Threads == 0 ? Team.Threads : Math.Min(Threads, Team.Threads);
        rowChunks = (Shape.Rows + RowBlock - 1) / RowBlock;
        columnChunks = 1;
        if (threads > 1) rowChunks = Math.Max(rowChunks, Math.Min(3 * threads, Shape.Rows / (2 * Kernels.Rows)));
        if (Finish.Follower is not null)
        {
            int most = Math.Min(Shape.Rows / (2 * Kernels.Rows), Shape.Rows / Finish.RowUnit);
            rowChunks = Math.Max(1, Math.Min(most, Math.Max(rowChunks, (int)((long)Shape.Rows * columns * sizeof(T) / FollowedBytes))));
        }
        else if (threads > 1 && rowChunks < 2 * threads) columnChunks = Math.Max(1, Math.Min((3 * threads + rowChunks - 1) / rowChunks, columns / (2 * Kernels.Columns)));
    }

    void Fork(int chunks, long cost, Chunk work)
    {
        void* job = Unsafe.AsPointer(ref this);
        if (chunks == 1) work(0, job);
        else Team.For(chunks, work, job, cost < Serial ? 1 : Threads);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackStrip(int strip)
    {
        int wide = Kernels.Columns, start = direct + strip * wide, width = Math.Min(wide, columns - start);
        Packing.Pack(Right, Shape.RightColumns, Shape.RightDepth, firstColumn + start, width, width <= Kernels.Lanes ? Kernels.Lanes : wide, from, depth, panels + (nint)strip * wide * depth);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Rectangle(int index)
    {
        var shape = Shape;
        int most = Kernels.Rows, wide = Kernels.Columns;
        var (firstRow, rows) = Share(index / columnChunks, rowChunks, shape.Rows, Finish.Follower is null ? 1 : Finish.RowUnit);
        var (start, width) = Share(index % columnChunks, columnChunks, columns, wide);
        int parts = (rows + most - 1) / most, height = rows / parts, taller = rows % parts, end = start + width;
        Tile<T> tile;
        tile.Accumulate = accumulate;
        tile.Scale = Finish.Scale == 0 ? T.One : T.CreateTruncating(Finish.Scale);
        bool inPlace = shape.OutputColumns.IsUnit && !shape.OutputRows.IsTable;
        tile.OutputRow = inPlace ? shape.OutputRows.Stride : wide;
        if (directLeft)
        {
            (tile.LeftRow, tile.LeftStep) = (shape.LeftRows.Stride, shape.LeftDepth.Stride);
            T* left = Left + from * tile.LeftStep + firstRow * tile.LeftRow;
            for (int part = 0, row = 0; part < parts; part++)
            {
                int m = height + (part < taller ? 1 : 0), column = start;
                if (rows == 1 && inPlace)
                {
                    (tile.RightStep, tile.Columns) = (shape.RightDepth.Stride, 4 * wide);
                    for (T* right = Right + from * tile.RightStep + firstColumn; column + 4 * wide <= Math.Min(end, direct); column += 4 * wide)
                        Kernels.Row(depth, left, right + column, Output + firstColumn + column, &tile);
                }
                for (; column < end; column += wide) Multiply(left + row * tile.LeftRow, tile.LeftRow != 1, firstRow + row, m, column, &tile, inPlace);
                if (inPlace && last && Finish.Epilogue is { } epilogue) Complete(epilogue, firstRow + row, m, start, width);
                row += m;
            }
        }
        else
        {
            tile.LeftRow = 1;
            T* packed = Scratch.Get<T>(Scratch.Left, (long)rows * depth);
            for (int part = 0, row = 0; part < parts; part++)
            {
                int m = height + (part < taller ? 1 : 0);
                Packing.Pack(Left, shape.LeftRows, shape.LeftDepth, firstRow + row, m, m, from, depth, packed + (nint)row * depth);
                row += m;
            }
            for (int column = start; column < end; column += wide)
            {
                for (int part = 0, row = 0; part < parts; part++)
                {
                    int m = height + (part < taller ? 1 : 0);
                    tile.LeftStep = m;
                    Multiply(packed + (nint)row * depth, false, firstRow + row, m, column, &tile, inPlace);
                    row += m;
                }
                if (inPlace && last && Finish.Epilogue is { } epilogue) Complete(epilogue, firstRow, rows, column, Math.Min(wide, columns - column));
            }
        }
        if (last && firstColumn + columns == shape.Columns) Finish.Follower?.Invoke(Batch * shape.Rows + firstRow, rows, Finish.Context);
    }

    // the part'th of equal parts, in units
    static (int First, int Count) Share(int part, int parts, int count, int unit)
    {
        int units = (count + unit - 1) / unit;
        int first = (int)((long)units * part / parts) * unit, end = Math.Min(count, (int)((long)units * (part + 1) / parts) * unit);
        return (first, end - first);
    }

    void Complete(TileEpilogue epilogue, int row, int rows, int column, int count)
    {
        nint stride = Shape.OutputRows.Stride;
        epilogue(Output + row * stride + firstColumn + column, stride, rows, count, Batch, row, firstColumn + column, Finish.Context);
    }

    // one tile; its address in the output is that of the first row and column unless it must be scattered
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void Multiply(T* left, bool strided, int row, int rows, int column, Tile<T>* tile, bool inPlace)
    {
        int wide = Kernels.Columns, count = Math.Min(wide, columns - column);
        T* right;
        if (column < direct)
        {
            tile->RightStep = Shape.RightDepth.Stride;
            right = Right + from * tile->RightStep + firstColumn + column;
        }
        else
        {
            tile->RightStep = count <= Kernels.Lanes ? Kernels.Lanes : wide;
            right = panels + (nint)(column - direct) * depth;
        }
        tile->Columns = count;
        var kernel = Kernels.Kernel(rows, count > Kernels.Lanes, strided);
        // the tile of the output is on its way while the depth is summed
        if (inPlace && depth >= 128 && Sse.IsSupported)
        {
            T* target = Output + row * tile->OutputRow + firstColumn + column;
            for (int r = 0; r < rows; r++, target += tile->OutputRow)
            {
                Sse.Prefetch0(target);
                Sse.Prefetch0(target + count - 1);
            }
        }
        if (inPlace) kernel(depth, left, right, Output + row * tile->OutputRow + firstColumn + column, tile);
        else Scatter(kernel, left, right, row, rows, firstColumn + column, tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    readonly void Scatter(delegate*<nint, T*, T*, T*, Tile<T>*, void> kernel, T* left, T* right, int row, int rows, int column, Tile<T>* tile)
    {
        T* patch = stackalloc T[14 * 32];
        nint step = tile->OutputRow;
        int count = tile->Columns;
        if (tile->Accumulate)
            for (int r = 0; r < rows; r++)
            {
                T* source = Output + Shape.OutputRows[row + r];
                for (int c = 0; c < count; c++) patch[r * step + c] = source[Shape.OutputColumns[column + c]];
            }
        kernel(depth, left, right, patch, tile);
        if (last && Finish.Epilogue is { } epilogue) epilogue(patch, step, rows, count, Batch, row, column, Finish.Context);
        for (int r = 0; r < rows; r++)
        {
            T* target = Output + Shape.OutputRows[row + r];
            for (int c = 0; c < count; c++) target[Shape.OutputColumns[column + c]] = patch[r * step + c];
        }
    }
}
