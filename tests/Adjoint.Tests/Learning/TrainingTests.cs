using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.LearningTests;

/// <summary>The training loop: reasons to stop, resumption, divergence, what is kept.</summary>
public sealed class TrainingTests
{
    static readonly Dataset line = new(Tensor.FromFunction<float>([20, 1], i => i[0] / 10f - 1), Tensor.FromFunction<float>([20, 1], i => i[0] / 5f - 1));

    static Sequential Noisy() => Sequential.Of(Dense.Create(Key.Of(1), 1, 8), BatchNorm.Create(8), Activation.Tanh, new Dropout(0.2), Dense.Create(Key.Of(2), 8, 1));

    static Trainer<Dense> Lines(TrainingOptions options) => new(Objective.Regression<Dense>((m, x) => m.Apply(x)), options);

    static TrainingResult<Dense> Run(TrainingOptions options, double rate = 0.3, Dataset? validation = null, CancellationToken stop = default) =>
        Lines(options).Run(Dense.Create(Key.Of(1), 1, 1), new Sgd(rate), line, validation, stop: stop);

    [Fact]
    public void Training_stops_for_a_reason()
    {
        Assert.Equal(new StopReason.EpochBudget(3), Run(new() { Epochs = 3 }).Reason);
        Assert.Equal(new StopReason.StepBudget(5), Run(new() { Epochs = 100, BatchSize = 8, Steps = 5 }).Reason);
        var converged = Assert.IsType<StopReason.Converged>(Run(new() { Epochs = 1000, Tolerance = 1e-9 }).Reason);
        Assert.InRange(converged.Change, 0, 1e-9);
        var hopeless = Assert.IsType<StopReason.NoImprovement>(Run(new() { Epochs = 1000, EarlyStopping = new(Patience: 4) }, rate: 0).Reason);
        Assert.Equal(4, hopeless.Epochs);
        using var source = new CancellationTokenSource();
        source.Cancel();
        var cancelled = Run(new() { Epochs = 3 }, stop: source.Token);
        Assert.Equal(new StopReason.Cancelled(), cancelled.Reason);
        Assert.Equal(0, cancelled.State.Epochs);
        Assert.Equal("all 3 epochs done", new StopReason.EpochBudget(3).ToString());
    }

