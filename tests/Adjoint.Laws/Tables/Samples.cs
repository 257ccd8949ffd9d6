namespace Adjoint.Testing;

/// <summary>The one table of samples: every operation and every scalar function has at least one row.</summary>
public static class Samples
{
    /// <summary>All rows, by topic.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        .. ScalarSamples.All,
        .. ElementwiseSamples.All,
        .. ContractionSamples.All,
        .. StructuralSamples.All,
        .. MovementSamples.All,
        .. IndexingSamples.All,
        .. ReductionSamples.All,
        .. CompositeSamples.All,
        .. LinearAlgebraSamples.All,
        .. ControlSamples.All,
        .. NetworkSamples.All,
    ];

    /// <summary>Programs that must fail, each with its message.</summary>
    public static IReadOnlyList<FailingSample> Failing { get; } = [.. FailingSamples.All, .. StructuralFailures.All, .. ControlSamples.Failing, .. NetworkSamples.Failing];
}
