using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A kernel that runs without being compiled: its instructions one after the other, each on a block of vectors. For programs that run a few times, and
/// where code cannot be emitted. The lanes, and the order in which they are combined, are those of the emitted kernel.
/// </summary>
sealed unsafe class BlockKernel
{
    const int MaximalVectors = 16, WorkBytes = 1 << 15, LocalBytes = 64;

    readonly BlockStep[] steps;
    readonly int size, loops, vectors;

    BlockKernel(BlockStep[] steps, int size, int loops, int vectors, double nanoseconds) =>
        (this.steps, this.size, this.loops, this.vectors, Nanoseconds) = (steps, size, loops, vectors, nanoseconds);

    /// <summary>An estimate of the time that a run takes, whatever the machine.</summary>
    public double Nanoseconds { get; }

    public static BlockKernel Of(FusedKernel kernel)
    {
        var blocks = new HashSet<Local>();
        var all = new HashSet<Local>();
        int loops = 0;
        Survey(kernel.Body, false);
        void Survey(List<Instruction> code, bool inVectors)
        {
            foreach (var instruction in code)
            {
                if (instruction is Loop loop) { loops = Math.Max(loops, loop.Id + 1); Survey(loop.Body, inVectors || loop.IsVector); continue; }
                if (BlockStep.Result(instruction) is not { } result) continue;
                all.Add(result);
                if (inVectors && result.IsVector && instruction is not (Spread or Total)) blocks.Add(result);
            }
        }
        int single = (all.Count - blocks.Count) * LocalBytes;
        int vectors = Math.Clamp((WorkBytes - single) / Math.Max(1, blocks.Count * LocalBytes), 1, MaximalVectors), size = 0;
        var places = new Dictionary<Local, BlockPlace>();
        foreach (var x in all)
        {
            bool isBlock = blocks.Contains(x);
            places[x] = new(size, isBlock ? LocalBytes : 0);
            size += isBlock ? vectors * LocalBytes : LocalBytes;
        }
        var steps = BlockStep.All(kernel.Body, places, kernel.Shared, null);
        return new(steps, size, loops, vectors, steps.Sum(s => s.Cost(vectors, 1)));
    }

    /// <summary>Runs indices <paramref name="start"/> to <paramref name="end"/> of the shared loop.</summary>
    [SkipLocalsInit]
    public void Run(byte** slots, nint start, nint end)
    {
        byte* work = stackalloc byte[size + LocalBytes];
        nint* indices = stackalloc nint[loops + 1];
        work += -(nint)work & (LocalBytes - 1);
        var run = new BlockRun { Slots = slots, Locals = work, Indices = indices, Start = start, End = end, Vectors = vectors, Count = 1 };
        foreach (var step in steps) step.Run(ref run);
    }
}

/// <summary>Where a local is, and how far apart its vectors are: 0 if there is one.</summary>
readonly record struct BlockPlace(int Offset, int Step);

/// <summary>The state of a run.</summary>
unsafe ref struct BlockRun
{
    public byte** Slots;
    public byte* Locals;
    public nint* Indices;

    /// <summary>The indices of the shared loop.</summary>
    public nint Start, End;

    /// <summary>The most vectors of a block, and how many this one has.</summary>
    public nint Vectors, Count;

    /// <summary>How many lanes the partial vector has; 0 if all vectors are whole.</summary>
    public nint Part;
}
