using Adjoint.Formats;

namespace Adjoint.Cli;

/// <summary>Brings examples into the form that a saved model reads, or says why that is not possible.</summary>
static class Fitting
{
    /// <summary>The features for a model: of a table by name, else by order; of images as they are.</summary>
    /// <exception cref="DataFileException">They do not fit the model.</exception>
    public static Tensor Inputs(TrainedModel model, string? table, bool? header, string? images, string modelFile)
    {
        if (images is not null) return Images(model, Sources.Pixels(images), images, modelFile);
        if (table is null) return Images(model, Sources.Digits().Inputs.Reshape([-1, 8, 8]), "the built-in digits", modelFile);
        return Features(model, Csv.Read(table, new CsvOptions { Header = header }), null, modelFile);
    }

    /// <summary>Examples with answers, to judge a model by; classes are those of the model.</summary>
    /// <exception cref="DataFileException">They do not fit the model.</exception>
    public static Examples Labelled(TrainedModel model, DataSettings settings, string modelFile)
    {
        var schema = model.Schema;
        if (settings.Data is null)
        {
            var examples = settings.Load();
            string file = settings.Images ?? "the built-in digits";
            if (schema.IsRegression) throw new DataFileException(file, $"expected numbers \"{schema.Target}\", which the model {modelFile} predicts, found classes");
            var inputs = Images(model, examples.Inputs, file, modelFile);
            string[] labels = [.. examples.Targets!.ToArray<int>().Select(code => examples.Schema.Classes[code])];
            return new(schema, inputs, Codes(schema, labels, row => new DataFileException(settings.Labels ?? file,
                $"expected labels that the model {modelFile} knows ({Names(schema)}), found \"{labels[row]}\" for image {row + 1}")), examples.Origin);
        }
        var table = Csv.Read(settings.Data, new CsvOptions { Header = settings.HasHeader });
        var target = settings.Target is { } name ? Sources.Find(table, name) : table.Columns.FirstOrDefault(c => c.Name == schema.Target) ?? table.Columns[^1];
        var features = Features(model, table, target, modelFile);
        if (schema.IsRegression) return new(schema, features, Tensor.Of(target.Numbers()), settings.Data);
        var (names, codes) = target.Categories();
        string[] texts = [.. codes.Select(code => names[code])];
        return new(schema, features, Codes(schema, texts, row => target.Fail(row, $"expected a class that the model {modelFile} knows ({Names(schema)}), found \"{texts[row]}\"")), settings.Data);
    }

    static Tensor Features(TrainedModel model, Table table, Column? target, string modelFile)
    {
        var wanted = model.Schema.Features;
        if (wanted.IsEmpty || model.Schema.Image is not null && model.Schema.Features.Length != model.Schema.Width)
            throw new DataFileException(table.File, $"expected images of {model.Schema.Image}, which the model {modelFile} reads (--images), found a table");
        var known = table.Columns.ToDictionary(c => c.Name);
        bool byName = table.HasHeader && model.Schema.Image is null && !wanted.All(n => n.StartsWith("column ", StringComparison.Ordinal));
        Column[] columns;
        if (byName)
        {
            if (wanted.FirstOrDefault(n => !known.ContainsKey(n)) is { } missing)
                throw new DataFileException(table.File, $"expected a column \"{missing}\", which the model {modelFile} reads, found none{Hint(missing, known.Keys)}");
            columns = [.. wanted.Select(n => known[n])];
        }
        else
        {
            columns = [.. table.Columns.Where(c => c != target)];
            if (columns.Length == wanted.Length + 1 && target is null) columns = columns[..^1];
            if (columns.Length != wanted.Length) throw new DataFileException(table.File, $"expected {wanted.Length} columns of features, which the model {modelFile} reads, found {columns.Length}");
        }
        var numbers = Sources.Numbers(table, columns);
        return model.Schema.Image is { } image ? numbers.Reshape(Shape.Of([numbers.Shape[0], .. image.Lengths])) : numbers;
    }

    static Tensor Images(TrainedModel model, Tensor pixels, string file, string modelFile)
    {
        var shape = Shape.Of(pixels.Shape.Lengths[1..]);
        if (model.Schema.Image is not { } image) throw new DataFileException(file, $"expected a table with {model.Schema.Width} features, which the model {modelFile} reads (--data), found images");
        return shape == image ? pixels.Evaluate() : throw new DataFileException(file, $"expected images of {Size(image)} pixels, which the model {modelFile} reads, found {Size(shape)}");
    }

    static Tensor Codes(Schema schema, string[] labels, Func<int, DataFileException> unknown)
    {
        var codes = new int[labels.Length];
        for (int row = 0; row < codes.Length; row++)
            if ((codes[row] = schema.Classes.IndexOf(labels[row])) < 0) throw unknown(row);
        return Tensor.From([codes.Length], codes.AsSpan());
    }

    static string Names(Schema schema) => string.Join(", ", schema.Classes.Take(12)) + (schema.Classes.Length > 12 ? ", …" : "");

    static string Size(Shape image) => string.Join(" x ", image);

    static string Hint(string name, IEnumerable<string> known) => Nearest.To(name, known) is { } near ? $"; is it \"{near}\"?" : "";
}
