using System.Text.Json;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>What a run gave.</summary>
/// <param name="Settings">How it was trained.</param>
/// <param name="Examples">On what.</param>
/// <param name="Model">The best model.</param>
/// <param name="State">The end of training.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Train">How good the model is on the examples it learned from.</param>
/// <param name="Validation">On those that it was chosen by, if there are any.</param>
/// <param name="Test">On those that nothing of it depends on, if there are any.</param>
/// <param name="Seconds">The time it took.</param>
sealed record Results(Settings Settings, Examples Examples, TrainedModel Model, TrainingState<Sequential> State, string Reason, Evaluation Train, Evaluation? Validation, Evaluation? Test, double Seconds)
{
    /// <summary>What was measured after each epoch: training loss, validation loss, rate, validation accuracy (of classes); NaN where there is no validation.</summary>
    public IReadOnlyList<double[]> History { get; } = [.. State.History.ToArray().Chunk(State.History.Shape[1])];

    /// <summary>The epoch whose model this is, from 1.</summary>
    public int BestEpoch => Validation is null ? State.Epochs : Array.IndexOf(State.Losses(), State.Losses().Min()) + 1;

    /// <summary>The number of parameters.</summary>
    public long Parameters => Summary.Of(Model.Network).Parameters;

    /// <summary>Everything as JSON, for programs.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("train_loss", Train.Loss);
            if (Validation is { } validation) json.WriteNumber("validation_loss", validation.Loss);
            else json.WriteNull("validation_loss");
            if (Test is { } judged) json.WriteNumber("test_loss", judged.Loss);
            foreach (var (name, part) in new[] { ("train_", Train), ("validation_", Validation), ("test_", Test) }) part?.Write(json, name);
            json.WriteNumber("epochs", State.Epochs);
            json.WriteNumber("best_epoch", BestEpoch);
            json.WriteNumber("seconds", Math.Round(Seconds, 3));
            json.WriteNumber("seed", Settings.Seed);
            json.WriteString("stopped", Reason);
            json.WriteString("data", Examples.Origin);
            json.WriteNumber("train_examples", Train.Count);
            json.WriteNumber("validation_examples", Validation?.Count ?? 0);
            json.WriteNumber("test_examples", Test?.Count ?? 0);
            json.WriteNumber("parameters", Parameters);
            json.WriteStartObject("options");
            foreach (var (name, value) in Settings.Arguments()) json.WriteString(name[2..], value);
            json.WriteEndObject();
            WriteHistory(json);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    void WriteHistory(Utf8JsonWriter json)
    {
        json.WriteStartArray("history");
        for (int i = 0; i < History.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", i + 1);
            json.WriteNumber("train_loss", History[i][0]);
            if (!double.IsNaN(History[i][1])) json.WriteNumber("validation_loss", History[i][1]);
            if (History[i].Length > 3 && !double.IsNaN(History[i][3])) json.WriteNumber("validation_accuracy", History[i][3]);
            json.WriteNumber("rate", History[i][2]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
