namespace Adjoint.Formats;

/// <summary>
/// Where the cells of a text stand. The text is kept as it came, and each cell costs eight bytes more: a text is decoded, and a number parsed, when asked for.
/// The first record may have another number of cells than the others, which all have <see cref="Width"/>.
/// </summary>
sealed class CsvCells
{
    /// <summary>The most columns that are read.</summary>
    const int MaximalWidth = 100_000;

    static readonly string[] missing = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"];

    readonly ReadOnlyMemory<byte> text;
    readonly int[] starts, ends, lines;

    CsvCells(string file, ReadOnlyMemory<byte> text, int[] starts, int[] ends, int[] lines, int count, int firstWidth, int width) =>
        (File, this.text, this.starts, this.ends, this.lines, Count, FirstWidth, Width) = (file, text, starts, ends, lines, count, firstWidth, width);

    public string File { get; }

    /// <summary>The number of records.</summary>
    public int Count { get; }

    public int FirstWidth { get; }

    public int Width { get; }

    /// <summary>The line on which a record starts, from 1.</summary>
    public int Line(int record) => lines[record];

    /// <summary>A cell without its quotes, in which doubled quotes are still doubled; and without blanks around it.</summary>
    public ReadOnlySpan<byte> Raw(int record, int column)
    {
        int cell = record == 0 ? column : FirstWidth + (record - 1) * Width + column;
        var raw = text.Span[starts[cell]..ends[cell]];
        return raw is [(byte)'"', ..] ? raw[1..^1] : raw.Trim(" \t"u8);
    }

    /// <summary>A cell's text.</summary>
    public string Text(int record, int column)
    {
        string text = System.Text.Encoding.UTF8.GetString(Raw(record, column));
        int cell = record == 0 ? column : FirstWidth + (record - 1) * Width + column;
        return this.text.Span[starts[cell]..ends[cell]] is [(byte)'"', ..] ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    /// <summary>Whether a cell is empty or holds one of the usual marks: NA, N/A, NaN, null, ?.</summary>
    public bool IsMissing(int record, int column)
    {
        var raw = Raw(record, column).Trim((byte)' ');
        if (raw.Length > 4) return false;
        foreach (string mark in missing)
            if (System.Text.Ascii.Equals(raw, mark)) return true;
        return false;
    }

    /// <summary>A cell's number, if it holds a finite one and nothing else.</summary>
    public bool TryNumber(int record, int column, out double value) => TryNumber(Raw(record, column), out value);

    static bool TryNumber(ReadOnlySpan<byte> raw, out double value) =>
        double.TryParse(raw, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>Finds the cells.</summary>
    /// <exception cref="DataFileException">There are none, a quote is not closed or not the cell's end, or records differ in length.</exception>
    public static CsvCells Split(string file, ReadOnlyMemory<byte> memory, byte separator)
    {
        var text = memory.Span;
        // No more cells than separators and lines, no more records than lines: nothing grows.
        int mostRecords = text.Count((byte)'\n') + text.Count((byte)'\r') + 1, mostCells = checked(text.Count(separator) + mostRecords);
        if (text.IndexOfAnyExcept(" \t\r\n"u8) < 0) throw new DataFileException(file, "expected a table, found an empty file");
        int[] starts = new int[mostCells], ends = new int[mostCells], lines = new int[mostRecords];
        int cells = 0, records = 0, firstWidth = 0, width = 0;
        for (int at = 0, line = 1; at < text.Length;)
        {
            if (!IsLineEnd(text[at]))
            {
                int first = cells;
                lines[records] = line;
                for (; ; at++)
                {
                    starts[cells] = at;
                    at = text[at..] is [(byte)'"', ..] ? Quoted(file, text, at, separator, cells - first + 1, ref line) : Plain(text, at, separator);
                    ends[cells++] = at;
                    if (at == text.Length || text[at] != separator) break;
                    if (cells - first == MaximalWidth) throw new DataFileException(file, lines[records], null, null, $"expected at most {MaximalWidth} cells, found more");
                }
                if (records == 0) firstWidth = cells;
                else if (records == 1) width = cells - first;
                else if (cells - first != width) throw Ragged(file, lines[records], firstWidth == width ? lines[0] : lines[1], width, cells - first);
                records++;
            }
            if (at < text.Length)
            {
                at += text[at..].StartsWith("\r\n"u8) ? 2 : 1;
                line++;
            }
        }
        return new(file, memory, starts, ends, lines, records, firstWidth, records > 1 ? width : firstWidth);
    }

    /// <summary>The error that the second record is not like the first, which is found when it is known what the first is.</summary>
    public DataFileException FirstIsRagged() => Ragged(File, lines[1], lines[0], FirstWidth, Width);

    static DataFileException Ragged(string file, int line, int like, int expected, int found) =>
        new(file, line, null, null, $"expected {expected} cells, as in line {like}, found {found}");

    static bool IsLineEnd(byte c) => c is (byte)'\n' or (byte)'\r';

    static int Plain(ReadOnlySpan<byte> text, int at, byte separator)
    {
        int length = text[at..].IndexOfAny(separator, (byte)'\n', (byte)'\r');
        return length < 0 ? text.Length : at + length;
    }

    static int Quoted(string file, ReadOnlySpan<byte> text, int at, byte separator, int column, ref int line)
    {
        int opened = line;
        for (at++; ; at++)
        {
            int length = text[at..].IndexOf((byte)'"');
            if (length < 0) throw new DataFileException(file, opened, column, null, "expected a quote that closes the one here, found the end of the file");
            var inside = text.Slice(at, length);
            line += inside.Count((byte)'\n') + inside.Count((byte)'\r') - inside.Count("\r\n"u8);
            at += length + 1;
            if (at < text.Length && text[at] == '"') continue;
            if (at == text.Length || text[at] == separator || IsLineEnd(text[at])) return at;
            throw new DataFileException(file, line, column, null,
                $"expected a separator or the end of the line after the closing quote, found {DataFileException.Quote(text.Slice(at, Math.Min(12, text.Length - at)))}");
        }
    }
}
