using System.Globalization;
using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Zeros, infinities, NaN, poles and ties: values exactly, in float64 and float32, and slopes where they are delicate.</summary>
public sealed class SpecialValueTests
{
    // function: x → f(x); or x y → f(x, y)
    const string table = """
        exp: 0→1; -0→1; ∞→∞; -∞→0; NaN→NaN; 1000→∞; -1000→0
        exp2: 0→1; 10→1024; -3→0.125; ∞→∞; -∞→0; NaN→NaN; 5000→∞; -5000→0
        expm1: 0→0; -0→-0; ∞→∞; -∞→-1; NaN→NaN; 1000→∞; -1000→-1
        log: 1→0; 0→-∞; -0→-∞; ∞→∞; -1→NaN; -∞→NaN; NaN→NaN
        log2: 1→0; 8→3; 0.25→-2; 0→-∞; ∞→∞; -1→NaN; NaN→NaN
        log10: 1→0; 0→-∞; ∞→∞; -1→NaN; NaN→NaN
        log1p: 0→0; -0→-0; -1→-∞; ∞→∞; -2→NaN; NaN→NaN
        logit: 0→-∞; 1→∞; 0.5→0; -1→NaN; 2→NaN; NaN→NaN
        sqrt: 0→0; -0→-0; 4→2; ∞→∞; -1→NaN; NaN→NaN
        rsqrt: 4→0.5; 0→∞; ∞→0; -1→NaN; NaN→NaN
        cbrt: 0→0; -0→-0; 8→2; -27→-3; ∞→∞; -∞→-∞; NaN→NaN
        sin: 0→0; -0→-0; ∞→NaN; -∞→NaN; NaN→NaN
        cos: 0→1; ∞→NaN; -∞→NaN; NaN→NaN
        tan: 0→0; -0→-0; ∞→NaN; NaN→NaN
        asin: 0→0; -0→-0; 2→NaN; -2→NaN; NaN→NaN
        acos: 1→0; 2→NaN; -2→NaN; NaN→NaN
        atan: 0→0; -0→-0; NaN→NaN
        sinc: 0→1; -0→1; 1→0; ∞→0; -∞→0; NaN→NaN
        sinh: 0→0; -0→-0; ∞→∞; -∞→-∞; NaN→NaN; 1000→∞
        cosh: 0→1; ∞→∞; -∞→∞; NaN→NaN; -1000→∞
        tanh: 0→0; -0→-0; ∞→1; -∞→-1; NaN→NaN; 1000→1
        asinh: 0→0; -0→-0; ∞→∞; -∞→-∞; NaN→NaN
        acosh: 1→0; ∞→∞; 0.5→NaN; -∞→NaN; NaN→NaN
        atanh: 0→0; -0→-0; 1→∞; -1→-∞; 2→NaN; NaN→NaN
        sigmoid: 0→0.5; ∞→1; -∞→0; NaN→NaN
        silu: 0→0; ∞→∞; -∞→-0; NaN→NaN
        softplus: ∞→∞; -∞→0; NaN→NaN; 1000→1000
        gelu: 0→0; ∞→∞; -∞→-0; NaN→NaN
        erf: 0→0; -0→-0; ∞→1; -∞→-1; NaN→NaN
        erfc: 0→1; ∞→0; -∞→2; NaN→NaN
        erfinv: 0→0; 1→∞; -1→-∞; 2→NaN; NaN→NaN
        normal-cdf: 0→0.5; ∞→1; -∞→0; NaN→NaN
        normal-quantile: 0.5→0; 0→-∞; 1→∞; -1→NaN; 2→NaN; NaN→NaN
        lgamma: 1→0; 2→0; 0→∞; -0→∞; -1→∞; -2→∞; ∞→∞; -∞→∞; NaN→NaN
        digamma: 0→-∞; -0→∞; -1→NaN; ∞→∞; -∞→NaN; NaN→NaN
        polygamma: 1 0→∞; 1 ∞→0; 1 NaN→NaN; 0.5 1→NaN; -1 1→NaN; 1 -1e9→NaN
        sinc-derivative: 0 0→1; 1 0→0; 3 0→0; 1 ∞→0; 0.5 1→NaN
        abs: -0→0; -3→3; -∞→∞; NaN→NaN
        sign: 0→0; -0→-0; 7→1; -∞→-1; NaN→NaN
        relu: -1→0; 2→2; -0→0; ∞→∞; NaN→NaN
        floor: 1.5→1; -1.5→-2; -0→-0; ∞→∞; NaN→NaN
        ceiling: 1.5→2; -1.5→-1; ∞→∞; NaN→NaN
        truncate: 1.5→1; -1.5→-1; -∞→-∞; NaN→NaN
        round: 0.5→0; 1.5→2; 2.5→2; -2.5→-2; -0→-0; NaN→NaN
        maximum: 1 2→2; -0 0→0; NaN 1→NaN; 1 NaN→NaN; ∞ 1→∞
        minimum: 1 2→1; 0 -0→-0; NaN 1→NaN; 1 NaN→NaN; -∞ 1→-∞
        copysign: 3 -0→-3; -3 1→3; 0 -1→-0
        pow: 2 10→1024; 0 0→1; 0 2→0; -0 3→-0; 0 -1→∞; -0 -1→-∞; -0 -2→∞; -2 3→-8; -2 2→4; -2 0.5→NaN; NaN 0→1; 1 NaN→1; NaN 1→NaN; 2 NaN→NaN; 2 ∞→∞; 2 -∞→0; 0.5 ∞→0; 0.5 -∞→∞; -1 ∞→1; ∞ 2→∞; ∞ -2→0; -∞ 3→-∞; -∞ 0.5→∞; 10 1000→∞; 10 -1000→0
        hypot: 3 4→5; 0 0→0; ∞ NaN→∞; NaN -∞→∞; NaN 1→NaN; 0 -2→2
        atan2: 0 1→0; -0 1→-0; 0 0→0; -0 0→-0; 1 ∞→0; NaN 1→NaN; 1 NaN→NaN
        xlogy: 0 0→0; 0 -1→0; 2 1→0; 0 NaN→NaN; 1 0→-∞
        logaddexp: -∞ -∞→-∞; ∞ 1→∞; -∞ 3→3; ∞ ∞→∞; NaN 1→NaN
        divide: 1 0→∞; -1 0→-∞; 0 0→NaN; 1 ∞→0
        remainder: 5 3→2; -5 3→1; 5 -3→-1; -5 -3→-2; 6 3→0; 5.5 2→1.5; 1 0→NaN; 1 ∞→1; -1 ∞→∞; NaN 1→NaN; 1e30 1→0
        floor-divide: 5 3→1; -5 3→-2; 5 -3→-2; 6 3→2; -6 3→-2; 1 0→∞; -1 0→-∞; 5.5 2→2
        """;

