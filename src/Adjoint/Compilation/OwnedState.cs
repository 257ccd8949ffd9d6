namespace Adjoint;

/// <summary>The leaves of a state, and who owns their memory.</summary>
sealed class OwnedState
{
    Leaf[] leaves = [];

    /// <summary>The form of the state; null if the leaves are of an earlier one.</summary>
    public TreeForm? Form { get; set; }

    public Span<Leaf> Leaves => leaves;

    /// <summary>Takes a state that others may hold.</summary>
    public TreeForm Load(TreeForm form, Tensor[] tensors)
    {
        Evaluation.Evaluate(tensors);
        Array.Resize(ref leaves, tensors.Length);
        for (int k = 0; k < leaves.Length; k++) leaves[k] = new() { Data = tensors[k].Data, IsWeak = tensors[k].IsWeak, Spare = leaves[k].Spare };
        return form;
    }

    /// <summary>Makes room for the leaves of the next state.</summary>
    public void Resize(int count) => Array.Resize(ref leaves, count);

    /// <summary>The leaves as tensors, for their shapes and types.</summary>
    public Tensor[] Tensors() => Array.ConvertAll(leaves, leaf => Tensor.Evaluated(leaf.Data, leaf.IsWeak));

    /// <summary>The leaves as tensors of others: their memory is not used again.</summary>
    public Tensor[] HandOver()
    {
        foreach (ref var leaf in leaves.AsSpan()) leaf.IsOwned = false;
        return Tensors();
    }

    /// <summary>One leaf.</summary>
    public struct Leaf
    {
        public TensorData Data;
        public bool IsWeak;

        /// <summary>Whether nobody else holds the memory.</summary>
        public bool IsOwned;

        /// <summary>Memory that nobody holds, from an earlier step.</summary>
        public TensorData? Spare;
    }
}

/// <summary>A step for states and inputs of certain forms.</summary>
sealed class OwnedStep<TState, TReport> where TState : ITree<TState> where TReport : ITree<TReport>
{
    readonly int count, inputs;
    readonly Tensor[] tensors, report;
    readonly TensorData[] data;
    readonly TensorData?[] results;
    readonly bool[] isComputed, mayReplace;

    public OwnedStep(Trace<Pair<TState, TReport>> trace, TreeForm before, TreeForm input, TreeForm after)
    {
        (Trace, Before, Input, After, count, inputs) = (trace, before, input, after, after.LeafCount, before.LeafCount);
        tensors = [.. new Tensor[input.LeafCount], .. trace.Captured];
        data = [.. new TensorData[inputs + tensors.Length], .. trace.Numbers];
        results = new TensorData?[trace.System.Results.Length];
        report = new Tensor[results.Length - count];
        var program = trace.Program as IReusingExecutable;
        isComputed = [.. results.Select((_, k) => program?.IsComputed(k) == true)];
        mayReplace = [.. isComputed.Take(count).Select((computed, k) => computed && k < inputs && program!.MayReplace(k, k))];
    }

    public Trace<Pair<TState, TReport>> Trace { get; }
    public TreeForm Before { get; }
    public TreeForm Input { get; }
    public TreeForm After { get; }

    /// <summary>The leaves of the input.</summary>
    public Span<Tensor> Leaves => tensors.AsSpan(0, Input.LeafCount);

    /// <summary>The leaves of the report.</summary>
    public ReadOnlySpan<Tensor> Report => report;

    /// <summary>Whether the step stands inside a transform: then it is its equations.</summary>
    public bool IsInside => Array.Exists(tensors, static x => x.IsSymbolic || x.IsLive);

    /// <summary>The next state.</summary>
    public void Run(OwnedState state, int threads)
    {
        var leaves = state.Leaves;
        for (int k = 0; k < leaves.Length; k++) data[k] = leaves[k].Data;
        for (int i = 0; i < tensors.Length; i++) data[inputs + i] = tensors[i].Data;
        if (Trace.Program is IReusingExecutable program)
        {
            for (int k = 0; k < Math.Min(count, leaves.Length); k++)
                if (isComputed[k]) results[k] = leaves[k].IsOwned && mayReplace[k] ? leaves[k].Data : Fitting(leaves[k].Spare, Trace.System.Results[k]);
            program.Run(data, results, threads);
        }
        else Trace.Program.Run(data).CopyTo(results, 0);
        Take(state);
        for (int k = 0; k < report.Length; k++) report[k] = Tensor.Evaluated(results[count + k]!, Trace.System.Results[count + k].IsWeak);
    }

    public void Clear()
    {
        Leaves.Clear();
        data.AsSpan(0, inputs + tensors.Length).Clear();
        results.AsSpan().Clear();
        report.AsSpan().Clear();
    }

    static TensorData? Fitting(TensorData? spare, Tensor result) => spare is not null && spare.Shape == result.Shape && spare.Type == result.DType ? spare : null;

    void Take(OwnedState state)
    {
        // a leaf that is passed on to another place is no longer the state's alone
        for (int j = 0; j < results.Length; j++)
            if (!isComputed[j] && !(j < inputs && ReferenceEquals(results[j], data[j])))
                foreach (ref var leaf in state.Leaves) leaf.IsOwned &= !leaf.Data.Overlaps(results[j]!);
        if (count != inputs) state.Resize(count);
        var leaves = state.Leaves;
        for (int k = 0; k < count; k++)
        {
            ref var leaf = ref leaves[k];
            var next = results[k]!;
            if (!ReferenceEquals(next, leaf.Data))
            {
                if (isComputed[k]) leaf.Spare = leaf.IsOwned ? leaf.Data : ReferenceEquals(next, leaf.Spare) ? null : leaf.Spare;
                (leaf.Data, leaf.IsOwned) = (next, isComputed[k]);
            }
            leaf.IsWeak = Trace.System.Results[k].IsWeak;
        }
        state.Form = After;
    }
}
