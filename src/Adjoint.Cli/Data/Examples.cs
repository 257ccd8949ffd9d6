using System.Collections.Immutable;
using System.Security.Cryptography;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>What a model reads and what it answers: everything that data must agree on with a model.</summary>
/// <param name="Features">The names of the columns; empty for images.</param>
/// <param name="Image">[height, width] or [channels, height, width] of an image; null for tables.</param>
/// <param name="Target">The name of what is predicted.</param>
/// <param name="Classes">The names of the classes by number; empty for a number.</param>
sealed record Schema(ImmutableArray<string> Features, Shape? Image, string Target, ImmutableArray<string> Classes)
{
    /// <summary>Whether a number is predicted.</summary>
    public bool IsRegression => Classes.IsEmpty;

    /// <summary>The number of features of an example.</summary>
    public int Width => Image?.Size ?? Features.Length;
}

/// <summary>Examples as they stand in files, before any scaling.</summary>
/// <param name="Schema">What they are.</param>
/// <param name="Inputs">float64 [examples, features…].</param>
/// <param name="Targets">int32 [examples], the numbers of the classes; or float64 [examples]; null where they are to be predicted.</param>
/// <param name="Origin">Where they come from, for people.</param>
/// <param name="Note">What was decided about them that people should know, or nothing.</param>
sealed record Examples(Schema Schema, Tensor Inputs, Tensor? Targets, string Origin, string Note = "")
{
    /// <summary>The number of examples.</summary>
    public int Count => Inputs.Shape[0];

    /// <summary>A fingerprint of the numbers: a run that is to continue must see the same.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in new[] { Inputs, Targets })
        {
            if (part is null) continue;
            double[] values = part.ToArray();
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        }
        return System.Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

/// <summary>Where examples come from.</summary>
static class Sources
{
    /// <summary>The handwritten digits of the library; their pixels from 0 to 16, as in their file.</summary>
    public static Examples Digits()
    {
        var digits = Learning.Digits.Load();
        var schema = new Schema([.. Enumerable.Range(0, 64).Select(i => $"pixel {i / 8},{i % 8}")], Shape.Of([8, 8]), "digit", digits.Classes);
        return new(schema, (digits.Inputs.To(DType.Float64) * 16).Reshape([-1, 8, 8]).Evaluate(), digits.Targets, "1,797 handwritten digits of 8 x 8 pixels");
    }

    /// <summary>A table: one column is the target, the others are features.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">The target's name or number; null for the last column.</param>
    /// <param name="ignored">Columns that are neither.</param>
    /// <param name="header">Whether the first line names the columns; null to find out.</param>
    /// <param name="regression">Whether the target is a number rather than a class; null to find out.</param>
    public static Examples Table(string path, string? target, IReadOnlyCollection<string> ignored, bool? header, bool? regression)
    {
        var table = Csv.Read(path, new CsvOptions { Header = header });
        var answer = target is null ? table.Columns[^1] : Find(table, target);
        var others = ignored.Select(name => Find(table, name)).ToHashSet();
        Column[] features = [.. table.Columns.Where(column => column != answer && !others.Contains(column))];
        if (features.Length == 0) throw new DataFileException(path, $"expected columns of features besides the target {Quote(answer.Name)}, found none");
        var inputs = Numbers(table, features);
        var (kind, note) = Decide(table, answer, regression);
        if (kind) return new(new([.. features.Select(f => f.Name)], null, answer.Name, []), inputs, Tensor.Of(answer.Numbers()), path, note);
        var (names, codes) = answer.Categories();
        int seen = codes.Distinct().Count();
        if (seen < 2) throw new DataFileException(path, null, answer.Index + 1, answer.Name,
            $"expected at least two classes, found only {Quote(names[codes[0]])} in all {table.RowCount} rows");
        return new(new([.. features.Select(f => f.Name)], null, answer.Name, [.. names]), inputs, Tensor.From([codes.Length], codes.AsSpan()), path, note);
    }

