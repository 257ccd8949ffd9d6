namespace Adjoint;

/// <summary>Control flow whose bodies are compiled: they run over addresses, on buffers that are used again in every step.</summary>
sealed class LoopWork(Equation equation, Slot[] inputs, Slot[] results, Slot[] buffers) : Work(equation)
{
    public Slot[] Inputs { get; } = inputs;
    public Slot[] Results { get; } = results;

    /// <summary>Two for each carry: one step reads from one and writes to the other.</summary>
    public Slot[] Buffers { get; } = buffers;

    // every result has memory, whether somebody reads it or not: the bodies write to it
    public override IEnumerable<Slot> Reads => [.. Inputs, .. Results, .. Buffers];
    public override IEnumerable<Slot> Writes => [.. Results, .. Buffers];
}

/// <summary>Reads control flow: calls become part of the program, loops and branches run compiled bodies.</summary>
sealed partial class Works
{
    bool Control(Equation z)
    {
        switch (z.Operation)
        {
            case Scan scan when scan.Length != Shape.Unknown && IsKnown(scan.Body): Loop(z, scan.Constants, scan.Carries); return true;
            case While loop when IsKnown(loop.Body) && IsKnown(loop.Condition): Loop(z, loop.Constants, loop.Body.Inputs.Length - loop.Constants); return true;
            case Cond cond when IsKnown(cond.Then) && IsKnown(cond.Else): Loop(z, 0, 0); return true;
            default: return false;
        }
    }

    /// <summary>Whether all sizes in a program are known before it runs.</summary>
    static bool IsKnown(EquationSystem system) => system.Inputs.All(x => x.Size != Shape.Unknown)
        && system.Equations.All(e => e.Results.All(x => x.Size != Shape.Unknown));

    void Loop(Equation z, int constants, int carries)
    {
        Slot[] inputs = [.. z.Inputs.Select(Dense)], results = [.. z.Results.Select(r => Slot(r.DType, r.Size, Residence.Arena))];
        Slot[] buffers = [.. Enumerable.Range(0, 2 * carries).Select(k => Slot(z.Results[k / 2].DType, z.Results[k / 2].Size, Residence.Arena))];
        Write(new LoopWork(z, inputs, results, buffers));
        for (int k = 0; k < results.Length; k++) views[z.Results[k]] = View.Dense(results[k], z.Results[k].Shape.Lengths);
    }

    void Inline(Equation z, EquationSystem body)
    {
        View[] arguments = Views(z);
        for (int i = 0; i < arguments.Length; i++) views[body.Inputs[i]] = arguments[i];
        foreach (var equation in body.Equations) Read(equation);
        for (int k = 0; k < z.Results.Length; k++) views[z.Results[k]] = ViewOf(body.Results[k]);
    }
}
