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
        new("maximum", p => { var x = p.Any(); return x.Maximum(p.Like(x).Sin()); }, IsSmooth: false),
    ];
}
