using System.CommandLine;

namespace Adjoint.Cli;

/// <summary>Which examples are meant: files, or if none is named the built-in digits.</summary>
sealed record DataSettings(string? Data, string? Target, string[] Ignore, string? Header, bool? Regression, string? Images, string? Labels)
{
    /// <summary>The name of the data, for a folder of results.</summary>
    public string Name => (Data ?? Images) is { } path ? Path.GetFileName(path).Split('.')[0] is { Length: > 0 } name ? name : "data" : "digits";

    /// <summary>Reads the examples.</summary>
    /// <exception cref="Formats.DataFileException">A file is wrong.</exception>
    public Examples Load() => Data is { } table ? Sources.Table(table, Target, Ignore, HasHeader, Regression)
        : Images is { } images ? Sources.Images(images, Labels!) : Sources.Digits();

    /// <summary>Whether the first line of the table is a header, if it was said.</summary>
    public bool? HasHeader => Header is null ? null : Header == "yes";

    /// <summary>The options that say this, with full paths.</summary>
    public IEnumerable<(string Name, string Value)> Arguments()
    {
        if (Data is not null) yield return ("--data", Path.GetFullPath(Data));
        if (Target is not null) yield return ("--target", Target);
        if (Ignore.Length > 0) yield return ("--ignore", string.Join(',', Ignore));
        if (Header is not null) yield return ("--header", Header);
        if (Regression is { } regression) yield return (regression ? "--regression" : "--classification", "");
        if (Images is not null) yield return ("--images", Path.GetFullPath(Images));
        if (Labels is not null) yield return ("--labels", Path.GetFullPath(Labels));
    }
}

/// <summary>The options that name examples, common to all commands.</summary>
sealed class DataOptions
{
    public Option<string?> Data { get; } = Ask.Text("--data", "file.csv", "A table, packed with gzip or not. Without any file: the built-in digits.");
    public Option<string?> Target { get; } = Ask.Text("--target", "column", "The column to predict, by name or number from 1. [default: the last]");
    public Option<string[]?> Ignore { get; } = Ask.Texts("--ignore", "column,…", "Columns to leave out.");
    public Option<string?> Header { get; } = Ask.Choice("--header", "Whether the first line names the columns. [default: found out]", "yes", "no");
    public Option<bool> Regression { get; } = Ask.Flag("--regression", "The target is a quantity. [default: found out]");
    public Option<bool> Classification { get; } = Ask.Flag("--classification", "The target names classes. [default: found out]");
    public Option<string?> Images { get; } = Ask.Text("--images", "file", "Images in the IDX format (that of MNIST), packed with gzip or not.");
    public Option<string?> Labels { get; } = Ask.Text("--labels", "file", "Their labels, in the IDX format.");

    public IEnumerable<Option> All => [Data, Target, Ignore, Header, Regression, Classification, Images, Labels];

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">It contradicts itself.</exception>
    public DataSettings Read(ParseResult line, bool labelsNeeded = true)
    {
        bool regression = line.GetValue(Regression), classification = line.GetValue(Classification);
        bool? kind = regression ? true : classification ? false : null;
        var settings = new DataSettings(line.GetValue(Data), line.GetValue(Target), line.GetValue(Ignore) ?? [], line.GetValue(Header), kind, line.GetValue(Images), line.GetValue(Labels));
        if (regression && classification) throw new UsageException("--regression and --classification contradict each other: give one of them.");
        if (settings.Data is not null && (settings.Images ?? settings.Labels) is not null) throw new UsageException("--data names a table and --images images: give one of them.");
        if (settings.Images is null && settings.Labels is not null) throw new UsageException("--labels needs --images, the file of the images that are labelled.");
        if (labelsNeeded && settings.Labels is null && settings.Images is not null) throw new UsageException("--images needs --labels, the file of their labels.");
        string? tableOnly = settings.Target is not null ? "--target" : settings.Ignore.Length > 0 ? "--ignore" : settings.Header is not null ? "--header" : regression ? "--regression" : classification ? "--classification" : null;
        if (settings.Data is null && tableOnly is not null) throw new UsageException($"{tableOnly} is about a table: name its file with --data.");
        return settings;
    }
}
