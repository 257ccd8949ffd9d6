namespace Adjoint.Learning;

/// <summary>What a training step changes.</summary>
/// <param name="Learner">The model and what the optimizer remembers.</param>
/// <param name="Average">The average of the model over steps, if there is one.</param>
[Tree]
public sealed partial record Progression<TModel>(Learner<TModel> Learner, Average<TModel>? Average) where TModel : ITree<TModel>
{
    /// <summary>The model to judge and to keep: the average if there is one.</summary>
    public TModel Model => Average is { } average ? average.Model : Learner.Model;
}

/// <summary>
/// All that training needs to go on, as a tree: training that is stopped after an epoch and resumed from this gives bitwise what it would have given uninterrupted.
/// </summary>
/// <param name="Progression">The learner and the average.</param>
/// <param name="Best">The model with the least validation loss so far; without validation the newest.</param>
/// <param name="History">What was measured, float64 [epochs, 3 + metrics]: training loss, validation loss, learning rate, metrics; NaN where there is no validation.</param>
/// <param name="Seed">What order and noise come from: an int64 scalar.</param>
[Tree]
public sealed partial record TrainingState<TModel>(Progression<TModel> Progression, [State] TModel Best, [State] Tensor History, [State] Tensor Seed) where TModel : ITree<TModel>
{
    /// <summary>The number of epochs done.</summary>
    public int Epochs => History.Shape[0];

    /// <summary>The loss by which epochs are compared, one an epoch: of validation, or of training where there was none.</summary>
    public double[] Losses()
    {
        double[] values = History.ToArray();
        int columns = History.Shape[1];
        return [.. Enumerable.Range(0, Epochs).Select(i => values[i * columns + 1] is var validation && double.IsNaN(validation) ? values[i * columns] : validation)];
    }
}

/// <summary>How long and how to train.</summary>
public sealed record TrainingOptions
{
    /// <summary>The most epochs, with those before a resumption.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The examples of a step; the last step of an epoch takes those that are left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Determines the order of examples and what is random in layers.</summary>
    public long Seed { get; init; }

    /// <summary>The most steps, with those before a resumption; training ends within an epoch if need be.</summary>
    public long? Steps { get; init; }

    /// <summary>Converged, if the loss changes by no more from an epoch to the next.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The greatest norm of a gradient; longer ones are shortened.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The greatest element of a gradient; greater ones are limited.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Keep an exponential average of the model with this decay, judge it, and return it.</summary>
    public double? AverageDecay { get; init; }

    /// <summary>When to give up.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>When to lower the rate.</summary>
    public ReduceOnPlateau? ReduceOnPlateau { get; init; }
}

/// <summary>A step was taken.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">The step within the epoch, from 1.</param>
/// <param name="Steps">The number of steps of the epoch.</param>
/// <param name="Loss">The loss of its batch, before the step.</param>
/// <param name="Elapsed">The time since training began or was resumed.</param>
public readonly record struct StepReport(int Epoch, int Step, int Steps, double Loss, TimeSpan Elapsed);

/// <summary>An epoch was done.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">The mean loss of its examples, each before the step that it was in.</param>
/// <param name="ValidationLoss">The loss of the validation examples afterwards; null if there are none.</param>
/// <param name="Metrics">What the objective measures, of the validation examples; none if there are none.</param>
/// <param name="Rate">The learning rate of the next step.</param>
/// <param name="IsBest">Whether this is the model to keep so far.</param>
/// <param name="Elapsed">The time since training began or was resumed.</param>
/// <param name="Remaining">The time that the epochs left will take if they take as long.</param>
public sealed record EpochReport(int Epoch, double TrainLoss, double? ValidationLoss, IReadOnlyList<(string Name, double Value)> Metrics, double Rate, bool IsBest,
    TimeSpan Elapsed, TimeSpan Remaining);

/// <summary>Who wants to know what of training. Called between steps, by the thread that trains.</summary>
public sealed record Callbacks<TModel> where TModel : ITree<TModel>
{
    /// <summary>After every step.</summary>
    public IProgress<StepReport>? Step { get; init; }

    /// <summary>After every epoch.</summary>
    public IProgress<EpochReport>? Epoch { get; init; }

    /// <summary>After every epoch, the state to store.</summary>
    public Action<TrainingState<TModel>>? Checkpoint { get; init; }
}

/// <summary>What training gave.</summary>
/// <param name="State">The state after the last whole epoch, to go on from.</param>
/// <param name="Reason">Why it stopped.</param>
public sealed record TrainingResult<TModel>(TrainingState<TModel> State, StopReason Reason) where TModel : ITree<TModel>
{
    /// <summary>The model to keep: the one with the least validation loss; without validation the last.</summary>
    public TModel Model => State.Best;
}

/// <summary>Means over examples.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Metrics">What the objective measures, in its order.</param>
public sealed record Measurement(double Loss, IReadOnlyList<(string Name, double Value)> Metrics)
{
    /// <summary>The metric of this name.</summary>
    /// <exception cref="KeyNotFoundException">The objective measures no such thing.</exception>
    public double this[string name] => Metrics.Where(m => m.Name == name).Select(m => (double?)m.Value).FirstOrDefault()
        ?? throw new KeyNotFoundException($"measurement: there is no metric {name}; there are: {string.Join(", ", Metrics.Select(m => m.Name))}.");
}
