namespace Adjoint.Testing;

/// <summary>One kind of equation in random programs.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Build">A new tensor from those of the pool, of magnitude about 1, or null where none fits. Choices depend on shapes only, never on values.</param>
/// <param name="IsSmooth">Whether the result has derivatives everywhere, so that differences may be compared.</param>
public sealed record RandomStep(string Name, Func<RandomPool, Tensor?> Build, bool IsSmooth = true);

/// <summary>The steps of random programs: one line each. Products go through bounded functions, so that values stay tame.</summary>
public static class RandomSteps
{
    /// <summary>Steps in which programs contain programs, twice over in some.</summary>
    static readonly RandomStep[] control =
    [
        new("scan", p => { var y = p.Any().Mean(); return p.OfRank(1) is { } x ? Control.Fold((c, r) => [(c[0] * y + r[0]).Sin()], [Row(x)], [x])[0] : null; }),
        new("scan in reverse", p => p.OfRank(1) is { } x ? Control.Scan((c, r) => ([(c[0] * 0.5 + r[0]).Sin()], [c[0] * r[0].Cos()]), [Row(x)], [x], reverse: true).Results[0] : null),
        new("while", p => { var x = p.Any(); var y = p.Like(x); int n = p.Next(4); return Control.While(s => s[0] < n, s => [s[0] + 1, (s[1] * y + 0.2).Sin()], 0, x)[1]; }),
        new("while as data say", p =>
        {
            var x = p.Any();
            return Control.While(s => s[1].Square().Mean() > 0.1, s => [s[0] + 1, s[1] * 0.7 * (1 - 0.1 * x.Sin().Square())], 0, x)[1].Tanh();
        }, IsSmooth: false),
        new("cond", p => { var (x, y) = (p.Any(), p.Any()); return Control.Cond(y.Mean() > p.Number(0.05, 0.5), v => [v[0].Sin() * y.Mean()], v => [v[0].Square().Cos()], x)[0]; }, IsSmooth: false),
        new("checkpoint", p => { var x = p.Any(); var y = p.Like(x); return Control.Checkpoint(v => [(v[0] * y).Sin().Exp().Tanh()], x)[0]; }),
        new("scan of a while of a checkpoint", p =>
        {
            var y = p.Any().Mean();
            return p.OfRank(1) is { } x ? Control.Fold((c, r) => [Control.While(s => s[0] < 2, s => [s[0] + 1, Control.Checkpoint(v => [(v[0] * y + r[0]).Sin()], s[1])[0]], 0, c[0])[1]], [Row(x)], [x])[0] : null;
        }),
        new("while of a cond of a scan", p =>
        {
            var x = p.Any();
            return Control.While(s => s[0] < 3, s => [s[0] + 1, Control.Cond(s[0].EqualTo(1), v => Control.For(2, (_, c) => [(c[0] * x).Sin()], v[0]), v => [v[0].Cos()], s[1])[0]], 0, x)[1];
        }),
        new("gradient in a loop", p => { var x = p.Any(); return Control.For(2, (_, c) => [c[0] - 0.3 * Differentiation.Gradient("inner", y => [(y[0].Sin() * x).Sum()], c).Gradient[0]], x)[0].Tanh(); }),
        new("gradient of a loop", p => { var x = p.Any(); return Differentiation.Gradient("inner", y => [Control.For(2, (_, c) => [(c[0] * y[0]).Sin()], x)[0].Sum()], [x]).Gradient[0].Tanh(); }),
        new("gru", p => p.Where(s => s.Rank == 2 && s[0] <= 4 && s[1] <= 3) is { } x ? x.Gru(x[..1].Tile(3, 1), x[..1, ..1].Sin().Tile(3, 1)).Outputs : null),
        new("custom jvp", p => { var x = p.Any(); return Control.CustomJvp(v => [v[0].Sin() * v[1]], (v, z, dv) => [v[0].Cos() * v[1] * dv[0] + v[0].Sin() * dv[1]], x, p.Like(x))[0]; }),
        new("custom vjp", p => { var x = p.Any(); return Control.CustomVjp(v => [v[0].Tanh()], (_, z, λ) => [λ[0] * (1 - z[0].Square())], x)[0]; }),
        new("jvp of a custom vjp", p => { var x = p.Any(); return Differentiation.Jvp(y => Control.CustomVjp(v => [v[0].Tanh()], (_, z, λ) => [λ[0] * (1 - z[0].Square())], y[0]), [x], [p.Like(x).Sin()]).Tangents[0]; }),
        new("custom jvp that is not linear", p =>
        {
            var x = p.Any();
            return Differentiation.Jvp(y => Control.CustomJvp(v => [v[0].Sin()], (v, _, dv) => [v[0].Cos() * dv[0].Square()], y[0]), [x.ZerosLike()], [x.Sin()]).Tangents[0];
        }),
        new("root", p => { var x = p.Any(); return x.Size <= 12 ? Control.Root(z => [z[0] * z[0].Square() + z[0] - x], x.ZerosLike())[0] : null; }),
        new("solve operator", p => { var x = p.Any(); var y = p.Like(x); return x.Size <= 12 ? Control.LinearSolve(z => [z[0] * (y.Square() + 2) + 0.1 * z[0].Mean() * y.Sin()], x)[0] : null; }),
    ];

