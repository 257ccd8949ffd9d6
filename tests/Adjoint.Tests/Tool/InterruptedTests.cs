using System.Diagnostics;
using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Tool;

/// <summary>Training that is stopped from outside, in processes of its own.</summary>
public sealed class InterruptedTests(ITestOutputHelper output) : IDisposable
{
    const int Kills = 50;

    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    string[] Line(string folder, params string[] more) => ["train", "--data", workshop.At("table.csv"), "--hidden", "256,256", "--optimizer", "sgd", "--schedule", "constant", "--output", workshop.At(folder), .. more];

    /// <summary>Ctrl-C and SIGTERM: the best model is kept, the exit code tells, and what is resumed ends as if nothing had happened.</summary>
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_cleanly(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with kill.");
        workshop.Table();
        using var process = Workshop.Start(Line("run", "--epochs", "1000000"));
        var error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("epoch", StringComparison.Ordinal)) { }
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"])) kill.WaitForExit();
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((code, ""), (process.ExitCode, await error));
        Assert.Contains("the best model so far is kept. Go on with: adjoint train --resume --output", text, StringComparison.Ordinal);
        Assert.True(File.Exists(workshop.At("run/metrics.json")));
        var refused = Workshop.Run(Line("run"));
        Assert.Equal(2, refused.Code);
        Assert.Contains("holds a run that was interrupted after epoch", refused.Error, StringComparison.Ordinal);
        GoesOnBitwise();
    }

    /// <summary>SIGKILL at random moments: there is always a complete model, an earlier or a later one, and always a way on.</summary>
    [Fact]
    public void A_killed_run_goes_on()
    {
        workshop.Table();
        Assert.Equal(0, Workshop.RunProcess(Line("run", "--epochs", "1")).Code);
        var random = new Random(1);
        int epochs = 1, unfinished = 0;
        for (int i = 0; i < Kills; i++)
        {
            using (var process = Workshop.Start("train", "--resume", "--output", workshop.At("run"), "--epochs", "1000000"))
            {
                var before = File.GetLastWriteTimeUtc(workshop.At("run/checkpoint.safetensors"));
                while (!process.HasExited && File.GetLastWriteTimeUtc(workshop.At("run/checkpoint.safetensors")) == before) Thread.Sleep(1);
                Assert.False(process.HasExited, "The run ended before it was killed.");
                Thread.Sleep(random.Next(30));
                // every second kill waits for a write to begin
                var clock = Stopwatch.StartNew();
                while (i % 2 == 0 && !IsWriting() && clock.ElapsedMilliseconds < 2000) { }
                for (long end = Stopwatch.GetTimestamp() + random.Next((int)Stopwatch.Frequency / 500); Stopwatch.GetTimestamp() < end;) { }
                process.Kill();
                process.WaitForExit();
            }
            if (IsWriting()) unfinished++;
            Assert.True(Safetensors.Read(workshop.At("run/model.safetensors")).IsVerified);
            Assert.True(Safetensors.Read(workshop.At("run/checkpoint.safetensors")).IsVerified);
            int now = Epochs();
            Assert.True(now > epochs, $"Kill {i} leaves epoch {now} after epoch {epochs} was written.");
            epochs = now;
        }
        Assert.True(unfinished > 0, "No kill came in the middle of a write.");
        output.WriteLine($"{Kills} kills, {epochs} epochs, {unfinished} in the middle of a write");
        GoesOnBitwise();
        Assert.Equal(5, Directory.GetFiles(workshop.At("run")).Length);
    }

    bool IsWriting() => Directory.EnumerateFiles(workshop.At("run"), "*.unfinished").Any();

    int Epochs() => Cli.Checkpoint.Read(workshop.At("run/checkpoint.safetensors")).Epochs;

    void GoesOnBitwise()
    {
        string epochs = (Epochs() + 3).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var resumed = Workshop.RunProcess("train", "--resume", "--output", workshop.At("run"), "--epochs", epochs);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Equal(0, Workshop.RunProcess(Line("whole", "--epochs", epochs)).Code);
        Assert.Equal(File.ReadAllBytes(workshop.At("whole/model.safetensors")), File.ReadAllBytes(workshop.At("run/model.safetensors")));
    }
}