    [Fact]
    public void A_line_is_learned()
    {
        var model = Run(new() { Epochs = 300 }).Model;
        Assert.Equal((2, 1), (Math.Round(model.Weight.ToScalar(), 3), Math.Round(model.Bias!.ToScalar(), 3)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Resumed_training_is_bitwise_the_same(int interrupted)
    {
        TrainingOptions Options(int epochs) => new() { Epochs = epochs, BatchSize = 6, Seed = 5, AverageDecay = 0.9, ReduceOnPlateau = new(0.5, Patience: 0), ClipNorm = 1 };
        var splits = line.Split(4, 0, seed: 1);
        Trainer<Sequential> Trainer(int epochs) => new(Objective.Regression(), Options(epochs));
        var optimizer = new Adam(new CosineDecay(0.05, 20));
        var whole = Trainer(5).Run(Noisy(), optimizer, splits.Train, splits.Validation);
        var part = Trainer(interrupted).Run(Noisy(), optimizer, splits.Train, splits.Validation);
        var resumed = Trainer(5).Resume(part.State, splits.Train, splits.Validation);
        Assert.Equal(5, resumed.State.Epochs);
        Assert.NotEqual(Bits(whole.State), Bits(part.State));
        Assert.Equal(Bits(whole.State), Bits(resumed.State));
    }

    [Fact]
    public void What_is_cancelled_within_an_epoch_resumes_from_its_start()
    {
        using var source = new CancellationTokenSource();
        var options = new TrainingOptions { Epochs = 4, BatchSize = 6, Seed = 5 };
        var trainer = new Trainer<Sequential>(Objective.Regression(), options);
        var stopped = trainer.Run(Noisy(), new Adam(0.01), line,
            callbacks: new() { Step = new Now<StepReport>(r => { if (r is { Epoch: 2, Step: 3 }) source.Cancel(); }) }, stop: source.Token);
        Assert.Equal((1, typeof(StopReason.Cancelled)), (stopped.State.Epochs, stopped.Reason.GetType()));
        Assert.Equal(Bits(trainer.Run(Noisy(), new Adam(0.01), line).State), Bits(trainer.Resume(stopped.State, line).State));
    }

    [Fact]
    public void Callbacks_hear_of_every_step_and_epoch()
    {
        var (steps, epochs, states) = (new List<StepReport>(), new List<EpochReport>(), new List<int>());
        var result = new Trainer<Dense>(Objective.Regression<Dense>((m, x) => m.Apply(x)), new() { Epochs = 2, BatchSize = 8 }).Run(Dense.Create(Key.Of(1), 1, 1), new Sgd(0.1), line, line,
            new() { Step = new Now<StepReport>(steps.Add), Epoch = new Now<EpochReport>(epochs.Add), Checkpoint = s => states.Add(s.Epochs) });
        Assert.Equal([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)], steps.Select(s => (s.Epoch, s.Step)));
        Assert.All(steps, s => Assert.Equal(3, s.Steps));
        Assert.Equal([1, 2], epochs.Select(e => e.Epoch));
        Assert.Equal([1, 2], states);
        Assert.Equal((8 * steps[0].Loss + 8 * steps[1].Loss + 4 * steps[2].Loss) / 20, epochs[0].TrainLoss, 1e-12);
        Assert.Equal(epochs.Select(e => e.ValidationLoss!.Value), result.State.Losses());
        Assert.All(epochs, e => Assert.Equal(0.1, e.Rate, 1e-7));
        Assert.Equal(TimeSpan.Zero, epochs[1].Remaining);
    }

    [Fact]
    public void The_best_model_is_kept()
    {
        // the rate makes training diverge slowly: the first epoch is the best
        var trainer = Lines(new() { Epochs = 6, BatchSize = 20 });
        var reports = new List<EpochReport>();
        var states = new List<TrainingState<Dense>>();
        var result = trainer.Run(Dense.Create(Key.Of(1), 1, 1), new Sgd(1.02), line, line, new() { Epoch = new Now<EpochReport>(reports.Add), Checkpoint = states.Add });
        int best = reports.MinBy(r => r.ValidationLoss)!.Epoch;
        Assert.Equal(reports.Where(r => r.IsBest).Last().Epoch, best);
        Assert.True(best < 6);
        Assert.Equal(states[best - 1].Progression.Model.Weight.ToArray(), result.Model.Weight.ToArray());
        Assert.Equal(reports[best - 1].ValidationLoss!.Value, trainer.Measure(result.Model, line).Loss, 1e-12);
    }

    [Fact]
    public void Divergence_says_where_it_arose_and_what_may_help()
    {
        var objective = new Objective<Dense>((m, x, _) => (m.Apply(x).Exp(), m), Loss.L1, []);
        var error = Assert.Throws<TrainingDivergedException>(() => new Trainer<Dense>(objective, new() { Epochs = 50 }).Run(new(Tensor.Of([[100f]]), null), new Sgd(0.25), line));
        Assert.Contains("exp: result 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("TrainingTests.cs", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lower the learning rate (it is 0.25)", error.Message, StringComparison.Ordinal);
        Assert.IsType<NotFiniteException>(error.InnerException);
        var holes = line with { Inputs = line.Inputs.With(7, Tensor.Of(float.NaN)) };
        Assert.Contains("input 7 of the training examples is not finite",
            Assert.Throws<TrainingDivergedException>(() => Lines(new()).Run(Dense.Create(Key.Of(1), 1, 1), new Sgd(0.1), holes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var state = Lines(new() { Seed = 1 }).Start(Dense.Create(Key.Of(1), 1, 1), new Sgd(0.1));
        Assert.Contains("seed 1, the options have seed 2", Assert.Throws<ArgumentException>(() => Lines(new() { Seed = 2 }).Resume(state, line)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Lines(new() { Seed = 1 }).Resume(state, line.Rows()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Lines(new() { Seed = 1, BatchSize = 0 }).Resume(state, line));
    }

    [Fact]
    public void A_plateau_lowers_the_rate_as_PyTorch_does()
    {
        // torch: ReduceLROnPlateau(factor=0.1, patience=2, threshold=0): lowered when the third epoch in a row is no better
        var plateau = new ReduceOnPlateau(0.1, Patience: 2, Threshold: 0, Cooldown: 2);
        Assert.Equal(1, plateau.Judge([3, 2, 2, 2]).Factor);
        var (factor, reductions) = plateau.Judge([3, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
        Assert.Equal(0.01, factor, 1e-15);
        Assert.Equal([5, 10], reductions);
        Assert.Equal(0.5, new ReduceOnPlateau(0.1, Patience: 0, Minimum: 0.5).Judge([1, 1, 1, 1]).Factor);
        Assert.Equal(1, new ReduceOnPlateau(Patience: 0, Threshold: 0.1).Judge([1, 0.89, 0.8]).Factor);
        Assert.Equal(0.1, new ReduceOnPlateau(Patience: 0, Threshold: 0.2).Judge([1, 0.89]).Factor);
    }

    [Fact]
    public void Early_stopping_counts_from_the_best()
    {
        var rule = new EarlyStopping(2);
        Assert.Null(rule.Judge([3, 2, 2]));
        Assert.Equal(new StopReason.NoImprovement(2, 2), rule.Judge([3, 2, 2, 2.5]));
        Assert.Null(rule.Judge([3, 2, 2, 1.9]));
        Assert.NotNull(new EarlyStopping(2, Threshold: 0.5).Judge([3, 2.8, 2.6]));
    }

    [Fact]
    public void Measurements_and_predictions_are_of_all_examples()
    {
        var data = new Dataset(Tensor.FromFunction<float>([2500, 1], i => i[0]), Tensor.FromFunction<float>([2500, 1], i => 2 * i[0] + (i[0] < 2100 ? 1 : 3)));
        var model = new Dense(Tensor.Of([[2f]]), Tensor.Of(1f));
        Assert.Equal(4 * 400 / 2500.0, Lines(new()).Measure(model, data).Loss, 1e-6);
        var predicted = Lines(new()).Predict(model, data.Inputs);
        Assert.Equal([2500, 1], predicted.Shape);
        Assert.Equal(2 * 2499 + 1, predicted[^1, 0].ToScalar());
        Assert.Throws<KeyNotFoundException>(() => Lines(new()).Measure(model, data)["accuracy"]);
    }

    static string[] Bits(ITree tree) => [.. Trees.Leaves(tree).Zip(Trees.Paths(tree), (leaf, path) => $"{path}: {string.Join(' ', leaf.ToArray().Select(x => BitConverter.DoubleToInt64Bits(x).ToString("x")))}")];

    sealed class Now<T>(Action<T> use) : IProgress<T>
    {
        public void Report(T value) => use(value);
    }
}
