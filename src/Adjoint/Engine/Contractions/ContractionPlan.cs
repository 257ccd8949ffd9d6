using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// How one binary contraction runs: as products of matrices, one for each index of <see cref="Batch"/>, of <see cref="Rows"/> by <see cref="Columns"/>
/// summed over <see cref="Depth"/>. Each of them is a list of fused axes, outer to inner; an index of a group counts through them, the last fastest.
/// Immutable, and safe from several threads. Nothing is copied but into packed panels.
/// </summary>
sealed unsafe class ContractionPlan
{
    const long ChunkCost = 64 * 1024;

    readonly MatrixShape shape;
    readonly bool clears, small, dot;
    readonly FusedAxis? lanes;
    readonly LabelledAxes output;
    readonly int[] lengths;

    ContractionPlan(DType type, int[] lengths, LabelledAxes left, LabelledAxes right, LabelledAxes output)
    {
        (Type, this.lengths, this.output) = (type, lengths, output);
        var (batch, rows, columns, depth) = LabelGroups.Of(lengths, left, right, output);
        if (Swapped = IsBetterSwapped(rows, columns))
        {
            (rows, columns) = (columns, rows);
            (batch, rows, columns, depth) = (Swap(batch), Swap(rows), Swap(columns), Swap(depth));
        }
        (Batch, Rows, Columns, Depth) = ([.. batch], [.. rows], [.. columns], [.. depth]);
        shape = new(Offsets(Rows, a => a.Left), Offsets(Depth, a => a.Left), Offsets(Depth, a => a.Right), Offsets(Columns, a => a.Right),
            Offsets(Rows, a => a.Output), Offsets(Columns, a => a.Output));
        BatchCount = Batch.Aggregate(1, (n, a) => checked(n * a.Length));
        if (Rows.Length + Columns.Length == 0 && Batch.Length > 0 && Depth.Length < 2 && Batch[^1] is { Output: 1, Left: 0 or 1, Right: 0 or 1 }) lanes = Batch[^1];
        small = BatchCount == 1 && lanes == null && !shape.HasWindows && RowCount > 1 && ColumnCount > 0 && !DotProduct<float>.Fits(shape)
            && (type == DType.Float32 ? IsSmall(KernelSet<float>.Best) : type == DType.Float64 && !DotProduct<double>.Fits(shape) && IsSmall(KernelSet<double>.Best));
        dot = BatchCount == 1 && lanes == null && !shape.HasWindows && DotProduct<float>.IsOne(shape);
        clears = output.Labels.Distinct().Count() < output.Labels.Length;
    }

    public DType Type { get; }

    /// <summary>Whether the second input gives the rows, so that the columns of the output are contiguous.</summary>
    public bool Swapped { get; }

    public FusedAxis[] Batch { get; }
    public FusedAxis[] Rows { get; }
    public FusedAxis[] Columns { get; }
    public FusedAxis[] Depth { get; }

    /// <summary>The number of products of matrices.</summary>
    public int BatchCount { get; }

    /// <summary>Whether a <see cref="RowsFollower"/> may follow: the products are dense, one row of their output after the other.</summary>
    public bool CanBeFollowed
    {
        get
        {
            long run = 1;
            foreach (var axis in Batch.Concat(Rows).Concat(Columns).Reverse())
            {
                if (axis.Output != run) return false;
                run *= axis.Length;
            }
            return Type.IsFloat && lanes is null && run > 0;
        }
    }

    public int RowCount => shape.Rows;
    public int ColumnCount => shape.Columns;
    public int DepthCount => shape.Depth;

    /// <summary>
    /// The plan of <c>output = Σ left · right</c> over the labels that the output lacks. <paramref name="lengths"/> is indexed by label. A label twice in the
    /// output fills the diagonal (the rest is cleared, and not seen by an epilogue).
    /// </summary>
    public static ContractionPlan For(DType type, int[] lengths, LabelledAxes left, LabelledAxes right, LabelledAxes output) => new(type, lengths, left, right, output);

    /// <summary>Runs the plan on elements of its type, at the first element of each operand's view.</summary>
    public void Run(void* left, void* right, void* output, ThreadTeam team, int threads = 0) => Run(left, right, output, team, default, threads);

