using System.Globalization;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>All that determines the result of a run, besides the content of its files.</summary>
sealed record Settings
{
    const int UsualSteps = 2000, LeastEpochs = 10, MostEpochs = 200, MostWeights = 100_000_000;

    public required DataSettings Data { get; init; }
    public required string Model { get; init; }
    public int[]? Hidden { get; init; }
    public required string Activation { get; init; }
    public int? Epochs { get; init; }
    public required int Batch { get; init; }
    public required string Optimizer { get; init; }
    public double? Rate { get; init; }
    public double? Momentum { get; init; }
    public double? WeightDecay { get; init; }
    public required string Schedule { get; init; }
    public double? Clip { get; init; }
    public int? Patience { get; init; }
    public required long Seed { get; init; }
    public required Portion Validation { get; init; }
    public required Portion Test { get; init; }
    public required string Split { get; init; }

    /// <summary>With everything decided that was open.</summary>
    /// <param name="train">The number of examples for training.</param>
    /// <param name="width">The number of features.</param>
    /// <exception cref="UsageException">Two settings contradict each other, or the network would be too large.</exception>
    public Settings Resolve(int train, int width)
    {
        foreach (int units in Hidden ?? [])
        {
            if ((long)width * units > MostWeights) throw new UsageException($"--hidden: a layer of {units:N0} units after {width:N0} has more than {MostWeights:N0} weights; choose fewer units.");
            width = units;
        }
        int steps = Steps(train);
        if (Momentum is not null && !Recipes.HasMomentum(Optimizer)) throw new UsageException($"--momentum is for sgd, nesterov and rmsprop; {Optimizer} has its own.");
        return this with
        {
            Hidden = Hidden ?? (Model == "cnn" ? [] : [128]),
            Epochs = Epochs ?? Math.Clamp((UsualSteps + steps - 1) / steps, LeastEpochs, MostEpochs),
            Rate = Rate ?? Recipes.DefaultRate(Optimizer),
            Momentum = Recipes.HasMomentum(Optimizer) ? Momentum ?? (Optimizer == "rmsprop" ? 0 : 0.9) : null,
        };
    }

    /// <summary>The steps of an epoch.</summary>
    public int Steps(int train) => (train + Batch - 1) / Batch;

    /// <summary>How to train.</summary>
    public TrainingOptions Options() => new()
    {
        Epochs = Epochs!.Value,
        BatchSize = Batch,
        Seed = Seed,
        ClipNorm = Clip,
        EarlyStopping = Patience is { } patience ? new EarlyStopping(patience) : null,
        ReduceOnPlateau = Schedule == "plateau" ? new ReduceOnPlateau(0.3, Math.Max(2, Epochs.Value / 10)) : null,
    };

    /// <summary>The rule of learning.</summary>
    public Optimizer Rule(int train) =>
        Recipes.Optimizer(Optimizer, Recipes.Schedule(Schedule, Rate!.Value, (int)Math.Min(int.MaxValue, (long)Epochs!.Value * Steps(train))), Momentum ?? 0, WeightDecay);

    /// <summary>The options that say this: read again, they give the same settings.</summary>
    public IEnumerable<(string Name, string Value)> Arguments()
    {
        string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);
        foreach (var argument in Data.Arguments()) yield return argument;
        yield return ("--model", Model);
        if (Hidden is not null) yield return ("--hidden", Hidden.Length == 0 ? "none" : string.Join(',', Hidden));
        yield return ("--activation", Activation);
        if (Epochs is { } epochs) yield return ("--epochs", epochs.ToString(CultureInfo.InvariantCulture));
        yield return ("--batch", Batch.ToString(CultureInfo.InvariantCulture));
        yield return ("--optimizer", Optimizer);
        if (Rate is { } rate) yield return ("--rate", Text(rate));
        if (Momentum is { } momentum) yield return ("--momentum", Text(momentum));
        if (WeightDecay is { } decay) yield return ("--weight-decay", Text(decay));
        yield return ("--schedule", Schedule);
        if (Clip is { } clip) yield return ("--clip", Text(clip));
        if (Patience is { } patience) yield return ("--patience", patience.ToString(CultureInfo.InvariantCulture));
        yield return ("--seed", Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("--validation", Validation.ToString());
        yield return ("--test", Test.ToString());
        yield return ("--split", Split);
    }
}
