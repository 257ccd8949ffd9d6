using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Adjoint.Learning;

/// <summary>What a model consists of: one row for every tensor.</summary>
public sealed record Summary(ImmutableArray<Summary.Row> Rows)
{
    /// <summary>One tensor.</summary>
    /// <param name="Path">Where it is: <c>Hidden.Weight</c>.</param>
    /// <param name="Shape">Its shape.</param>
    /// <param name="Type">Its element type.</param>
    /// <param name="Role">What it is for.</param>
    public sealed record Row(string Path, Shape Shape, DType Type, LeafRole Role);

    /// <summary>The summary of a model.</summary>
    public static Summary Of(ITree model) =>
        new([.. Trees.Leaves(model).Zip(Trees.Paths(model), Trees.Roles(model)).Select(x => new Row(x.Second, x.First.Shape, x.First.DType, x.Third))]);

    /// <summary>The number of numbers that are learned.</summary>
    public long Parameters => Rows.Where(row => row.Role == LeafRole.Parameter && row.Type.IsFloat).Sum(row => (long)row.Shape.Size);

    /// <summary>The rows as a table, and the total.</summary>
    public override string ToString()
    {
        string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);
        string[][] cells = [["tensor", "shape", "type", "numbers", "role"],
            .. Rows.Select(row => (string[])[row.Path, row.Shape.ToString()!, row.Type.Text, Count(row.Shape.Size), row.Role.ToString().ToLowerInvariant()])];
        int[] widths = [.. Enumerable.Range(0, 5).Select(i => cells.Max(row => row[i].Length))];
        var text = new StringBuilder();
        foreach (string[] row in cells)
            text.Append(string.Join("  ", row.Select((cell, i) => i == 3 ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
        return text.Append(CultureInfo.InvariantCulture, $"{Count(Parameters)} parameters\n").ToString();
    }
}
