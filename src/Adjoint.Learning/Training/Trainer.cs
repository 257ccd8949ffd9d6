using System.Diagnostics;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Learning;

/// <summary>Trains a model: epochs of shuffled mini-batches, one prepared program a step. It keeps prepared programs, and no state of training.</summary>
/// <param name="objective">What the model is trained to.</param>
/// <param name="options">How long and how.</param>
public sealed class Trainer<TModel>(Objective<TModel> objective, TrainingOptions? options = null) where TModel : ITree<TModel>
{
    // the examples that are measured at once; more would only cost memory
    const int MeasuredAtOnce = 1024;

    readonly TrainingOptions options = options ?? new();
    readonly Compiled<TModel, Batch, Tensor> measure = Compile<TModel, Batch, Tensor>((model, batch) =>
    {
        var (output, _) = objective.Run(model, batch.Inputs, Pass.Evaluation);
        Tensor[] means = [objective.Loss(output, batch.Targets), .. objective.Metrics.Select(m => m.Of(output, batch.Targets))];
        return Tensor.Stack([.. means.Select(m => m.To(DType.Float64))]);
    });
    readonly Compiled<TModel, Tensor, Tensor> predict = Compile<TModel, Tensor, Tensor>((model, inputs) => objective.Run(model, inputs, Pass.Evaluation).Output);

    /// <summary>The state before the first step.</summary>
    public TrainingState<TModel> Start(TModel model, Optimizer optimizer)
    {
        var average = options.AverageDecay is { } decay ? Average<TModel>.Exponential(model, decay) : null;
        return new(new(optimizer.Start(model), average), model, Tensor.Zeros([0, 3 + objective.Metrics.Length], DType.Float64), Tensor.Scalar(options.Seed, DType.Int64));
    }

    /// <summary>Trains from the beginning.</summary>
    /// <inheritdoc cref="Resume"/>
    public TrainingResult<TModel> Run(TModel model, Optimizer optimizer, Dataset train, Dataset? validation = null, Callbacks<TModel>? callbacks = null, CancellationToken stop = default) =>
        Resume(Start(model, optimizer), train, validation, callbacks, stop);

    /// <summary>
    /// Trains on, until a reason to stop. Cancelled within an epoch, it returns the state after the epoch before, so that what is resumed from it is as if it had never stopped.
    /// </summary>
    /// <exception cref="TrainingDivergedException">A loss or a parameter is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">There are no examples, or the state comes from another seed or objective.</exception>
    public TrainingResult<TModel> Resume(TrainingState<TModel> state, Dataset train, Dataset? validation = null, Callbacks<TModel>? callbacks = null, CancellationToken stop = default)
    {
        Check(state, train, validation);
        var clock = Stopwatch.StartNew();
        var (order, noise) = Keys();
        var stepper = Compile<Progression<TModel>, Batch, Tensor>((s, batch) => Step(s, batch, noise), state.Progression);
        int first = state.Epochs, steps = (train.Count + options.BatchSize - 1) / options.BatchSize;
        long taken = (long)state.Progression.Learner.Steps.ToScalar();
        while (true)
        {
            if (Finished(state, taken) is { } reason) return new(state, reason);
            int epoch = state.Epochs + 1, step = 0, seen = 0;
            double sum = 0;
            foreach (var batch in train.Batches(options.BatchSize, order.Fold(epoch)))
            {
                if (stop.IsCancellationRequested) return new(state, new StopReason.Cancelled());
                double loss = stepper.Next(batch).ToScalar();
                step++;
                if (!double.IsFinite(loss)) throw Diverged(state, train, epoch, $"the loss is {loss} in step {step} of epoch {epoch}");
                sum += loss * batch.Count;
                seen += batch.Count;
                callbacks?.Step?.Report(new(epoch, step, steps, loss, clock.Elapsed));
                if (++taken >= options.Steps) break;
            }
            if (NotFinite(stepper.State.Learner.Model) is { } path) throw Diverged(state, train, epoch, $"{path} is not finite after epoch {epoch}");
            bool isBest;
            Measurement? measured;
            (state, measured, isBest) = Judge(state, stepper.State, sum / seen, validation);
            if (measured is not null && !double.IsFinite(measured.Loss)) throw Diverged(state, train, epoch, $"the validation loss is {measured.Loss} after epoch {epoch}");
            stepper.State = state.Progression;
            var left = clock.Elapsed / (epoch - first) * (options.Epochs - epoch);
            callbacks?.Epoch?.Report(new(epoch, sum / seen, measured?.Loss, measured?.Metrics ?? [], state.Progression.Learner.Rate().ToScalar(), isBest, clock.Elapsed, left));
            callbacks?.Checkpoint?.Invoke(state);
        }
    }

    /// <summary>Loss and metrics of examples, in evaluation.</summary>
    /// <exception cref="ArgumentException">There are no examples.</exception>
    public Measurement Measure(TModel model, Dataset data)
    {
        if (data.Count == 0) throw new ArgumentException("measure: there are no examples.");
        double[] sums = new double[1 + objective.Metrics.Length];
        foreach (var batch in data.Batches(MeasuredAtOnce))
        {
            double[] means = measure.Invoke(model, batch).ToArray();
            for (int i = 0; i < sums.Length; i++) sums[i] += means[i] * batch.Count;
        }
        return new(sums[0] / data.Count, [.. objective.Metrics.Select((m, i) => (m.Name, sums[i + 1] / data.Count))]);
    }

