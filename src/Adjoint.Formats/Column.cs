using System.Globalization;

namespace Adjoint.Formats;

/// <summary>A column of a table.</summary>
public sealed class Column
{
    readonly CsvCells cells;
    readonly string header;
    bool? isNumeric;

    internal Column(Table table, CsvCells cells, int index, string header) => (Table, this.cells, Index, this.header) = (table, cells, index, header);

    /// <summary>The table.</summary>
    public Table Table { get; }

    /// <summary>Which column this is, from 0; in messages they are counted from 1.</summary>
    public int Index { get; }

    /// <summary>The name in the header, or <c>column 3</c>.</summary>
    public string Name => header.Length > 0 ? header : string.Create(CultureInfo.InvariantCulture, $"column {Index + 1}");

    /// <summary>Whether every cell that is not missing is a finite number, and there is one.</summary>
    public bool IsNumeric => isNumeric ??= FindOut();

    /// <summary>The number of missing cells: empty, or NA, N/A, NaN, null, ?.</summary>
    public int MissingCount => Enumerable.Range(0, Table.RowCount).Count(IsMissing);

    /// <summary>Whether a cell is missing.</summary>
    public bool IsMissing(int row) => cells.IsMissing(Table.Record(row), Index);

    /// <summary>A cell's text, without quotes around it.</summary>
    public string Text(int row) => cells.Text(Table.Record(row), Index);

    /// <summary>A cell's number.</summary>
    /// <exception cref="DataFileException">It is missing, or not a finite number.</exception>
    public double Number(int row) => cells.TryNumber(Table.Record(row), Index, out double value) ? value
        : throw Fail(row, IsMissing(row) ? "expected a number, found a missing value" : $"expected a finite number, found {DataFileException.Quote(Text(row))}");

    /// <summary>All numbers.</summary>
    /// <exception cref="DataFileException">A cell is missing, or not a finite number.</exception>
    public double[] Numbers()
    {
        var values = new double[Table.RowCount];
        for (int row = 0; row < values.Length; row++) values[row] = Number(row);
        return values;
    }

    /// <summary>
    /// The column as classes: their names, and for each row the index of its class. The names are those of the file's first line where this is the last
    /// column and it held them; else the different cells, integers by value and texts by character code.
    /// </summary>
    /// <exception cref="DataFileException">A cell is missing, or not the index of a class that the first line names.</exception>
    public Categories Categories()
    {
        var codes = new int[Table.RowCount];
        if (Index == Table.Columns.Count - 1 && Table.ClassNames is { } names)
        {
            for (int row = 0; row < codes.Length; row++)
            {
                double value = Number(row);
                if (value < 0 || value >= names.Count || value != Math.Floor(value))
                    throw Fail(row, $"expected the index of a class, an integer from 0 to {names.Count - 1}, found {DataFileException.Quote(Text(row))}");
                codes[row] = (int)value;
            }
            return new(names, codes);
        }
        var found = new Dictionary<string, int>();
        for (int row = 0; row < codes.Length; row++)
        {
            if (IsMissing(row)) throw Fail(row, "expected a class, found a missing value");
            string text = Text(row);
            if (!found.TryGetValue(text, out codes[row])) found.Add(text, codes[row] = found.Count);
        }
        bool integers = found.Keys.All(k => long.TryParse(k, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        string[] ordered =
        [
            .. integers ? found.Keys.OrderBy(k => long.Parse(k, CultureInfo.InvariantCulture)).ThenBy(k => k, StringComparer.Ordinal)
                : found.Keys.Order(StringComparer.Ordinal),
        ];
        var rank = new int[ordered.Length];
        for (int k = 0; k < ordered.Length; k++) rank[found[ordered[k]]] = k;
        for (int row = 0; row < codes.Length; row++) codes[row] = rank[codes[row]];
        return new(ordered, codes);
    }

    /// <summary>The error that this cell has this problem, for callers who expect more of it than a number or a text.</summary>
    public DataFileException Fail(int row, string problem) => new(Table.File, Table.Line(row), Index + 1, header.Length > 0 ? header : null, problem);

    bool FindOut()
    {
        bool any = false;
        for (int row = 0; row < Table.RowCount; row++)
        {
            if (cells.TryNumber(Table.Record(row), Index, out _)) any = true;
            else if (!IsMissing(row)) return false;
        }
        return any;
    }
}

/// <summary>A column of classes: their names, and for each row the index of its class.</summary>
public sealed record Categories(IReadOnlyList<string> Names, int[] Codes);
