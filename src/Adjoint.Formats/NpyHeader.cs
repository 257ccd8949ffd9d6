using System.Buffers.Text;
using System.Globalization;

namespace Adjoint.Formats;

/// <summary>
/// The header of a .npy file, a Python dictionary such as <c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), }</c>.
/// Source: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </summary>
sealed record NpyHeader(ElementFormat Encoding, bool BigEndian, bool FortranOrder, long[] Shape)
{
    static readonly (string Code, ElementFormat Encoding)[] types =
    [
        ("b1", ElementFormat.Bool), ("i1", ElementFormat.Int8), ("u1", ElementFormat.UInt8), ("i2", ElementFormat.Int16), ("i4", ElementFormat.Int32), ("i8", ElementFormat.Int64),
        ("f2", ElementFormat.Float16), ("f4", ElementFormat.Float32), ("f8", ElementFormat.Float64),
    ];

    /// <summary>The header's text, in the order and with the blanks that NumPy writes.</summary>
    public static string Write(DType type, Shape shape)
    {
        var encoding = Elements.Of(type);
        string code = types.First(t => t.Encoding == encoding).Code, axes = string.Join(", ", shape.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        return $"{{'descr': '{(encoding.Size() == 1 ? '|' : '<')}{code}', 'fortran_order': False, 'shape': ({axes}{(shape.Rank == 1 ? "," : "")}), }}";
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="DataFileException">It is not a dictionary of these three entries, or the type or shape is not supported.</exception>
    public static NpyHeader Read(FileSource source, ReadOnlySpan<byte> text)
    {
        (ElementFormat Encoding, bool BigEndian)? type = null;
        bool? fortran = null;
        long[]? shape = null;
        var reader = new Reader(source, text);
        reader.Expect('{');
        while (!reader.Take('}'))
        {
            string key = reader.Quoted();
            reader.Expect(':');
            if (key == "descr" && type is null) type = TypeOf(source, reader.Quoted());
            else if (key == "fortran_order" && fortran is null) fortran = reader.Bool();
            else if (key == "shape" && shape is null) shape = [.. reader.Tuple()];
            else throw source.Fail($"expected descr, fortran_order and shape once each in the npy header, found {DataFileException.Quote(key)}");
            if (reader.Take(',')) continue;
            reader.Expect('}');
            break;
        }
        reader.End();
        return type is { } t && fortran is { } f && shape is not null ? new(t.Encoding, t.BigEndian, f, shape)
            : throw source.Fail($"expected descr, fortran_order and shape in the npy header, found no {(type is null ? "descr" : fortran is null ? "fortran_order" : "shape")}");
    }

    static (ElementFormat, bool BigEndian) TypeOf(FileSource source, string descr)
    {
        var (code, encoding) = descr.Length == 3 && descr[0] is '<' or '>' or '|' or '=' ? Array.Find(types, t => t.Code == descr[1..]) : default;
        if (code is null || (descr[0] == '|' && encoding.Size() > 1)) throw source.Fail(
            $"expected an element type {string.Join(", ", types.Select(t => t.Code))}, found {DataFileException.Quote(descr)}");
        return (encoding, descr[0] == '>' || (descr[0] == '=' && !BitConverter.IsLittleEndian));
    }

    /// <summary>The few Python literals that occur.</summary>
    ref struct Reader(FileSource source, ReadOnlySpan<byte> text)
    {
        readonly ReadOnlySpan<byte> text = text;
        int at;

        public bool Take(char c)
        {
            Blanks();
            if (at == text.Length || text[at] != c) return false;
            at++;
            return true;
        }

        public void Expect(char c)
        {
            if (!Take(c)) throw Wrong($"'{c}'");
        }

        public void End()
        {
            Blanks();
            if (at < text.Length) throw Wrong("its end");
        }

        public string Quoted()
        {
            Blanks();
            if (at < text.Length && text[at] is (byte)'\'' or (byte)'"')
            {
                int length = text[(at + 1)..].IndexOf(text[at]);
                if (length >= 0)
                {
                    var inside = text.Slice(at + 1, length);
                    at += length + 2;
                    return System.Text.Encoding.Latin1.GetString(inside);
                }
            }
            throw Wrong("a quoted text");
        }

        public bool Bool()
        {
            Blanks();
            bool value = text[at..].StartsWith("True"u8);
            if (!value && !text[at..].StartsWith("False"u8)) throw Wrong("True or False");
            at += value ? 4 : 5;
            return value;
        }

        public List<long> Tuple()
        {
            var items = new List<long>();
            Expect('(');
            while (!Take(')'))
            {
                Blanks();
                if (items.Count > Elements.MaximalRank || !Utf8Parser.TryParse(text[at..], out long n, out int used) || text[at] is (byte)'-' or (byte)'+')
                    throw Wrong("an axis length");
                items.Add(n);
                at += used;
                if (Take('L') | Take(',')) continue;
                if (items.Count == 1) throw Wrong("','");
                Expect(')');
                break;
            }
            return items;
        }

        void Blanks()
        {
            while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\t') at++;
        }

        readonly DataFileException Wrong(string what) => source.Fail(
            $"expected {what} at byte {at + 1} of the npy header, found {(at == text.Length ? "its end" : DataFileException.Quote(text.Slice(at, Math.Min(12, text.Length - at))))}");
    }
}
