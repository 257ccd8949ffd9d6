using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adjoint.Workloads;

/// <summary>A row of the table.</summary>
/// <param name="Workload">Its name with all sizes.</param>
/// <param name="Threads">Of both sides.</param>
/// <param name="AdjointMicroseconds">The median time of a run.</param>
/// <param name="Peer">The peer and its version, if there is one.</param>
/// <param name="PeerMicroseconds">Its median time.</param>
/// <param name="Ratio">How many times faster Adjoint is.</param>
/// <param name="PeakMebibytes">The greatest resident memory of Adjoint's process.</param>
sealed record Measurement(
    [property: JsonPropertyName("workload")] string Workload,
    [property: JsonPropertyName("threads")] int Threads,
    [property: JsonPropertyName("adjoint_us")] double AdjointMicroseconds,
    [property: JsonPropertyName("peer")] string? Peer,
    [property: JsonPropertyName("peer_us")] double? PeerMicroseconds,
    [property: JsonPropertyName("ratio")] double? Ratio,
    [property: JsonPropertyName("peak_mib")] double PeakMebibytes)
{
    const int Rounds = 5;
    const double WarmUp = 1;

    /// <summary>Measures a workload in this process; it has been prepared for that many threads.</summary>
    public static Measurement Of(Workload workload, Options options, int threads, CancellationToken stop)
    {
        var clock = new Clock(threads, stop);
        clock.Measure(workload.Step, WarmUp);
        // before anything of the peer, and what speaks with it, is loaded
        double peak = Peak();
        using var peer = Peers.Of(workload, options, threads, stop);
        peer?.Measure(WarmUp);
        var (own, others) = (new double[Rounds], new double[Rounds]);
        for (int round = 0; round < Rounds; round++)
        {
            own[round] = clock.Measure(workload.Step, options.Seconds / Rounds);
            if (peer is not null) others[round] = peer.Measure(options.Seconds / Rounds);
        }
        double microseconds = Median(own);
        double? peerMicroseconds = peer is null ? null : Median(others);
        return new(workload.Name, threads, Rounded(microseconds), peer?.Name, Rounded(peerMicroseconds), Rounded(peerMicroseconds / microseconds), Math.Round(peak, 1));
    }

    public string ToJson() => JsonSerializer.Serialize(this);

    public static Measurement FromJson(string line) => JsonSerializer.Deserialize<Measurement>(line) ?? throw new JsonException($"no measurement: {line}");

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    // four digits are more than the machine repeats
    static double Rounded(double x) => x == 0 ? 0 : Math.Round(x, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(x))), 0, 15));
    static double? Rounded(double? x) => x is { } known ? Rounded(known) : null;

    static double Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}

/// <summary>Which peer a workload has.</summary>
static class Peers
{
    /// <summary>The peer, or null where it is not installed.</summary>
    public static Peer? Of(Workload workload, Options options, int threads, CancellationToken stop) => workload switch
    {
        Product product => OpenBlas.IsInstalled ? new OpenBlas(product, threads, stop) : null,
        _ => Torch.IsInstalled(options.Python) ? new Torch(options.Python, workload, threads, stop) : null,
    };
}
