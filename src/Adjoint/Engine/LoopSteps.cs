namespace Adjoint;

/// <summary>A step that runs compiled bodies at addresses.</summary>
abstract unsafe class LoopStep(LoopWork work, string name, Compiled[] bodies) : Step
{
    protected LoopWork Work { get; } = work;

    public IReadOnlyList<Compiled> Bodies => bodies;
    public override string Title => $"{Work.Equation!}";
    public override long Traffic => SizeOf(Work.Reads.Concat(Work.Writes));
    public override IEnumerable<Slot> Reads => Work.Reads;
    public override IEnumerable<Slot> Writes => Work.Writes;
    public override bool CanFail => Array.Exists(bodies, b => b.CanFail);

    protected static long Bytes(Slot slot) => slot.Size * slot.ElementSize;
    protected static void Copy(nint from, nint to, long bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);

    public override string Describe() => $"{name}: {Work.Equation!}\n" +
        string.Concat(bodies.Select(b => "    " + b.Explain().TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal) + "\n"));
}

/// <summary>Runs a scan: every step reads its rows in place and writes its rows in place.</summary>
sealed unsafe class ScanStep(LoopWork work, Scan scan, Compiled program) : LoopStep(work, "scan", [program])
{
    readonly LoopBody body = new(program);

    public override void Run(Frame frame)
    {
        int first = scan.Constants, carries = scan.Carries, steps = scan.Length;
        Slot[] inputs = Work.Inputs, results = Work.Results;
        byte** at = frame.Addresses;
        if (steps == 0)
            for (int k = 0; k < carries; k++) Copy((nint)at[inputs[first + k].Index], (nint)at[results[k].Index], Bytes(results[k]));
        // rows: where the next one is, and how far from there to the one after it
        int rows = inputs.Length - first - carries, count = rows + results.Length;
        nint* next = stackalloc nint[2 * count + 1], by = next + count;
        for (int i = 0; i < count; i++)
        {
            var slot = i < rows ? inputs[first + carries + i] : results[i - rows];
            nint length = i >= rows && i < rows + carries || steps == 0 ? 0 : (nint)(Bytes(slot) / steps);
            (next[i], by[i]) = ((nint)at[slot.Index] + (scan.Reverse ? (steps - 1) * length : 0), scan.Reverse ? -length : length);
        }
        var to = new Span<nint>(next + rows, results.Length);
        var inner = program.Rent(frame.Threads);
        try
        {
            for (int i = 0; i < first + carries; i++) body.Read(inner, i, (nint)at[inputs[i].Index]);
            for (int step = 0; step < steps; step++)
            {
                for (int i = 0; i < rows; i++) body.Read(inner, first + carries + i, next[i]);
                for (int k = 0; k < carries; k++) to[k] = (nint)at[(step == steps - 1 ? results[k] : Work.Buffers[2 * k + (step & 1)]).Index];
                body.Run(inner, to);
                for (int k = 0; k < carries; k++) body.Read(inner, first + k, to[k]);
                for (int i = 0; i < count; i++) next[i] += by[i];
            }
        }
        finally { program.Return(inner); }
    }
}

/// <summary>Runs a loop that decides after each step.</summary>
sealed unsafe class WhileStep(LoopWork work, While loop, Compiled condition, Compiled program) : LoopStep(work, "while", [condition, program])
{
    readonly LoopBody decision = new(condition), body = new(program);

    public override void Run(Frame frame)
    {
        byte** at = frame.Addresses;
        int first = loop.Constants, carries = Work.Results.Length;
        bool goesOn = false;
        nint* to = stackalloc nint[carries + 1], from = stackalloc nint[carries + 1];
        nint answer = (nint)(&goesOn);
        Frame decider = condition.Rent(frame.Threads), inner = program.Rent(frame.Threads);
        try
        {
            for (int i = 0; i < Work.Inputs.Length; i++)
            {
                nint input = (nint)at[Work.Inputs[i].Index];
                decision.Read(decider, i, input);
                body.Read(inner, i, input);
                if (i >= first) from[i - first] = input;
            }
            for (int step = 0; ; step++)
            {
                decision.Run(decider, new(in answer));
                if (!*(bool*)answer) break;
                for (int k = 0; k < carries; k++) to[k] = (nint)at[Work.Buffers[2 * k + (step & 1)].Index];
                body.Run(inner, new(to, carries));
                for (int k = 0; k < carries; k++)
                {
                    from[k] = to[k];
                    decision.Read(decider, first + k, to[k]);
                    body.Read(inner, first + k, to[k]);
                }
            }
        }
        finally
        {
            condition.Return(decider);
            program.Return(inner);
        }
        for (int k = 0; k < carries; k++) Copy(from[k], (nint)at[Work.Results[k].Index], Bytes(Work.Results[k]));
    }
}

/// <summary>Runs one of two bodies.</summary>
sealed unsafe class CondStep(LoopWork work, Compiled then, Compiled otherwise) : LoopStep(work, "cond", [then, otherwise])
{
    readonly LoopBody first = new(then), second = new(otherwise);

    public override void Run(Frame frame)
    {
        byte** at = frame.Addresses;
        var body = *(bool*)at[Work.Inputs[0].Index] ? first : second;
        nint* to = stackalloc nint[Work.Results.Length + 1];
        var inner = body.Program.Rent(frame.Threads);
        try
        {
            for (int i = 1; i < Work.Inputs.Length; i++) body.Read(inner, i - 1, (nint)at[Work.Inputs[i].Index]);
            for (int k = 0; k < Work.Results.Length; k++) to[k] = (nint)at[Work.Results[k].Index];
            body.Run(inner, new(to, Work.Results.Length));
        }
        finally { body.Program.Return(inner); }
    }
}
