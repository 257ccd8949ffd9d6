using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

public sealed class LawTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, Sample> samples = Samples.All.ToDictionary(s => s.Name);
    static readonly Dictionary<string, FailingSample> failing = Samples.Failing.ToDictionary(s => s.Name);

    public static TheoryData<string> Names => [.. samples.Keys];
    public static TheoryData<string> FailingNames => [.. failing.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_law_holds_to_second_order(string name) => Laws.CheckAll(samples[name]);

    [Theory, MemberData(nameof(FailingNames))]
    public void Mistakes_are_explained(string name)
    {
        if (failing[name].Check() is { } wrong) Assert.Fail(wrong);
    }

    [Fact]
    public void The_laws_are_checked_thousands_of_times()
    {
        int checks = 0, failures = 0;
        foreach (var sample in samples.Values)
        {
            try { checks += Laws.CheckAll(sample); }
            catch (LawException) { failures++; }
        }
        string line = $"{checks} checks of laws on {samples.Count} samples ({ScalarSamples.Functions.Count} scalar functions), {failures} samples fail";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.True(checks > 2000, line);
    }

    [Fact]
    public void Every_operation_and_scalar_function_has_a_row()
    {
        var seen = new Coverage();
        foreach (var sample in samples.Values) seen.Add(sample);
        string[] missing =
        [
            .. Coverage.AllOperations.Except(seen.Operations).Select(t => "operation " + t.Name),
            .. ScalarSamples.Functions.Except(seen.Functions).Select(f => "scalar function " + f.Name),
        ];
        Assert.True(missing.Length == 0, "No sample has " + string.Join(", ", missing) + ". Add a row to tests/Adjoint.Laws/Tables.");
    }
}
