using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>B1 to B7: reverse mode and adjoints.</summary>
public sealed class ReverseGoldens
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Theory]
    [InlineData(0, 6.972909262383508, 20.918727787150523, 20.918727787150523)]
    [InlineData(0.5, 78.46854058534002, 337.2140444730328, 555.9719679015082)]
    [InlineData(-1, 2.530066792564026, 4.391585908113781, 1.6155741697332786)]
    public void B1_back_substitution_gives_every_adjoint(double at, double λc, double λa, double λx)
    {
        var x = Tensor.Variable(Point(at));
        var z = Programs.VieiraNodes(x);
        double Adjoint(Tensor node) => Differentiation.Pull([z[5]], [node], [1.0])[0]!.ToScalar();
        Assert.Equal([1, 1, 1], new[] { Adjoint(z[3]), Adjoint(z[4]), Adjoint(z[5]) });
        Near.Equal([λc, λc, λa, λx], [Adjoint(z[2]), Adjoint(z[1]), Adjoint(z[0]), Adjoint(x)], 1e-13);
    }

    [Fact]
    public void B3_eight_edges_are_eight_accumulations()
    {
        Assert.Equal(8, Edges(Programs.Vieira));
    }

    // the accumulations of one back substitution
    static int Edges(Func<Tensor, Tensor> f)
    {
        var x = Input.Like(Point(0.5));
        var (_, seeds, tangents) = Differentiation.Linear([f(x)], [x]);
        int edges = 0;
        Transpose.Apply([seeds[0]!], tangents, [1.0], () => edges++);
        return edges;
    }

    [Fact]
    public void B4_fan_out_sums()
    {
        var (_, gradient) = Differentiation.Gradient("gradient", x => [x[0] * x[0]], [Point(3)]);
        Assert.Equal(6, gradient[0].ToScalar());
    }

    [Fact]
    public void B5_the_sum_over_paths_is_the_derivative()
    {
        var z = Programs.VieiraNodes(Point(0.5)).Select(t => t.ToScalar()).ToArray();
        double xa = z[0], ab = 2 * z[0], cd = z[3], ce = Math.Cos(z[2]);
        double[] paths = [xa * cd, xa * ce, xa * ab * cd, xa * ab * ce];
        Near.Equal([129.93094267993988, -0.5581907360934842, 428.4398178370719, -1.8406018794101784], paths, 1e-13);
        var (_, gradient) = Differentiation.Gradient("gradient", x => [Programs.Vieira(x[0])], [Point(0.5)]);
        Near.Equal(paths.Sum(), gradient[0].ToScalar(), 1e-13);
    }

    [Fact]
    public void B6_a_gradient_is_cheap()
    {
        long forward = OperationCount.Of(Programs.Trace(x => [Programs.Vieira(x[0])], Point(0.5)));
        var system = Programs.TraceGradient(x => [Programs.Vieira(x[0])], Point(0.5));
        // counted by edges it is 16: 6 forward, the slopes 2a and cos c, and 8 multiply-adds; the 4 edges of additions have weight 1 and need no product
        Assert.Equal(6, forward);
        Assert.Equal(16, forward + 2 + Edges(Programs.Vieira));
        Assert.Equal(16 - 4, OperationCount.Of(system));
        Assert.Equal(11, OperationCount.Of(Simplification.Simplify(system)));
    }

    [Fact]
    public void B6_holds_for_layers()
    {
        Tensor[] like = [.. new[] { Shape.Of([8, 5]), [5, 7], [7], [7, 3] }.Select(s => Tensor.Zeros(s, DType.Float64))];
        Tensor[] Loss(Tensor[] x) => [((x[0].MatMul(x[1]) + x[2]).Tanh().MatMul(x[3])).Square().Sum()];
        Assert.True(OperationCount.Of(Simplification.Simplify(Programs.TraceGradient(Loss, like))) <= 4 * OperationCount.Of(Programs.Trace(Loss, like)));
    }

    [Fact]
    public void B7_a_vjp_is_linear_in_its_seed()
    {
        var (_, pullback) = Differentiation.Vjp(x => [x[0].Exp(), x[0].Sum()], [Tensor.Of(0.1, 0.2, 0.3)]);
        double[] Pull(double a, double b) => pullback([Tensor.Of(a, 2 * a, 3 * a), Point(b)])[0]!.ToArray();
        Near.Equal([.. Pull(1, 0).Zip(Pull(0, 1), (s, t) => 2 * s + 3 * t)], Pull(2, 3), 1e-15);
    }
}
