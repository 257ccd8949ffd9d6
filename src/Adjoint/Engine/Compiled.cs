using System.Diagnostics;
using System.Text;

namespace Adjoint;

/// <summary>One step of a compiled program.</summary>
abstract unsafe class Step
{
    public abstract void Run(Frame frame);

    /// <summary>What it does, for the report.</summary>
    public abstract string Describe();

    /// <summary>The additions and multiplications, or operations on elements; 0 where nobody counts them.</summary>
    public long Operations { get; protected init; }
}

/// <summary>Evaluates an equation as its operation defines it.</summary>
sealed class FallbackStep(Fallback fallback) : Step
{
    public Fallback Fallback => fallback;

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

    readonly IExecutable reference = Interpreter.Shared.Prepare(system);
    readonly double[] times = new double[steps.Length];
    int runs;
    Frame? spare;

    public Works Works => works;
    public Plan Plan => plan;
    public IReadOnlyList<Step> Steps => steps;
    public int Threads => threads;

    public TensorData[] Run(ReadOnlySpan<TensorData> inputs) => Run(inputs, default);

    public TensorData[] Run(ReadOnlySpan<TensorData> inputs, ReadOnlySpan<TensorData?> into)
    {
        for (int k = 0; k < into.Length; k++)
            if (into[k] is { } given && (given.Shape != system.Results[k].Shape || given.Type != system.Results[k].DType))
                throw new ArgumentException($"result {k} is {system.Results[k].DType.Text}{system.Results[k].Shape}; the data for it is {given.Type.Text}{given.Shape}.");
        if (FiniteCheck.Current is not null) return reference.Run(inputs);
        EngineMeter.Runs.Add(1);
        var frame = Rent();
        try
        {
            frame.Open(inputs, into);
            Run(frame);
            return frame.Results(system);
        }
        finally { Return(frame); }
    }

    /// <summary>A frame that nobody else uses.</summary>
    public Frame Rent() => Interlocked.Exchange(ref spare, null) ?? new Frame(works, plan, threads);

    public void Return(Frame frame)
    {
        frame.Close();
        spare = frame;
    }

    /// <summary>Runs over memory at addresses, as a part of a greater program. No result overlaps an input.</summary>
    public void RunAt(Frame frame, nint[] inputs, nint[] results)
    {
        frame.Bind(inputs, results);
        Run(frame);
        frame.PassOn(results);
    }

    void Run(Frame frame)
    {
        if ((++runs & (runs - 1)) == 0 || runs % Sample == 0) { Time(frame); return; }
        foreach (var step in steps) step.Run(frame);
    }

    // the time of each step in nanoseconds: falls at once and rises slowly, for what disturbs a run is no part of it
    void Time(Frame frame)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i].Run(frame);
            long end = Stopwatch.GetTimestamp();
            double time = Stopwatch.GetElapsedTime(start, end).TotalNanoseconds;
            times[i] = times[i] == 0 || time < times[i] ? time : times[i] + 0.05 * (time - times[i]);
            start = end;
        }
    }

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
        int kernels = steps.Count(s => s is KernelStep or ProductStep { Follower: not null }), products = steps.Count(s => s is ProductStep), fallbacks = steps.Count(s => s is FallbackStep);
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
