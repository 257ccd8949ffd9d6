using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Adjoint.Formats;

namespace Adjoint.Workloads;

/// <summary>Another library that does the same work.</summary>
abstract class Peer : IDisposable
{
    /// <summary>What it is called, with its version.</summary>
    public abstract string Name { get; }

    /// <summary>The median time of a run, in microseconds.</summary>
    public abstract double Measure(double seconds);

    /// <summary>What comes out of the start, by the names of <see cref="Workload.Results"/>.</summary>
    public abstract IReadOnlyDictionary<string, Tensor> Results(int steps);

    public abstract void Dispose();
}

/// <summary>PyTorch in a process of its own, which waits while Adjoint runs.</summary>
sealed class Torch : Peer
{
    readonly Process process;
    readonly CancellationToken stop;
    readonly CancellationTokenRegistration registration;

    public Torch(string python, Workload workload, int threads, CancellationToken stop)
    {
        using var folder = new Folder();
        Npz.Write(folder.File("given.npz"), workload.Given);
        process = Start(python, [Path.Combine(AppContext.BaseDirectory, "torch_peer.py"), workload.Name, threads.ToString(CultureInfo.InvariantCulture), folder.File("given.npz")]);
        (this.stop, registration) = (stop, stop.Register(process.Kill));
        Name = Answer().GetProperty("peer").GetString()!;
    }


    public override string Name { get; }

    /// <summary>Whether an interpreter exists and has PyTorch.</summary>
    public static bool IsInstalled(string python)
    {
        if (!File.Exists(python)) return false;
        using var process = Start(python, ["-c", "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(name) is None for name in ('torch', 'numpy')))"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    public override double Measure(double seconds) => Ask($"time {seconds.ToString(CultureInfo.InvariantCulture)}").GetProperty("us").GetDouble();

    public override IReadOnlyDictionary<string, Tensor> Results(int steps)
    {
        using var folder = new Folder();
        Ask($"check {steps} {folder.File("results.npz")}");
        return Npz.Read(folder.File("results.npz"));
    }

    JsonElement Ask(string command)
    {
        process.StandardInput.WriteLine(command);
        process.StandardInput.Flush();
        return Answer();
    }

    JsonElement Answer()
    {
        if (process.StandardOutput.ReadLine() is { } line) return JsonDocument.Parse(line).RootElement;
        process.WaitForExit();
        stop.ThrowIfCancellationRequested();
        throw new PeerException($"{process.StartInfo.FileName} ended with code {process.ExitCode}; what it says stands above.");
    }

    static Process Start(string python, string[] arguments) =>
        Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public override void Dispose()
    {
        registration.Dispose();
        process.StandardInput.Close();
        if (!process.WaitForExit(2000)) process.Kill();
        process.Dispose();
    }

    /// <summary>A folder that is deleted.</summary>
    readonly struct Folder() : IDisposable
    {
        readonly string path = Directory.CreateTempSubdirectory("adjoint-workloads-").FullName;

        public string File(string name) => Path.Combine(path, name);
        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}

/// <summary>A peer, or a process that measures, has failed.</summary>
sealed class PeerException(string message) : Exception(message);
