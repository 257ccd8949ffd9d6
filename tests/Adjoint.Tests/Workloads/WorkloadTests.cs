using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Adjoint.Tests.Workloads;

/// <summary>The tool that measures workloads, run as a process.</summary>
public sealed class WorkloadTests
{
    /// <summary>What is measured is what the peer does: ten losses, or values and gradients, from the same weights.</summary>
    [Theory]
    [InlineData("tiny:32:sgd")]
    [InlineData("tiny:5:adam:3-7-2")]
    [InlineData("mlp:8:sgd")]
    [InlineData("mlp:8:adam:20-30-5")]
    [InlineData("cnn:4:adam")]
    [InlineData("cnn:3:sgd:20-2-3-3-4")]
    [InlineData("lstm:4:adam")]
    [InlineData("gru:4:adam")]
    [InlineData("gru:3:sgd:5-4-6-3")]
    [InlineData("gpt:2:adam:2-2-16-12-9")]
    [InlineData("chain:1000")]
    [InlineData("rosen:100")]
    [InlineData("mm:33x20x17:NN")]
    [InlineData("mm:33x20x17:NT:float64")]
    [InlineData("mm:33x20x17:TN")]
    public void Results_agree_with_the_peer(string workload)
    {
        var (code, output, error) = Run(workload, "--check", "--json", "--threads", "2");
        Assert.True(error.Length == 0 && code is 0 or 1, error);
        var result = JsonDocument.Parse(output).RootElement;
        if (result.GetProperty("peer").ValueKind == JsonValueKind.Null) Assert.Skip("The peer is not installed: PyTorch (python3-torch) or OpenBLAS (libopenblas0).");
        Assert.True(result.GetProperty("agrees").GetBoolean() && code == 0, output);
    }

    [Theory]
    [InlineData("mlp:64", "'mlp:64' is not a whole workload. Workloads are")]
    [InlineData("mlpx:64:sgd", "there is no workload 'mlpx:64:sgd'; did you mean mlp:1:sgd? Workloads are")]
    [InlineData("mlp:64:lion", "'mlp:64:lion': there is no optimizer 'lion'; write sgd or adam.")]
    [InlineData("mlp:none:sgd", "'mlp:none:sgd': 'none' must be a whole number of at least 1.")]
    [InlineData("gpt:2:adam:1-3-16-8-9", "'gpt:2:adam:1-3-16-8-9': the width 16 does not divide into 3 heads.")]
    [InlineData("lstm:2:adam:1-3", "'lstm:2:adam:1-3' has 2 sizes; lstm has 4: steps, inputs, hidden, classes, such as 32-32-64-10.")]
    [InlineData("cnn:2:adam:8-1-1-5-10", "'cnn:2:adam:8-1-1-5-10': two windows of 5 and two poolings leave nothing of 8 pixels.")]
    [InlineData("mm:3x4", "'mm:3x4': '3x4' must be ROWSxDEPTHxCOLUMNS, such as 64x784x256.")]
    [InlineData("--thread", "there is no option '--thread'; --help lists them.")]
    [InlineData("--threads", "--threads needs a value.")]
    public void Mistakes_are_explained(string argument, string message)
    {
        var (code, output, error) = Run("tiny:1:sgd", argument);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(message, error.Split('\n')[0]);
    }

    [Fact]
    public void A_measurement_is_a_line_of_json()
    {
        var (code, output, error) = Run("tiny:1:sgd", "--json", "--seconds", "0.05", "--python", "/nowhere/python3");
        Assert.True(code == 0, error);
        var row = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["workload", "threads", "adjoint_us", "peer", "peer_us", "ratio", "peak_mib"], row.EnumerateObject().Select(p => p.Name));
        Assert.Equal("tiny:1:sgd:2-16-16-1", row.GetProperty("workload").GetString());
        Assert.True(row.GetProperty("adjoint_us").GetDouble() > 0 && row.GetProperty("peak_mib").GetDouble() > 1, output);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("peer").ValueKind);
    }

    static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", tool = Path.Combine(AppContext.BaseDirectory, "Adjoint.Workloads.dll");
        using var process = Process.Start(new ProcessStartInfo(host, [tool, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
