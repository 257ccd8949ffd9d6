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
    public void Results_are_written_over_arguments_in_random_programs()
    {
        for (int seed = 1; seed <= 10; seed++) EngineCheck.Check(EngineShapes.Program(seed, 8));
        Assert.NotEqual(0, ReplacementCheck.Count);
        output.WriteLine($"{ReplacementCheck.Count} results written over arguments");
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