    /// <summary>Images with labels, in the IDX format.</summary>
    public static Examples Images(string images, string labels)
    {
        var (pixels, numbers) = (Pixels(images), Idx.Read(labels));
        if (numbers.Rank != 1) throw new DataFileException(labels, $"expected labels, one axis, found shape {numbers.Shape} (--images and --labels may be swapped)");
        if (numbers.DType != DType.Int32) throw new DataFileException(labels, $"expected labels that are integers, found {numbers.DType.Text}");
        if (numbers.Size != pixels.Shape[0]) throw new DataFileException(labels, $"expected {pixels.Shape[0]} labels, one for each image in {images}, found {numbers.Size}");
        int[] values = numbers.ToArray<int>(), classes = [.. values.Distinct().Order()];
        if (classes.Length < 2) throw new DataFileException(labels, $"expected at least two classes, found {(classes.Length == 0 ? "no label" : $"only {classes[0]}")}");
        if (classes.Length > 1000) throw new DataFileException(labels, $"expected labels of classes, found {classes.Length} different ones");
        int[] codes = Array.ConvertAll(values, v => Array.BinarySearch(classes, v));
        var schema = new Schema([], Shape.Of(pixels.Shape.Lengths[1..]), "label", [.. classes.Select(c => c.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return new(schema, pixels, Tensor.From([codes.Length], codes.AsSpan()), images);
    }

    /// <summary>Images, in the IDX format: float64 [images, height, width] or with channels.</summary>
    public static Tensor Pixels(string images)
    {
        var pixels = Idx.Read(images);
        if (pixels.Rank is not (3 or 4)) throw new DataFileException(images, $"expected images of shape [images, height, width] or [images, channels, height, width], found {pixels.Shape}");
        if (pixels.Size == 0) throw new DataFileException(images, $"expected images, found none: shape {pixels.Shape}");
        return pixels.To(DType.Float64).Evaluate();
    }

    /// <summary>The column of this name or number.</summary>
    public static Column Find(Table table, string name)
    {
        string[] names = [.. table.Columns.Select(column => column.Name)];
        bool number = int.TryParse(name, out int index) && index >= 1 && index <= names.Length;
        return names.Contains(name) || number ? table[name] : throw new DataFileException(table.File,
            $"there is no column {Quote(name)}{(Nearest.To(name, names) is { } near ? $", did you mean {Quote(near)}?" : ";")} "
            + $"the columns are {string.Join(", ", names.Take(12))}{(names.Length > 12 ? ", …" : "")}");
    }

    /// <summary>The numbers of columns, for the network.</summary>
    public static Tensor Numbers(Table table, IReadOnlyCollection<Column> columns)
    {
        if (columns.FirstOrDefault(c => !c.IsNumeric || c.MissingCount > 0) is { } text)
        {
            for (int row = 0; row < table.RowCount; row++)
                if (text.IsMissing(row) || !double.TryParse(text.Text(row), System.Globalization.CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                {
                    string found = text.IsMissing(row) ? "a missing value" : Quote(text.Text(row));
                    throw text.Fail(row, $"expected a number, found {found}; leave the column out with --ignore, or the row out of the file");
                }
        }
        return table.ToTensor(columns);
    }

    static (bool Regression, string Note) Decide(Table table, Column target, bool? regression)
    {
        if (regression is { } decided) return (decided, "");
        if (table.ClassNames is not null && target.Index == table.Columns.Count - 1 || !target.IsNumeric) return (false, "");
        double[] values = target.Numbers();
        if (values.Any(v => v != Math.Floor(v))) return (true, "");
        int different = values.Distinct().Count();
        return different > Math.Max(20, values.Length / 10)
            ? (true, $"The target {Quote(target.Name)} is a number with {different} different values: regression. If they are classes, say --classification.") : (false, "");
    }

    static string Quote(string text) => $"\"{text}\"";
}
