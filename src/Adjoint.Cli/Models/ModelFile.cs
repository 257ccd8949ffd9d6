using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>A trained model as a safetensors file: the tensors of the network by path, and in the metadata everything else, as JSON texts.</summary>
static class ModelFile
{
    /// <summary>What the metadata says of where the file comes from.</summary>
    public const string Format = "adjoint model 1";

    /// <summary>Writes a model, whole or not at all.</summary>
    /// <exception cref="DataFileException">It cannot be written.</exception>
    public static void Write(string path, TrainedModel model) => Safetensors.Write(path, Tensors(model.Network), Metadata(model), overwrite: true);

    /// <summary>The tensors of a tree by path.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Tensors(ITree tree, string prefix = "") =>
        Trees.Paths(tree).Zip(Trees.Leaves(tree), (path, leaf) => KeyValuePair.Create(prefix + path, leaf));

    /// <summary>All of a model but its numbers.</summary>
    public static Dictionary<string, string> Metadata(TrainedModel model) => new()
    {
        ["adjoint"] = Format,
        ["architecture"] = JsonSerializer.Serialize(model.Architecture, ModelJson.Default.Architecture),
        ["features"] = JsonSerializer.Serialize([.. model.Schema.Features], ModelJson.Default.StringArray),
        ["target"] = model.Schema.Target,
        ["classes"] = JsonSerializer.Serialize([.. model.Schema.Classes], ModelJson.Default.StringArray),
        ["scaling"] = JsonSerializer.Serialize(model.Inputs, ModelJson.Default.Scaling),
        ["target_scaling"] = JsonSerializer.Serialize(model.Outputs, ModelJson.Default.Scaling),
    };

    /// <summary>Reads a model.</summary>
    /// <exception cref="DataFileException">The file cannot be read, is damaged, or holds no model of this tool.</exception>
    public static TrainedModel Read(string path)
    {
        if (Directory.Exists(path)) path = new RunFolder(path).Model;
        return Read(path, Safetensors.Read(path));
    }

    /// <summary>The model in a file that was read; its tensors have a prefix.</summary>
    /// <exception cref="DataFileException">It holds no model of this tool.</exception>
    public static TrainedModel Read(string path, Safetensors file, string prefix = "")
    {
        if (file.Metadata.GetValueOrDefault("adjoint") is var format && format != Format)
            throw new DataFileException(path, $"expected a model that adjoint train wrote, found {(format is null ? "another safetensors file" : $"the format \"{format}\"")}");
        try
        {
            var architecture = JsonSerializer.Deserialize(Text("architecture"), ModelJson.Default.Architecture)!;
            string[] features = JsonSerializer.Deserialize(Text("features"), ModelJson.Default.StringArray)!, classes = JsonSerializer.Deserialize(Text("classes"), ModelJson.Default.StringArray)!;
            var network = Fill(path, file, architecture.Build(Key.Of(0)), prefix);
            var schema = new Schema([.. features], architecture.Input.Length > 1 ? Shape.Of(architecture.Input.AsSpan()) : null, Text("target"), [.. classes]);
            return new(architecture, network, schema, JsonSerializer.Deserialize(Text("scaling"), ModelJson.Default.Scaling)!, JsonSerializer.Deserialize(Text("target_scaling"), ModelJson.Default.Scaling)!);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or OverflowException or NullReferenceException)
        {
            throw new DataFileException(path, "expected a model that adjoint train wrote, found metadata that do not describe one", e);
        }

        string Text(string key) => file.Metadata.TryGetValue(key, out string? text) ? text
            : throw new DataFileException(path, $"expected a model that adjoint train wrote, found no \"{key}\" in its metadata");
    }

    /// <summary>The tree with the tensors of a file.</summary>
    /// <exception cref="DataFileException">One is missing, or of another shape or type.</exception>
    public static T Fill<T>(string path, Safetensors file, T tree, string prefix = "", Func<string, bool>? isFree = null) where T : ITree<T>
    {
        string[] paths = Trees.Paths(tree);
        Tensor[] leaves = Trees.Leaves(tree);
        for (int i = 0; i < leaves.Length; i++)
        {
            var expected = leaves[i];
            if (!file.Tensors.TryGetValue(prefix + paths[i], out var found)) throw new DataFileException(path, $"expected a tensor \"{prefix}{paths[i]}\", found none");
            if (isFree?.Invoke(paths[i]) != true && (found.Shape != expected.Shape || found.DType != expected.DType))
                throw new DataFileException(path, $"expected \"{prefix}{paths[i]}\" as {expected.DType.Text}{expected.Shape}, found {found.DType.Text}{found.Shape}");
            leaves[i] = found;
        }
        return tree.Rebuild(leaves);
    }
}

/// <summary>The JSON of metadata.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Architecture))]
[JsonSerializable(typeof(Scaling))]
[JsonSerializable(typeof(string[]))]
sealed partial class ModelJson : JsonSerializerContext;
