using System.Diagnostics;
using Xunit;

namespace Adjoint.Tests;

/// <summary>The same bits from processes that see different instruction sets: each prints a hash of the results of products and convolutions.</summary>
public sealed class ContractionProcessTests
{
    [Fact]
    public void Processes_with_and_without_wide_registers_compute_the_same_bits()
    {
        string wide = Run("1", "1"), narrow = Run("0", "1"), none = Run("0", "0");
        Assert.Equal(64, Hash(wide).Length);
        Assert.Equal(Hash(wide), Hash(narrow));
        Assert.Equal(Hash(wide), Hash(none));
        // the children have run what they were asked to
        Assert.Equal(KernelSet<float>.Best.Level.ToString(), Level(wide));
        Assert.True(Enum.Parse<KernelLevel>(Level(narrow)) <= KernelLevel.Vector256);
        Assert.Equal(nameof(KernelLevel.Vector128), Level(none));
    }

    static string Level(string line) => line.Split(' ')[0];
    static string Hash(string line) => line.Split(' ')[1];

    static string Run(string avx512, string avx2)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "Adjoint.Matrices.dll"), "hash"]) { RedirectStandardOutput = true };
        if (avx512 == "0") start.Environment["DOTNET_EnableAVX512"] = avx512;
        if (avx2 == "0") start.Environment["DOTNET_EnableAVX2"] = avx2;
        using var child = Process.Start(start)!;
        string line = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        return line;
    }
}
