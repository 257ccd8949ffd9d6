using System.Diagnostics;
using System.Text;

namespace Adjoint;

/// <summary>One step of a compiled program.</summary>
abstract unsafe class Step
{
    static int count;

    public abstract void Run(Frame frame);

    /// <summary>The slots that it reads.</summary>
    public abstract IEnumerable<Slot> Reads { get; }

    /// <summary>The slots that it writes.</summary>
    public abstract IEnumerable<Slot> Writes { get; }

    /// <summary>Whether it fails for some values of what it reads.</summary>
    public abstract bool CanFail { get; }

    /// <summary>What it does, for the report.</summary>
    public abstract string Describe();

    /// <summary>A number that no other step has.</summary>
    public int Id { get; } = Interlocked.Increment(ref count);

    /// <summary>kernel, product, fallback, and so on.</summary>
    public string Kind => field ??= Describe().Split(' ', ':')[0];

    /// <summary>What it computes, in a line.</summary>
    public abstract string Title { get; }

    /// <summary>The bytes that it reads and writes, each once.</summary>
    public abstract long Traffic { get; }

    protected static long SizeOf(IEnumerable<Slot> slots) => slots.Distinct().Sum(slot => Math.Max(slot.Size, 0) * slot.ElementSize);

    /// <summary>The additions and multiplications, or operations on elements; 0 where nobody counts them.</summary>
    public long Operations { get; protected init; }
}

/// <summary>A kernel met an index that is not in its axis; it read and wrote elsewhere only what is its own.</summary>
sealed class IndexFault(IEnumerable<Statement> statements) : ArgumentOutOfRangeException(null, string.Join(", or ", statements.Where(s => s.Code == Code.Locate)
    .Select(s => $"{s.Equation!.Operation.Name}: an index is not in an axis of length {s.AxisLength}. Indices go from {-s.AxisLength} to {s.AxisLength - 1}.").Distinct()));

/// <summary>Evaluates an equation as its operation defines it.</summary>
sealed class FallbackStep(Fallback fallback) : Step
{
    public Fallback Fallback => fallback;
    public override string Title => $"{fallback.Equation!}";
    public override long Traffic => SizeOf(fallback.Reads.Concat(fallback.Writes));
    public override IEnumerable<Slot> Reads => fallback.Reads;
    public override IEnumerable<Slot> Writes => fallback.Writes;
    public override bool CanFail => true;

    public override void Run(Frame frame)
    {
        EngineMeter.Fallbacks.Add(1);
        var equation = fallback.Equation!;
        var x = new TensorData[fallback.Inputs.Length];
        for (int i = 0; i < x.Length; i++) x[i] = frame.Read(fallback.Inputs[i], equation.Inputs[i].Shape);
        var z = Interpreter.Step(equation, x);
        for (int k = 0; k < z.Length; k++) frame.Write(fallback.Results[k], z[k]);
    }

    public override string Describe() => $"fallback: {fallback.Equation!}\n";
}

/// <summary>A program that was compiled.</summary>
sealed class Compiled(EquationSystem system, Works works, Plan plan, Step[] steps, int threads) : IReusingExecutable
{
    /// <summary>The steps are timed, for the report, in every run with such a number, and in runs 1, 2, 4, 8, …</summary>
    const int Sample = 64;

    readonly double[] times = new double[steps.Length];
    IExecutable? reference;
    int runs;
    Frame? spare;

    public EquationSystem System => system;
    IExecutable Reference => reference ??= Interpreter.Shared.Prepare(system);
    public Works Works => works;
    public Plan Plan => plan;
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>The kernels, with those that follow products.</summary>
    public IEnumerable<KernelStep> Kernels => steps.Select(s => s is ProductStep product ? product.Follower : s as KernelStep).OfType<KernelStep>();

    public bool IsComputed(int result) => works.Results[result].Residence == Residence.Result;
    public bool MayReplace(int result, int input) => Replacement.IsSafe(works, steps, works.Input(input), works.Results[result]);

    public TensorData[] Run(ReadOnlySpan<TensorData> inputs)
    {
        var results = new TensorData?[works.Results.Length];
        Run(inputs, results);
        return results!;
    }

