using System.Collections.Immutable;

namespace Adjoint.Learning;

/// <summary>What a model is trained to: how it is run, the loss of its outputs, and what else is measured.</summary>
/// <param name="Run">The outputs for inputs, and the model afterwards, with new running statistics.</param>
/// <param name="Loss">The mean loss of outputs and targets: a scalar.</param>
/// <param name="Metrics">Means over examples, measured with the loss.</param>
public sealed record Objective<TModel>(Func<TModel, Tensor, Pass, (Tensor Output, TModel Next)> Run, Func<Tensor, Tensor, Tensor> Loss, ImmutableArray<Metric> Metrics)
    where TModel : ITree<TModel>;

/// <summary>A number that is measured: a mean over examples, a scalar.</summary>
/// <param name="Name">Its name, such as <c>accuracy</c>.</param>
/// <param name="Of">It, from outputs and targets.</param>
public sealed record Metric(string Name, Func<Tensor, Tensor, Tensor> Of)
{
    /// <summary>The share of examples whose class has the greatest output.</summary>
    public static Metric Accuracy { get; } = new("accuracy", Learning.Metrics.Accuracy);
}

/// <summary>Usual objectives.</summary>
public static class Objective
{
    /// <summary>Classes by softmax cross-entropy of logits, of a model without state; measures accuracy.</summary>
    public static Objective<TModel> Classification<TModel>(Func<TModel, Tensor, Tensor> logits) where TModel : ITree<TModel> =>
        new((model, x, _) => (logits(model, x), model), (z, y) => Loss.CrossEntropy(z, y), [Metric.Accuracy]);

    /// <summary>Classes by softmax cross-entropy of logits; measures accuracy.</summary>
    public static Objective<Sequential> Classification() => new((model, x, pass) => model.Run(x, pass), (z, y) => Loss.CrossEntropy(z, y), [Metric.Accuracy]);

    /// <summary>Numbers by mean squared error, of a model without state.</summary>
    public static Objective<TModel> Regression<TModel>(Func<TModel, Tensor, Tensor> outputs) where TModel : ITree<TModel> =>
        new((model, x, _) => (outputs(model, x), model), Loss.Mse, []);

    /// <summary>Numbers by mean squared error.</summary>
    public static Objective<Sequential> Regression() => new((model, x, pass) => model.Run(x, pass), Loss.Mse, []);
}
