using System.Text.RegularExpressions;
using Adjoint.Cli;
using Xunit;

namespace Adjoint.Tests.Tool;

/// <summary>What people see, at terminals of any width and elsewhere.</summary>
public sealed partial class DisplayTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [GeneratedRegex("\e\\[[0-9;?]*[a-zA-Z]")]
    private static partial Regex Control { get; }

    [GeneratedRegex("epoch [0-9]+/4")]
    private static partial Regex Progress { get; }

    [Theory]
    [InlineData(100, true)]
    [InlineData(100, false)]
    [InlineData(40, false)]
    [InlineData(20, true)]
    public void A_terminal_shows_one_line_that_fits(int width, bool color)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var world = new Surroundings(output, error, IsTerminal: true, width, color, CancellationToken.None, () => 130);
        Assert.Equal(0, Cli.Tool.Run(["train", "--data", workshop.Table(), "--epochs", "4", "--output", workshop.At("run")], world));
        string text = output.ToString();
        string[] frames = [.. Control.Replace(text, "").Split('\r', '\n').Where(line => Progress.IsMatch(line))];
        Assert.Contains(frames, frame => frame.Contains("epoch 4/4", StringComparison.Ordinal));
        Assert.All(frames, frame => Assert.InRange(frame.Length, 1, width));
        Assert.Equal(color, text.Contains("\e[1m", StringComparison.Ordinal));
        if (!color) Assert.DoesNotMatch("\e\\[[0-9;]*m", text);
    }

    [Fact]
    public void Elsewhere_there_are_plain_lines()
    {
        var outcome = Workshop.Run("train", "--data", workshop.Table(), "--epochs", "90", "--output", workshop.At("run"));
        string[] epochs = [.. outcome.Out.Split('\n').Where(line => line.StartsWith("epoch", StringComparison.Ordinal))];
        Assert.InRange(epochs.Length, 25, 35);
        Assert.StartsWith("epoch  1/90  loss ", epochs[0], StringComparison.Ordinal);
        Assert.StartsWith("epoch 90/90  loss ", epochs[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', outcome.Out);
        Assert.DoesNotContain('\r', outcome.Out);
    }

    [Fact]
    public void Quiet_is_quiet() => Assert.Equal(new Outcome(0, "", ""), Workshop.Run("train", "--data", workshop.Table(), "--epochs", "2", "--quiet", "--output", workshop.At("run")));

    [Theory]
    [InlineData("--help", "Exit codes:")]
    [InlineData("train --help", "--optimizer")]
    [InlineData("evaluate --help", "--data")]
    [InlineData("predict --help", "--output")]
    public void Help_is_there(string line, string part)
    {
        var outcome = Workshop.Run(line.Split(' '));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains(part, outcome.Out, StringComparison.Ordinal);
        Assert.Contains("adjoint", outcome.Out, StringComparison.Ordinal);
    }
}