    /// <summary>Runs the plan with an accumulating or scaled result, or an epilogue. <paramref name="threads"/> limits the team (0: all).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(void* left, void* right, void* output, ThreadTeam team, in Finish finish, int threads = 0)
    {
        switch (Type)
        {
            case DType.Float32: Run(KernelSet<float>.Best, (float*)left, (float*)right, (float*)output, team, finish, threads); break;
            case DType.Float64: Run(KernelSet<double>.Best, (double*)left, (double*)right, (double*)output, team, finish, threads); break;
            case DType.Int32: RunIntegers((int*)left, (int*)right, (int*)output, finish); break;
            case DType.Int64: RunIntegers((long*)left, (long*)right, (long*)output, finish); break;
            default: throw new InvalidOperationException($"A contraction of {Type.Text} has no product or sum. Convert the operands first, for example with To(DType.Int32).");
        }
    }

    /// <summary>Runs the plan with the kernels of one level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(KernelSet<T> kernels, T* left, T* right, T* output, ThreadTeam team, in Finish finish = default, int threads = 0) where T : unmanaged, INumberBase<T>
    {
        if (clears && !finish.Accumulate) Clear(output);
        if (small && finish.Epilogue is null && finish.Follower is null && kernels == KernelSet<T>.Best)
        {
            SmallProduct.Run(shape, kernels, Swapped ? right : left, Swapped ? left : right, output, finish.Accumulate, finish.Scale == 0 ? T.One : T.CreateTruncating(finish.Scale));
            return;
        }
        if (dot && finish.Epilogue is null && finish.Follower is null)
        {
            DotProduct<T>.One(kernels, DepthCount, Swapped ? right : left, Swapped ? left : right, output, finish);
            return;
        }
        if (BatchCount == 0 || RowCount == 0 || ColumnCount == 0) return;
        if (lanes != null)
        {
            RunLanes(kernels, left, right, output, team, finish, threads);
            return;
        }
        if (BatchCount == 1)
        {
            new MatrixProduct<T>
            {
                Kernels = kernels, Shape = shape, Left = Swapped ? right : left, Right = Swapped ? left : right, Output = output, Finish = finish, Team = team, Threads = threads,
            }.Run();
            return;
        }
        long cost = (long)RowCount * ColumnCount * Math.Max(1, DepthCount);
        int chunks = cost < 32 * ChunkCost ? (int)Math.Min(BatchCount, Math.Max(1, cost * BatchCount / ChunkCost)) : 1;
        var job = new Job<T>
        {
            Plan = this, Chunks = chunks,
            Product = new()
            {
                Kernels = kernels, Shape = shape, Left = Swapped ? right : left, Right = Swapped ? left : right, Output = output,
                Finish = finish, Team = chunks > 1 ? ThreadTeam.Alone : team, Threads = chunks > 1 ? 1 : threads,
            },
        };
        if (chunks == 1) job.Run(0);
        else team.For(chunks, static (i, context) => Unsafe.AsRef<Job<T>>(context).Run(i), Unsafe.AsPointer(ref job), threads);
    }

    bool IsSmall<T>(KernelSet<T> kernels) where T : unmanaged, INumberBase<T> => !NarrowProduct.Fits(shape, kernels) && SmallProduct.Fits(shape, kernels);

    // nothing but batch and depth: the innermost batch axis runs along registers
    void RunLanes<T>(KernelSet<T> kernels, T* left, T* right, T* output, ThreadTeam team, in Finish finish, int threads) where T : unmanaged, INumberBase<T>
    {
        var job = new LaneJob<T>
        {
            Plan = this, Finish = finish, Kernel = kernels.Lane, Parts = (lanes!.Length + LaneJob<T>.Part - 1) / LaneJob<T>.Part,
            Loop = new()
            {
                Left = Swapped ? right : left, Right = Swapped ? left : right, Output = output, Depth = DepthCount, Accumulate = finish.Accumulate,
                LeftLane = lanes.Left, RightLane = lanes.Right, LeftStep = shape.LeftDepth.Stride, RightStep = shape.RightDepth.Stride,
                Scale = finish.Scale == 0 ? T.One : T.CreateTruncating(finish.Scale),
            },
        };
        int chunks = BatchCount / lanes.Length * job.Parts;
        bool alone = (long)BatchCount * Math.Max(1, DepthCount) < ChunkCost;
        team.For(chunks, static (i, context) => Unsafe.AsRef<LaneJob<T>>(context).Run(i), Unsafe.AsPointer(ref job), alone ? 1 : threads);
    }

