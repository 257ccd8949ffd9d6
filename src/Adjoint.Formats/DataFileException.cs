using System.Globalization;
using System.Text;

namespace Adjoint.Formats;

/// <summary>
/// A file that cannot be read, does not hold what it should, or cannot be written. The message is one sentence: the file, the line and the column
/// where there is one, what was expected, and what was found.
/// </summary>
public sealed class DataFileException : Exception
{
    /// <summary>A problem with a file, for example <c>expected a number, found "abc"</c>.</summary>
    public DataFileException(string file, string problem, Exception? inner = null) : this(file, null, null, null, problem, inner) { }

    /// <summary>A problem at a line and a column of a file, both counted from 1.</summary>
    public DataFileException(string file, long? line, int? column, string? columnName, string problem, Exception? inner = null)
        : base(Sentence(file, line, column, columnName, problem), inner) => (File, Line, Column, ColumnName) = (file, line, column, columnName);

    /// <summary>The file, as it was named by the caller.</summary>
    public string File { get; }

    /// <summary>The line, from 1, in a file of lines.</summary>
    public long? Line { get; }

    /// <summary>The column of the table, from 1.</summary>
    public int? Column { get; }

    /// <summary>The column's name, where it has one.</summary>
    public string? ColumnName { get; }

    static string Sentence(string file, long? line, int? column, string? columnName, string problem) => string.Create(CultureInfo.InvariantCulture,
        $"{file}{(line is null ? "" : $", line {line}")}{(column is null ? "" : $", column {column}")}{(columnName is null ? "" : $" {Quote(columnName)}")}: {problem}.");

    /// <summary>A piece of a file as it is shown in a message: quoted, at most 40 characters, control characters escaped.</summary>
    internal static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes().Take(40))
        {
            if (Rune.IsControl(rune)) result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else result.Append(rune);
        }
        return result.Append(text.EnumerateRunes().Skip(40).Any() ? "…\"" : "\"").ToString();
    }

    internal static string Quote(ReadOnlySpan<byte> utf8) => Quote(System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 200)]));
}
