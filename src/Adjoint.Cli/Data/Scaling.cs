using System.Collections.Immutable;

namespace Adjoint.Cli;

/// <summary>How numbers of files become numbers near 0 for the network, and back: (x − shift) / scale, in float64, then float32.</summary>
/// <param name="Shift">One for each feature, or one for all.</param>
/// <param name="Scale">Likewise; not 0.</param>
sealed record Scaling(ImmutableArray<double> Shift, ImmutableArray<double> Scale)
{
    /// <summary>One factor for all.</summary>
    public static Scaling DivideBy(double scale) => new([0], [scale]);

    /// <summary>To mean 0 and deviation 1 of every column, computed over these rows only.</summary>
    public static Scaling Standard(Tensor x)
    {
        var mean = x.Mean(0);
        var deviation = (x - mean).Square().Mean(0).Sqrt();
        var spread = Tensor.Select(x.Max(0) > x.Min(0), deviation, 1);
        return new([.. mean.ToArray()], [.. spread.ToArray()]);
    }

    /// <summary>Numbers as the network sees them: float32.</summary>
    public Tensor Apply(Tensor x) => ((x - At(Shift)) / At(Scale)).To(DType.Float32).Evaluate();

    /// <summary>Numbers as they stand in files: float64.</summary>
    public Tensor Invert(Tensor z) => (z.To(DType.Float64) * At(Scale) + At(Shift)).Evaluate();

    static Tensor At(ImmutableArray<double> values) => values.Length == 1 ? Tensor.Scalar(values[0], DType.Float64) : Tensor.Of([.. values]);
}
