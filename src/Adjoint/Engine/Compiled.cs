using System.Runtime.CompilerServices;
using System.Text;

namespace Adjoint;

/// <summary>One step of a compiled program.</summary>
abstract unsafe class Step
{
    public abstract void Run(Frame frame);

    /// <summary>What it does, for the report.</summary>
    public abstract string Describe();

    /// <summary>kernel, product, fallback or loop.</summary>
    public abstract string Kind { get; }

    /// <summary>The operations that it computes.</summary>
    public abstract string Title { get; }

    /// <summary>The bytes that it reads and writes, each once.</summary>
    public abstract long Traffic { get; }

    /// <summary>The additions and multiplications, or operations on elements; 0 where nobody counts them.</summary>
    public long Operations { get; protected init; }

    protected static long SizeOf(IEnumerable<Slot> slots) => slots.Distinct().Sum(slot => Math.Max(slot.Size, 0) * slot.ElementSize);
}

/// <summary>Runs a contraction by its plan.</summary>
sealed unsafe class ProductStep : Step
{
    readonly Product product;
    readonly nint left, right;

    public ProductStep(Product product)
    {
        this.product = product;
        (left, right) = ((nint)(product.Left.Offset * product.Left.Slot.ElementSize), (nint)(product.Right.Offset * product.Right.Slot.ElementSize));
        Operations = 2L * product.Plan.BatchCount * product.Plan.RowCount * product.Plan.DepthCount * product.Plan.ColumnCount;
    }

    public Product Product => product;
    public override string Kind => "product";
    public override string Title => product.Equation!.Operation.Name;
    public override long Traffic => SizeOf(product.Reads.Concat(product.Writes));

    public override void Run(Frame frame)
    {
        byte** at = frame.Addresses;
        product.Plan.Run(at[product.Left.Slot.Index] + left, at[product.Right.Slot.Index] + right, at[product.Target.Index], ThreadTeam.Shared, frame.Threads);
    }

    public override string Describe() => $"product: {product.Equation!} as {product.Plan.BatchCount} of {product.Plan.RowCount} x {product.Plan.DepthCount} x {product.Plan.ColumnCount}\n";
}

/// <summary>Evaluates an equation as its operation defines it.</summary>
sealed class FallbackStep(Fallback fallback) : Step
{
    public Fallback Fallback => fallback;
    public override string Kind => "fallback";
    public override string Title => fallback.Equation!.Operation.Name;
    public override long Traffic => SizeOf(fallback.Reads.Concat(fallback.Writes));

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
    static int programs;

    readonly int number = Interlocked.Increment(ref programs);
    readonly IExecutable reference = Interpreter.Shared.Prepare(system);
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
        if (!EngineMeter.WatchesSteps) foreach (var step in steps) step.Run(frame);
        else for (int i = 0; i < steps.Length; i++) EngineMeter.Run(steps[i], frame, number, i);
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
        int kernels = steps.Count(s => s is KernelStep), products = steps.Count(s => s is ProductStep), fallbacks = steps.Count(s => s is FallbackStep);
        text.Append($"{system.Equations.Length} equations, {kernels} kernels, {products} products, {fallbacks} fallbacks, arena {plan.ArenaSize} bytes ({plan.TotalSize} without reuse)\n");
        for (int i = 0; i < steps.Length; i++) text.Append($"[{i}] ").Append(steps[i].Describe());
        return text.ToString();
    }
}
