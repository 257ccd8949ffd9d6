using System.Diagnostics.Tracing;
using System.Globalization;
using Spectre.Console;

namespace Adjoint.Cli;

/// <summary>One part of a program, over all its runs.</summary>
/// <param name="Kind">kernel, product, fallback, and so on.</param>
/// <param name="What">What it computes.</param>
/// <param name="Bytes">Read and written in a run.</param>
/// <param name="Operations">Computed in a run; 0 where nobody counts them.</param>
/// <param name="Times">The nanoseconds of each run.</param>
sealed record PartTime(string Kind, string What, long Bytes, long Operations, List<long> Times)
{
    /// <summary>How often it ran.</summary>
    public int Runs => Times.Count;

    /// <summary>The nanoseconds of all runs, as many times the median: what disturbs a run is no part of it.</summary>
    public double Nanoseconds => Times.Count * (double)Times.Order().ElementAt(Times.Count / 2);
}

/// <summary>Listens to the engine: what runs, and how long.</summary>
sealed class StepListener : EventListener
{
    const string Source = "Adjoint-Engine", Ran = "Ran";
    const EventKeywords Steps = (EventKeywords)1;

    readonly Lock gate = new();
    readonly Dictionary<int, PartTime> parts = [];

    /// <summary>What was heard, for each of so many steps.</summary>
    public StepTimes Times(int steps)
    {
        lock (gate) return new([.. parts.Values.OrderByDescending(p => p.Nanoseconds)], steps);
    }

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == Source) EnableEvents(source, EventLevel.Verbose, Steps);
    }

    protected override void OnEventWritten(EventWrittenEventArgs e)
    {
        if (e.EventName != Ran || e.Payload is not [int part, string kind, string what, long bytes, long operations, long nanoseconds]) return;
        lock (gate)
        {
            if (!parts.TryGetValue(part, out var known)) parts[part] = known = new(kind, what, bytes, operations, []);
            known.Times.Add(nanoseconds);
        }
    }
}

/// <summary>Where the time of a step goes, the longest part first.</summary>
sealed class StepTimes(PartTime[] parts, int steps)
{
    const int Most = 40, Widest = 60;

    /// <summary>The microseconds of a step.</summary>
    public double Sum => parts.Sum(p => p.Nanoseconds) / 1000 / steps;

    /// <summary>The bytes of a step.</summary>
    public double Bytes => parts.Sum(p => (double)p.Bytes * p.Runs) / steps;

    /// <summary>The operations of a step.</summary>
    public double Operations => parts.Sum(p => (double)p.Operations * p.Runs) / steps;

    /// <summary>Writes the table.</summary>
    public void Write(Surroundings world)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string name in (string[])["part", "what", "µs", "share", "runs", "KB", "GB/s", "Gop/s"])
            table.AddColumn(new TableColumn(name) { Alignment = name is "part" or "what" ? Justify.Left : Justify.Right, NoWrap = name != "what" });
        double all = parts.Sum(p => p.Nanoseconds);
        foreach (var p in parts.Take(Most))
            table.AddRow(Markup.Escape(p.Kind), Markup.Escape(p.What.Length <= Widest ? p.What : p.What[..(Widest - 1)] + "…"), Text(p.Nanoseconds / 1000 / steps, "F1"), Text(100 * p.Nanoseconds / all, "F1") + " %",
                Text((double)p.Runs / steps, "0.##"), Text(p.Bytes / 1e3, "F1"), Text(p.Bytes * p.Runs / p.Nanoseconds, "F1"), p.Operations == 0 ? "" : Text(p.Operations * p.Runs / p.Nanoseconds, "F1"));
        if (parts.Length > Most) table.AddRow("others", "", Text(parts.Skip(Most).Sum(p => p.Nanoseconds) / 1000 / steps, "F1"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(world.Out),
            Ansi = world.HasColor ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = world.HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = world.Width;
        console.Write(table);
    }

    static string Text(double x, string format) => x.ToString(format, CultureInfo.InvariantCulture);
}
