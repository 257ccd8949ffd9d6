using System.CommandLine;
using System.Diagnostics;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary><c>adjoint profile</c>: where the time of a training step goes.</summary>
sealed class ProfileCommand(Surroundings world)
{
    readonly DataOptions data = new();
    readonly Option<string?> model = Ask.Choice("--model", "Dense layers, or for images convolutions before them. [default: mlp]", "mlp", "cnn");
    readonly Option<int?> units = Ask.Count("--hidden", "The units of the hidden layer. [default: 128]", most: 65_536);
    readonly Option<int?> batch = Ask.Count("--batch", "The examples of a step. [default: 32]", most: 1_000_000);
    readonly Option<string?> optimizer = Ask.Choice("--optimizer", "The rule of learning. [default: adam]", [.. Recipes.Optimizers]);
    readonly Option<int?> steps = Ask.Count("--steps", "How many steps are measured, after as many that are not. [default: 300]", most: 1_000_000);

    /// <summary>The command.</summary>
    public Command Command()
    {
        var command = new Command("profile", "Measure where the time of a training step goes: kernels, products of matrices, what falls back.");
        foreach (var option in data.All.Concat([model, units, batch, optimizer, steps])) command.Add(option);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult line)
    {
        var examples = data.Read(line).Load();
        var schema = examples.Schema;
        string kind = line.GetValue(model) ?? "mlp", rule = line.GetValue(optimizer) ?? "adam";
        if (kind == "cnn" && schema.Image is null) throw new UsageException("--model cnn is for images; a table has none.");
        if (kind == "cnn" && Architecture.Unfit(schema.Image!) is { } reason) throw new UsageException($"--model cnn: {reason}.");
        var architecture = new Architecture(kind, schema.Image is { } image ? [.. image] : [schema.Width], [line.GetValue(units) ?? 128], "relu", schema.IsRegression ? 1 : schema.Classes.Length);
        var raw = TrainedModel.Raw(examples);
        var inputs = schema.Image is null ? Scaling.Standard(raw.Inputs) : Scaling.DivideBy(raw.Inputs.Max().ToScalar() is var most and > 0 ? most : 1);
        var outputs = schema.IsRegression ? Scaling.Standard(raw.Targets.Reshape([raw.Count, 1])) : Scaling.DivideBy(1);
        var whole = TrainedModel.Scale(raw, schema, inputs, outputs);
        int size = Math.Min(line.GetValue(batch) ?? 32, whole.Count), count = line.GetValue(steps) ?? 300;
        Batch[] batches = [.. whole.Batches(size).Where(b => b.Count == size).Take(64)];

        var objective = TrainedModel.Objective(schema);
        var trainer = Compilation.Compile((Learner<Sequential> learner, Batch part) =>
        {
            var (loss, slope) = Functions.ValueAndGradient(learner.Model, m => objective.Loss(m.Run(part.Inputs, Pass.Evaluation).Output, part.Targets));
            return (learner.Step(slope), loss);
        }, Recipes.Optimizer(rule, new ConstantRate(1e-4), 0.9, null).Start(architecture.Build(Key.Of(1))));
        double Steps(int n)
        {
            var clock = Stopwatch.StartNew();
            for (int i = 0; i < n && !world.Stop.IsCancellationRequested; i++) trainer.Next(batches[i % batches.Length]).ToScalar();
            return clock.Elapsed.TotalMicroseconds / n;
        }
        double first = Steps(1);
        Steps(count);
        double usual = Steps(count);
        StepTimes times;
        using (var listener = new StepListener())
        {
            Steps(count);
            times = listener.Times(count);
        }
        if (world.Stop.IsCancellationRequested) return world.StopCode();
        var report = new Report(world, quiet: false);
        report.Head($"A training step of {architecture} on {size} of {examples.Origin}, {rule}");
        report.Row("first step", FormattableString.Invariant($"{first / 1000:F1} ms, with compiling"));
        report.Row("step", FormattableString.Invariant($"{usual:F1} µs, the mean of {count}; {times.Sum:F1} µs of it below, where every part is timed"));
        report.Row("memory", FormattableString.Invariant($"{times.Bytes / 1e6:F3} MB read and written a step, {times.Operations / 1e6:F3} million operations"));
        times.Write(world);
        return ExitCodes.Done;
    }
}
