using System.Globalization;

namespace Adjoint.Formats;

/// <summary>
/// A table of named columns, each of numbers or of texts. Cells are converted when they are asked for; an error then names the cell's file, line and column.
/// </summary>
public sealed class Table
{
    readonly CsvCells cells;
    readonly int firstRow;
    Column[]? columns;

    Table(CsvCells cells, int firstRow, bool hasHeader, IReadOnlyList<string>? classNames) =>
        (this.cells, this.firstRow, HasHeader, ClassNames) = (cells, firstRow, hasHeader, classNames);

    /// <summary>The file, as it was named by the caller.</summary>
    public string File => cells.File;

    /// <summary>The columns, from left to right.</summary>
    public IReadOnlyList<Column> Columns => columns ??= [.. Enumerable.Range(0, cells.Width).Select(k => new Column(this, cells, k, HasHeader ? cells.Text(0, k) : ""))];

    /// <summary>The number of rows, without header.</summary>
    public int RowCount => cells.Count - firstRow;

    /// <summary>Whether the first line named the columns.</summary>
    public bool HasHeader { get; }

    /// <summary>The names of the classes whose indices stand in the last column, if the first line held them.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The column of this name; or of this number, from 1, if no column has that name.</summary>
    /// <exception cref="DataFileException">There is none.</exception>
    public Column this[string name]
    {
        get
        {
            foreach (var column in Columns)
                if (column.Name == name) return column;
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= Columns.Count) return Columns[number - 1];
            string known = HasHeader ? string.Join(", ", Columns.Take(20).Select(c => DataFileException.Quote(c.Name))) + (Columns.Count > 20 ? ", …" : "") : "no names";
            throw new DataFileException(File, $"expected a column's name or its number from 1 to {Columns.Count}, found {DataFileException.Quote(name)}; the table has {known}");
        }
    }

    /// <summary>The line of the file on which a row starts, from 1.</summary>
    public int Line(int row) => cells.Line(firstRow + row);

    /// <summary>The numbers of these columns, as a float64 matrix of shape [rows, columns].</summary>
    /// <exception cref="DataFileException">A cell is missing or not a number.</exception>
    public Tensor ToTensor(IReadOnlyCollection<Column> columns)
    {
        if ((long)RowCount * columns.Count > Array.MaxLength)
            throw new DataFileException(File, $"expected at most {Array.MaxLength} numbers, found {RowCount} rows of {columns.Count}");
        foreach (var column in columns)
            if (column.Table != this) throw new ArgumentException($"Table: column {DataFileException.Quote(column.Name)} belongs to another table.", nameof(columns));
        var values = new double[RowCount * columns.Count];
        for (int row = 0, i = 0; row < RowCount; row++)
            foreach (var column in columns) values[i++] = column.Number(row);
        return new(new TensorData<double>([RowCount, columns.Count], values));
    }

    /// <summary>All numbers, as a float64 matrix of shape [rows, columns].</summary>
    /// <exception cref="DataFileException">A cell is missing or not a number.</exception>
    public Tensor ToTensor() => ToTensor(Columns);

    internal int Record(int row) => (uint)row < (uint)RowCount ? firstRow + row
        : throw new ArgumentOutOfRangeException(nameof(row), $"The table has {RowCount} rows; there is no row {row}.");

    internal static Table Of(CsvCells cells, CsvOptions options)
    {
        if (options.Preamble ?? IsPreamble(cells)) return AfterPreamble(cells);
        if (cells.FirstWidth != cells.Width) throw cells.FirstIsRagged();
        bool header = options.Header ?? IsHeader(cells);
        if (header && cells.Count == 1) throw new DataFileException(cells.File, cells.Line(0), null, null, "expected rows after the names of the columns, found the end of the file");
        var names = new HashSet<string>();
        for (int k = 0; header && k < cells.Width; k++)
            if (cells.Text(0, k) is { Length: > 0 } name && !names.Add(name))
                throw new DataFileException(cells.File, cells.Line(0), k + 1, null, $"expected different names of columns, found {DataFileException.Quote(name)} twice");
        return new(cells, header ? 1 : 0, header, null);
    }

    static bool IsHeader(CsvCells cells)
    {
        bool named = false;
        for (int k = 0; k < cells.Width; k++)
        {
            if (cells.TryNumber(0, k, out _) || (cells.Raw(0, k).Length > 0 && cells.IsMissing(0, k))) return false;
            named |= cells.Raw(0, k).Length > 0;
        }
        return named;
    }

    static bool IsPreamble(CsvCells cells)
    {
        if (cells.Count < 2 || cells.FirstWidth < 3 || !IsCount(cells, 0, 0, out _) || !IsCount(cells, 0, 1, out int features) || features + 1 != cells.Width) return false;
        for (int k = 2; k < cells.FirstWidth; k++)
            if (cells.TryNumber(0, k, out _) || cells.IsMissing(0, k)) return false;
        return IsCount(cells, 1, cells.Width - 1, out int index) && index < cells.FirstWidth - 2;
    }

    static bool IsCount(CsvCells cells, int record, int column, out int count) =>
        int.TryParse(cells.Raw(record, column), NumberStyles.None, CultureInfo.InvariantCulture, out count);

    static Table AfterPreamble(CsvCells cells)
    {
        if (cells.FirstWidth < 3 || !IsCount(cells, 0, 0, out int rows) || !IsCount(cells, 0, 1, out int features)) throw new DataFileException(
            cells.File, cells.Line(0), null, null, "expected the number of rows, the number of features and the names of the classes, found another first line");
        if (cells.Count - 1 != rows) throw new DataFileException(cells.File, cells.Line(0), 1, null, $"expected {rows} rows, as this first cell says, found {cells.Count - 1}");
        if (cells.Count < 2 || cells.Width - 1 != features) throw new DataFileException(
            cells.File, cells.Line(0), 2, null, $"expected {features} features and a class in each row, as this second cell says, " +
            $"found {(cells.Count < 2 ? "no rows" : $"{cells.Width} cells")}");
        return new(cells, 1, hasHeader: false, [.. Enumerable.Range(2, cells.FirstWidth - 2).Select(k => cells.Text(0, k))]);
    }
}
