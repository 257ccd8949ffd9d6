using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>When kernels are compiled.</summary>
enum Emission
{
    /// <summary>When running them block by block has cost as much as compiling them would.</summary>
    WhenWorthwhile,

    /// <summary>Before they run.</summary>
    Always,

    /// <summary>Not at all.</summary>
    Never,
}

/// <summary>
/// Runs a kernel, in chunks of its shared loop where that is worth while. Chunks are as long as sizes say, whatever the number of threads, so the bits
/// of sums in parts never depend on it.
/// </summary>
sealed unsafe class KernelStep : Step
{
    /// <summary>Points that are worth waking another thread.</summary>
    const long ChunkPoints = 1 << 15;

    /// <summary>The chunks that are worth it: fewer take less time than another thread needs to begin and to hand back what it wrote.</summary>
    const int FewestChunks = 4;

    const int MostParts = 256;

    /// <summary>What it costs to emit and compile a kernel, and each of its instructions, in nanoseconds.</summary>
    const double EmissionCost = 1e6, InstructionCost = 8e4;

    readonly FusedKernel kernel;
    readonly BlockKernel blocks;
    readonly double price;
    double spent;
    readonly nint length, chunk;
    readonly int chunks, slots;

    public KernelStep(FusedKernel kernel, int slots, Emission emission)
    {
        (this.kernel, this.slots, blocks) = (kernel, slots, BlockKernel.Of(kernel));
        price = emission switch
        {
            Emission.Always => 0,
            Emission.Never => double.PositiveInfinity,
            _ => EmissionCost + InstructionCost * FusedKernel.Count(kernel.Body),
        };
        Operations = kernel.Group.Statements.Sum(s => s.Points);
        if (kernel.Shared is not { } loop) return;
        long least = kernel.Parts.Length > 0 ? loop.Length / MostParts + loop.Lanes : 0;
        long indices = Math.Max(least, loop.Length * ChunkPoints / Math.Max(Operations, 1));
        length = loop.Length;
        chunk = (nint)Math.Max(loop.Lanes, indices / loop.Lanes * loop.Lanes);
        chunks = (int)((length + chunk - 1) / chunk);
    }

    public FusedKernel Kernel => kernel;
    public override string Title => field ??= string.Join(", ", kernel.Group.Statements.Select(s => s.Equation?.Operation.Name.Split(' ')[0] ?? "copy").Distinct());
    public override long Traffic => SizeOf(kernel.Slots);
    public override IEnumerable<Slot> Reads => kernel.Group.Reads;
    public override IEnumerable<Slot> Writes => kernel.Group.Writers.Keys;
    public override bool CanFail => kernel.Locates;

    /// <summary>What runs instead of the blocks.</summary>
    public KernelCode? Code { get; set; }

    /// <summary>Whether it has been compiled.</summary>
    public bool IsEmitted => Code is not null;

    /// <summary>
    /// How many rows of a slot at a time it may follow what computes them: so many are whole iterations of its shared loop, which read no other rows; 0 where it cannot follow.
    /// </summary>
    public int RowUnit(Slot slot, int rows)
    {
        if (kernel.Shared is not { } loop || kernel.Parts.Length > 0 || kernel.Locates || loop.Length == 0 || slot.Size % loop.Length != 0) return 0;
        long columns = slot.Size / rows, step = slot.Size / loop.Length;
        foreach (var access in FusedKernel.Accesses(kernel.Body).Where(a => a.Slot == slot))
        {
            long reach = access.Offset + access.Steps.Sum(s => s.Loop == loop ? 0 : s.Step * (s.Loop.Length - 1));
            if (access.StepOf(loop) != step || access.Offset < 0 || reach >= step || access.Place is not null || access.Steps.Any(s => s.Step < 0)) return 0;
        }
        return Enumerable.Range(1, rows).FirstOrDefault(unit => unit * columns % (step * loop.Lanes) == 0);
    }

    /// <summary>A run that begins: compiles the kernel when that is worth while.</summary>
    public void Begin()
    {
        if (Code is null && RuntimeFeature.IsDynamicCodeSupported && (spent += blocks.Nanoseconds) >= price) Compile();
    }

    /// <summary>The part of a run that belongs to some rows of a slot, of which there are so many.</summary>
    public void Follow(byte** slots, long firstRow, long rows, long all) => Run(slots, (nint)(firstRow * length / all), (nint)((firstRow + rows) * length / all));

