using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>
/// Values as NumPy prints them, without the final dot of whole numbers: aligned columns, at most 8 decimals, powers of ten where the range asks for
/// them, and three elements at each end of an axis beyond 1000 elements. A scalar prints as its shortest exact number.
/// </summary>
static class Printing
{
    const int MaximalSize = 1000, Edge = 3, Width = 75, Decimals = 8;

    /// <summary>The text of these values.</summary>
    public static string Print(TensorData x)
    {
        if (x.Shape.Size == 0) return "[]";
        if (x.Shape.Rank == 0) return x.Type.IsFloat ? Shortest(Read(x)(0)) : Whole(x)(0);
        var strides = x.Shape.Strides();
        var shown = new List<int>();
        Visit(0, 0);
        var words = new Dictionary<int, string>(shown.Count);
        var texts = x.Type.IsFloat ? Aligned([.. shown.Select(Read(x))]) : Justified([.. shown.Select(Whole(x))]);
        for (int i = 0; i < texts.Length; i++) words[shown[i]] = texts[i];
        return Rows(0, 0, " ", Width);

        void Visit(int axis, int offset)
        {
            if (axis == x.Shape.Rank) { shown.Add(offset); return; }
            foreach (int i in Indices(x.Shape, axis))
                if (i >= 0) Visit(axis + 1, offset + i * strides[axis]);
        }

        string Rows(int axis, int offset, string indent, int width)
        {
            if (axis == x.Shape.Rank) return words[offset];
            var text = new StringBuilder();
            int[] indices = [.. Indices(x.Shape, axis)];
            bool last = axis == x.Shape.Rank - 1;
            string line = "";
            for (int k = 0; k < indices.Length; k++)
            {
                string item = indices[k] < 0 ? "..." : Rows(axis + 1, offset + indices[k] * strides[axis], indent + " ", width - 1);
                if (!last)
                    text.Append(k == 0 ? "" : new string('\n', x.Shape.Rank - 1 - axis) + indent).Append(item);
                else if (k > 0 && indent.Length + line.Length + 1 + item.Length > width - 1)
                {
                    text.Append(line.TrimEnd()).Append('\n').Append(indent);
                    line = item;
                }
                else line += (k == 0 ? "" : " ") + item;
            }
            return $"[{text}{line}]";
        }
    }

    // the indices that are shown along an axis; −1 stands for those that are not
    static IEnumerable<int> Indices(Shape shape, int axis)
    {
        int n = shape[axis];
        return shape.Size <= MaximalSize || n <= 2 * Edge ? Enumerable.Range(0, n)
            : [.. Enumerable.Range(0, Edge), -1, .. Enumerable.Range(n - Edge, Edge)];
    }

    static Func<int, Number> Read(TensorData x) => x is TensorData<float> f
        ? i => Number.Of(f.Elements.Span[i], f.Elements.Span[i].ToString("R", CultureInfo.InvariantCulture))
        : i => Number.Of(x.Span<double>()[i], x.Span<double>()[i].ToString("R", CultureInfo.InvariantCulture));

    static Func<int, string> Whole(TensorData x) => x switch
    {
        TensorData<bool> b => i => b.Elements.Span[i] ? "true" : "false",
        TensorData<int> n => i => n.Elements.Span[i].ToString(CultureInfo.InvariantCulture),
        _ => i => x.Span<long>()[i].ToString(CultureInfo.InvariantCulture),
    };

    static string[] Justified(string[] words)
    {
        int width = words.Max(w => w.Length);
        return Array.ConvertAll(words, w => w.PadLeft(width));
    }

    /// <summary>Every digit that the number needs, as a power of ten from 1e16 and below 1e-4.</summary>
    static string Shortest(Number x) => x.Special ?? (x.Exponent is >= -4 and < 16 ? Parts(x.Positional(int.MaxValue)) is var (a, b) ? a + b : "" : x.Scientific(x.Digits.Length - 1, 2));

