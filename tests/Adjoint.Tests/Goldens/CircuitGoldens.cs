using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>A1 to A6: circuits and the forward pass.</summary>
public sealed class CircuitGoldens
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Theory]
    [InlineData(0, new[] { 1, 1, 2, 7.38905609893065, 0.9092974268256817, 8.298353525756332 })]
    [InlineData(0.5, new[] { 1.6487212707001282, 2.718281828459045, 4.367003099159174, 78.80710038074828, -0.9409448787963703, 77.86615550195191 })]
    [InlineData(-1, new[] { 0.36787944117144233, 0.1353352832366127, 0.503214724408055, 1.6540299836638108, 0.4822442425285429, 2.136274226192354 })]
    public void A1_every_node_of_the_code_list(double x, double[] expected)
    {
        var nodes = Programs.VieiraNodes(Point(x));
        for (int i = 0; i < expected.Length; i++) Near.Equal(expected[i], nodes[i].ToScalar(), 1e-14);
        Assert.Equal(nodes.Select(z => z.ToScalar()), Programs.VieiraNodes(Point(x)).Select(z => z.ToScalar()));
    }

    [Fact]
    public void A2_the_derivative_at_any_node()
    {
        var x = Tensor.Variable(Point(1));
        var c = x.Square();
        var b = c.Exp();
        var f = b.Sin();
        var λ = Differentiation.Pull([f], [b, c, x], [1.0]);
        Near.Equal(0.4107812905029087, f.ToScalar(), 1e-14);
        Near.Equal(-0.9117339147869651, λ[0]!.ToScalar(), 1e-14);
        Near.Equal(-4.95669946591047, Differentiation.Pull([f], [x], [1.0])[0]!.ToScalar(), 1e-14);
    }

    [Fact]
    public void A3_substitution_with_fan_out_over_integers()
    {
        var x = new[] { 1.0, 2, 2 }.Select(v => Tensor.Variable(Point(v))).ToArray();
        var p = x[0] + x[1];
        var q = x[1] * x[2];
        var s = p * q;
        var r = s.Square();
        Assert.Equal([3, 4, 12, 144], new[] { p, q, s, r }.Select(z => z.ToScalar()));
        Assert.Equal([24, 96, 72], new[] { s, p, q }.Select(z => Differentiation.Pull([r], [z], [1.0])[0]!.ToScalar()));
        Assert.Equal([96, 240, 144], Differentiation.Pull([r], x, [1.0]).Select(z => z!.ToScalar()));
    }

    [Fact]
    public void A4_a_loss_is_the_last_equation_and_a_scalar()
    {
        Tensor y = Tensor.Of(1.0, 2.0), t = Tensor.Of(0.0, 4.0);
        Near.Equal(2.5, (y - t).Square().Mean().ToScalar(), 1e-15);
        Near.Equal(1.5, (y - t).Abs().Mean().ToScalar(), 1e-15);
        Assert.Equal(Shape.Scalar, (y - t).Square().Mean().Shape);
        Assert.Contains("a gradient needs a scalar", Assert.Throws<ShapeException>(() => Differentiation.Gradient("gradient", x => [x[0].Square()], [y])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A5_a_circuit_is_smaller_than_its_formula()
    {
        var (results, gradient) = Differentiation.Gradient("gradient", x => [Programs.RepeatedSquare(x[0], 5)], [Point(1.1)]);
        Near.Equal(21.113776745352607, results[0].ToScalar(), 1e-14);
        Near.Equal(614.2189598648031, gradient[0].ToScalar(), 1e-14);
        Assert.Equal(5, OperationCount.Of(Programs.Trace(x => [Programs.RepeatedSquare(x[0], 5)], Point(1.1))));
        Assert.Equal(15, OperationCount.Of(Programs.TraceGradient(x => [Programs.RepeatedSquare(x[0], 5)], Point(1.1))));
        for (int k = 1; k <= 60; k++)
        {
            Assert.Equal(k, OperationCount.Of(Programs.Trace(x => [Programs.RepeatedSquare(x[0], k)], Point(1))));
            Assert.Equal(3 * k, OperationCount.Of(Programs.TraceGradient(x => [Programs.RepeatedSquare(x[0], k)], Point(1))));
        }
    }

    [Fact]
    public void A6_what_is_shared_is_computed_once()
    {
        var system = Simplification.Simplify(Programs.TraceGradient(x => [Programs.Vieira(x[0])], Point(0.5)));
        Assert.Equal(2, OperationCount.Of(system, Scalars.Exp));
        Assert.Equal(1, OperationCount.Of(system, Scalars.Sin));
        Assert.Equal(1, OperationCount.Of(system, Scalars.Cos));
    }
}

static class Near
{
    public static void Equal(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"{actual:R} instead of {expected:R}");

    public static void Equal(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Equal(expected[i], actual[i], relative);
    }
}
