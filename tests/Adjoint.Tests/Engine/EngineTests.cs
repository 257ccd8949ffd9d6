using Adjoint.Testing;
using CsCheck;
using Xunit;

namespace Adjoint.Tests;

public sealed class EngineTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, Sample> samples = Samples.All.ToDictionary(s => s.Name);

    public static TheoryData<string> Names => [.. samples.Keys];

    static int Programs => int.TryParse(Environment.GetEnvironmentVariable("ADJOINT_FUZZ"), out int n) ? n : 100;

    [Theory, MemberData(nameof(Names))]
    public void The_engine_equals_the_reference_to_second_order(string name)
    {
        foreach (var subject in Orders.Of(samples[name])) EngineCheck.Check(subject, derivatives: false);
    }

    [Fact]
    public void The_engine_equals_the_reference_on_random_programs()
    {
        long checks = 0;
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[10, 24], Gen.Bool, (seed, size, smooth) => new RandomProgram(seed, size, smooth)).Sample(program =>
        {
            var f = new Subject(program.ToString(), program.Build, program.Inputs()) { SingleTolerance = 1e-3 };
            Interlocked.Add(ref checks, EngineCheck.Check(f));
        }, iter: Programs, threads: 2);
        output.WriteLine($"{Programs} random programs and their derivatives, {checks} tensors compared");
    }

    [Fact]
    public void The_engine_equals_the_reference_at_awkward_sizes()
    {
        long checks = 0;
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[5, 16], EngineShapes.Program).Sample(f =>
            Interlocked.Add(ref checks, EngineCheck.Check(f)),
            iter: Programs, threads: 2);
        output.WriteLine($"{Programs} random programs and their derivatives, {checks} tensors compared");
    }

    [Fact]
    public void Conversions_saturate_as_in_the_reference()
    {
        double[] values = [0, -0.0, 0.5, -0.5, 1.5, -1.9, 2147483520, 2147483647, 2147483648, -2147483648, -2147483904, 1e10, -1e10, 1e30, -1e30,
            9223372036854774784, 9.3e18, -9.3e18, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var x = Tensor.Of(values);
        EngineCheck.Check(new Subject("to integers", v => [v[0].To(DType.Int32), v[0].To(DType.Int64), v[0].To(DType.Float32).To(DType.Int32)], [x]), derivatives: false);
        var integers = Tensor.Of([0L, 1, -1, long.MaxValue, long.MinValue, (1L << 53) + 1, (1L << 24) + 1, int.MaxValue, 1L << 62]);
        EngineCheck.Check(new Subject("to numbers", v => [v[0].To(DType.Float64), v[0].To(DType.Float32), v[0].To(DType.Int32).To(DType.Float32)], [integers]), derivatives: false);
    }

    /// <summary>Kernels start in blocks and are compiled while several threads run them: no result differs in any bit.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void A_program_gives_the_same_bits_to_many_threads_while_it_is_compiled(int seed)
    {
        var f = EngineShapes.Program(seed, 12);
        var (system, captured) = f.Trace();
        TensorData[] x = [.. f.Inputs.Concat(captured).Select(t => t.Data)];
        double[][] expected = [.. new Engine { Threads = 1, Emission = Emission.Always }.Prepare(system).Run(x).Select(z => z.ToDoubles())];
        int wrong = 0;
        for (int round = 0; round < 4; round++)
        {
            var program = new Engine { Threads = 2 }.Prepare(system);
            Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            {
                var z = (i % 20 == 0 ? new Engine { Threads = 2, Emission = Emission.Never }.Prepare(system) : program).Run(x);
                if (!z.Zip(expected).All(p => Numbers.SameBits(p.First.ToDoubles(), p.Second))) Interlocked.Increment(ref wrong);
            });
        }
        Assert.Equal(0, wrong);
    }
}
