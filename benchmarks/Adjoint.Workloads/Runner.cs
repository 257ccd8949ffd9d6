using System.Diagnostics;
using System.Globalization;

namespace Adjoint.Workloads;

/// <summary>Runs what the options ask for.</summary>
sealed class Runner(Options options, CancellationToken stop)
{
    readonly (string Workload, int Threads)[] jobs = [.. options.Workloads.SelectMany(name => options.Threads, (name, threads) => (name, threads))];

    /// <summary>The exit code: 1 if results disagree with a peer's.</summary>
    public int Run()
    {
        // a mistake in the last name is told before the first is measured
        foreach (string name in options.Workloads) Workload.Check(name);
        return options.Check ? Compare() : options.Explain ? Explain() : Measure();
    }

    int Measure()
    {
        var rows = new List<Measurement>();
        if (!options.Json) Console.WriteLine(Table.Header);
        foreach (var (name, threads) in jobs)
        {
            var row = jobs.Length == 1 ? Measurement.Of(Prepare(name, threads), options, threads, stop) : Apart(name, threads);
            rows.Add(row);
            Console.WriteLine(options.Json ? row.ToJson() : Table.Row(row));
        }
        if (!options.Json) Console.Write(Table.Summary(rows));
        return 0;
    }

    int Compare()
    {
        bool agree = true;
        foreach (var (name, threads) in jobs)
        {
            var result = Agreement.Of(Prepare(name, threads), options, threads, stop);
            agree &= result.Agrees is not false;
            Console.WriteLine(options.Json ? result.ToJson() : Table.Row(result));
        }
        return agree ? 0 : 1;
    }

    int Explain()
    {
        foreach (var (name, threads) in jobs)
        {
            var workload = Prepare(name, threads);
            new Clock(threads, stop).Measure(workload.Step, options.Seconds);
            Console.Write($"{workload.Name}, {threads} threads\n{workload.Explain()}\n");
        }
        return 0;
    }

    Workload Prepare(string name, int threads)
    {
        stop.ThrowIfCancellationRequested();
        return Workload.Parse(name, threads);
    }

    // in a process of its own: no memory and no code of other workloads
    Measurement Apart(string name, int threads)
    {
        stop.ThrowIfCancellationRequested();
        string host = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(Runner).Assembly.Location] : [];
        string[] arguments = [.. self, name, "--threads", Text(threads), "--seconds", Text(options.Seconds), "--python", options.Python, "--json"];
        using var process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true })!;
        using var registration = stop.Register(() => process.Kill(entireProcessTree: true));
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        stop.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? Measurement.FromJson(output) : throw new PeerException($"{name} ended with code {process.ExitCode}; what it says stands above.");
    }

    static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
