namespace Adjoint.Testing;

/// <summary>One kind of equation in random programs.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Build">A new tensor from those of the pool, of magnitude about 1, or null where none fits. Choices depend on shapes only, never on values.</param>
/// <param name="IsSmooth">Whether the result has derivatives everywhere, so that differences may be compared.</param>
public sealed record RandomStep(string Name, Func<RandomPool, Tensor?> Build, bool IsSmooth = true);

/// <summary>The steps of random programs: one line each. Products go through bounded functions, so that values stay tame.</summary>
public static class RandomSteps
{
    /// <summary>All steps.</summary>
    public static IReadOnlyList<RandomStep> All { get; } =
    [
        new("add", p => { var x = p.Any(); return (x + p.Like(x)) * 0.5; }),
        new("add broadcast", p => { var x = p.Any(); return p.Where(s => s.Rank == 0) is { } y ? (x + y) * 0.5 : null; }),
        new("subtract", p => { var x = p.Any(); return (x - p.Like(x)) * 0.5; }),
        new("negate", p => -p.Any()),
        new("number", p => p.Any() * p.Number(-0.9, 0.9) + p.Number(-0.5, 0.5)),
        new("multiply", p => { var x = p.Any(); return (x * p.Like(x)).Tanh(); }),
        new("multiply itself", p => { var x = p.Any(); return (x * x).Tanh(); }),
        new("divide", p => { var x = p.Any(); return x / (p.Like(x).Square() + 1.5); }),
        new("exp", p => (p.Any().Tanh() - 1).Exp()),
        new("log", p => (p.Any().Square() + 0.5).Log().Sin()),
        new("sin", p => p.Any().Sin()),
        new("cos", p => p.Any().Cos()),
        new("sqrt", p => (p.Any().Square() + 0.5).Sqrt().Tanh()),
        new("reciprocal", p => (p.Any().Square() + 1).Reciprocal()),
        new("hypot", p => { var x = p.Any(); return x.Cos().Hypot(p.Like(x) * 0.3 + 1.7).Sin(); }),
        new("pow", p => (p.Any().Sin() + 1.5).Pow(p.Number(0.5, 2)).Tanh()),
        new("sum", p => p.Any().Sum().Tanh()),
        new("sum axis", p => p.OfRank(1) is { } x ? x.Sum(p.Next(x.Rank)).Tanh() : null),
        new("mean axis", p => p.OfRank(1) is { } x ? x.Mean(p.Next(x.Rank), keepAxes: true) : null),
        new("transpose", p => p.OfRank(2)?.T),
        new("move axis", p => p.OfRank(2) is { } x ? x.MoveAxis(p.Next(x.Rank), p.Next(x.Rank)) : null),
        new("repeat", p => { var x = p.Any(); return x.Repeat(p.Next(x.Rank + 1), 2); }),
        new("outer", p => p.Where(s => s.Rank == 1) is { } x && p.Where(s => s.Rank == 1) is { } y ? x.Outer(y).Tanh() : null),
        new("matmul", p => p.OfRank(2) is { } x && p.Where(s => s.Rank is 1 or 2 && s[0] == x.Shape[x.Rank - 1]) is { } y ? x.MatMul(y).Tanh() : null),
        new("gram", p => p.Where(s => s.Rank == 2) is { } x ? x.MatMul(x.T).Tanh() : null),
        new("diagonal matrix", p => p.Where(s => s.Rank == 1)?.DiagonalMatrix()),
        new("diagonal", p => p.Where(s => s.Rank >= 2 && s[s.Rank - 1] == s[s.Rank - 2])?.Diagonal()),
        new("reshape", p => { var x = p.Any(); return x.Size % 2 == 0 ? x.Reshape([2, x.Size / 2]) : x.Flatten(); }),
        new("slice", p => p.Where(s => s.Rank >= 1 && s[0] >= 2)?[1..]),
        new("slice with a step", p => p.OfRank(1)?[Axis.All, (..).Step(2)]),
        new("index", p => p.OfRank(1)?[^1]),
        new("pad", p => p.OfRank(1)?.Pad(-1, 1, 0)),
        new("flip", p => p.OfRank(1)?.Flip(-1)),
        new("roll", p => p.OfRank(1)?.Roll(1)),
        new("concatenate", p => { var x = p.OfRank(1); return x is null ? null : Tensor.Concatenate([x, p.Like(x)], -1); }),
        new("stack", p => { var x = p.Any(); return Tensor.Stack([x, p.Like(x)]); }),
        new("windows", p => p.Where(s => s.Rank >= 1 && s[^1] >= 2)?.Windows([2])),
        new("fold", p => p.Where(s => s.Rank >= 2) is { } x ? x.Fold([x.Shape[^2] + x.Shape[^1] - 1], [x.Shape[^1]]).Tanh() : null),
        new("take", p => p.Where(s => s.Rank >= 1 && s[0] >= 2)?.Take(new[] { 1, 0, -1 })),
        new("take along axis", p => p.OfRank(1) is { } x ? x.TakeAlongAxis(x.ZerosLike().To(DType.Int32), -1) : null),
        new("add at", p => p.Where(s => s.Rank >= 1 && s[0] >= 2) is { } x ? x.AddAt(new[] { 0, 1, 0 }, x[0].Sin()).Tanh() : null),
        new("with", p => p.Where(s => s.Rank >= 1 && s[0] >= 2) is { } x ? x.With(0, x[1].Sin()) : null),
        new("with a tensor", p => p.Where(s => s.Rank >= 1 && s[0] >= 2) is { } x ? x.With(new[] { 0, 1, 0 }, x[0].Sin()) : null),
        new("index by tensors", p => p.Where(s => s.Rank >= 2 && s[0] >= 2) is { } x ? x[new[] { 0, -1 }, new[] { 0, 0 }] : null),
        new("product", p => p.OfRank(1)?.Tanh().Product(-1)),
        new("cumulative sum", p => p.OfRank(1)?.CumulativeSum().Tanh()),
        new("cumulative product", p => p.OfRank(1)?.Tanh().CumulativeProduct(0)),
        new("log-sum-exp", p => p.Any().Tanh().LogSumExp()),
        new("softmax of an axis", p => p.OfRank(1)?.Softmax()),
        new("variance", p => p.Any().Variance().Tanh()),
        new("triangle", p => p.OfRank(2)?.LowerTriangle()),
        new("maximum of an axis", p => p.OfRank(1)?.Max(-1), IsSmooth: false),
        new("minimum", p => p.Any().Min(), IsSmooth: false),
        new("any", p => Tensor.Select((p.Any() > 0.5).Any(), p.Any(), 0.5), IsSmooth: false),
        new("argmax", p => p.OfRank(1) is { } x ? x.ArgMax(0).OneHot(3, DType.Float64) : null, IsSmooth: false),
        new("cumulative maximum", p => p.OfRank(1)?.CumulativeMax(0), IsSmooth: false),
        new("sort", p => p.OfRank(1)?.Sort(), IsSmooth: false),
        new("softmax", p => { var e = (p.OfRank(1) ?? p.Any().ExpandAxis(0)).Tanh().Exp(); return e / e.Sum(-1, keepAxes: true); }),
        new("inner gradient", p => { var x = p.Any(); return Differentiation.Gradient("inner", y => [(y[0].Sin() * x).Sum()], [x]).Gradient[0].Tanh(); }),
        new("inner jvp", p => { var x = p.Any(); return Differentiation.Jvp(y => [y[0].Square() * x], [x], [p.Like(x)]).Tangents[0]?.Tanh(); }),
        new("select", p => { var x = p.Any(); return Tensor.Select(p.Like(x) < p.Number(-0.5, 0.5), x, p.Like(x).Sin()); }, IsSmooth: false),
        new("select logic", p => { var x = p.Any(); return Tensor.Select((x < 0.5) & (p.Like(x) > -0.5), x.Cos(), 0); }, IsSmooth: false),
        new("mask", p => { var x = p.Any(); return (x > p.Number(-0.5, 0.5)).To(x.DType) * x; }, IsSmooth: false),
        new("abs", p => p.Any().Abs(), IsSmooth: false),
        new("maximum", p => { var x = p.Any(); return x.Maximum(p.Like(x).Sin()); }, IsSmooth: false),
    ];
}