    public static TheoryData<string> Lines => [.. table.Split('\n', StringSplitOptions.TrimEntries)];

    static double Number(string text) => text switch { "∞" => double.PositiveInfinity, "-∞" => double.NegativeInfinity, _ => double.Parse(text, CultureInfo.InvariantCulture) };

    [Theory, MemberData(nameof(Lines))]
    public void Special_values_are_exact(string line)
    {
        var f = ScalarSamples.Functions.Single(g => g.Name == line[..line.IndexOf(':')]);
        foreach (string entry in line[(line.IndexOf(':') + 1)..].Split(';', StringSplitOptions.TrimEntries))
        {
            double[] x = Array.ConvertAll(entry[..entry.IndexOf('→')].Split(' '), Number);
            double expected = Number(entry[(entry.IndexOf('→') + 1)..]), z = f.Value(x[0], x[^1]);
            Assert.True(Same(z, expected), $"{f.Name} {entry} is {z:R}");
            var single = new float[1];
            f.Apply([(float)x[0]], [(float)x[^1]], single);
            Assert.True(Same(single[0], expected), $"{f.Name} {entry} is {single[0]:R} in float32");
        }
    }

    static bool Same(double a, double b) => double.IsNaN(b) ? double.IsNaN(a) : a == b && double.IsNegative(a) == double.IsNegative(b);

    static double Derivative(Func<Tensor, Tensor> f, double x, int order)
    {
        for (int i = 0; i < order; i++)
        {
            var g = f;
            f = y => Differentiation.Jvp(v => [g(v[0])], [y], [y.OnesLike()]).Tangents[0] ?? y.ZerosLike();
        }
        return f(Tensor.Scalar(x, DType.Float64)).ToScalar();
    }

