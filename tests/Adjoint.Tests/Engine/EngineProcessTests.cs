using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Adjoint.Tests;

/// <summary>
/// The same bits from processes that see different instructions, use one thread or two, and compile their kernels or not: training steps of networks,
/// every scalar function over its whole range, reductions, random programs and their derivatives.
/// </summary>
public sealed class EngineProcessTests
{
    [Theory]
    [InlineData("", 2, "Always")]
    [InlineData("DOTNET_EnableAVX512", 1, "WhenWorthwhile")]
    [InlineData("DOTNET_EnableAVX512", 2, "Always")]
    [InlineData("DOTNET_EnableAVX2", 2, "WhenWorthwhile")]
    public void Processes_compute_the_same_bits(string without, int threads, string emission)
    {
        string[] expected = reference.Value, found = Run(without, threads, emission);
        Assert.True(expected.Length > 100, $"{expected.Length} programs");
        Assert.Equal(expected[1..], found[1..]);
        // the children have run what they were asked to
        Assert.Equal(Avx512F.IsSupported ? "Avx512F" : Avx2.IsSupported ? "Avx2" : "none", expected[0]);
        if (without == "DOTNET_EnableAVX512") Assert.Equal(Avx2.IsSupported ? "Avx2" : "none", found[0]);
        if (without == "DOTNET_EnableAVX2") Assert.Equal("none", found[0]);
    }

    static readonly Lazy<string[]> reference = new(() => Run("", 1, "Never"));

    static string[] Run(string without, int threads, string emission)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "Adjoint.Bits.dll"), $"{threads}", emission]) { RedirectStandardOutput = true };
        if (without.Length > 0) start.Environment[without] = "0";
        using var child = Process.Start(start)!;
        string[] lines = child.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        return lines;
    }
}