    /// <summary>Steps of linear algebra, on matrices made regular: near the identity, or near a diagonal of distinct numbers.</summary>
    static readonly RandomStep[] matrices =
    [
        new("solve", p => Square(p) is { } x ? (Regular(x).Solve(x)).Tanh() : null),
        new("solve triangular", p => Square(p) is { } x ? Regular(x).SolveTriangular(x, lower: p.Next(2) == 0, transposed: p.Next(2) == 0).Tanh() : null),
        new("determinant", p => Square(p) is { } x ? (Regular(x) * 0.4).Determinant().Tanh() : null),
        new("log-determinant", p => Square(p) is { } x ? Regular(x).LogDeterminant().Logarithm.Sin() : null),
        new("cholesky", p => Square(p) is { } x ? Regular(x.MatMul(x.T)).Cholesky().Tanh() : null),
        new("lu", p => Square(p) is { } x ? Distinct(x).Lu().U.Tanh() : null),
        new("qr", p => Square(p) is { } x ? Regular(x).Qr().Q : null),
        new("eigh", p => Square(p) is { } x ? Distinct(x).Eigh().Vectors.Square() : null),
        new("svd", p => Square(p) is { } x ? Distinct(x).SingularValues().Sin() : null),
        new("pseudo-inverse", p => Square(p) is { } x ? Regular(x).PseudoInverse(1e-6).Tanh() : null),
        new("draws", p => { var x = p.Any(); return x * Key.Of(p.Next(1000)).Fold(3).Split().First.Uniform(x.Shape, -1, 1, x.DType); }),
        new("draws of a categorical", p => p.OfRank(1) is { } x ? x * Key.Of(p.Next(1000)).Categorical(x).To(x.DType).Mean().Cos() : null, IsSmooth: false),
    ];