    static readonly Dictionary<string, Func<Tensor, Tensor>> delicate = new()
    {
        ["x²"] = x => x.Pow(2), ["x³"] = x => x.Pow(3), ["x¹"] = x => x.Pow(1), ["x⁰"] = x => x.Pow(0), ["0ˣ"] = x => x.ZerosLike().Pow(x), ["relu"] = x => x.Relu(), ["abs"] = x => x.Abs(),
        ["max(x, 0)"] = x => x.Maximum(0), ["min(x, 0)"] = x => x.Minimum(0), ["hypot(x, 0)"] = x => x.Hypot(0), ["sinc"] = x => x.Sinc(), ["xlogy(x, 0)"] = x => x.XLogY(x.ZerosLike()),
        ["atan2(x, 0)"] = x => x.Atan2(x.ZerosLike()), ["elu"] = x => x.Elu(), ["sqrt"] = x => x.Sqrt(),
    };

    [Theory]
    [InlineData("x²", 0, 0, 2)]
    [InlineData("x²", -3, -6, 2)]
    [InlineData("x³", 0, 0, 0)]
    [InlineData("x³", -2, 12, -12)]
    [InlineData("x¹", 0, 1, 0)]
    [InlineData("x⁰", 0, 0, 0)]
    [InlineData("x⁰", -1, 0, 0)]
    [InlineData("0ˣ", 2, 0, 0)]
    [InlineData("relu", 0, 0, 0)]
    [InlineData("abs", 0, 0, 0)]
    [InlineData("max(x, 0)", 0, 0.5, 0)]
    [InlineData("min(x, 0)", 0, 0.5, 0)]
    [InlineData("hypot(x, 0)", 2, 1, 0)]
    [InlineData("sinc", 0, 0, -3.289868133696453)]
    [InlineData("sinc", 1e-9, -3.289868133696453e-9, -3.289868133696453)]
    [InlineData("elu", 0, 1, 1)]
    [InlineData("sqrt", 4, 0.25, -0.03125)]
    public void Delicate_derivatives(string name, double x, double first, double second)
    {
        Assert.Equal(first, Derivative(delicate[name], x, 1), 1e-14 * Math.Max(1, Math.Abs(first)));
        Assert.Equal(second, Derivative(delicate[name], x, 2), 1e-13 * Math.Max(1, Math.Abs(second)));
    }

    [Fact]
    public void Slopes_at_the_edge_of_a_domain()
    {
        Assert.Equal(double.PositiveInfinity, Derivative(delicate["sqrt"], 0, 1));
        Assert.Equal(0, Derivative(delicate["hypot(x, 0)"], 0, 1));
        Assert.Equal(0, Derivative(delicate["atan2(x, 0)"], 0, 1));
        Assert.Equal(0, Derivative(delicate["xlogy(x, 0)"], 0, 1));
    }

    static readonly Dictionary<string, Func<Tensor, Tensor>> ramps = new()
    {
        ["sigmoid"] = x => x.Sigmoid(), ["tanh"] = x => x.Tanh(), ["softplus"] = x => x.Softplus(), ["log-sigmoid"] = x => x.LogSigmoid(), ["silu"] = x => x.Silu(), ["gelu"] = x => x.Gelu(),
        ["gelu tanh"] = x => x.Gelu(approximate: true), ["mish"] = x => x.Mish(), ["elu"] = x => x.Elu(), ["selu"] = x => x.Selu(), ["softsign"] = x => x.Softsign(), ["erf"] = x => x.Erf(),
        ["relu"] = x => x.Relu(), ["hard swish"] = x => x.HardSwish(), ["normal cdf"] = x => x.NormalCdf(), ["atan"] = x => x.Atan(), ["asinh"] = x => x.Asinh(),
    };

    public static TheoryData<string> Ramps => [.. ramps.Keys];

    [Theory, MemberData(nameof(Ramps))]
    public void Derivatives_to_third_order_stay_finite(string name)
    {
        foreach (double x in new[] { -1e150, -1e30, -1000, -100, -40, -5, 0, 5, 40, 100, 1000, 1e30, 1e150 })
            for (int order = 1; order <= 3; order++)
                Assert.True(double.IsFinite(Derivative(ramps[name], x, order)), $"{name}: derivative {order} at {x}");
    }
}
