using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>
/// Compares the gradient of a function with central differences of its values, along random directions of the sphere: by relative errors, never absolute ones, which say nothing
/// about a small gradient, and by correlation (T. Vieira, How to test gradient implementations, 2017).
/// </summary>
public static class GradientCheck
{
    /// <summary>The check of a scalar function of a tensor, at a point. Use float64 points: in float32 the differences themselves are poor.</summary>
    public static GradientReport Of(Func<Tensor, Tensor> f, Tensor at, int directions = 8, long seed = 0) => Of<Tensor>(f, at, directions, seed);

    /// <summary>The check of a scalar function of a tree, leaf by leaf: along each leaf by itself, so that the report can name the worst.</summary>
    /// <exception cref="ArgumentException">The argument has no floating parameter.</exception>
    public static GradientReport Of<T>(Func<T, Tensor> f, T at, int directions = 8, long seed = 0) where T : ITree<T>
    {
        var leaves = Trees.Leaves(at);
        int[] places = TreeFunctions.Differentiable(at, leaves);
        var paths = Trees.Paths(at);
        var gradient = Trees.Leaves(Functions.Gradient(f)(at));
        double Value(int place, Tensor moved) => f(at.Rebuild(leaves.With([place], [moved]))).ToScalar();

        var found = new List<GradientLeaf>();
        var key = Key.Of(seed);
        foreach (int place in places)
        {
            var x = leaves[place];
            double[] exact = new double[directions], differences = new double[directions], noise = new double[directions];
            double rounding = x.DType == DType.Float32 ? 6e-8 : 1.1e-16, step = Math.Cbrt(rounding) * Math.Max(1, Greatest(x.ToArray()));
            for (int d = 0; d < directions; d++)
            {
                // a point of the sphere, times the root of its dimension: every component is about 1
                var direction = Sphere(key.Fold(place).Fold(d), x);
                exact[d] = (gradient[place] * direction).Sum().ToScalar();
                var (ahead, behind) = (Value(place, x + step * direction), Value(place, x - step * direction));
                differences[d] = (ahead - behind) / (2 * step);
                noise[d] = 4 * rounding * Math.Max(Math.Abs(ahead), Math.Abs(behind)) / step;
            }
            found.Add(GradientLeaf.Of(paths[place], exact, differences, noise));
        }
        if (found.Count == 0) throw new ArgumentException("gradient check: the argument has no floating parameter.");
        return new(found);
    }

    static Tensor Sphere(Key key, Tensor x)
    {
        var normal = key.Normal(x.Shape, x.DType);
        return normal * (Math.Sqrt(Math.Max(1, x.Size)) / Math.Max(1e-30, normal.Square().Sum().Sqrt().ToScalar()));
    }

    static double Greatest(double[] x) => x.Select(Math.Abs).DefaultIfEmpty(0).Max();
}

/// <summary>How far the gradient of one leaf is from differences.</summary>
/// <param name="Path">The leaf.</param>
/// <param name="Error">The greatest relative error over the directions, beyond what rounding of the values does to a difference; directions in which both are zero do not count.</param>
/// <param name="Correlation">
/// Σ a b / √(Σ a² Σ b²) of the derivatives along the directions and their differences, whose means are zero because the sphere is symmetric: 1 for a right gradient, also for one that is only
/// scaled, and where rounding spoils the differences.
/// </param>
public sealed record GradientLeaf(string Path, double Error, double Correlation)
{
    internal static GradientLeaf Of(string path, double[] exact, double[] differences, double[] noise)
    {
        double scale = exact.Concat(differences).Select(Math.Abs).Max(), error = 0, xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double size = Math.Max(Math.Abs(exact[i]), Math.Abs(differences[i]));
            if (!double.IsFinite(exact[i]) || !double.IsFinite(differences[i])) error = double.PositiveInfinity;
            else if (size > 1e-6 * scale && size > 0) error = Math.Max(error, Math.Max(0, Math.Abs(exact[i] - differences[i]) - noise[i]) / size);
            xy += exact[i] * differences[i];
            xx += exact[i] * exact[i];
            yy += differences[i] * differences[i];
        }
        return new(path, error, xx == 0 && yy == 0 ? 1 : xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy));
    }
}

/// <summary>The result of a gradient check.</summary>
/// <param name="Leaves">Each floating parameter.</param>
public sealed record GradientReport(IReadOnlyList<GradientLeaf> Leaves)
{
    /// <summary>The leaf with the greatest error.</summary>
    public GradientLeaf Worst => Leaves.MaxBy(l => l.Error)!;

    /// <summary>The greatest relative error.</summary>
    public double Error => Worst.Error;

    /// <summary>Whether every relative error is at most <paramref name="tolerance"/>.</summary>
    public bool Holds(double tolerance = 1e-4) => Leaves.All(l => l.Error <= tolerance);

    /// <summary>A line for each leaf, the worst first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var leaf in Leaves.OrderByDescending(l => l.Error))
            text.Append(CultureInfo.InvariantCulture, $"{(leaf.Path.Length == 0 ? "argument" : leaf.Path)}: relative error {leaf.Error:0.0e0}, correlation {leaf.Correlation:0.000000000}\n");
        return text.ToString();
    }
}
