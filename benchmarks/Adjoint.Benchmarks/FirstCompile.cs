using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Adjoint.Benchmarks;

/// <summary>
/// From a function to the first result of its gradient, a network 64-64-10 on 32 rows: tracing, differentiation, all passes of the engine, and a run. Cold:
/// each in a process that did nothing before, so the just-in-time compiler's time is in it.
/// </summary>
[SimpleJob(RunStrategy.ColdStart, launchCount: 5, warmupCount: 0, iterationCount: 1, id: "cold"), SimpleJob(id: "warm")]
public class FirstCompile
{
    readonly Tensor[] arguments = [Prepared.Draw(64, 64), Prepared.Draw(64), Prepared.Draw(64, 10), Prepared.Draw(10), Prepared.Draw(32, 64), Prepared.Draw(32, 10)];
    readonly TensorData[] data;

    public FirstCompile() => data = Array.ConvertAll(arguments, x => x.Data);

    [Benchmark]
    public object Gradient() => new Engine { Threads = 1 }.Prepare(Prepared.Trace(x =>
    {
        var (results, slopes) = Differentiation.Gradient("step", p => [((p[4].MatMul(p[0]) + p[1]).Relu().MatMul(p[2]) + p[3] - p[5]).Square().Mean()], x);
        return [results[0], .. x.Zip(slopes, (p, g) => p - 0.1f * g)];
    }, arguments)).Run(data);
}
