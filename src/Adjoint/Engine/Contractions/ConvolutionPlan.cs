using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Which of the three bilinear maps of a convolution.</summary>
enum ConvolutionKind
{
    /// <summary>image, weights → output.</summary>
    Output,

    /// <summary>output's cotangent, weights → image's cotangent.</summary>
    Image,

    /// <summary>image, output's cotangent → weights' cotangent.</summary>
    Weights,
}

/// <summary>
/// A convolution or one of its transposes as products of matrices, one for each image and group, whose packing reads the windows in place: an element of a
/// window stands at the sum of an offset of its position and one of its channel and tap. Nothing of the size of the windows exists: scratch holds panels and
/// one padded image. Immutable, and safe from several threads; the bits do not depend on their number.
/// </summary>
sealed unsafe class ConvolutionPlan
{
    const long ChunkCost = 64 * 1024;
    const int MostSlices = 16;

    /// <summary>One product for each image: a residue of the strides (for the image's cotangent), else the whole.</summary>
    sealed record Phase(MatrixShape Shape, nint Output, int[] Taps);

    readonly PaddedImage image;
    readonly Phase[] phases;
    readonly int slices;

    ConvolutionPlan(DType type, ConvolutionShape shape, ConvolutionKind kind)
    {
        (Type, Shape, Kind) = (type, shape, kind);
        if (kind == ConvolutionKind.Image) (image, phases) = Gathers(shape);
        else
        {
            image = new(shape.Inputs, shape.Image, shape.Before, shape.After);
            Offsets positions = Positions(shape, image), windows = Windows(shape, image);
            int depth = shape.Inputs * shape.Taps, count = shape.Positions;
            phases = [new(kind == ConvolutionKind.Output
                ? new(new(shape.Outputs, depth), new(depth, 1), windows, positions, new(shape.Outputs, count), new(count, 1))
                : new(new(shape.Outputs, count), new(count, 1), positions, windows, new(shape.Outputs, depth), new(depth, 1)), 0, [])];
        }
        // of the sizes only: the sum over images is the sum over slices, each in order
        slices = (int)Math.Clamp(shape.Cost / (4 * ChunkCost), 1, Math.Min(MostSlices, Math.Max(1, shape.Batch)));
    }

    public DType Type { get; }
    public ConvolutionShape Shape { get; }
    public ConvolutionKind Kind { get; }

    /// <summary>The plan of one of the three maps.</summary>
    public static ConvolutionPlan For(DType type, ConvolutionShape shape, ConvolutionKind kind) => type.IsFloat ? new(type, shape, kind)
        : throw new InvalidOperationException($"A convolution plan is of float32 or float64, not {type.Text}: run it as a window and a contraction.");

    /// <summary>
    /// Runs the plan; the operands in the order of <see cref="ConvolutionKind"/>. An epilogue's batch is image · groups + group (for the weights: the group),
    /// its rows are the channels of the group, its columns positions (for the weights: input channels and taps). With strides, the image's cotangent is
    /// finished in pieces whose columns are not positions, so it takes no epilogue.
    /// </summary>
    public void Run(void* first, void* second, void* result, ThreadTeam team, in Finish finish = default, int threads = 0)
    {
        if (Type == DType.Float32) Run(KernelSet<float>.Best, (float*)first, (float*)second, (float*)result, team, finish, threads);
        else Run(KernelSet<double>.Best, (double*)first, (double*)second, (double*)result, team, finish, threads);
    }

    /// <summary>Runs the plan with the kernels of one level.</summary>
    public void Run<T>(KernelSet<T> kernels, T* first, T* second, T* result, ThreadTeam team, in Finish finish = default, int threads = 0) where T : unmanaged, INumberBase<T>
    {
        if (finish.Epilogue is not null && phases.Length > 1)
            throw new InvalidOperationException("An epilogue cannot follow the cotangent of a strided convolution's image. Run it afterwards.");
        var job = new Job<T> { Plan = this, Kernels = kernels, First = first, Second = second, Result = result, Finish = finish, Team = ThreadTeam.Alone, Threads = 1 };
        int products = Shape.Batch * Shape.Groups;
        if (Kind == ConvolutionKind.Weights)
        {
            RunSlices(job, team, threads);
            return;
        }
        if (Kind == ConvolutionKind.Image) job.Weights = Transposed(second);
        int chunks = (int)Math.Min(products, Math.Max(1, Shape.Cost / ChunkCost));
        if (products >= 4) Fork(ref job, chunks, team, threads, static (i, context) => Unsafe.AsRef<Job<T>>(context).Images(i));
        else
        {
            (job.Team, job.Threads, job.Chunks) = (team, threads, 1);
            job.Images(0);
        }
    }