    public void Run(ReadOnlySpan<TensorData> inputs, Span<TensorData?> results, int limit = 0)
    {
        for (int k = 0; k < results.Length; k++)
            if (results[k] is { } given && (given.Shape != system.Results[k].Shape || given.Type != system.Results[k].DType))
                throw new ArgumentException($"result {k} is {system.Results[k].DType.Text}{system.Results[k].Shape}; the data for it is {given.Type.Text}{given.Shape}.");
        if (FiniteCheck.Current is not null) { Check(inputs, results); return; }
        EngineMeter.Runs.Add(1);
        var frame = Rent(limit == 0 || threads == 0 ? limit + threads : Math.Min(limit, threads));
        try { frame.Run(this, inputs, results); }
        catch (IndexFault)
        {
            // the reference says which index it was, and where
            Reference.Run(inputs);
            throw;
        }
        finally { Return(frame); }
    }

    // equation by equation; what the reference passes on is copied where the engine would have computed it
    void Check(ReadOnlySpan<TensorData> inputs, Span<TensorData?> results)
    {
        var data = Reference.Run(inputs);
        for (int k = 0; k < results.Length; k++) results[k] = IsComputed(k) ? data[k].Copy() : data[k];
    }

    /// <summary>A frame that nobody else uses.</summary>
    public Frame Rent(int threads)
    {
        var frame = Interlocked.Exchange(ref spare, null) ?? new Frame(system, works, plan);
        frame.Threads = threads;
        return frame;
    }

    public void Return(Frame frame)
    {
        frame.Close();
        spare = frame;
    }

    /// <summary>Runs over memory that a frame knows, as a part of a greater program.</summary>
    public void Run(Frame frame)
    {
        if ((++runs & (runs - 1)) == 0 || runs % Sample == 0 || EngineMeter.WatchesSteps) { Time(frame); return; }
        for (frame.Step = 0; frame.Step < steps.Length; frame.Step++) steps[frame.Step].Run(frame);
    }

    // the time of each step in nanoseconds: falls at once and rises slowly, for what disturbs a run is no part of it
    void Time(Frame frame)
    {
        long start = Stopwatch.GetTimestamp();
        for (frame.Step = 0; frame.Step < steps.Length; frame.Step++)
        {
            steps[frame.Step].Run(frame);
            long end = Stopwatch.GetTimestamp();
            double time = Stopwatch.GetElapsedTime(start, end).TotalNanoseconds;
            ref double known = ref times[frame.Step];
            known = known == 0 || time < known ? time : known + 0.05 * (time - known);
            EngineMeter.Ran(steps[frame.Step], time);
            start = end;
        }
    }

    /// <summary>Whether it fails for some values.</summary>
    public bool CanFail => Array.Exists(steps, s => s.CanFail);

    /// <summary>The operations that run through their reference, in bodies too.</summary>
    public IEnumerable<Operation> Fallbacks => steps.SelectMany(s => s switch
    {
        FallbackStep step => [step.Fallback.Equation!.Operation],
        LoopStep loop => loop.Bodies.SelectMany(b => b.Fallbacks),
        _ => Enumerable.Empty<Operation>(),
    });

    public string Explain()
    {
        var text = new StringBuilder();
        int kernels = Kernels.Count(), products = steps.Count(s => s is ProductStep), fallbacks = steps.Count(s => s is FallbackStep);
        text.Append($"{system.Equations.Length} equations, {kernels} kernels, {products} products, {fallbacks} fallbacks, arena {plan.ArenaSize} bytes ({plan.TotalSize} without reuse)\n");
        double all = times.Sum();
        if (all > 0) text.Append($"{all / 1000:0.00} us in all, of the runs that were timed\n");
        for (int i = 0; i < steps.Length; i++)
        {
            text.Append($"[{i}] ");
            if (all > 0) text.Append($"{times[i] / 1000:0.00} us, {100 * times[i] / all:0}%{(steps[i].Operations > 0 ? $", {steps[i].Operations / times[i]:0.0} operations/ns" : "")}: ");
            text.Append(steps[i].Describe());
        }
        return text.ToString();
    }
}
