namespace Adjoint.Learning;

/// <summary>
/// The average of a model over training: exponential (Polyak and Juditsky 1992), a ← d a + (1 − d) w, or of all alike (SWA, Izmailov and others 2018), a ← a + (w − a) / n.
/// The first model is taken as it is. State leaves and integers are those of the newest model; batch statistics of an SWA model must be computed anew.
/// </summary>
/// <param name="Model">The average.</param>
/// <param name="Count">How many models it is of: an int64 scalar.</param>
/// <param name="Decay">d; null for the average of all alike.</param>
[Tree]
public sealed partial record Average<TModel>(TModel Model, [State] Tensor Count, double? Decay) where TModel : ITree<TModel>
{
    /// <summary>An exponential average that is to begin with the first model it includes.</summary>
    public static Average<TModel> Exponential(TModel model, double decay) => decay is >= 0 and < 1 ? new(model, Tensor.Scalar(0, DType.Int64), decay)
        : throw new ArgumentOutOfRangeException(nameof(decay), $"average: the decay {decay} must be in [0, 1).");

    /// <summary>An average of all models alike.</summary>
    public static Average<TModel> Uniform(TModel model) => new(model, Tensor.Scalar(0, DType.Int64), null);

    /// <summary>The average that counts one more model.</summary>
    public Average<TModel> Include(TModel model)
    {
        Tensor Share(DType type) => Decay is { } d ? Tensor.Select(Count.EqualTo(0), Tensor.Scalar(1, type), 1 - d) : 1 / (Count + 1).To(type);
        return this with { Model = Trees.MapParameters(model, Model, (w, a) => a + Share(w.DType) * (w - a)), Count = Count + 1 };
    }
}
