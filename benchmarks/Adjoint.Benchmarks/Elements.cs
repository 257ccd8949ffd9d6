using BenchmarkDotNet.Attributes;

namespace Adjoint.Benchmarks;

/// <summary>Scalar functions in a kernel of their own, float32, on one thread: time for each element of a vector that stays in the cache.</summary>
public class Elements
{
    const int Count = 1 << 14;

    Prepared program = null!;

    [Params("add", "multiply", "exp", "log", "sin", "tanh", "sigmoid", "erf", "gelu", "pow")]
    public string Function { get; set; } = "add";

    [GlobalSetup]
    public void Prepare() => program = new(x => [Function switch
    {
        "add" => x[0] + x[1],
        "multiply" => x[0] * x[1],
        "exp" => x[0].Exp(),
        "log" => x[1].Log(),
        "sin" => x[0].Sin(),
        "tanh" => x[0].Tanh(),
        "sigmoid" => x[0].Sigmoid(),
        "erf" => x[0].Erf(),
        "gelu" => x[0].Gelu(),
        _ => x[1].Pow(x[0]),
    }], Prepared.Draw(Count), new(Prepared.Draw(Count).Abs().Data));

    [Benchmark(OperationsPerInvoke = Count)]
    public object Run() => program.Run();
}
