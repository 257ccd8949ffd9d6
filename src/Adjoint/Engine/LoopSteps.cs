namespace Adjoint;

/// <summary>A step that runs compiled bodies at addresses.</summary>
abstract unsafe class LoopStep(LoopWork work, string name, Compiled[] bodies) : Step
{
    protected LoopWork Work { get; } = work;

    public IReadOnlyList<Compiled> Bodies => bodies;
    public override string Kind => "loop";
    public override string Title => name;
    public override long Traffic => SizeOf(Work.Reads.Concat(Work.Writes));

    protected static long Bytes(Slot slot) => slot.Size * slot.ElementSize;
    protected static void Copy(nint from, nint to, long bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);

    /// <summary>The addresses of slots in a frame.</summary>
    protected static nint[] Addresses(Frame frame, Slot[] slots) => Array.ConvertAll(slots, s => (nint)frame.Addresses[s.Index]);

    public override string Describe() => $"{name}: {Work.Equation!}\n" +
        string.Concat(bodies.Select(b => "    " + b.Explain().TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal) + "\n"));
}

/// <summary>Runs a scan: every step reads its rows in place and writes its rows in place.</summary>
sealed unsafe class ScanStep(LoopWork work, Scan scan, Compiled body) : LoopStep(work, "scan", [body])
{
    public override void Run(Frame frame)
    {
        int first = scan.Constants, rows = first + scan.Carries, steps = scan.Length;
        nint[] inputs = Addresses(frame, Work.Inputs), results = Addresses(frame, Work.Results), buffers = Addresses(frame, Work.Buffers);
        nint[] from = (nint[])inputs.Clone(), to = (nint[])results.Clone();
        if (steps == 0)
            for (int k = 0; k < scan.Carries; k++) Copy(inputs[first + k], results[k], Bytes(Work.Results[k]));
        var inner = body.Rent();
        try
        {
            for (int step = 0; step < steps; step++)
            {
                int t = scan.Reverse ? steps - 1 - step : step;
                for (int i = rows; i < from.Length; i++) from[i] = inputs[i] + (nint)(t * (Bytes(Work.Inputs[i]) / steps));
                for (int k = 0; k < to.Length; k++)
                    to[k] = k >= scan.Carries ? results[k] + (nint)(t * (Bytes(Work.Results[k]) / steps)) : step == steps - 1 ? results[k] : buffers[2 * k + (step & 1)];
                body.RunAt(inner, from, to);
                to.AsSpan(0, scan.Carries).CopyTo(from.AsSpan(first));
            }
        }
        finally { body.Return(inner); }
    }
}

/// <summary>Runs a loop that decides after each step.</summary>
sealed unsafe class WhileStep(LoopWork work, While loop, Compiled condition, Compiled body) : LoopStep(work, "while", [condition, body])
{
    public override void Run(Frame frame)
    {
        nint[] from = Addresses(frame, Work.Inputs), results = Addresses(frame, Work.Results), buffers = Addresses(frame, Work.Buffers);
        nint[] to = new nint[results.Length];
        bool goesOn = false;
        nint[] decision = [(nint)(&goesOn)];
        Frame decider = condition.Rent(), inner = body.Rent();
        try
        {
            for (int step = 0; ; step++)
            {
                condition.RunAt(decider, from, decision);
                if (!*(bool*)decision[0]) break;
                for (int k = 0; k < to.Length; k++) to[k] = buffers[2 * k + (step & 1)];
                body.RunAt(inner, from, to);
                to.CopyTo(from.AsSpan(loop.Constants));
            }
        }
        finally
        {
            condition.Return(decider);
            body.Return(inner);
        }
        for (int k = 0; k < results.Length; k++) Copy(from[loop.Constants + k], results[k], Bytes(Work.Results[k]));
    }
}

/// <summary>Runs one of two bodies.</summary>
sealed unsafe class CondStep(LoopWork work, Compiled then, Compiled otherwise) : LoopStep(work, "cond", [then, otherwise])
{
    public override void Run(Frame frame)
    {
        nint[] inputs = Addresses(frame, Work.Inputs);
        bool holds = Work.Inputs[0].Residence == Residence.Literal ? Work.Inputs[0].Literal!.Data.First() != 0 : *(bool*)inputs[0];
        var body = holds ? then : otherwise;
        var inner = body.Rent();
        try { body.RunAt(inner, inputs[1..], Addresses(frame, Work.Results)); }
        finally { body.Return(inner); }
    }
}
