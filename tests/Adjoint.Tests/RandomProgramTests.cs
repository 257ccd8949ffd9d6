using Adjoint.Testing;
using CsCheck;
using Xunit;

namespace Adjoint.Tests;

public sealed class RandomProgramTests(ITestOutputHelper output)
{
    /// <summary>The number of programs: the environment variable ADJOINT_FUZZ, or 150.</summary>
    static int Programs => int.TryParse(Environment.GetEnvironmentVariable("ADJOINT_FUZZ"), out int n) ? n : 150;

    [Fact]
    public void Random_programs_obey_the_laws()
    {
        var coverage = new Coverage();
        var steps = new HashSet<string>();
        long checks = 0;
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[10, 24], Gen.Bool, (seed, size, smooth) => new RandomProgram(seed, size, smooth)).Sample(program =>
        {
            Interlocked.Add(ref checks, RandomPrograms.Check(program, coverage));
            lock (steps) steps.UnionWith(program.Steps());
        }, iter: Programs, threads: 2);
        output.WriteLine($"{Programs} random programs, {checks} checks, {coverage.Operations.Count} kinds of operations, {coverage.Functions.Count} scalar functions");
        Assert.Empty(RandomSteps.All.Select(s => s.Name).Except(steps));
    }

    [Fact]
    public void Together_they_have_every_operation()
    {
        var coverage = new Coverage();
        for (int seed = 0; seed < 40; seed++)
        {
            var program = new RandomProgram(seed, 24, IsSmooth: false);
            coverage.Add(new Subject("", program.Build, program.Inputs()).Trace().System);
        }
        Assert.Empty(Coverage.AllOperations.Except(coverage.Operations).Select(t => t.Name).Order());
        foreach (var step in RandomSteps.All)
        {
            var own = new Coverage();
            var inputs = new RandomProgram(1, 10, true).Inputs();
            var pool = new RandomPool(new Random(1), [.. inputs.Select(x => Input.Like(x))]);
            if (step.Build(pool) is { } made) own.Add(EquationSystem.Close([.. pool.Reals], [made], out _));
            Assert.Empty(own.Operations.Except(coverage.Operations));
        }
    }
}
