using BenchmarkDotNet.Attributes;

namespace Adjoint.Benchmarks;

/// <summary>What networks are made of, float32, on one thread, and the cost of a call.</summary>
public class Kernels
{
    readonly Prepared softmax = new(x => [x[0].Softmax()], Prepared.Draw(256, 512)),
        layerNorm = new(x => [x[0].LayerNorm()], Prepared.Draw(256, 512)),
        gather = new(x => [x[0].Take(x[1])], Prepared.Draw(1000, 128), Indices()),
        scatter = new(x => [x[0].AddAt(x[1], x[2])], Prepared.Draw(1000, 128), Indices(), Prepared.Draw(512, 128)),
        adam = new(x =>
        {
            var first = 0.9f * x[1] + 0.1f * x[3];
            var second = 0.999f * x[2] + 0.001f * x[3].Square();
            return [x[0] - 0.001f * first / (second.Sqrt() + 1e-8f), first, second];
        }, Prepared.Draw(256, 512), Prepared.Draw(256, 512), new(Prepared.Draw(256, 512).Square().Data), Prepared.Draw(256, 512)),
        call = new(x => [x[0] * x[1]], Prepared.Draw(), Prepared.Draw());

    readonly Compiled<Tensor, Tensor> compiled = Compilation.Compile(x => x * x);
    readonly Tensor number = Prepared.Draw();

    [Benchmark(Description = "softmax of 256 rows of 512")]
    public object Softmax() => softmax.Run();

    [Benchmark(Description = "layer norm of 256 rows of 512")]
    public object LayerNorm() => layerNorm.Run();

    [Benchmark(Description = "gather 512 rows of 128")]
    public object Gather() => gather.Run();

    [Benchmark(Description = "scatter-add 512 rows of 128")]
    public object Scatter() => scatter.Run();

    [Benchmark(Description = "Adam's update of 131072 numbers")]
    public object Adam() => adam.Run();

    [Benchmark(Description = "a program of one number, into its old result")]
    public object Call() => call.Run();

    [Benchmark(Description = "Compile(x => x * x) of one number")]
    public object Compiled() => compiled.Invoke(number);

    static Tensor Indices()
    {
        var random = new Random(2);
        return Tensor.From<int>([512], [.. Enumerable.Range(0, 512).Select(_ => random.Next(1000))]);
    }
}
