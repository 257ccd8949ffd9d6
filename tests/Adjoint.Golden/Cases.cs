using System.Text.Json;

namespace Adjoint.Golden;

/// <summary>Reference cases that cannot be read, with the file and the place.</summary>
public sealed class CaseException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One reference case.</summary>
public abstract record GoldenCase(string Name)
{
    /// <summary>What differs from the reference, one text for each; none if the case passes.</summary>
    public abstract IReadOnlyList<string> Failures();

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

/// <summary>The cases of a folder.</summary>
public static class Cases
{
    const string Operations = "ops.json", Trajectories = "trajectories.json";

    /// <summary>The folder with the project's own copy.</summary>
    public static string Own => Path.Combine(AppContext.BaseDirectory, "cases");

    /// <summary>All cases of <c>ops.json</c> and <c>trajectories.json</c> in a folder; it must hold one of them.</summary>
    /// <exception cref="CaseException">The folder or both files are missing, or a file is not what it should be.</exception>
    public static IReadOnlyList<GoldenCase> Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new CaseException($"{folder}: there is no such folder. Expected one with {Operations} or {Trajectories}.");
        var cases = new List<GoldenCase>();
        bool found = false;
        foreach (var (file, read) in new (string, Func<string, JsonElement, GoldenCase>)[] { (Operations, OperationCase.Read), (Trajectories, TrajectoryCase.Read) })
        {
            string path = Path.Combine(folder, file);
            if (!File.Exists(path)) continue;
            found = true;
            cases.AddRange(ReadFile(path, read));
        }
        return found ? cases : throw new CaseException($"{folder}: holds neither {Operations} nor {Trajectories}.");
    }

    static List<GoldenCase> ReadFile(string path, Func<string, JsonElement, GoldenCase> read)
    {
        JsonDocument document;
        try { document = JsonDocument.Parse(File.ReadAllBytes(path)); }
        catch (JsonException e) { throw new CaseException($"{path}, line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: is not JSON. Expected a list of cases.", e); }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new CaseException($"{path}: holds {Kind(document.RootElement)}. Expected a list of cases.");
            var cases = new List<GoldenCase>();
            foreach (var element in document.RootElement.EnumerateArray())
            {
                string place = $"{path}, case {cases.Count}";
                if (element.ValueKind != JsonValueKind.Object) throw new CaseException($"{place}: is {Kind(element)}. Expected an object.");
                try { cases.Add(read($"{cases.Count:000}", element.Clone())); }
                catch (Exception e) when (e is CaseException or FormatException or InvalidOperationException or OverflowException or ArgumentException) { throw new CaseException($"{place}: {e.Message}", e); }
            }
            return cases;
        }
    }

    /// <summary>A field that must be there.</summary>
    internal static JsonElement Field(this JsonElement element, string name) => element.Optional(name) ?? throw new CaseException($"field '{name}' is missing.");

    /// <summary>A field that may be absent or null.</summary>
    internal static JsonElement? Optional(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field with a list of arrays, of which some may be null; null if it is absent.</summary>
    internal static Tensor?[]? Arrays(this JsonElement element, string name)
    {
        if (element.Optional(name) is not { } list) return null;
        if (list.ValueKind != JsonValueKind.Array) throw new CaseException($"field '{name}' is {Kind(list)}; expected a list of arrays.");
        return [.. list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Null ? null : item.Array($"{name}[{i}]"))];
    }

    /// <summary>An array <c>{shape, dtype, data}</c>, row-major.</summary>
    internal static Tensor Array(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new CaseException($"'{name}' is {Kind(element)}; expected an array {{shape, dtype, data}}.");
        var shape = Shape.Of([.. element.Field("shape").EnumerateArray().Select(n => n.GetInt32())]);
        JsonElement[] data = [.. element.Field("data").EnumerateArray()];
        if (data.Length != shape.Size) throw new CaseException($"'{name}' has {data.Length} numbers; shape {shape} needs {shape.Size}.");
        return element.Field("dtype").GetString() switch
        {
            "float64" => Tensor.From<double>(shape, System.Array.ConvertAll(data, Number)),
            "int64" => Tensor.From<long>(shape, System.Array.ConvertAll(data, x => x.GetInt64())),
            "bool" => Tensor.From<bool>(shape, System.Array.ConvertAll(data, x => x.GetBoolean())),
            var other => throw new CaseException($"'{name}' has the dtype '{other}'; expected float64, int64 or bool."),
        };
    }

    // JSON has no numbers for these; Python writes the words
    static double Number(JsonElement x) => x.ValueKind == JsonValueKind.String ? double.Parse(x.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : x.GetDouble();

    static string Kind(JsonElement x) => x.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}