    /// <summary>The outputs for inputs, in evaluation.</summary>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    public Tensor Predict(TModel model, Tensor inputs) =>
        inputs.Rank == 0 || inputs.Shape[0] == 0 ? throw new ArgumentException($"predict: inputs {inputs.Shape} have no examples.")
        : Tensor.Concatenate([.. new Dataset(inputs, inputs).Batches(MeasuredAtOnce).Select(batch => predict.Invoke(model, batch.Inputs))]).Evaluate();

    (Key Order, Key Noise) Keys() => Key.Of(options.Seed).Fold(Tensor.Scalar(0x747261696E, DType.Int64)).Split();

    (Progression<TModel> Next, Tensor Loss) Step(Progression<TModel> state, Batch batch, Key noise)
    {
        var learner = state.Learner;
        var pass = Pass.Training(noise.Fold(learner.Steps));
        var (loss, gradient, after) = ValueAndGradient(learner.Model, model =>
        {
            var (output, next) = objective.Run(model, batch.Inputs, pass);
            return (objective.Loss(output, batch.Targets), next);
        });
        if (options.ClipValue is { } value) gradient = Gradients.ClipValue(gradient, value);
        if (options.ClipNorm is { } norm) gradient = Gradients.ClipNorm(gradient, norm);
        learner = learner.Step(gradient, after);
        return (new(learner, state.Average?.Include(learner.Model)), loss);
    }

    (TrainingState<TModel> State, Measurement? Measured, bool IsBest) Judge(TrainingState<TModel> state, Progression<TModel> now, double trainLoss, Dataset? validation)
    {
        var measured = validation is null ? null : Measure(now.Model, validation);
        bool isBest = measured is null || state.Losses().All(before => !(before <= measured.Loss));
        double[] row = [trainLoss, measured?.Loss ?? double.NaN, now.Learner.Rate(DType.Float64).ToScalar(), .. objective.Metrics.Select((_, i) => measured?.Metrics[i].Value ?? double.NaN)];
        var history = Tensor.From<double>([state.Epochs + 1, row.Length], [.. state.History.ToArray(), .. row]);
        state = state with { Progression = now, Best = isBest ? now.Model : state.Best, History = history };
        if (options.ReduceOnPlateau is { } plateau)
            state = state with { Progression = now with { Learner = now.Learner with { RateFactor = Tensor.Scalar(plateau.Judge(state.Losses()).Factor) } } };
        return (state, measured, isBest);
    }

    StopReason? Finished(TrainingState<TModel> state, long taken)
    {
        if (taken >= options.Steps) return new StopReason.StepBudget(taken);
        double[] losses = state.Losses();
        if (options.Tolerance is { } tolerance && losses.Length > 1 && Math.Abs(losses[^1] - losses[^2]) is var change && change <= tolerance) return new StopReason.Converged(change);
        if (options.EarlyStopping?.Judge(losses) is { } hopeless) return hopeless;
        return state.Epochs >= options.Epochs ? new StopReason.EpochBudget(state.Epochs) : null;
    }

    void Check(TrainingState<TModel> state, Dataset train, Dataset? validation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options.BatchSize));
        if (train.Count == 0 || validation?.Count == 0) throw new ArgumentException($"training: there are {train.Count} examples to learn from{(validation is null ? "" : $" and {validation.Count} to validate with")}; both must be some.");
        if ((long)state.Seed.ToScalar() != options.Seed)
            throw new ArgumentException($"training: the state was made with seed {state.Seed.ToScalar()}, the options have seed {options.Seed}. Resume with the same.");
        if (state.History.Shape[1] != 3 + objective.Metrics.Length)
            throw new ArgumentException($"training: the history of the state {state.History.Shape} is of another objective; it must have {3 + objective.Metrics.Length} columns.");
    }

    static string? NotFinite(TModel model)
    {
        Tensor[] leaves = Trees.Leaves(model);
        int bad = Array.FindIndex(leaves, leaf => leaf.DType.IsFloat && Array.Exists(leaf.ToArray(), x => !double.IsFinite(x)));
        return bad < 0 ? null : Trees.Paths(model)[bad] is { Length: > 0 } path ? path : "the model";
    }

    /// <summary>Repeats the epoch equation by equation, to name the first that is not finite.</summary>
    TrainingDivergedException Diverged(TrainingState<TModel> state, Dataset train, int epoch, string what)
    {
        double rate = state.Progression.Learner.Rate().ToScalar();
        string remedy = FormattableString.Invariant($"Lower the learning rate (it is {rate:G3}), clip gradients, or scale the inputs.");
        int bad = Array.FindIndex(train.Inputs.ToArray(), x => !double.IsFinite(x));
        if (bad >= 0) return new($"training: {what}, because input {bad / (train.Inputs.Size / train.Count)} of the training examples is not finite. Remove it, or fill in what is missing.");
        try
        {
            using var check = FiniteCheck.Scope();
            var (order, noise) = Keys();
            var now = state.Progression;
            foreach (var batch in train.Batches(options.BatchSize, order.Fold(epoch)))
                (now, _) = Evaluate(Step(now, batch, noise));
            return new($"training: {what}. {remedy}");
        }
        catch (NotFiniteException cause) { return new($"training: {what}. It arose here: {cause.Message} {remedy}", cause); }
    }
}