    // a row like those of x, to start from
    static Tensor Row(Tensor x) => x.Mean(0);
    static Tensor? Square(RandomPool p) => p.Where(s => s.Rank == 2 && s[0] == s[1]);
    static Tensor Regular(Tensor x) => x.Tanh() * (0.5 / x.Shape[0]) + Tensor.Identity(x.Shape[0], x.DType);
    static Tensor Distinct(Tensor x) => x.Tanh() * (0.2 / x.Shape[0]) + Tensor.From<double>([x.Shape[0]], [.. Enumerable.Range(1, x.Shape[0]).Select(i => (double)i)]).To(x.DType).DiagonalMatrix();

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
        new("tan", p => p.Any().Tanh().Tan().Tanh()),
        new("inverse angles", p => { var x = p.Any().Tanh() * 0.8; return p.Next(3) switch { 0 => x.Asin(), 1 => x.Acos() * 0.5, _ => x.Atan() }; }),
        new("atan2", p => { var x = p.Any(); return x.Sin().Atan2(p.Like(x).Cos() + 2.2); }),
        new("hyperbolic", p => { var x = p.Any().Tanh(); return p.Next(3) switch { 0 => x.Sinh() * 0.7, 1 => x.Cosh() * 0.6, _ => x.Asinh() }; }),
        new("inverse hyperbolic", p => { var x = p.Any(); return p.Next(2) == 0 ? (x.Cos() + 2.5).Acosh() * 0.6 : (x.Sin() * 0.7).Atanh(); }),
        new("exponentials", p => { var x = p.Any().Tanh(); return p.Next(2) == 0 ? x.ExpM1() * 0.6 : x.Exp2() * 0.5; }),
        new("logarithms", p => { var x = p.Any().Sin() + 1.6; return p.Next(3) switch { 0 => x.Log2() * 0.7, 1 => x.Log10(), _ => x.Log1P() }; }),
        new("roots", p => { var x = p.Any().Cos() + 1.7; return p.Next(2) == 0 ? x.Cbrt() * 0.8 : x.Rsqrt(); }),
        new("logaddexp", p => { var x = p.Any(); return x.LogAddExp(p.Like(x)).Tanh(); }),
        new("xlogy", p => { var x = p.Any(); return (x.Tanh() + 1.1).XLogY(p.Like(x).Cos() + 1.6) * 0.5; }),
        new("activations", p => { var x = p.Any(); return p.Next(6) switch { 0 => x.Sigmoid(), 1 => x.Silu().Tanh(), 2 => x.Softplus().Tanh(), 3 => x.Gelu().Tanh(), 4 => x.Mish().Tanh(), _ => x.LogSigmoid().Tanh() }; }),
        new("error functions", p => { var x = p.Any(); return p.Next(4) switch { 0 => x.Erf(), 1 => x.Erfc() * 0.5, 2 => x.NormalCdf(), _ => (x.Tanh() * 0.7).ErfInv() }; }),
        new("probabilities", p => { var x = p.Any().Sigmoid() * 0.6 + 0.2; return p.Next(2) == 0 ? x.Logit() * 0.5 : x.NormalQuantile(); }),
        new("gamma functions", p => { var x = p.Any().Tanh() + 2.2; return p.Next(3) switch { 0 => x.LogGamma(), 1 => x.Digamma(), _ => x.Polygamma(1) * 0.5 }; }),
        new("sinc", p => p.Any().Tanh().Sinc()),
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
        new("argmax", p => p.OfRank(1) is { } x ? x.ArgMax(0).OneHot(3, x.DType) : null, IsSmooth: false),
        new("cumulative maximum", p => p.OfRank(1)?.CumulativeMax(0), IsSmooth: false),
        new("sort", p => p.OfRank(1)?.Sort(), IsSmooth: false),
        new("convolve", p => p.Where(s => s.Rank == 2) is { } x && p.Where(s => s.Rank == 1) is { } k ? x.ExpandAxis(1).Convolve(k.Reshape([1, 1, k.Size]), padding: [k.Size]).Squeeze(1).Tanh() : null),
        new("transposed convolution", p => p.Where(s => s.Rank == 1) is { } x ? x.Reshape([1, 1, x.Size]).ConvolveTransposed(x.Reshape([1, 1, x.Size]), stride: [2]).Flatten().Tanh() : null),
        new("average-pool", p => p.Where(s => s.Rank >= 1 && s[^1] >= 2)?.AveragePool([2], stride: [1])),
        new("layer-norm", p => p.OfRank(1)?.LayerNorm(epsilon: 0.5)),
        new("attention", p => p.Where(s => s.Rank >= 2) is { } x ? x.Attention(x.Sin(), p.Like(x), causal: p.Next(2) == 0) : null),
        new("softmax", p => { var e = (p.OfRank(1) ?? p.Any().ExpandAxis(0)).Tanh().Exp(); return e / e.Sum(-1, keepAxes: true); }),
        new("inner gradient", p => { var x = p.Any(); return Differentiation.Gradient("inner", y => [(y[0].Sin() * x).Sum()], [x]).Gradient[0].Tanh(); }),
        new("inner jvp", p => { var x = p.Any(); return Differentiation.Jvp(y => [y[0].Square() * x], [x], [p.Like(x)]).Tangents[0]?.Tanh(); }),
        new("select", p => { var x = p.Any(); return Tensor.Select(p.Like(x) < p.Number(-0.5, 0.5), x, p.Like(x).Sin()); }, IsSmooth: false),
        new("select logic", p => { var x = p.Any(); return Tensor.Select((x < 0.5) & (p.Like(x) > -0.5), x.Cos(), 0); }, IsSmooth: false),
        new("mask", p => { var x = p.Any(); return (x > p.Number(-0.5, 0.5)).To(x.DType) * x; }, IsSmooth: false),
        new("abs", p => p.Any().Abs(), IsSmooth: false),
        new("signs", p => { var x = p.Any(); return p.Next(2) == 0 ? x.Sign() * x.Cos() : x.CopySign(p.Like(x)); }, IsSmooth: false),
        new("roundings", p => { var x = p.Any() * 3.7; return (p.Next(4) switch { 0 => x.Floor(), 1 => x.Ceiling(), 2 => x.Truncate(), _ => x.Round() }).Tanh() * x.Sin(); }, IsSmooth: false),
        new("remainder", p => { var x = p.Any(); return p.Next(2) == 0 ? x % 0.7 : x.FloorDivide(p.Like(x).Cos() + 1.6).Tanh() * x; }, IsSmooth: false),
        new("rectifiers", p => { var x = p.Any(); return p.Next(5) switch { 0 => x.Relu(), 1 => x.LeakyRelu(0.1), 2 => x.Elu(), 3 => x.Selu().Tanh(), _ => x.HardSwish() }; }, IsSmooth: false),
        new("minimum", p => { var x = p.Any(); return x.Minimum(p.Like(x).Cos()); }, IsSmooth: false),
        new("max-pool", p => p.Where(s => s.Rank >= 1 && s[^1] >= 2)?.MaxPool([2], stride: [1]), IsSmooth: false),
        new("maximum", p => { var x = p.Any(); return x.Maximum(p.Like(x).Sin()); }, IsSmooth: false),
        .. control,
        .. matrices,
    ];
}
