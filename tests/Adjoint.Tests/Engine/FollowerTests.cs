using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Kernels that run on the rows of a product while it is computed.</summary>
public sealed class FollowerTests
{
    static Tensor Random(int seed, params int[] shape) => Functions.Evaluate(Key.Of(seed).Normal(Shape.Of(shape)));

    static readonly Dictionary<string, (Func<Tensor[], Tensor[]> F, Tensor[] X)> programs = new()
    {
        ["bias and activation"] = (x => [(x[0].MatMul(x[1]) + x[2]).Gelu()], [Random(1, 301, 70), Random(2, 70, 130), Random(3, 130)]),
        ["softmax of rows"] = (x => [x[0].MatMul(x[1]).Softmax(-1)], [Random(1, 500, 400), Random(2, 400, 200)]),
        ["odd columns in one loop"] = (x => [x[0].MatMul(x[1]).Tanh()], [Random(1, 1001, 40), Random(2, 40, 35)]),
        ["an update"] = (x => [x[0] - 0.1f * x[1].T.MatMul(x[2])], [Random(1, 784, 128), Random(2, 96, 784), Random(3, 96, 128)]),
        ["a batch"] = (x => [x[0].MatMul(x[1]).Exp() * x[2]], [Random(1, 6, 64, 32), Random(2, 6, 32, 80), Random(3, 80)]),
        ["product, kernel, product, kernel"] = (x => [(x[0].MatMul(x[1]).Relu().MatMul(x[2]) + x[0]).Sigmoid()], [Random(1, 400, 64), Random(2, 64, 256), Random(3, 256, 64)]),
    };

    public static TheoryData<string> Names => [.. programs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void They_compute_what_they_would_compute_afterwards(string name)
    {
        var (f, x) = programs[name];
        var system = Programs.Trace(f, x);
        TensorData[] data = [.. x.Select(v => v.Data)];
        var compiled = (Compiled)new Engine { Threads = 1, Emission = Emission.Always }.Prepare(system);
        Assert.All(compiled.Steps, s => Assert.NotNull(Assert.IsType<ProductStep>(s).Follower));
        float[] first = compiled.Run(data)[0].Span<float>().ToArray(), expected = Interpreter.Shared.Prepare(system).Run(data)[0].Span<float>().ToArray();
        for (int i = 0; i < first.Length; i++) Assert.Equal(expected[i], first[i], 1e-4f * Math.Max(1, Math.Abs(expected[i])));
        foreach (var other in (Engine[])[new() { Threads = 2, Emission = Emission.Always }, new() { Threads = 2, Emission = Emission.Never }, new() { Threads = 1, Emission = Emission.Never }])
            Assert.Equal(first, other.Prepare(system).Run(data)[0].Span<float>().ToArray());
    }

    [Fact]
    public void A_kernel_that_needs_all_rows_waits_for_them()
    {
        var compiled = (Compiled)new Engine().Prepare(Programs.Trace(x => [x[0].MatMul(x[1]).Sum(0)], Random(1, 200, 64), Random(2, 64, 64)));
        Assert.Null(Assert.IsType<ProductStep>(compiled.Steps[0]).Follower);
    }
}
