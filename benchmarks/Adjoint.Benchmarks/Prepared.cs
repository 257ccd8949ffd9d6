namespace Adjoint.Benchmarks;

/// <summary>A program with its arguments and the memory of its results: a run allocates nothing.</summary>
sealed class Prepared
{
    readonly IReusingExecutable program;
    readonly TensorData[] arguments;
    readonly TensorData?[] results;

    public Prepared(Func<Tensor[], Tensor[]> f, params Tensor[] arguments)
    {
        System = Trace(f, arguments);
        program = (IReusingExecutable)new Engine { Threads = 1 }.Prepare(System);
        this.arguments = Array.ConvertAll(arguments, x => x.Data);
        results = program.Run(this.arguments);
        // until its kernels are compiled
        for (int i = 0; i < 50; i++) Run();
    }

    /// <summary>The program.</summary>
    public EquationSystem System { get; }

    /// <summary>The program of a function.</summary>
    public static EquationSystem Trace(Func<Tensor[], Tensor[]> f, params Tensor[] like)
    {
        Tensor[] inputs = Array.ConvertAll(like, x => Input.Like(x));
        return EquationSystem.Close(inputs, f(inputs), out _);
    }

    /// <summary>Float32 numbers from −1 to 1.</summary>
    public static Tensor Draw(params int[] shape)
    {
        var random = new Random(1);
        return Tensor.From<float>(Shape.Of(shape), [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => 2 * random.NextSingle() - 1)]);
    }

    public object Run()
    {
        program.Run(arguments, results);
        return results[0]!;
    }
}