    struct LaneJob<T> where T : unmanaged, INumberBase<T>
    {
        public const int Part = 4096;

        public ContractionPlan Plan;
        public LaneLoop<T> Loop;
        public Finish Finish;
        public delegate*<LaneLoop<T>*, void> Kernel;
        public int Parts;

        public readonly void Run(int chunk)
        {
            var loop = Loop;
            int length = Plan.lanes!.Length, first = chunk % Parts * Part, batch = chunk / Parts * length + first;
            var (left, right, output) = Plan.At(batch);
            loop.Left += left;
            loop.Right += right;
            loop.Output += output;
            loop.Count = Math.Min(Part, length - first);
            Kernel(&loop);
            if (Finish.Epilogue is { } epilogue)
                for (int i = 0; i < loop.Count; i++) epilogue(loop.Output + i, 1, 1, 1, batch + i, 0, 0, Finish.Context);
        }
    }

    struct Job<T> where T : unmanaged, INumberBase<T>
    {
        public ContractionPlan Plan;
        public MatrixProduct<T> Product;
        public int Chunks;

        public readonly void Run(int chunk)
        {
            var product = Product;
            int first = (int)((long)Plan.BatchCount * chunk / Chunks), end = (int)((long)Plan.BatchCount * (chunk + 1) / Chunks);
            for (int index = first; index < end; index++)
            {
                var (left, right, output) = Plan.At(index);
                product.Left = Product.Left + left;
                product.Right = Product.Right + right;
                product.Output = Product.Output + output;
                product.Batch = index;
                product.Run();
            }
        }
    }

    (nint Left, nint Right, nint Output) At(int batch)
    {
        nint left = 0, right = 0, output = 0;
        for (int k = Batch.Length - 1; k >= 0; k--)
        {
            var axis = Batch[k];
            (batch, int i) = Math.DivRem(batch, axis.Length);
            (left, right, output) = (left + i * axis.Left, right + i * axis.Right, output + i * axis.Output);
        }
        return (left, right, output);
    }

    void RunIntegers<T>(T* left, T* right, T* output, in Finish finish) where T : unmanaged, INumberBase<T>
    {
        if (clears && !finish.Accumulate) Clear(output);
        T* first = Swapped ? right : left, second = Swapped ? left : right;
        var scale = finish.Scale == 0 ? T.One : T.CreateTruncating(finish.Scale);
        for (int batch = 0; batch < BatchCount; batch++)
        {
            var (x, y, z) = At(batch);
            for (int row = 0; row < RowCount; row++)
                for (int column = 0; column < ColumnCount; column++)
                {
                    T* a = first + x + shape.LeftRows[row], b = second + y + shape.RightColumns[column], c = output + z + shape.OutputRows[row] + shape.OutputColumns[column];
                    T sum = T.Zero;
                    for (int k = 0; k < DepthCount; k++) sum += a[shape.LeftDepth[k]] * b[shape.RightDepth[k]];
                    *c = finish.Accumulate ? *c + scale * sum : scale * sum;
                    finish.Epilogue?.Invoke(c, 1, 1, 1, batch, row, column, finish.Context);
                }
        }
    }

    // every element of the output's view, its repeated labels taken as different ones
    void Clear<T>(T* output) where T : unmanaged
    {
        var axes = Adjoint.Offsets.Of([.. this.output.Labels.Select((label, k) => (lengths[label], this.output.Strides[k]))]);
        for (int i = 0; i < axes.Count; i++) output[axes[i]] = default;
    }

    // the contiguous axis of the output belongs to the columns; what has no columns is a lone row
    static bool IsBetterSwapped(List<FusedAxis> rows, List<FusedAxis> columns) =>
        rows.Count > 0 && (columns.Count == 0 || Math.Abs(rows[^1].Output) < Math.Abs(columns[^1].Output));

    static List<FusedAxis> Swap(List<FusedAxis> axes) => axes.ConvertAll(a => a with { Left = a.Right, Right = a.Left });

    static Offsets Offsets(FusedAxis[] axes, Func<FusedAxis, nint> stride) => Adjoint.Offsets.Of([.. axes.Select(a => (a.Length, stride(a)))]);
}