    static void Fork<T>(ref Job<T> job, int chunks, ThreadTeam team, int threads, Chunk work) where T : unmanaged, INumberBase<T>
    {
        job.Chunks = chunks;
        team.For(chunks, work, Unsafe.AsPointer(ref job), threads);
    }

    void RunSlices<T>(Job<T> job, ThreadTeam team, int threads) where T : unmanaged, INumberBase<T>
    {
        var shape = Shape;
        int rows = shape.Outputs, columns = shape.Inputs * shape.Taps, size = rows * columns * shape.Groups;
        if (size == 0) return;
        T* sums = Scratch.Get<T>(Scratch.Partial, (long)slices * size);
        job.Sums = sums;
        Fork(ref job, slices * shape.Groups, team, threads, static (i, context) => Unsafe.AsRef<Job<T>>(context).Slice(i));
        var finish = job.Finish;
        var scale = finish.Scale == 0 ? T.One : T.CreateTruncating(finish.Scale);
        Span<T> sum = new(sums, size), result = new(job.Result, size);
        for (int slice = 1; slice < slices; slice++) TensorPrimitives.Add(sum, new ReadOnlySpan<T>(sums + (nint)slice * size, size), sum);
        if (scale != T.One) TensorPrimitives.Multiply(sum, scale, sum);
        if (finish.Accumulate) TensorPrimitives.Add(result, sum, result);
        else sum.CopyTo(result);
        for (int group = 0; group < shape.Groups && finish.Epilogue is not null; group++)
            finish.Epilogue(job.Result + (nint)group * rows * columns, columns, rows, columns, group, 0, 0, finish.Context);
    }

    struct Job<T> where T : unmanaged, INumberBase<T>
    {
        public ConvolutionPlan Plan;
        public KernelSet<T> Kernels;
        public T* First, Second, Result, Weights, Sums;
        public Finish Finish;
        public ThreadTeam Team;
        public int Threads, Chunks;

        readonly MatrixProduct<T> Product(Finish finish) => new() { Kernels = Kernels, Team = Team, Threads = Threads, Finish = finish };

        // output and image: the windows are the right side
        public readonly void Images(int chunk)
        {
            var shape = Plan.Shape;
            bool forward = Plan.Kind == ConvolutionKind.Output;
            int count = shape.Batch * shape.Groups, first = (int)((long)count * chunk / Chunks), end = (int)((long)count * (chunk + 1) / Chunks);
            nint source = forward ? (nint)shape.Inputs * shape.ImageSize : (nint)shape.Outputs * shape.Positions;
            nint target = forward ? (nint)shape.Outputs * shape.Positions : (nint)shape.Inputs * shape.ImageSize;
            nint weights = (nint)shape.Outputs * shape.Inputs * shape.Taps;
            T* scratch = Plan.image.Prepare<T>();
            var product = Product(Finish);
            for (int index = first; index < end; index++)
            {
                product.Batch = index;
                product.Right = Plan.image.Fill(First + index * source, scratch);
                product.Left = (forward ? Second : Weights) + index % shape.Groups * weights;
                foreach (var phase in Plan.phases)
                {
                    product.Shape = phase.Shape;
                    product.Output = Result + index * target + phase.Output;
                    product.Run();
                    product.Left += (nint)phase.Shape.Rows * phase.Shape.Depth;
                }
            }
        }

        // weights: the windows of some images of one group, summed
        public readonly void Slice(int index)
        {
            var shape = Plan.Shape;
            int group = index % shape.Groups, slice = index / shape.Groups;
            int first = (int)((long)shape.Batch * slice / Plan.slices), end = (int)((long)shape.Batch * (slice + 1) / Plan.slices);
            nint size = (nint)shape.Outputs * shape.Inputs * shape.Taps;
            T* scratch = Plan.image.Prepare<T>();
            var product = Product(default);
            product.Shape = Plan.phases[0].Shape;
            product.Output = Sums + ((nint)slice * shape.Groups + group) * size;
            if (first == end) new Span<T>(product.Output, (int)size).Clear();
            for (int n = first; n < end; n++)
            {
                nint at = (nint)n * shape.Groups + group;
                product.Right = Plan.image.Fill(First + at * shape.Inputs * shape.ImageSize, scratch);
                product.Left = Second + at * shape.Outputs * shape.Positions;
                product.Finish.Accumulate = n > first;
                product.Run();
            }
        }
    }