    public override void Run(Frame frame)
    {
        Begin();
        if (kernel.Locates) RunChecked(frame); else RunAll(frame);
    }

    void RunChecked(Frame frame)
    {
        long* fault = (long*)frame.Addresses[Works.FaultIndex];
        *fault = 0;
        RunAll(frame);
        if (*fault != 0) throw new IndexFault(kernel.Group.Statements);
    }

    /// <summary>A run that has begun.</summary>
    public void RunAll(Frame frame)
    {
        if (kernel.Parts.Length > 0 && chunks > 1) { RunParts(frame); return; }
        if (frame.Threads == 1 || chunks < FewestChunks) { Run(frame.Addresses, 0, length); return; }
        var job = new Job { Step = this, Addresses = frame.Addresses };
        ThreadTeam.Shared.For(chunks, static (i, context) => Unsafe.AsRef<Job>(context).Run(i), Unsafe.AsPointer(ref job), frame.Threads);
    }

    [RequiresDynamicCode("Emits code.")]
    void Compile()
    {
        long start = Stopwatch.GetTimestamp();
        Code = Emit.Compile(kernel);
        EngineMeter.Emissions.Add(1);
        if (EngineEvents.Log.IsEnabled()) EngineEvents.Log.Emitted(FusedKernel.Count(kernel.Body), (int)Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }

    void Run(byte** slots, nint start, nint end)
    {
        if (Code is { } compiled) compiled(slots, start, end); else blocks.Run(slots, start, end);
    }

    // every chunk stores its part in a place of its own; the parts are combined in order
    void RunParts(Frame frame)
    {
        long* parts = stackalloc long[chunks * kernel.Parts.Length];
        var job = new Job { Step = this, Addresses = frame.Addresses, Parts = parts };
        ThreadTeam.Shared.For(chunks, static (i, context) => Unsafe.AsRef<Job>(context).RunPart(i), Unsafe.AsPointer(ref job), frame.Threads);
        for (int k = 0; k < kernel.Parts.Length; k++)
        {
            var s = kernel.Parts[k];
            void* target = frame.Addresses[s.Target.Index];
            if (target == null) continue;
            switch (s.Target.Type)
            {
                case DType.Float32: Combine<float>(s, (float*)target, parts + k * chunks); break;
                case DType.Float64: Combine<double>(s, (double*)target, parts + k * chunks); break;
                case DType.Int32: Combine<int>(s, (int*)target, parts + k * chunks); break;
                case DType.Int64: Combine<long>(s, (long*)target, parts + k * chunks); break;
                default: *(bool*)target = Any(s, parts + k * chunks); break;
            }
        }
    }

    void Combine<T>(Statement s, T* target, long* parts) where T : unmanaged, INumber<T>
    {
        T all = *(T*)parts;
        for (int i = 1; i < chunks; i++)
        {
            T part = *(T*)(parts + i);
            all = s.Combine switch
            {
                Adjoint.Combine.Sum => all + part,
                Adjoint.Combine.Product => all * part,
                Adjoint.Combine.Maximum => T.Max(all, part),
                _ => T.Min(all, part),
            };
        }
        *target = all;
    }

    bool Any(Statement s, long* parts)
    {
        bool isMaximum = s.Combine == Adjoint.Combine.Maximum;
        for (int i = 0; i < chunks; i++) if (*(bool*)(parts + i) == isMaximum) return isMaximum;
        return !isMaximum;
    }

    public override string Describe() =>
        $"kernel of {kernel.Group.Count} statements in {kernel.Group.Phases.Count} loops, {Operations} operations on {Traffic} bytes, {Math.Max(chunks, 1)} chunks, {(IsEmitted ? "compiled" : "not yet compiled")}\n{kernel}";

    struct Job
    {
        public KernelStep Step;
        public byte** Addresses;
        public long* Parts;

        public readonly void Run(int i) => Step.Run(Addresses, i * Step.chunk, Math.Min((i + 1) * Step.chunk, Step.length));

        public readonly void RunPart(int i)
        {
            byte** own = stackalloc byte*[Step.slots];
            new ReadOnlySpan<nint>(Addresses, Step.slots).CopyTo(new Span<nint>(own, Step.slots));
            for (int k = 0; k < Step.kernel.Parts.Length; k++) own[Step.kernel.Parts[k].Target.Index] = (byte*)(Parts + k * Step.chunks + i);
            Step.Run(own, i * Step.chunk, Math.Min((i + 1) * Step.chunk, Step.length));
        }
    }
}
