using System.Diagnostics.Metrics;

namespace Adjoint;

/// <summary>How often a program was found that had been prepared before: by scripts, which build their equations again, and by compiled functions.</summary>
static class ProgramMeter
{
    /// <summary>The meter of executors, for <c>dotnet-counters</c>.</summary>
    public const string Name = "Adjoint.Engine";

    static readonly Meter meter = new(Name);

    public static readonly Counter<long> Hits = meter.CreateCounter<long>("adjoint.cache_hits", description: "Programs found prepared");
    public static readonly Counter<long> Misses = meter.CreateCounter<long>("adjoint.cache_misses", description: "Programs prepared");
}
