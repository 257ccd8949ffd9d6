using System.Globalization;
using System.Text;

namespace Adjoint.Cli;

/// <summary>A picture in SVG: shapes and texts, in pixels from the top left.</summary>
sealed class Svg
{
    public const string Ink = "#1f2937", Faint = "#6b7280", Grid = "#e5e7eb";

    readonly StringBuilder body = new();

    public Svg(double width, double height, string title)
    {
        body.Append(Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0.##}\" height=\"{height:0.##}\" viewBox=\"0 0 {width:0.##} {height:0.##}\" "));
        body.Append("font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\">\n").Append("<title>").Append(Escape(title)).Append("</title>\n");
        Rectangle(0, 0, width, height, "#ffffff");
    }

    /// <summary>A filled rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, string fill) =>
        body.Append(Text($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{fill}\"/>\n"));

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string color, double width = 1, string dashes = "") =>
        body.Append(Text($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{color}\" stroke-width=\"{width:0.##}\"{(dashes.Length > 0 ? $" stroke-dasharray=\"{dashes}\"" : "")}/>\n"));

    /// <summary>A line through points.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string color)
    {
        body.Append("<polyline fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"").Append(color).Append("\" points=\"");
        body.AppendJoin(' ', points.Select(p => Text($"{p.X:0.##},{p.Y:0.##}"))).Append("\"/>\n");
    }

    /// <summary>A dot.</summary>
    public void Dot(double x, double y, double radius, string fill) =>
        body.Append(Text($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" fill=\"{fill}\"/>\n"));

    /// <summary>A text; its baseline begins at the point, is centred on it or ends there.</summary>
    public void Write(double x, double y, string text, string color = Ink, string anchor = "start", double size = 13, bool bold = false, double turn = 0)
    {
        string rotation = turn == 0 ? "" : Text($" transform=\"rotate({turn:0.##} {x:0.##} {y:0.##})\"");
        body.Append(Text($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" fill=\"{color}\" text-anchor=\"{anchor}\" font-size=\"{size:0.##}\"{(bold ? " font-weight=\"bold\"" : "")}{rotation}>"));
        body.Append(Escape(text)).Append("</text>\n");
    }

    /// <summary>The file's text.</summary>
    public override string ToString() => body + "</svg>\n";

    /// <summary>About how wide a text of this size is.</summary>
    public static double WidthOf(string text, double size = 13) => text.Length * size * 0.56;

    static string Escape(string text) => System.Security.SecurityElement.Escape(string.Concat(text.Where(c => !char.IsControl(c))));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
