namespace Adjoint;

/// <summary>A product that only a transposition reads lies in memory as the transposition has it: a gradient as its weights.</summary>
sealed partial class Works
{
    /// <summary>The equation that reads a tensor; null if it is a result, or has several readers.</summary>
    readonly Dictionary<Tensor, Equation?> readers = [];

    void NoteReaders()
    {
        foreach (var equation in system.Equations)
            foreach (var x in equation.Inputs) readers[x] = readers.ContainsKey(x) ? null : equation;
        foreach (var x in system.Results) readers[x] = null;
    }

    // the order in which the reader has the axes
    int[]? OrderOf(Equation z, Contract contract)
    {
        if (contract.Inputs.Count != 2 || contract.Lengths.Count > 0 || !IsDistinct(contract.Output)) return null;
        if (readers.GetValueOrDefault(z.Results[0])?.Operation is not Contract { Inputs: [var from], Lengths.Count: 0, Output: var to }) return null;
        return from.Count == to.Count && IsDistinct(from) && IsDistinct(to) ? [.. to.Select(label => from.Span.IndexOf(label))] : null;
    }

    bool Reordered(Equation z, Contract contract, int[] order)
    {
        var rule = Contract.Of([.. contract.Inputs.Select(labels => labels.ToArray())], [.. order.Select(k => contract.Output[k])]);
        var reordered = Equation.Of(rule, [.. z.Inputs]);
        if (!Contraction(reordered, rule)) return false;
        var view = views[reordered.Results[0]];
        long[] strides = new long[order.Length];
        for (int k = 0; k < order.Length; k++) strides[order[k]] = view.Strides[k];
        views[z.Results[0]] = view with { Strides = strides };
        return true;
    }
}
