using Xunit;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>The laws that every differentiable function of matrices obeys, for float64 arguments.</summary>
static class MatrixLaws
{
    /// <summary>Numbers in (−1, 1), the same on every machine.</summary>
    public static Tensor Random(Shape shape, int seed)
    {
        ulong state = (ulong)seed * 0x9E3779B97F4A7C15 + 1;
        var values = new double[shape.Size];
        for (int i = 0; i < values.Length; i++)
        {
            state ^= state << 13; state ^= state >> 7; state ^= state << 17;
            values[i] = (state >> 11) * Math.Pow(2, -52) - 1;
        }
        return Tensor.From<double>(shape, values);
    }

    /// <summary>A well-conditioned square matrix.</summary>
    public static Tensor Regular(Shape shape, int seed) => (Random(shape, seed) + 2.0 * Tensor.Identity(shape[^1], DType.Float64)).Evaluate();

    public static Tensor PositiveDefinite(Shape shape, int seed)
    {
        var a = Random(shape, seed);
        return (a.MatMul(a.SwapAxes()) + Tensor.Identity(shape[^1], DType.Float64)).Evaluate();
    }

    public static void Hold(Func<Tensor[], Tensor[]> f, params Tensor[] x)
    {
        FirstOrder(f, x);
        FirstOrder(GradientOf(f, f(x).Select((z, k) => z.DType.IsFloat ? Random(z.Shape, 70 + k) : null).ToArray()), x);
        Batches(f, x);
        Simplifies(f, x);
        var cotangents = f(x).Select((z, k) => z.DType.IsFloat ? Random(z.Shape, 70 + k) : null).ToArray();
        Batches(GradientOf(f, cotangents), x);
    }

    static Func<Tensor[], Tensor[]> GradientOf(Func<Tensor[], Tensor[]> f, Tensor?[] λ) => x =>
    {
        Tensor Loss(Tensor[] y) => f(y).Zip(λ, (z, l) => l is null ? null : (z * z.Square() * 0.1 + z * l).Sum()).OfType<Tensor>().Aggregate((a, b) => a + b);
        return Differentiation.Gradient("test", y => [Loss(y)], x).Gradient;
    };

    static void FirstOrder(Func<Tensor[], Tensor[]> f, Tensor[] x)
    {
        const double h = 1e-5;
        var dx = x.Select((t, i) => Random(t.Shape, 40 + i)).ToArray();
        var (z, dz) = Differentiation.Jvp(f, x, dx);
        var plus = f([.. x.Zip(dx, (a, d) => (a + h * d).Evaluate())]);
        var minus = f([.. x.Zip(dx, (a, d) => (a - h * d).Evaluate())]);
        var λ = z.Select((t, k) => dz[k] is null ? null : Random(t.Shape, 50 + k)).ToArray();
        double forward = 0, backward = 0, size = 0;
        for (int k = 0; k < z.Length; k++)
        {
            var difference = ((plus[k] - minus[k]) / (2 * h)).ToArray();
            Close(difference, dz[k]?.ToArray() ?? new double[z[k].Size], 2e-7);
            if (λ[k] is { } l)
            {
                var products = (l * dz[k]!).ToArray();
                forward += products.Sum();
                size += products.Sum(Math.Abs);
            }
        }
        var back = Differentiation.Vjp(f, x).Pullback(λ);
        for (int i = 0; i < x.Length; i++) if (back[i] is { } b) backward += (b * dx[i]).Sum().ToScalar();
        Assert.True(Math.Abs(forward - backward) <= 1e-10 * (1 + size), $"⟨λ, J v⟩ = {forward}, ⟨Jᵀ λ, v⟩ = {backward}");
    }

    static void Simplifies(Func<Tensor[], Tensor[]> f, Tensor[] x)
    {
        Tensor[] inputs = [.. x.Select(t => Input.Like(t))], seeds = [.. x.Select(t => Input.Like(t))];
        var (z, dz) = Differentiation.Jvp(f, inputs, seeds);
        var system = EquationSystem.Of([.. inputs, .. seeds], [.. z, .. dz.OfType<Tensor>()]);
        var simple = Simplification.Simplify(system);
        Assert.True(simple.Equations.Length <= system.Equations.Length);
        TensorData[] data = [.. x.Select(t => t.Data), .. x.Select((t, i) => Random(t.Shape, 40 + i).Data)];
        foreach (var (a, b) in Executor.Default.Prepare(system).Run(data).Zip(Executor.Default.Prepare(simple).Run(data))) Close(a.ToDoubles(), b.ToDoubles(), 1e-14);
    }

    static void Batches(Func<Tensor[], Tensor[]> f, Tensor[] x)
    {
        const int n = 3;
        for (int mask = 1; mask < 1 << x.Length; mask++)
        {
            var inputs = x.Select((t, i) => (mask >> i & 1) == 1 ? Input.Like(t) : t).ToArray();
            var rows = Enumerable.Range(0, n).Select(r => x.Select((t, i) => (mask >> i & 1) == 1 ? (t + 0.05 * r * Random(t.Shape, 60 + i)).Evaluate() : t).ToArray()).ToArray();
            var batched = new Dictionary<Tensor, Tensor>();
            for (int i = 0; i < x.Length; i++)
                if ((mask >> i & 1) == 1) batched[inputs[i]] = Stack(rows.Select(r => r[i]));
            var together = Vectorization.Apply(f(inputs), batched, n);
            var apart = rows.Select(f).ToArray();
            for (int k = 0; k < together.Length; k++) Close(apart.SelectMany(z => z[k].ToArray()).ToArray(), together[k].ToArray(), 1e-10);
        }
    }

    public static Tensor Stack(IEnumerable<Tensor> rows)
    {
        Tensor[] all = [.. rows];
        return Tensor.From<double>(all[0].Shape.Insert(0, all.Length), all.SelectMany(r => r.ToArray()).ToArray());
    }

    public static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 1 + expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"element {i}: expected {expected[i]:R}, was {actual[i]:R}; largest {scale}");
    }

    public static void Close(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Close(expected.ToArray(), actual.ToArray(), tolerance);
    }
}