    static Offsets Positions(ConvolutionShape shape, PaddedImage image) => Offsets.Of([.. shape.Output.Select((length, d) => (length, image.Strides[d] * shape.Stride[d]))]);

    static Offsets Windows(ConvolutionShape shape, PaddedImage image) =>
        Offsets.Of([(shape.Inputs, (nint)image.ChannelStride), .. shape.Kernel.Select((length, d) => (length, image.Strides[d] * shape.Dilation[d]))]);

    // image[c, p] = Σ_{o,k} weights[o, c, k] · output[o, q],  p = q · stride + k · dilation − before:
    // for p = residue + stride · i the taps with stride | residue + before − k · dilation =: stride · shift, at q = i + shift
    static (PaddedImage, Phase[]) Gathers(ConvolutionShape shape)
    {
        int rank = shape.Image.Length;
        int[] low = new int[rank], high = new int[rank];
        var residues = new List<(int Residue, int Count, List<(int Tap, int Shift)> Taps)>[rank];
        for (int d = 0; d < rank; d++)
        {
            residues[d] = [];
            for (int residue = 0; residue < Math.Min(shape.Stride[d], shape.Image[d]); residue++)
            {
                int count = (shape.Image[d] - residue + shape.Stride[d] - 1) / shape.Stride[d];
                var taps = new List<(int, int)>();
                for (int k = 0; k < shape.Kernel[d]; k++)
                {
                    int reach = residue + shape.Before[d] - k * shape.Dilation[d];
                    if (reach % shape.Stride[d] != 0) continue;
                    int shift = reach / shape.Stride[d];
                    taps.Add((k, shift));
                    low[d] = Math.Max(low[d], -shift);
                    high[d] = Math.Max(high[d], count - 1 + shift - (shape.Output[d] - 1));
                }
                residues[d].Add((residue, count, taps));
            }
        }
        var image = new PaddedImage(shape.Outputs, shape.Output, low, high);
        var phases = new List<Phase>();
        nint[] strides = ConvolutionShape.Strides(shape.Image), kernel = ConvolutionShape.Strides(shape.Kernel);
        void Nest(int d, nint output, List<(int Tap, nint Offset)> taps, List<(int Length, nint Right, nint Output)> columns)
        {
            if (d == rank)
            {
                int depth = shape.Outputs * taps.Count;
                var table = GC.AllocateUninitializedArray<int>(depth, pinned: true);
                for (int o = 0; o < shape.Outputs; o++)
                    for (int t = 0; t < taps.Count; t++) table[o * taps.Count + t] = checked((int)((nint)o * image.ChannelStride + taps[t].Offset));
                phases.Add(new(new(new(shape.Inputs, depth), new(depth, 1), Offsets.Of(table), Offsets.Of([.. columns.Select(c => (c.Length, c.Right))]),
                    new(shape.Inputs, shape.ImageSize), Offsets.Of([.. columns.Select(c => (c.Length, c.Output))])), output, [.. taps.Select(t => t.Tap)]));
                return;
            }
            foreach (var (residue, count, some) in residues[d])
                Nest(d + 1, output + residue * strides[d],
                    [.. taps.SelectMany(t => some.Select(s => (t.Tap + s.Tap * (int)kernel[d], t.Offset + (s.Shift + low[d]) * image.Strides[d])))],
                    [.. columns, (count, image.Strides[d], strides[d] * shape.Stride[d])]);
        }
        Nest(0, 0, [(0, 0)], []);
        return (image, [.. phases]);
    }

    // for each group and phase: [input channel, output channel, taps of the phase]
    T* Transposed<T>(T* weights) where T : unmanaged
    {
        var shape = Shape;
        nint size = (nint)shape.Outputs * shape.Inputs * shape.Taps;
        T* result = Scratch.Get<T>(Scratch.Partial, shape.Groups * size);
        for (int g = 0; g < shape.Groups; g++)
        {
            T* next = result + g * size;
            foreach (var phase in phases)
                for (int c = 0; c < shape.Inputs; c++)
                    for (int o = 0; o < shape.Outputs; o++)
                    {
                        T* from = weights + g * size + ((nint)o * shape.Inputs + c) * shape.Taps;
                        foreach (int tap in phase.Taps) *next++ = from[tap];
                    }
        }
        return result;
    }
}
