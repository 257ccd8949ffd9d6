using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;

namespace Adjoint;

/// <summary>What <c>dotnet-trace</c> sees of the engine; <c>adjoint profile</c> listens too.</summary>
[EventSource(Name = "Adjoint-Engine")]
sealed class EngineEvents : EventSource
{
    public static EngineEvents Log { get; } = new();

    /// <summary>Every step that runs, with its time: only for those who ask for it.</summary>
    public static class Keywords
    {
        public const EventKeywords Steps = (EventKeywords)1;
    }

    /// <summary>Whether somebody wants to know of every step.</summary>
    [NonEvent]
    public bool WatchesSteps() => IsEnabled(EventLevel.Verbose, Keywords.Steps);

    /// <summary>A program was compiled.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void Compiled(int equations, int kernels, int milliseconds) => WriteEvent(1, equations, kernels, milliseconds);

    /// <summary>An operation of a compiled program runs through its reference.</summary>
    [Event(2, Level = EventLevel.Warning)]
    public void FellBack(string operation) => WriteEvent(2, operation);

    /// <summary>A kernel that ran block by block has become code.</summary>
    [Event(3, Level = EventLevel.Informational)]
    public void Emitted(int instructions, int microseconds) => WriteEvent(3, instructions, microseconds);

    /// <summary>A step of a program ran: it reads and writes so many bytes, and computes so many elements (a product: additions and multiplications).</summary>
    [Event(4, Level = EventLevel.Verbose, Keywords = Keywords.Steps)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "the payload consists of primitive values")]
    public void Ran(int step, string kind, string what, long bytes, long operations, long nanoseconds) =>
        WriteEvent(4, step, kind, what, bytes, operations, nanoseconds);
}

/// <summary>What <c>dotnet-counters</c> sees of the engine; the caches of programs count their hits beside it.</summary>
static class EngineMeter
{
    static readonly Meter meter = new(ProgramMeter.Name);

    public static readonly Counter<long> Compilations = meter.CreateCounter<long>("adjoint.compilations", description: "Programs compiled");
    public static readonly Counter<double> CompileTime = meter.CreateCounter<double>("adjoint.compile_time", "ms", "Time spent compiling");
    public static readonly Counter<long> Emissions = meter.CreateCounter<long>("adjoint.emissions", description: "Kernels that became code");
    public static readonly Counter<long> Runs = meter.CreateCounter<long>("adjoint.runs", description: "Runs of compiled programs");
    public static readonly Counter<long> Fallbacks = meter.CreateCounter<long>("adjoint.fallbacks", description: "Equations computed by their reference");
    public static readonly Counter<long> Kernels = meter.CreateCounter<long>("adjoint.kernels", description: "Kernels and products that ran");
    public static readonly Counter<long> Bytes = meter.CreateCounter<long>("adjoint.bytes", "By", "What steps read and wrote");
    public static readonly Counter<double> Time = meter.CreateCounter<double>("adjoint.time", "us", "Time in steps");

    /// <summary>Whether the steps of a run are measured one by one.</summary>
    public static bool WatchesSteps => Time.Enabled || Bytes.Enabled || Kernels.Enabled || EngineEvents.Log.WatchesSteps();

    /// <summary>Tells what a step took. What bodies of loops do tells of itself.</summary>
    public static void Ran(Step step, double nanoseconds)
    {
        if (step is LoopStep || !WatchesSteps) return;
        if (step is not FallbackStep) Kernels.Add(1);
        Bytes.Add(step.Traffic);
        Time.Add(nanoseconds / 1000);
        if (EngineEvents.Log.WatchesSteps()) EngineEvents.Log.Ran(step.Id, step.Kind, step.Title, step.Traffic, step.Operations, (long)nanoseconds);
    }
}
