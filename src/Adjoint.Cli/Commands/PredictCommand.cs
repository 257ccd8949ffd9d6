using System.CommandLine;
using System.Globalization;
using System.Text;
using Adjoint.Formats;

namespace Adjoint.Cli;

/// <summary><c>adjoint predict</c>: the answers of a saved model, as a table.</summary>
sealed class PredictCommand(Surroundings world)
{
    readonly Argument<string> model = new("model") { Description = "The model: model.safetensors, or the folder it is in." };
    readonly Option<string?> table = Ask.Text("--data", "file.csv", "A table with the features of the model, by name or in its order. Without any file: the built-in digits.");
    readonly Option<string?> header = Ask.Choice("--header", "Whether the first line names the columns. [default: found out]", "yes", "no");
    readonly Option<string?> images = Ask.Text("--images", "file", "Images in the IDX format, packed with gzip or not.");
    readonly Option<string?> output = Ask.Text("--output", "file.csv", "Where to write the answers. [default: the console]");
    readonly Option<bool> force = Ask.Flag("--force", "Replace the output file if it exists.");

    /// <summary>The command.</summary>
    public Command Command()
    {
        var command = new Command("predict", "Answer with a saved model: a table with the class or number for each example, and the probabilities of the classes.") { model };
        foreach (var option in (Option[])[table, header, images, output, force]) command.Add(option);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult line)
    {
        if (line.GetValue(table) is not null && line.GetValue(images) is not null) throw new UsageException("--data names a table and --images images: give one of them.");
        string path = line.GetRequiredValue(model);
        var trained = ModelFile.Read(path);
        bool? named = line.GetValue(header) is { } text ? text == "yes" : null;
        string answers = Table(trained, trained.Predict(Fitting.Inputs(trained, line.GetValue(table), named, line.GetValue(images), path)));
        if (line.GetValue(output) is not { } file)
        {
            world.Out.Write(answers);
            return ExitCodes.Done;
        }
        AtomicFile.WriteText(file, answers, line.GetValue(force));
        new Report(world, quiet: false).Row("answers", file);
        return ExitCodes.Done;
    }

    static string Table(TrainedModel model, Tensor answers)
    {
        var text = new StringBuilder();
        double[] values = answers.ToArray();
        var schema = model.Schema;
        if (schema.IsRegression)
        {
            text.Append(Cell(schema.Target)).Append('\n');
            foreach (double value in values) text.Append(CultureInfo.InvariantCulture, $"{value:G7}\n");
            return text.ToString();
        }
        text.Append(Cell(schema.Target)).Append(',').AppendJoin(',', schema.Classes.Select(name => Cell("probability of " + name))).Append('\n');
        foreach (double[] row in values.Chunk(schema.Classes.Length))
            text.Append(Cell(schema.Classes[Array.IndexOf(row, row.Max())])).Append(',').AppendJoin(',', row.Select(p => p.ToString("0.######", CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    }

    /// <summary>A cell of a table, quoted where RFC 4180 wants it.</summary>
    static string Cell(string text) => text.AsSpan().ContainsAny(",;\"\t\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
