using System.Text.Json;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>The files of a run. Each is written whole or not at all.</summary>
sealed record RunFolder(string Path)
{
    public string Model => At("model.safetensors");
    public string Checkpoint => At("checkpoint.safetensors");
    public string Metrics => At("metrics.json");
    public string Curve => At("training-curve.svg");
    public string Confusion => At("confusion-matrix.svg");

    /// <summary>The run that the folder holds; null if there is none.</summary>
    /// <exception cref="DataFileException">The checkpoint is damaged.</exception>
    public Checkpoint? Find() => File.Exists(Checkpoint) ? Cli.Checkpoint.Read(Checkpoint) : null;

    /// <summary>A file of the folder that a new run would replace and that belongs to no run; null if there is none.</summary>
    public string? Foreign() => new[] { Model, Checkpoint, Metrics, Curve, Confusion }.FirstOrDefault(File.Exists);

    string At(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>A run at the end of an epoch: all that it takes to go on.</summary>
/// <param name="File">The file.</param>
/// <param name="Content">Its tensors: the state of training.</param>
/// <param name="Arguments">The settings, as options.</param>
/// <param name="Fingerprint">That of the examples.</param>
/// <param name="Seconds">The time spent so far.</param>
/// <param name="IsDone">Whether the run ended by itself.</param>
sealed record Checkpoint(string File, Safetensors Content, IReadOnlyList<(string Name, string Value)> Arguments, string Fingerprint, double Seconds, bool IsDone)
{
    const string Format = "adjoint checkpoint 1", History = nameof(TrainingState<>.History);

    /// <summary>The number of epochs done.</summary>
    public int Epochs => Content.Tensors.TryGetValue(History, out var history) && history.Rank == 2 ? history.Shape[0] : 0;

    /// <summary>The command line of the settings.</summary>
    public string[] Line => ["train", .. Arguments.SelectMany(a => (string[])(a.Value.Length == 0 ? [a.Name] : [a.Name, a.Value]))];

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <exception cref="DataFileException">It cannot be written.</exception>
    public static void Write(string path, TrainingState<Sequential> state, Settings settings, string fingerprint, double seconds, bool isDone)
    {
        string[] arguments = [.. settings.Arguments().SelectMany(a => (string[])[a.Name, a.Value])];
        var metadata = new Dictionary<string, string>
        {
            ["adjoint"] = Format,
            ["arguments"] = JsonSerializer.Serialize(arguments, ModelJson.Default.StringArray),
            ["data"] = fingerprint,
            ["seconds"] = seconds.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            ["done"] = isDone ? "yes" : "no",
        };
        Safetensors.Write(path, ModelFile.Tensors(state), metadata, overwrite: true);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="DataFileException">It cannot be read, is damaged, or no checkpoint.</exception>
    public static Checkpoint Read(string path)
    {
        var content = Safetensors.Read(path);
        if (content.Metadata.GetValueOrDefault("adjoint") != Format) throw Unknown();
        try
        {
            string[] words = JsonSerializer.Deserialize(content.Metadata.GetValueOrDefault("arguments") ?? "", ModelJson.Default.StringArray) ?? [];
            var arguments = words.Chunk(2).Select(pair => (pair[0], pair[1])).ToArray();
            double seconds = double.Parse(content.Metadata["seconds"], System.Globalization.CultureInfo.InvariantCulture);
            return new(path, content, arguments, content.Metadata["data"], seconds, content.Metadata["done"] == "yes");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Unknown(e);
        }

        DataFileException Unknown(Exception? inner = null) => new(path, "expected a checkpoint that adjoint train wrote, found another file", inner);
    }

    /// <summary>The state of training, structured like a new one.</summary>
    /// <exception cref="DataFileException">It does not fit.</exception>
    public TrainingState<Sequential> Restore(TrainingState<Sequential> start)
    {
        var state = ModelFile.Fill(File, Content, start, isFree: path => path == History);
        return state.History.Rank == 2 && state.History.Shape[1] == start.History.Shape[1] && state.History.DType == start.History.DType ? state
            : throw new DataFileException(File, $"expected a history of {start.History.Shape[1]} columns, found {state.History.Shape}");
    }
}
