using System.Text.Json;

namespace Adjoint.Workloads;

/// <summary>How far results are from the peer's, from the same weights and data: the greatest |a − b| / max(1, |b|).</summary>
sealed record Agreement(string Workload, int Threads, string? Peer, double? Difference)
{
    public const double Tolerance = 1e-4;
    const int Steps = 10;

    /// <summary>Whether they agree, if there is a peer. NaN does not.</summary>
    public bool? Agrees => Difference is { } difference ? difference <= Tolerance : null;

    public static Agreement Of(Workload workload, Options options, int threads, CancellationToken stop)
    {
        using var peer = Peers.Of(workload, options, threads, stop);
        if (peer is null) return new(workload.Name, threads, null, null);
        var expected = peer.Results(Steps);
        double greatest = 0;
        foreach (var (name, tensor) in workload.Results(Steps))
        {
            double[] own = tensor.ToArray(), others = expected[name].ToArray();
            if (tensor.Shape != expected[name].Shape) throw new InvalidOperationException($"{workload.Name}: {name} has shape {tensor.Shape}; that of {peer.Name} has {expected[name].Shape}.");
            // Math.Max keeps NaN
            for (int i = 0; i < own.Length; i++) greatest = Math.Max(greatest, Math.Abs(own[i] - others[i]) / Math.Max(1, Math.Abs(others[i])));
        }
        return new(workload.Name, threads, peer.Name, greatest);
    }

    public string ToJson() => JsonSerializer.Serialize(new { workload = Workload, threads = Threads, peer = Peer, difference = Difference, agrees = Agrees });
}
