using System.Diagnostics;
using System.Globalization;
using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

public sealed class KilledWriterTests(ITestOutputHelper output)
{
    const int Kills = 50, Size = 100_000;

    /// <summary>A process that writes one checkpoint after another is killed at random moments; the file is always one that was written as a whole.</summary>
    [Fact]
    public void A_killed_process_leaves_the_earlier_or_a_later_checkpoint()
    {
        string directory = Directory.CreateTempSubdirectory("adjoint").FullName, path = Path.Combine(directory, "model.safetensors");
        Safetensors.Write(path, [new("weights", Tensor.Full([Size], 0, DType.Float64))], new Dictionary<string, string> { ["generation"] = "0" });
        var random = new Random(1);
        long earlier = 0;
        int interrupted = 0;
        for (int i = 0; i < Kills; i++)
        {
            long reported = KillSomewhere(path, random);
            if (Directory.GetFiles(directory).Length > 1) interrupted++;
            var checkpoint = Safetensors.Read(path);
            long generation = long.Parse(checkpoint.Metadata["generation"], CultureInfo.InvariantCulture);
            Assert.True(checkpoint.IsVerified);
            Assert.True(generation >= reported && reported >= earlier, $"Kill {i} leaves generation {generation} after {reported} was reported.");
            double[] weights = checkpoint.Tensors["weights"].ToArray<double>();
            Assert.True(weights.Length == Size && weights.All(w => w == generation), $"Kill {i} leaves weights that are not of generation {generation}.");
            earlier = generation;
        }
        output.WriteLine($"{Kills} kills, {earlier} checkpoints, {interrupted} interrupted");
        Assert.True(earlier >= 2 * Kills && interrupted > 0, $"{earlier} checkpoints, {interrupted} interrupted: no kill came in the middle of a write.");
        Safetensors.Write(path, [], overwrite: true);
        Assert.Equal([path], Directory.GetFiles(directory));
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>
    /// Lets the process write 2 to 4 checkpoints and kills it within about the time of the next one. The last generation that it reported as written.
    /// </summary>
    static long KillSomewhere(string path, Random random)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", writer = Path.Combine(AppContext.BaseDirectory, "Adjoint.Writer.dll");
        using var child = Process.Start(new ProcessStartInfo(host, [writer, path, Size.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        long generation = 0;
        try
        {
            var clock = new Stopwatch();
            for (int n = random.Next(2, 5); n > 0; n--)
            {
                clock.Restart();
                generation = long.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            }
            Thread.Sleep(clock.Elapsed * (1.2 * random.NextDouble()));
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
        return generation;
    }
}
