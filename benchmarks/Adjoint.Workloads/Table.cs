using System.Globalization;

namespace Adjoint.Workloads;

/// <summary>Rows for people.</summary>
static class Table
{
    public static string Header { get; } = $"{"workload",-36} {"threads",7} {"adjoint µs",12} {"peer µs",12} {"ratio",8} {"MiB",7}  peer";

    public static string Row(Measurement row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Workload,-36} {row.Threads,7} {row.AdjointMicroseconds,12:0.###} {row.PeerMicroseconds,12:0.###} {row.Ratio,8:0.00} {row.PeakMebibytes,7:0}  {row.Peer ?? "not installed"}");

    public static string Row(Agreement row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Workload,-36} {row.Threads,7} {(row.Agrees is null ? "no peer is installed" : row.Agrees.Value ? "agrees" : "DIFFERS"),8} {row.Difference,10:0.0e+0}  {row.Peer}");

    /// <summary>Geometric means of the ratios, by peer.</summary>
    public static string Summary(IEnumerable<Measurement> rows) => string.Concat(rows.Where(row => row.Ratio is > 0).GroupBy(row => row.Peer).Select(group =>
        string.Create(CultureInfo.InvariantCulture, $"geometric mean over {group.Count()} rows with {group.Key}: {Math.Exp(group.Average(row => Math.Log(row.Ratio!.Value))):0.00}\n")));
}
