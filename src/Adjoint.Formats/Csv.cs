using System.Buffers;
using System.Text.Unicode;

namespace Adjoint.Formats;

/// <summary>
/// Tables of text: RFC 4180, with any line ends, with or without byte-order mark, header, or gzip. Blank lines are skipped. The text must be UTF-8.
/// </summary>
public static class Csv
{
    static readonly SearchValues<byte> controls = SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c).Except("\t\n\r"u8.ToArray()), 127]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFileException">It cannot be opened, is not UTF-8 text, holds no rows, or has rows of different lengths.</exception>
    public static Table Read(string path, CsvOptions? options = null)
    {
        using var source = FileSource.Open(path, unpack: true);
        return Read(source, path, options ?? new());
    }

    /// <summary>Reads a stream to its end; errors call it <paramref name="name"/>.</summary>
    /// <exception cref="DataFileException">It is not UTF-8 text, holds no rows, or has rows of different lengths.</exception>
    public static Table Read(Stream stream, string name, CsvOptions? options = null)
    {
        using var source = FileSource.Over(stream, name, unpack: true);
        return Read(source, name, options ?? new());
    }

    static Table Read(FileSource source, string file, CsvOptions options)
    {
        var (bytes, count) = source.All();
        var text = bytes.AsMemory(0, count);
        if (text.Span.StartsWith("\uFEFF"u8)) text = text[3..];
        CheckText(file, text.Span);
        char separator = options.Separator ?? Detect(text.Span);
        if (separator is '"' or '\n' or '\r' or > '\x7F')
            throw new ArgumentException("Csv: the separator must be an ASCII character, and neither a quote nor a line end.", nameof(options));
        return Table.Of(CsvCells.Split(file, text, (byte)separator), options);
    }

    static void CheckText(string file, ReadOnlySpan<byte> text)
    {
        int control = text.IndexOfAny(controls);
        if (control >= 0) throw new DataFileException(file, Line(text, control), null, null, $"expected text, found the control character {text[control]:x2}");
        if (Utf8.IsValid(text)) return;
        int at = 0;
        while (System.Text.Rune.DecodeFromUtf8(text[at..], out _, out int used) == OperationStatus.Done) at += used;
        throw new DataFileException(file, Line(text, at), null, null, $"expected text in UTF-8, found the byte {text[at]:x2}");
    }

    static long Line(ReadOnlySpan<byte> text, int at) => 1 + text[..at].Count((byte)'\n');

    /// <summary>The separator that splits the first ten lines, the very first aside, into equally many cells, and into the most.</summary>
    static char Detect(ReadOnlySpan<byte> text)
    {
        var (best, most) = (',', (Alike: false, Cells: 0));
        Span<int> counts = stackalloc int[10];
        foreach (char candidate in ",;\t")
        {
            counts.Clear();
            int line = 0;
            bool quoted = false, blank = true;
            for (int i = 0; i < text.Length && line < counts.Length; i++)
            {
                quoted ^= text[i] == '"';
                if (!quoted && text[i] is (byte)'\n' or (byte)'\r') (line, blank) = (blank ? line : line + 1, true);
                else
                {
                    blank = false;
                    if (!quoted && text[i] == candidate) counts[line]++;
                }
            }
            if (!blank && line < counts.Length) line++;
            var body = counts[Math.Min(1, Math.Max(0, line - 1))..line];
            var found = (Alike: body.Length > 0 && body[0] > 0 && !body.ContainsAnyExcept(body[0]), Cells: body.Length > 0 ? body[0] : 0);
            if (found.CompareTo(most) > 0) (best, most) = (candidate, found);
        }
        return best;
    }
}
