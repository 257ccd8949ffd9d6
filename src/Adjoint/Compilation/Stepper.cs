namespace Adjoint;

/// <summary>
/// A step that owns its state: <c>(state, input) ↦ (next state, report)</c>, one prepared program. Nobody else holds the state's memory, so the program
/// updates it in place where every element is read before, and into a second memory where not: a step allocates its report and nothing else.
/// A step that fails leaves the state as it was. Not for use from several threads at once.
/// </summary>
/// <typeparam name="TState">A tree: a model with its optimizer.</typeparam>
/// <typeparam name="TInput">A tree: a batch.</typeparam>
/// <typeparam name="TReport">What a step reports: a loss.</typeparam>
public sealed class Stepper<TState, TInput, TReport> where TState : ITree<TState> where TInput : ITree<TInput> where TReport : ITree<TReport>
{
    readonly Tracer<Pair<TState, TInput>, Pair<TState, TReport>> tracer;
    readonly List<Step> known = [];
    readonly OwnedState memory = new();

    /// <summary>The state, or only its structure if it is in memory alone.</summary>
    TState tree;
    bool isRead = true;
    OverwrittenException? lost;

    internal Stepper(Tracer<Pair<TState, TInput>, Pair<TState, TReport>> tracer, TState state) => (this.tracer, tree) = (tracer, state);

    /// <summary>
    /// The state after the steps so far. Its tensors stay as they are: reading it hands their memory over, and the next step takes new memory. Set it
    /// to start elsewhere.
    /// </summary>
    /// <exception cref="InvalidOperationException">A step failed while it updated the state in place.</exception>
    public TState State
    {
        get
        {
            Demand();
            if (!isRead) (tree, isRead) = (tree.Rebuild(memory.Tensors(handOver: true)), true);
            return tree;
        }
        set
        {
            (tree, isRead, lost) = (value, true, null);
            memory.Form = null;
        }
    }

    /// <inheritdoc cref="Compiled{T, TResult}.Programs"/>
    public int Programs => tracer.Programs;

    /// <summary>Takes one step, and returns its report.</summary>
    /// <exception cref="InvalidOperationException">An earlier step failed while it updated the state in place.</exception>
    public TReport Next(TInput input)
    {
        Demand();
        if ((Find(input) ?? Prepare(input)) is not { Call.IsInside: false } step)
        {
            (State, var inside) = tracer.Invoke(new(State, input));
            return inside;
        }
        try
        {
            var call = step.Call;
            memory.Offer(call, step.IsComputed, step.MayReplace);
            var report = call.Run(tracer.Threads, from: step.MayReplace.Length);
            memory.Take(call, step.IsComputed, step.MayReplace.Length, step.After);
            (tree, isRead) = (call.Trace.Result.First, false);
            return call.Trace.Result.Second.Rebuild(report);
        }
        catch (OverwrittenException cause)
        {
            lost = cause;
            throw;
        }
        finally { step.Call.Clear(); }
    }

    /// <inheritdoc cref="Compiled{T, TResult}.Explain"/>
    public string Explain() => tracer.Explain();

    void Demand()
    {
        if (lost is not null) throw new InvalidOperationException("The state is lost: a step failed while it updated it in place. Set State to start from another.", lost);
    }

    // the step for states and inputs of these forms, if it is prepared
    Step? Find(TInput input)
    {
        foreach (var step in known)
            if (step.Before == memory.Form && step.Input.LeafCount == input.LeafCount)
            {
                input.Flatten(step.Call.Leaves);
                if (step.Input.Fits(input, step.Call.Leaves)) return step;
            }
        return null;
    }

    // null inside another transform
    Step? Prepare(TInput input)
    {
        const int most = 64;
        var state = isRead ? tree : tree.Rebuild(memory.Tensors(handOver: false));
        Tensor[] leaves = Trees.Leaves(state), inputs = Trees.Leaves(input);
        if (Array.Exists([.. leaves, .. inputs], static x => x.IsSymbolic || x.IsLive)) return null;
        memory.Form ??= memory.Load(Same(TreeForm.Of(state, leaves)), leaves);
        if (Find(input) is { } step) return step;
        var trace = tracer.Find(new(state, input), [.. leaves, .. inputs]);
        var after = TreeForm.Of(trace.Result.First, trace.System.Results.AsSpan()[..trace.Result.First.LeafCount]);
        if (known.Count >= most) known.Clear();
        known.Add(new(new(trace, leaves.Length), memory.Form, TreeForm.Of(input, inputs), Same(after)));
        return Find(input);
    }

    // forms of states are few, and compared by reference
    TreeForm Same(TreeForm form) => known.Find(s => s.Before.Equals(form))?.Before ?? known.Find(s => s.After.Equals(form))?.After ?? form;

    /// <summary>A step for states and inputs of certain forms.</summary>
    sealed record Step(Call<Pair<TState, TReport>> Call, TreeForm Before, TreeForm Input, TreeForm After)
    {
        readonly IReusingExecutable? program = Call.Trace.Program as IReusingExecutable;

        /// <summary>For each result, whether it has memory of its own.</summary>
        public bool[] IsComputed => field ??= [.. Enumerable.Range(0, Call.Results.Length).Select(k => program?.IsComputed(k) == true)];

        /// <summary>For each leaf of the next state, whether it may be written over that of the last.</summary>
        public bool[] MayReplace => field ??= [.. Enumerable.Range(0, After.LeafCount).Select(k => k < Before.LeafCount && program?.MayReplace(k, k) == true)];
    }
}
