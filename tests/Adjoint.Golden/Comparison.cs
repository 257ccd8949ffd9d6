using System.Globalization;

namespace Adjoint.Golden;

/// <summary>Compares values with the reference: relative to max(1, |expected|), element by element.</summary>
static class Comparison
{
    /// <summary>How far float32 may be off, where float64 has to be within the case's own tolerance.</summary>
    public const double SingleTolerance = 1e-4;

    /// <summary>What is wrong, or null.</summary>
    public static string? Difference(string what, TensorData actual, TensorData expected, double tolerance)
    {
        if (actual.Shape != expected.Shape) return $"{what} has shape {actual.Shape}\n  expected {expected.Shape}";
        double[] x = actual.ToDoubles(), y = expected.ToDoubles();
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = x[i].Equals(y[i]) ? 0 : Math.Abs(x[i] - y[i]) / Math.Max(1, Math.Abs(y[i]));
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }
        return worst <= tolerance ? null
            : string.Create(CultureInfo.InvariantCulture, $"{what} is off by {worst:0.0e0}, more than {tolerance:0.0e0}\n  expected {Text(y)}\n  actual   {Text(x)}");
    }

    static string Text(double[] x) => $"[{string.Join(", ", x.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]";
}
