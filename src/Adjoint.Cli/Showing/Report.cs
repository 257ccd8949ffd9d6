using System.Globalization;

namespace Adjoint.Cli;

/// <summary>What people are told before and after training, in lines of a name and a text.</summary>
sealed class Report(Surroundings world, bool quiet)
{
    /// <summary>What is about to happen.</summary>
    public void Begin(Settings settings, Examples examples, Learning.Splits splits, TrainedModel model, RunFolder folder, int epochsBefore)
    {
        var schema = examples.Schema;
        string answers = schema.IsRegression ? $"the number \"{schema.Target}\"" : $"{schema.Classes.Length} classes";
        Head($"Training on {examples.Origin}");
        Row("examples", $"{splits.Train.Count:N0} for training, {splits.Validation.Count:N0} for validation, {splits.Test.Count:N0} for test");
        Row("task", $"{schema.Width:N0} {(schema.Image is null ? "features" : "pixels")} to {answers}");
        Row("network", $"{model.Architecture}; {Learning.Summary.Of(model.Network).Parameters:N0} parameters");
        Row("learning", Text($"{settings.Optimizer}, rate {settings.Rate:R}, {settings.Schedule}; {settings.Epochs} epochs of {settings.Steps(splits.Train.Count)} steps; seed {settings.Seed}"));
        if (epochsBefore > 0) Row("resumed", $"after epoch {epochsBefore}, from {folder.Checkpoint}");
        if (examples.Note.Length > 0) Row("note", examples.Note);
        Line("");
    }

    /// <summary>What was reached, and where it is.</summary>
    public void End(Results results, RunFolder folder)
    {
        Line("");
        if ((results.Test ?? results.Validation) is { } judged) Judgement(results.Test is null ? "validation" : "test", judged);
        if (results.Validation is { } validation) Row("validation loss", Text($"{validation.Loss:G4}   (epoch {results.BestEpoch}, the best of {results.State.Epochs})"));
        Row("training loss", Text($"{results.Train.Loss:G4}"));
        Row("time", Text($"{results.Seconds:F1} s"));
        Line("");
        Row("model", $"{folder.Model}   (adjoint predict {folder.Path} --data FILE)");
        Row("metrics", folder.Metrics);
        Row("pictures", folder.Curve + (results.Train.Confusion is null ? "" : $", {Path.GetFileName(folder.Confusion)}"));
    }

    /// <summary>How good a model is.</summary>
    public void Judgement(string name, Evaluation judged)
    {
        if (judged.Confusion is { } confusion)
        {
            long right = Enumerable.Range(0, confusion.Classes).Sum(c => confusion[c, c]);
            Row($"{name} accuracy".TrimStart(), Text($"{confusion.Accuracy * 100:F2} %   ({right:N0} of {confusion.Count:N0})"), strong: true);
            Row($"{name} F1".TrimStart(), Text($"{confusion.MacroF1 * 100:F2} %   (mean of the classes)"));
        }
        if (judged.Rmse is { } rmse) Row($"{name} RMSE".TrimStart(), Text($"{rmse:G5}   (root of the mean squared error, in the target's unit)"), strong: true);
        if (judged.R2 is { } r2) Row($"{name} R²".TrimStart(), Text($"{r2:F4}   (1 is perfect, 0 as good as the mean)"));
    }

    /// <summary>How good a model is for each class.</summary>
    public void Classes(Learning.ConfusionMatrix confusion, IReadOnlyList<string> names)
    {
        const int most = 40;
        Line("");
        Line($"  {"class",-16}  {"examples",8}  {"precision",9}  {"recall",8}  {"F1",8}");
        for (int c = 0; c < Math.Min(most, names.Count); c++)
        {
            long count = Enumerable.Range(0, names.Count).Sum(p => confusion[c, p]);
            Line(Text($"  {names[c],-16}  {count,8:N0}  {confusion.Precision(c) * 100,7:F2} %  {confusion.Recall(c) * 100,6:F2} %  {confusion.F1(c) * 100,6:F2} %"));
        }
        if (names.Count > most) Line(Text($"  and {names.Count - most} more classes"));
    }

    /// <summary>That training was stopped, and how to go on.</summary>
    public void Interrupted(RunFolder folder, int epochs)
    {
        Line("");
        Line(epochs == 0 ? "Interrupted before the first epoch ended: there is no model yet."
            : $"Interrupted after epoch {epochs}: the best model so far is kept. Go on with: adjoint train --resume --output {folder.Path}");
    }

    /// <summary>A heading.</summary>
    public void Head(string text) => Line(world.HasColor ? $"\e[1m{text}\e[0m" : text);

    /// <summary>A name and a text.</summary>
    public void Row(string name, string text, bool strong = false) => Line($"  {name,-16}  {(strong && world.HasColor ? $"\e[1;32m{text}\e[0m" : text)}");

    void Line(string text)
    {
        if (!quiet) world.Out.WriteLine(text);
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
