using Adjoint.Golden;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>The reference cases of operations and of training, and the runner that reads them.</summary>
public sealed class ReferenceTests
{
    static readonly Dictionary<string, GoldenCase> cases = Cases.Read(Cases.Own).ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Values_and_derivatives_are_those_of_the_reference(string name)
    {
        var failures = cases[name].Failures();
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [InlineData("ops.json", "[{\"op\": \"exp\"", "ops.json, line 1, position 14: is not JSON. Expected a list of cases.")]
    [InlineData("ops.json", "{}", "ops.json: holds an object. Expected a list of cases.")]
    [InlineData("ops.json", "[3]", "ops.json, case 0: is a number. Expected an object.")]
    [InlineData("ops.json", "[{\"op\": \"exp\", \"attrs\": {}}]", "ops.json, case 0: field 'inputs' is missing.")]
    [InlineData("ops.json", "[{\"op\": \"exp\", \"attrs\": {}, \"inputs\": [{\"shape\": [2], \"dtype\": \"float64\", \"data\": [1]}]}]", "ops.json, case 0: 'inputs[0]' has 1 numbers; shape [2] needs 2.")]
    [InlineData("ops.json", "[{\"op\": \"exp\", \"attrs\": {}, \"inputs\": [{\"shape\": [], \"dtype\": \"int8\", \"data\": [1]}]}]", "ops.json, case 0: 'inputs[0]' has the dtype 'int8'; expected float64, int64 or bool.")]
    [InlineData("trajectories.json", "[{\"optimizer\": \"sgd\", \"attrs\": {}, \"network\": \"other\"}]",
        "trajectories.json, case 0: the network is 'other'; only 'tanh(X W1^T + b1) W2^T + b2, mean cross-entropy, full batch' is known.")]
    public void Files_that_cannot_be_read_are_explained(string file, string text, string message)
    {
        string folder = Directory.CreateTempSubdirectory("golden").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, file), text);
            Assert.Equal(Path.Combine(folder, message), Assert.Throws<CaseException>(() => Cases.Read(folder)).Message);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void Missing_folders_and_files_are_explained()
    {
        string folder = Directory.CreateTempSubdirectory("golden").FullName;
        Assert.Equal($"{folder}: holds neither ops.json nor trajectories.json.", Assert.Throws<CaseException>(() => Cases.Read(folder)).Message);
        Directory.Delete(folder);
        Assert.Equal($"{folder}: there is no such folder. Expected one with ops.json or trajectories.json.", Assert.Throws<CaseException>(() => Cases.Read(folder)).Message);
    }

    [Fact]
    public void A_case_can_fail()
    {
        string[] Failures(string op, string number) => [.. One($$"""
            [{"op": "{{op}}", "attrs": {}, "tolerance": 1e-9, "inputs": [{"shape": [], "dtype": "float64", "data": [0.5]}], "outputs": [{"shape": [], "dtype": "float64", "data": [0.25]}],
              "cotangents": [{"shape": [], "dtype": "float64", "data": [1]}], "vjp": [{"shape": [], "dtype": "float64", "data": [{{number}}]}],
              "direction": [{"shape": [], "dtype": "float64", "data": [1]}], "second": [{"shape": [], "dtype": "float64", "data": [2]}]}]
            """).Failures()];
        Assert.Empty(Failures("square", "1"));
        Assert.Equal(4, Failures("square", "1.5").Length);
        Assert.Equal("float64, reference: vjp of input 0 is off by 3.3e-1, more than 1.0e-9\n  expected [1.5]\n  actual   [1]", Failures("square", "1.5")[0]);
        Assert.Equal(["the operation 'quare' is not known."], Failures("quare", "1"));
        Assert.Equal(12, Failures("exp", "1").Length);
    }

    static GoldenCase One(string text)
    {
        string folder = Directory.CreateTempSubdirectory("golden").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "ops.json"), text);
            return Cases.Read(folder)[0];
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