    // columns aligned at the decimal point
    static string[] Aligned(Number[] x)
    {
        var finite = x.Where(n => n.Special is null).ToArray();
        var sizes = finite.Select(n => Math.Abs(n.Value)).Where(v => v > 0).ToArray();
        if (sizes.Length > 0 && (sizes.Max() >= 1e8 || sizes.Min() < 1e-4 || sizes.Max() / sizes.Min() > 1000))
        {
            int decimals = Math.Min(Decimals, finite.Max(n => n.Round(Decimals + 1).Digits.Length - 1));
            int exponent = finite.Max(n => Math.Abs(n.Exponent)) >= 100 ? 3 : 2;
            return Justified(Array.ConvertAll(x, n => n.Special ?? n.Round(Decimals + 1).Scientific(decimals, exponent)));
        }
        var parts = Array.ConvertAll(x, n => n.Special is null ? Parts(n.Positional(Decimals)) : (n.Special, ""));
        int right = parts.Max(p => p.Item2.Length);
        int left = parts.Where((_, i) => x[i].Special is null).Select(p => p.Item1.Length).DefaultIfEmpty(0).Max();
        return Justified([.. parts.Select((p, i) => x[i].Special ?? p.Item1.PadLeft(left) + p.Item2.PadRight(right))]);
    }

    static (string, string) Parts(string text) => text.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? (text[..dot], text[dot..]) : (text, "");

    /// <summary>A number as the shortest digits that tell it from its neighbours: d.ddd × 10^Exponent.</summary>
    readonly record struct Number(double Value, string? Special, string Sign, string Digits, int Exponent)
    {
        public static Number Of(double value, string shortest)
        {
            if (!double.IsFinite(value)) return new(value, double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf", "", "", 0);
            string sign = double.IsNegative(value) ? "-" : "";
            if (value == 0) return new(value, null, sign, "0", 0);
            var parts = shortest.TrimStart('-').Split('E');
            int power = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0, point = (parts[0] + ".").IndexOf('.', StringComparison.Ordinal);
            string all = parts[0].Replace(".", "", StringComparison.Ordinal), digits = all.TrimStart('0');
            int exponent = power + point - 1 - (all.Length - digits.Length);
            digits = digits.TrimEnd('0');
            return new(value, null, sign, digits, exponent);
        }

        /// <summary>With at most this many digits.</summary>
        public Number Round(int count)
        {
            if (count >= Digits.Length) return this;
            if (count < 0) return this with { Digits = "0", Exponent = 0 };
            var digits = ("0" + Digits[..count]).ToCharArray();
            if (Digits[count] >= '5')
            {
                int i = count;
                while (digits[i] == '9') digits[i--] = '0';
                digits[i]++;
            }
            string text = new(digits);
            bool carried = text[0] != '0';
            string kept = (carried ? text : text[1..]).TrimEnd('0');
            return kept.Length == 0 ? this with { Digits = "0", Exponent = 0 } : this with { Digits = kept, Exponent = Exponent + (carried ? 1 : 0) };
        }

        public string Positional(int decimals)
        {
            var x = decimals == int.MaxValue ? this : Round(Exponent + 1 + decimals);
            string digits = x.Digits;
            if (x.Exponent < 0) return Sign + "0." + new string('0', -x.Exponent - 1) + digits;
            digits = digits.PadRight(x.Exponent + 1, '0');
            return Sign + digits[..(x.Exponent + 1)] + (digits.Length > x.Exponent + 1 ? "." + digits[(x.Exponent + 1)..] : "");
        }

        public string Scientific(int decimals, int exponentDigits) =>
            Sign + Digits[0] + (decimals > 0 ? "." + Digits[1..].PadRight(decimals, '0') : "") + "e" + (Exponent < 0 ? "-" : "+")
            + Math.Abs(Exponent).ToString(CultureInfo.InvariantCulture).PadLeft(exponentDigits, '0');
    }
}
