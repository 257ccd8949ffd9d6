using System.Text.Json;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>A network with all that it takes to use it.</summary>
/// <param name="Architecture">What the network is.</param>
/// <param name="Network">The network.</param>
/// <param name="Schema">What it reads and answers.</param>
/// <param name="Inputs">How features are scaled.</param>
/// <param name="Outputs">How targets are scaled; of classes not at all.</param>
sealed record TrainedModel(Architecture Architecture, Sequential Network, Schema Schema, Scaling Inputs, Scaling Outputs)
{
    /// <summary>What training minimizes and measures.</summary>
    public static Objective<Sequential> Objective(Schema schema) => schema.IsRegression ? Learning.Objective.Regression() : Learning.Objective.Classification();

    /// <summary>Examples as the network sees them.</summary>
    public static Dataset Scale(Dataset raw, Schema schema, Scaling inputs, Scaling outputs) => raw with
    {
        Inputs = inputs.Apply(raw.Inputs),
        Targets = schema.IsRegression ? outputs.Apply(raw.Targets.Reshape([raw.Count, 1])) : raw.Targets,
    };

    /// <summary>Examples of files, as rows of a dataset.</summary>
    public static Dataset Raw(Examples examples) => new(examples.Inputs, examples.Targets!, examples.Schema.Classes);

    /// <summary>The answers for inputs as they stand in files: probabilities float64 [examples, classes], or numbers float64 [examples].</summary>
    public Tensor Predict(Tensor inputs)
    {
        var outputs = new Trainer<Sequential>(Objective(Schema)).Predict(Network, Inputs.Apply(inputs)).To(DType.Float64);
        return (Schema.IsRegression ? Outputs.Invert(outputs).Reshape([inputs.Shape[0]]) : outputs.Softmax()).Evaluate();
    }

    /// <summary>How good the model is on examples.</summary>
    public Evaluation Evaluate(Examples examples) => Evaluate(Raw(examples));

    /// <inheritdoc cref="Evaluate(Examples)"/>
    public Evaluation Evaluate(Dataset raw)
    {
        var scaled = Scale(raw, Schema, Inputs, Outputs);
        double loss = new Trainer<Sequential>(Objective(Schema)).Measure(Network, scaled).Loss;
        var answers = Predict(raw.Inputs);
        return Schema.IsRegression
            ? new(raw.Count, loss, null, Metrics.Rmse(answers, raw.Targets).ToScalar(), Metrics.R2(answers, raw.Targets).ToScalar())
            : new(raw.Count, loss, ConfusionMatrix.Of(answers, raw.Targets), null, null);
    }
}

/// <summary>How good a model is on examples.</summary>
/// <param name="Count">The number of examples.</param>
/// <param name="Loss">The mean loss, of scaled targets.</param>
/// <param name="Confusion">Of classes: what was taken for what.</param>
/// <param name="Rmse">Of numbers: the root of the mean squared error, in the target's unit.</param>
/// <param name="R2">Of numbers: 1 − squared error / variance.</param>
sealed record Evaluation(int Count, double Loss, ConfusionMatrix? Confusion, double? Rmse, double? R2)
{
    /// <summary>Everything as JSON, for programs.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("examples", Count);
            json.WriteNumber("loss", Loss);
            Write(json, "");
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Writes what was measured besides the loss; all names have a prefix.</summary>
    public void Write(Utf8JsonWriter json, string prefix)
    {
        if (Confusion is { } confusion)
        {
            json.WriteNumber(prefix + "accuracy", confusion.Accuracy);
            json.WriteNumber(prefix + "f1", confusion.MacroF1);
        }
        if (Rmse is { } rmse) json.WriteNumber(prefix + "rmse", rmse);
        if (R2 is { } r2) json.WriteNumber(prefix + "r2", r2);
    }
}
