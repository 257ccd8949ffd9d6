namespace Adjoint;

/// <summary>A compiled body that runs over memory at addresses, which may change from step to step. No result overlaps an input.</summary>
sealed unsafe class LoopBody
{
    readonly Slot?[] passed;
    readonly int[] inputs, results;
    readonly bool isSeen, passes;

    public LoopBody(Compiled program)
    {
        Program = program;
        var works = program.Works;
        inputs = [.. works.Slots.Where(s => s.Residence == Residence.Argument).OrderBy(s => s.Position).Select(s => s.Index)];
        results = [.. works.Results.Select(s => s.Index)];
        passed = [.. works.Results.Select(s => s.Residence == Residence.Result ? null : s)];
        passes = passed.Any(s => s is not null);
        isSeen = program.Steps.Any(s => s is not (KernelStep or ProductStep));
    }

    public Compiled Program { get; }

    /// <summary>Says where an input is.</summary>
    public void Read(Frame frame, int input, nint address) => frame.Addresses[inputs[input]] = (byte*)address;

    /// <summary>Runs, for inputs and results at addresses; of results that nothing computes a copy is made.</summary>
    public void Run(Frame frame, ReadOnlySpan<nint> to)
    {
        for (int k = 0; k < to.Length; k++) if (passed[k] is null) frame.Addresses[results[k]] = (byte*)to[k];
        if (isSeen) frame.Forget();
        Program.Run(frame);
        if (!passes) return;
        for (int k = 0; k < to.Length; k++)
            if (passed[k] is { } slot) Buffer.MemoryCopy(frame.Addresses[slot.Index], (void*)to[k], slot.Size * slot.ElementSize, slot.Size * slot.ElementSize);
    }
}
