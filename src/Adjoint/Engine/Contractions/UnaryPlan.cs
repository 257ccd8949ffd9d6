using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A contraction of one input: transposition, broadcast, diagonal and sum. What sums is a binary contraction with a one; what only moves elements copies
/// rows, fills, or transposes in blocks. Immutable, and safe from several threads.
/// </summary>
sealed unsafe class UnaryPlan
{
    const int Block = 64;
    const long ChunkSize = 32 * 1024;

    readonly record struct Step(int Length, nint Input, nint Output);

    readonly ContractionPlan? sum;
    readonly Step[] outer;      // all but the inner two
    readonly Step across, along;  // along the output's contiguous axis, and along the input's where that is another
    readonly Offsets? cleared;
    readonly int blocks;

    UnaryPlan(DType type, int[] lengths, LabelledAxes input, LabelledAxes output)
    {
        Type = type;
        IsMove = input.Labels.All(label => lengths[label] == 1 || output.Labels.Contains(label));
        if (type != DType.Bool) sum = ContractionPlan.For(type, lengths, input, new([], []), output);
        if (output.Labels.Distinct().Count() < output.Labels.Length) cleared = Offsets.Of([.. output.Labels.Select((label, k) => (lengths[label], output.Strides[k]))]);
        var steps = Fuse([.. output.Labels.Distinct().Where(label => lengths[label] != 1).Select(label => new Step(lengths[label], input.Stride(label), output.Stride(label)))]);
        int inner = steps.Count - 1, run = steps.FindIndex(s => s.Input == 1);
        across = inner >= 0 ? steps[inner] : new(1, 1, 1);
        bool transposes = inner >= 0 && run >= 0 && run != inner && across.Output == 1;
        along = transposes ? steps[run] : new(1, 0, 0);
        outer = [.. steps.Where((_, k) => k != inner && !(transposes && k == run))];
        blocks = (along.Length + Block - 1) / Block;
    }

    public DType Type { get; }

    /// <summary>Whether nothing is summed.</summary>
    public bool IsMove { get; }

    /// <summary>The plan of <c>output = Σ input</c> over the labels that the output lacks. <paramref name="lengths"/> is indexed by label.</summary>
    public static UnaryPlan For(DType type, int[] lengths, LabelledAxes input, LabelledAxes output)
    {
        var plan = new UnaryPlan(type, lengths, input, output);
        return plan.IsMove || type != DType.Bool ? plan
            : throw new InvalidOperationException("A sum of bool elements is not defined. Convert them first, for example with To(DType.Int32).");
    }

    /// <summary>The contraction with a one that computes sums, accumulated, scaled and finished results: the labels of an epilogue's indices.</summary>
    public ContractionPlan? Sum => sum;

    /// <summary>Runs the plan, at the first element of each operand's view.</summary>
    public void Run(void* input, void* output, ThreadTeam team, in Finish finish = default, int threads = 0)
    {
        bool plain = !finish.Accumulate && finish.Scale is 0 or 1 && finish.Epilogue is null;
        if (IsMove && (plain || Type == DType.Bool))
        {
            switch (Type)
            {
                case DType.Bool: Move((byte*)input, (byte*)output, team, threads); break;
                case DType.Int32 or DType.Float32: Move((uint*)input, (uint*)output, team, threads); break;
                default: Move((ulong*)input, (ulong*)output, team, threads); break;
            }
            return;
        }
        double one = 1;
        float single = 1;
        long integer = 1;
        sum!.Run(input, Type switch { DType.Float64 => &one, DType.Float32 => &single, _ => (void*)&integer }, output, team, finish, threads);
    }

    struct Job<T> where T : unmanaged
    {
        public UnaryPlan Plan;
        public T* Input, Output;
    }

    void Move<T>(T* input, T* output, ThreadTeam team, int threads) where T : unmanaged
    {
        for (int i = 0; i < (cleared?.Count ?? 0); i++) output[cleared!.Value[i]] = default;
        long count = blocks;
        foreach (var step in outer) count *= step.Length;
        if (count == 0 || across.Length == 0) return;
        var job = new Job<T> { Plan = this, Input = input, Output = output };
        bool alone = count * across.Length * Math.Min(Block, along.Length) < 2 * ChunkSize;
        if (alone) MoveParts(job, 0, count);
        else team.For(Chunks(count), static (i, context) =>
        {
            var job = Unsafe.AsRef<Job<T>>(context);
            long parts = job.Plan.blocks;
            foreach (var step in job.Plan.outer) parts *= step.Length;
            int chunks = job.Plan.Chunks(parts);
            job.Plan.MoveParts(job, parts * i / chunks, parts * (i + 1) / chunks);
        }, Unsafe.AsPointer(ref job), threads);
    }

    int Chunks(long parts) => (int)Math.Min(parts, Math.Max(1, parts * across.Length * Math.Min(Block, along.Length) / ChunkSize));

    void MoveParts<T>(Job<T> job, long first, long end) where T : unmanaged
    {
        for (long part = first; part < end; part++)
        {
            long rest = part / blocks;
            int from = (int)(part % blocks) * Block;
            T* source = job.Input + from * along.Input, target = job.Output + from * along.Output;
            for (int k = outer.Length - 1; k >= 0; k--)
            {
                (rest, long i) = Math.DivRem(rest, outer[k].Length);
                source += (nint)i * outer[k].Input;
                target += (nint)i * outer[k].Output;
            }
            if (along.Length > 1) Transpose(source, target, Math.Min(Block, along.Length - from));
            else Row(source, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Row<T>(T* source, T* target) where T : unmanaged
    {
        int length = across.Length;
        nint from = across.Input, to = across.Output;
        if (to == 1 && from == 1 && length >= 8) Unsafe.CopyBlockUnaligned(target, source, checked((uint)(length * sizeof(T))));
        else if (to == 1 && from == 0 && length >= 8) new Span<T>(target, length).Fill(*source);
        else
            for (; length > 0; length--, source += from, target += to) *target = *source;
    }

    void Transpose<T>(T* source, T* target, int depth) where T : unmanaged
    {
        for (int i = 0; i < across.Length; i += Block)
            Packing.Transpose(source + i * across.Input, across.Input, Math.Min(Block, across.Length - i), along.Output, depth, target + i);
    }

    // outer strides of the output first; an outer axis joins an inner one if one step of it is the whole inner axis in both
    static List<Step> Fuse(List<Step> steps)
    {
        var fused = new List<Step>();
        foreach (var step in steps.OrderByDescending(s => Math.Abs(s.Output)))
            if (fused.Count > 0 && fused[^1] is var last && last.Input == step.Input * step.Length && last.Output == step.Output * step.Length)
                fused[^1] = new(checked(last.Length * step.Length), step.Input, step.Output);
            else fused.Add(step);
        return fused;
    }
}
