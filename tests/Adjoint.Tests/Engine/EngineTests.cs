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
    public void The_engine_equals_the_reference_on_random_programs() => Check(
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[10, 24], Gen.Bool, (seed, size, smooth) => new RandomProgram(seed, size, smooth)),
        program => new Subject(program.ToString(), program.Build, program.Inputs()) { SingleTolerance = 1e-3 }, every: 6);

    [Fact]
    public void The_engine_equals_the_reference_at_awkward_sizes() => Check(Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[8, 16]), p => EngineShapes.Program(p.Item1, p.Item2), every: 3);

    // each is six programs, with its derivatives and in float32; some of them are also run on two threads and compiled: compiling takes most of the time
    void Check<T>(Gen<T> programs, Func<T, Subject> subject, int every)
    {
        long checks = 0;
        programs.Sample(program =>
        {
            var f = subject(program);
            int which = f.Random("repeated").Next(every);
            Interlocked.Add(ref checks, EngineCheck.Check(f, repeated: i => i % every == which));
        }, iter: Programs, threads: 2);
        output.WriteLine($"{Programs} random programs and their derivatives, {checks} tensors compared, {EngineCheck.Unsettled} not settled by the reference");
        Assert.True(EngineCheck.Unsettled <= checks / 1000, $"{EngineCheck.Unsettled} of {checks}");
    }

    /// <summary>The random programs are what the comparison needs: every operation, loops in loops, sizes around those of registers and tiles, and so on.</summary>
    [Fact]
    public void Random_programs_have_what_engines_get_wrong()
    {
        var (census, small) = (new EngineCensus(), new EngineCensus());
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            census.Add(EngineShapes.Program(seed, 12));
            if (seed >= 60) return;
            var program = new RandomProgram(seed, 24, IsSmooth: false);
            small.Add(new Subject("", program.Build, program.Inputs()));
        });
        foreach (var (feature, programs) in census.Programs) output.WriteLine($"{feature}: {programs}");
        output.WriteLine(string.Join(", ", census.Lengths.Select(l => $"{l.Key}: {l.Value}")));
        Assert.True(census.Fewest >= 10 && small.Fewest >= 10, $"a program has only {census.Fewest}, another only {small.Fewest} equations");
        Assert.Empty(Coverage.AllOperations.Except(census.Coverage.Operations).Except(small.Coverage.Operations).Select(t => t.Name));
        foreach (string feature in (string[])["an axis of length 0", "a stride", "a transposition", "a broadcast", "the same tensor given twice", "Scan", "While", "Cond", "Call"])
            Assert.True(census.Programs.GetValueOrDefault(feature) >= 40, $"only {census.Programs.GetValueOrDefault(feature)} of 400 programs have {feature}");
        foreach (string feature in (string[])["While in Scan", "Call in While", "Cond in While", "Scan in Cond"])
            Assert.True(census.Programs.GetValueOrDefault(feature) >= 5, $"only {census.Programs.GetValueOrDefault(feature)} of 400 programs have {feature}");
        foreach (int length in (int[])[1, 15, 16, 17, 31, 33, 64, 65])
            Assert.True(census.Lengths.GetValueOrDefault(length) >= 20, $"only {census.Lengths.GetValueOrDefault(length)} of 400 programs have an axis of length {length}");
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
