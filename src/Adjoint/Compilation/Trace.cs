namespace Adjoint;

/// <summary>A program that was traced for arguments of one form, with what the function captured and the numbers that became inputs.</summary>
/// <typeparam name="TResult">The results, whose structure it keeps.</typeparam>
sealed record Trace<TResult>(TreeForm Form, EquationSystem System, Tensor[] Captured, IExecutable Program, TensorData[] Numbers, TResult Result)
{
    Call<TResult>? spare;

    /// <summary>A call that nobody else uses.</summary>
    public Call<TResult> Rent() => Interlocked.Exchange(ref spare, null) ?? new(this);

    public void Return(Call<TResult> call)
    {
        call.Clear();
        spare = call;
    }
}

/// <summary>The arguments and results of a call, in arrays that are used again from call to call. The first arguments may be given as data.</summary>
sealed class Call<TResult>
{
    readonly int first, arguments;
    readonly Tensor[] inputs, tensors;
    readonly TensorData[] data;
    readonly TensorData?[] results;

    public Call(Trace<TResult> trace, int first = 0)
    {
        (Trace, this.first, arguments) = (trace, first, trace.Form.LeafCount - first);
        inputs = [.. new Tensor[arguments], .. trace.Captured];
        data = [.. new TensorData[first + inputs.Length], .. trace.Numbers];
        results = new TensorData?[trace.System.Results.Length];
        tensors = new Tensor[results.Length];
    }

    public Trace<TResult> Trace { get; }

    /// <summary>The leaves of the arguments that are tensors.</summary>
    public Span<Tensor> Leaves => inputs.AsSpan(0, arguments);

    /// <summary>The data of all inputs.</summary>
    public Span<TensorData> Data => data;

    /// <summary>Memory for results, and then their data.</summary>
    public Span<TensorData?> Results => results;

    /// <summary>Whether the call stands inside a transform: then it is its equations.</summary>
    public bool IsInside => Array.Exists(inputs, static x => x.IsSymbolic || x.IsLive);

    /// <summary>The results as tensors that are not computed.</summary>
    public Tensor[] Inline() => Trace.System.Inline([.. inputs]);

    /// <summary>Runs; the results from <paramref name="from"/> on, as tensors.</summary>
    public ReadOnlySpan<Tensor> Run(int threads, ReadOnlySpan<Tensor> into = default, int from = 0)
    {
        bool isKnown = true;
        for (int i = 0; i < inputs.Length; i++) isKnown &= (data[first + i] = inputs[i].Cached!) is not null;
        if (!isKnown) Evaluate();
        if (Trace.Program is IReusingExecutable program)
        {
            if (into.Length > 0) Take(into, program);
            program.Run(data, results, threads);
        }
        else Trace.Program.Run(data).CopyTo(results, 0);
        for (int k = from; k < tensors.Length; k++) tensors[k] = Tensor.Evaluated(results[k]!, Trace.System.Results[k].IsWeak);
        return tensors.AsSpan(from);
    }

    public void Clear()
    {
        Leaves.Clear();
        data.AsSpan(0, first + inputs.Length).Clear();
        results.AsSpan().Clear();
        tensors.AsSpan().Clear();
    }

    void Evaluate()
    {
        Evaluation.Evaluate(inputs);
        for (int i = 0; i < inputs.Length; i++) data[first + i] = inputs[i].Data;
    }

    // memory that an argument or another result has as well stays where it is
    void Take(ReadOnlySpan<Tensor> into, IReusingExecutable program)
    {
        if (into.Length != results.Length) throw new ArgumentException($"into: the function has {results.Length} results; memory was given for {into.Length}.");
        for (int k = 0; k < into.Length; k++)
            if (Trace.System.Results[k] is var z && (into[k].Shape != z.Shape || into[k].DType != z.DType))
                throw new ArgumentException($"into: result {k} is {z.DType.Text}{z.Shape}; what was given for it is {into[k].DType.Text}{into[k].Shape}. Give the results of an earlier call.");
        for (int k = 0; k < into.Length; k++)
        {
            var given = into[k].Data;
            bool isFree = program.IsComputed(k);
            foreach (var x in data) isFree &= !given.Overlaps(x);
            foreach (var x in results) isFree &= x is null || !given.Overlaps(x);
            if (isFree) results[k] = given;
        }
        for (int k = 0; k < into.Length; k++) results[k] = results[k]?.Give();
    }
}
