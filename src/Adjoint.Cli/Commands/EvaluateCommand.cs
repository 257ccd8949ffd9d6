using System.CommandLine;
using Adjoint.Formats;

namespace Adjoint.Cli;

/// <summary><c>adjoint evaluate</c>: how good a saved model is on examples.</summary>
sealed class EvaluateCommand(Surroundings world)
{
    readonly Argument<string> model = new("model") { Description = "The model: model.safetensors, or the folder it is in." };
    readonly DataOptions data = new();
    readonly Option<string?> output = Ask.Text("--output", "file.json", "Where to write the result as JSON.");
    readonly Option<bool> force = Ask.Flag("--force", "Replace the output file if it exists.");

    /// <summary>The command.</summary>
    public Command Command()
    {
        var command = new Command("evaluate", "Measure how good a saved model is on the built-in digits, a table or images.") { model };
        foreach (var option in data.All) command.Add(option);
        command.Add(output);
        command.Add(force);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult line)
    {
        var settings = data.Read(line);
        string path = line.GetRequiredValue(model);
        var trained = ModelFile.Read(path);
        var examples = Fitting.Labelled(trained, settings, path);
        var judged = trained.Evaluate(examples);
        if (line.GetValue(output) is { } file) AtomicFile.WriteText(file, judged.ToJson(), line.GetValue(force));
        var report = new Report(world, quiet: false);
        report.Head($"The network {trained.Architecture} on {examples.Origin}");
        report.Row("examples", judged.Count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        report.Judgement("", judged);
        report.Row("loss", judged.Loss.ToString("G4", System.Globalization.CultureInfo.InvariantCulture));
        if (judged.Confusion is { } confusion) report.Classes(confusion, trained.Schema.Classes);
        return ExitCodes.Done;
    }
}
