namespace Adjoint.Learning;

/// <summary>
/// Scales features to mean 0 and deviation 1 over the examples it was fitted to: (x − mean) / deviation. Fit it to training examples only, and apply it to all: it is part of the model.
/// </summary>
/// <param name="Mean">[features…].</param>
/// <param name="Deviation">[features…], 1 for a feature that is constant.</param>
[Tree]
public sealed partial record Standardizer([State] Tensor Mean, [State] Tensor Deviation)
{
    /// <summary>Fits mean and deviation (√ of the mean squared distance from the mean) of every feature, in float64.</summary>
    /// <param name="inputs">[examples, features…].</param>
    /// <exception cref="ShapeException">There are no examples.</exception>
    public static Standardizer Fit(Tensor inputs)
    {
        if (inputs.Rank == 0 || inputs.Shape[0] == 0) throw new ShapeException($"standardize: inputs {inputs.Shape} have no examples to fit to.");
        var x = inputs.To(DType.Float64);
        var mean = x.Mean(0);
        // the deviation of equal numbers is 0 but for rounding of their mean
        var deviation = (x - mean).Square().Mean(0).Sqrt();
        var spread = Tensor.Select(x.Max(0) > x.Min(0), deviation, 1);
        var type = inputs.DType.IsFloat ? inputs.DType : DType.Float32;
        return Functions.Evaluate(new Standardizer(mean.To(type), spread.To(type)));
    }

    /// <summary>Features as the model sees them.</summary>
    public Tensor Apply(Tensor inputs) => (inputs - Mean) / Deviation;

    /// <summary>The features that <see cref="Apply(Tensor)"/> makes these of.</summary>
    public Tensor Invert(Tensor scaled) => scaled * Deviation + Mean;

    /// <summary>The examples with scaled inputs.</summary>
    public Dataset Apply(Dataset data) => data with { Inputs = Apply(data.Inputs).Evaluate() };
}
