using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;

namespace Adjoint;

/// <summary>What <c>dotnet-trace</c> sees of the engine.</summary>
[EventSource(Name = "Adjoint-Engine")]
sealed class EngineEvents : EventSource
{
    public static EngineEvents Log { get; } = new();

    /// <summary>A program was compiled.</summary>
    [Event(1, Level = EventLevel.Informational)]
    public void Compiled(int equations, int kernels, int milliseconds) => WriteEvent(1, equations, kernels, milliseconds);

    /// <summary>An operation of a compiled program runs through its reference.</summary>
    [Event(2, Level = EventLevel.Warning)]
    public void FellBack(string operation) => WriteEvent(2, operation);
}

/// <summary>What <c>dotnet-counters</c> sees of the engine.</summary>
static class EngineMeter
{
    static readonly Meter meter = new("Adjoint.Engine");

    public static readonly Counter<long> Compilations = meter.CreateCounter<long>("adjoint.compilations", description: "Programs compiled");
    public static readonly Counter<double> CompileTime = meter.CreateCounter<double>("adjoint.compile_time", "ms", "Time spent compiling");
    public static readonly Counter<long> Runs = meter.CreateCounter<long>("adjoint.runs", description: "Runs of compiled programs");
    public static readonly Counter<long> Fallbacks = meter.CreateCounter<long>("adjoint.fallbacks", description: "Equations computed by their reference");
}
