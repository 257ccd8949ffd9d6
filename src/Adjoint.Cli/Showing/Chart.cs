using System.Globalization;

namespace Adjoint.Cli;

/// <summary>Lines over epochs in a rectangle of a picture, with axes.</summary>
/// <param name="picture">Where it is drawn.</param>
/// <param name="left">Of the rectangle between the axes.</param>
/// <param name="top">Of it.</param>
/// <param name="width">Of it.</param>
/// <param name="height">Of it.</param>
sealed class Chart(Svg picture, double left, double top, double width, double height)
{
    double low, high = 1;
    int epochs;
    bool isLogarithmic;

    /// <summary>Draws axes for values of so many epochs; on a logarithmic scale if they are positive and differ by more than a factor of 20.</summary>
    public void Axes(IEnumerable<double> values, int epochs, string name, Func<double, string>? label = null)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        this.epochs = epochs;
        if (finite.Length == 0) finite = [0, 1];
        isLogarithmic = label is null && finite.Min() > 0 && finite.Max() > 20 * finite.Min();
        double[] ticks = isLogarithmic ? Decades(finite.Min(), finite.Max()) : Even(finite.Min(), finite.Max());
        (low, high) = (Scaled(ticks[0]), Scaled(ticks[^1]));
        foreach (double tick in ticks)
        {
            picture.Line(left, Y(tick), left + width, Y(tick), Svg.Grid);
            picture.Write(left - 8, Y(tick) + 4, label?.Invoke(tick) ?? tick.ToString("G4", CultureInfo.InvariantCulture), Svg.Faint, "end", 12);
        }
        foreach (double tick in Even(1, Math.Max(2, epochs)).Select(t => Math.Max(1, Math.Round(t))).Where(t => t <= epochs).Distinct())
        {
            picture.Line(X(tick), top + height, X(tick), top + height + 4, Svg.Faint);
            picture.Write(X(tick), top + height + 18, tick.ToString(CultureInfo.InvariantCulture), Svg.Faint, "middle", 12);
        }
        picture.Line(left, top + height, left + width, top + height, Svg.Faint);
        picture.Write(left, top - 12, isLogarithmic ? name + " (logarithmic)" : name, bold: true);
    }

    /// <summary>Draws a line through the values of epochs 1, 2, …; one value is a dot.</summary>
    public void Line(IReadOnlyList<double> values, string color)
    {
        var points = values.Select((v, i) => (X: X(i + 1), Value: v)).Where(p => double.IsFinite(p.Value) && (!isLogarithmic || p.Value > 0)).Select(p => (p.X, Y: Y(p.Value))).ToArray();
        if (points.Length == 1) picture.Dot(points[0].X, points[0].Y, 3, color);
        else picture.Path(points, color);
    }

    /// <summary>Marks an epoch and its value.</summary>
    public void Mark(int epoch, double value, string color)
    {
        picture.Line(X(epoch), top, X(epoch), top + height, Svg.Faint, 1, "3 3");
        if (double.IsFinite(value)) picture.Dot(X(epoch), Y(value), 4, color);
    }

    double X(double epoch) => left + width * (epochs == 1 ? 0.5 : (epoch - 1) / (epochs - 1));

    double Y(double value) => top + height * (1 - (Scaled(value) - low) / (high - low));

    double Scaled(double value) => isLogarithmic ? Math.Log10(value) : value;

    /// <summary>Round numbers, 4 to 8 of them, from below the least to above the greatest value.</summary>
    static double[] Even(double least, double greatest)
    {
        if (greatest <= least) (least, greatest) = (least - Math.Max(1e-6, Math.Abs(least) * 0.1), greatest + Math.Max(1e-6, Math.Abs(greatest) * 0.1));
        double raw = (greatest - least) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        double first = Math.Floor(least / step + 1e-9), last = Math.Ceiling(greatest / step - 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
    }

    /// <summary>1, 2, 5, 10, 20, … from below the least to above the greatest value; only powers of ten over many decades.</summary>
    static double[] Decades(double least, double greatest)
    {
        int from = (int)Math.Floor(Math.Log10(least)), to = (int)Math.Ceiling(Math.Log10(greatest));
        double[] steps = to - from > 3 ? [1] : [1, 2, 5];
        double[] all = [.. Enumerable.Range(from, to - from + 1).SelectMany(d => steps.Select(s => s * Math.Pow(10, d)))];
        int first = Math.Max(0, Array.FindLastIndex(all, t => t <= least)), last = Array.FindIndex(all, t => t >= greatest);
        return all[first..((last < 0 ? all.Length - 1 : last) + 1)];
    }
}
