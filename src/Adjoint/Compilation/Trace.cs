namespace Adjoint;

/// <summary>A program that was traced for arguments of one form, with what the function captured and the numbers that became inputs.</summary>
abstract class Trace(TreeForm form, EquationSystem system, Tensor[] captured, IExecutable program, TensorData[] numbers)
{
    TracedCall? spare;

    public TreeForm Form => form;
    public EquationSystem System => system;
    public Tensor[] Captured => captured;
    public IExecutable Program => program;
    public TensorData[] Numbers => numbers;

    /// <summary>A call that nobody else uses.</summary>
    public TracedCall Rent() => Interlocked.Exchange(ref spare, null) ?? new(this);

    public void Return(TracedCall call)
    {
        call.Clear();
        spare = call;
    }
}

/// <summary>A trace with the structure of its results.</summary>
sealed class Trace<TResult>(TreeForm form, EquationSystem system, Tensor[] captured, IExecutable program, TensorData[] numbers, TResult result)
    : Trace(form, system, captured, program, numbers)
{
    public TResult Result => result;
}

/// <summary>The arguments and results of a call, in arrays that are used again from call to call.</summary>
sealed class TracedCall
{
    readonly Trace trace;
    readonly int arguments;
    readonly Tensor[] inputs, tensors;
    readonly TensorData[] data;
    readonly TensorData?[] results;

    public TracedCall(Trace trace)
    {
        this.trace = trace;
        arguments = trace.Form.LeafCount;
        inputs = [.. new Tensor[arguments], .. trace.Captured];
        data = [.. new TensorData[inputs.Length], .. trace.Numbers];
        results = new TensorData?[trace.System.Results.Length];
        tensors = new Tensor[results.Length];
    }

    /// <summary>The leaves of the arguments.</summary>
    public Span<Tensor> Leaves => inputs.AsSpan(0, arguments);

    /// <summary>The leaves of the results.</summary>
    public ReadOnlySpan<Tensor> Results => tensors;

    /// <summary>Whether the call stands inside a transform: then it is its equations.</summary>
    public bool IsInside => Array.Exists(inputs, static x => x.IsSymbolic || x.IsLive);

    /// <summary>The results as tensors that are not computed.</summary>
    public ReadOnlySpan<Tensor> Inline() => trace.System.Inline([.. inputs]);

    /// <summary>Runs, with the memory of <paramref name="into"/> for the results if it has elements.</summary>
    public void Run(ReadOnlySpan<Tensor> into, int threads)
    {
        bool isKnown = true;
        for (int i = 0; i < inputs.Length; i++) isKnown &= (data[i] = inputs[i].Cached!) is not null;
        if (!isKnown) Evaluate();
        if (trace.Program is IReusingExecutable program)
        {
            if (into.Length > 0) Take(into, program);
            program.Run(data, results, threads);
        }
        else trace.Program.Run(data).CopyTo(results, 0);
        for (int k = 0; k < tensors.Length; k++) tensors[k] = Tensor.Evaluated(results[k]!, trace.System.Results[k].IsWeak);
    }

    public void Clear()
    {
        Leaves.Clear();
        data.AsSpan(0, inputs.Length).Clear();
        results.AsSpan().Clear();
        tensors.AsSpan().Clear();
    }

    void Evaluate()
    {
        Evaluation.Evaluate(inputs);
        for (int i = 0; i < inputs.Length; i++) data[i] = inputs[i].Data;
    }

    // memory that an argument or another result has as well stays where it is
    void Take(ReadOnlySpan<Tensor> into, IReusingExecutable program)
    {
        if (into.Length != results.Length) throw new ArgumentException($"into: the function has {results.Length} results; memory was given for {into.Length}.");
        for (int k = 0; k < into.Length; k++)
            if (trace.System.Results[k] is var z && (into[k].Shape != z.Shape || into[k].DType != z.DType))
                throw new ArgumentException($"into: result {k} is {z.DType.Text}{z.Shape}; what was given for it is {into[k].DType.Text}{into[k].Shape}. Give the results of an earlier call.");
        for (int k = 0; k < into.Length; k++)
        {
            var given = into[k].Data;
            if (program.IsComputed(k) && !Array.Exists(data, x => x.Overlaps(given)) && !Array.Exists(results, x => x?.Overlaps(given) == true)) results[k] = given.Give();
        }
    }
}
