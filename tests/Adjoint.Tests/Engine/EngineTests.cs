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
}
