using System.CommandLine;
using System.Globalization;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>The options of <c>adjoint train</c>, read into <see cref="Settings"/>.</summary>
sealed class TrainOptions
{
    public DataOptions Data { get; } = new();
    public Option<string?> Model { get; } = Ask.Choice("--model", "Dense layers, or for images convolutions before them. [default: mlp]", "mlp", "cnn");
    public Option<int[]?> Hidden { get; } = new("--hidden")
    {
        HelpName = "n,n,…",
        Description = "The units of the hidden layers, such as 64,32; none for a linear model. [default: 128; none after convolutions]",
        CustomParser = result => ReadHidden(result.Tokens[0].Value) ?? Refuse(result.AddError, result.Tokens[0].Value),
    };

    public Option<string?> Activation { get; } = Ask.Choice("--activation", "What follows hidden layers. [default: relu]", [.. Learning.Activation.Named.Select(a => a.Name)]);
    public Option<int?> Epochs { get; } = Ask.Count("--epochs", "How often all training examples are seen. [default: enough for about 2,000 steps]", most: 1_000_000);
    public Option<int?> Batch { get; } = Ask.Count("--batch", "The examples of a step. [default: 32]", most: 1_000_000);
    public Option<double?> Rate { get; } = Ask.Number("--rate", "The learning rate. [default: that of the optimizer]", "a positive number", x => x > 0);
    public Option<string?> Optimizer { get; } = Ask.Choice("--optimizer", "The rule of learning. [default: adam]", [.. Recipes.Optimizers]);
    public Option<double?> Momentum { get; } = Ask.Number("--momentum", "The momentum of sgd and rmsprop. [default: 0.9]", "a number from 0 to below 1", x => x is >= 0 and < 1);
    public Option<double?> WeightDecay { get; } = Ask.Number("--weight-decay", "How strongly weights are drawn to 0. [default: that of the optimizer]", "a number from 0", x => x >= 0);
    public Option<string?> Schedule { get; } = Ask.Choice("--schedule", "How the rate changes. [default: cosine]", [.. Recipes.Schedules]);
    public Option<double?> Clip { get; } = Ask.Number("--clip", "The greatest norm of a gradient; longer ones are shortened.", "a positive number", x => x > 0);
    public Option<int?> Patience { get; } = Ask.Count("--patience", "Stop after so many epochs without a better validation loss.");
    public Option<long?> Seed { get; } = Ask.Value<long>("--seed", "n", "Determines split, weights and order. [default: 1]", "a whole number",
        (string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));
    public Option<Portion?> Validation { get; } = Ask.Portion("--validation", "The examples that choose the best epoch: a number, or a share of all. [default: 0.1]");
    public Option<Portion?> Test { get; } = Ask.Portion("--test", "The examples that judge the result, never seen before. [default: 0.2]");
    public Option<string?> Split { get; } = Ask.Choice("--split", "random: drawn by the seed. ordered: as in the file, the last for test. [default: random]", "random", "ordered");
    public Option<string?> Output { get; } = Ask.Text("--output", "folder", "Where model, metrics and pictures go. [default: runs/NAME, after the data]");
    public Option<bool> Resume { get; } = Ask.Flag("--resume", "Continue the interrupted run in the output folder, with its settings.");
    public Option<bool> Force { get; } = Ask.Flag("--force", "Replace a different run in the output folder.");
    public Option<bool> Quiet { get; } = Ask.Flag("--quiet", "Print nothing but errors.");

    IEnumerable<Option> OwnOptions => [Model, Hidden, Activation, Epochs, Batch, Rate, Optimizer, Momentum, WeightDecay, Schedule, Clip, Patience, Seed, Validation, Test, Split];

    /// <summary>The command, without action.</summary>
    public Command Command()
    {
        var command = new Command("train", "Train a network on the built-in digits, on a table, or on images.");
        foreach (var option in Data.All.Concat(OwnOptions).Concat([Output, Resume, Force, Quiet])) command.Add(option);
        return command;
    }

    /// <summary>The options that determine the result and were given.</summary>
    public IEnumerable<string> Given(ParseResult line) => Data.All.Concat(OwnOptions).Where(o => line.GetResult(o) is { Implicit: false }).Select(o => o.Name);

    /// <summary>Settings of a command line; what was not given is open.</summary>
    public Settings Read(ParseResult line) => new()
    {
        Data = Data.Read(line),
        Model = line.GetValue(Model) ?? "mlp",
        Hidden = line.GetResult(Hidden) is { Implicit: false } ? line.GetValue(Hidden) : null,
        Activation = line.GetValue(Activation) ?? "relu",
        Epochs = line.GetValue(Epochs),
        Batch = line.GetValue(Batch) ?? 32,
        Optimizer = line.GetValue(Optimizer) ?? "adam",
        Rate = line.GetValue(Rate),
        Momentum = line.GetValue(Momentum),
        WeightDecay = line.GetValue(WeightDecay),
        Schedule = line.GetValue(Schedule) ?? "cosine",
        Clip = line.GetValue(Clip),
        Patience = line.GetValue(Patience),
        Seed = line.GetValue(Seed) ?? 1,
        Validation = line.GetValue(Validation) ?? new(0.1),
        Test = line.GetValue(Test) ?? new(0.2),
        Split = line.GetValue(Split) ?? "random",
    };

    static int[]? ReadHidden(string text)
    {
        if (text is "none" or "0") return [];
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        var units = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out units[i]) || units[i] is < 1 or > 1_000_000) return null;
        return units;
    }

    static int[]? Refuse(Action<string> error, string text)
    {
        error($"--hidden: expected numbers of units separated by commas, such as 64,32, or none, found \"{text}\".");
        return null;
    }
}
