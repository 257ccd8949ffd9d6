using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>D1 to D5: Jacobians and the calculus of matrices.</summary>
public sealed class JacobianGoldens
{
    [Fact]
    public void D1_the_jacobian_of_polar_coordinates()
    {
        Tensor[] Polar(Tensor[] p) => [p[0] * p[1].Cos(), p[0] * p[1].Sin()];
        Tensor[] at = [Tensor.Scalar(2, DType.Float64), Tensor.Scalar(Math.PI / 6, DType.Float64)];
        double[] Column(int i) => [.. Differentiation.Jvp(Polar, at, [i == 0 ? 1.0 : 0.0, i == 1 ? 1.0 : 0.0]).Tangents.Select(t => t!.ToScalar())];
        var (r, θ) = (Column(0), Column(1));
        Near.Equal([0.8660254037844387, 0.5], r, 1e-14);
        Near.Equal([-1, 1.7320508075688774], θ, 1e-14);
        Near.Equal(2, r[0] * θ[1] - θ[0] * r[1], 1e-14);
    }

    [Fact]
    public void D2_a_vector_by_a_matrix()
    {
        Tensor w = Tensor.Of([[1.0, 2.0], [3.0, 4.0]]), x = Tensor.Of(5.0, 6.0);
        Assert.Equal([17, 39], w.MatMul(x).ToArray());
        Tensor[] Loss(Tensor[] p) => [0.5 * p[0].MatMul(p[1]).Square().Sum()];
        var (results, gradient) = Differentiation.Gradient("gradient", Loss, [w, x]);
        Assert.Equal(905, results[0].ToScalar());
        Assert.Equal([85, 102, 195, 234], gradient[0].ToArray());
        Assert.Equal([134, 190], gradient[1].ToArray());
        Assert.All(Simplification.Simplify(Programs.TraceGradient(Loss, w, x)).Equations, z => Assert.True(z.Results[0].Rank <= 2));
    }

    [Fact]
    public void D3_the_chain_rule_on_matrices()
    {
        Tensor a = Tensor.Of([[1.0, 2], [0, 1], [1, 1]]), x = Tensor.Of([[1.0, 0, 1], [2, 1, 0]]);
        Tensor b = Tensor.Of([[1.0, 0], [1, 1], [0, 2]]), c = Tensor.Of([[1.0, 1], [0, 1], [2, 0]]);
        Assert.Equal([6, 3, 3, 0, 2, 3], (a.MatMul(x).MatMul(b) - c).ToArray());
        var (results, gradient) = Differentiation.Gradient("gradient", p => [0.5 * (p[1].MatMul(p[0]).MatMul(p[2]) - c).Square().Sum()], [x, a, b]);
        Assert.Equal(33.5, results[0].ToScalar());
        Assert.Equal([8, 14, 12, 17, 26, 18], gradient[0].ToArray());
        Assert.Equal([12, 21, 3, 9, 8, 9], gradient[1].ToArray());
        Assert.Equal([42, 24, 17, 9, 8, 6], gradient[2].ToArray());
    }

    [Fact]
    public void D4_a_gradient_has_the_shape_of_its_denominator()
    {
        Tensor[] at = [Tensor.Ones([2, 3], DType.Float64), Tensor.Ones([3], DType.Float64), Tensor.Ones([2, 1], DType.Float64), Tensor.Ones([], DType.Float64)];
        var (_, gradient) = Differentiation.Gradient("gradient", x => [(x[0] * x[1] + x[2] * x[3]).Square().Sum()], at);
        Assert.Equal(at.Select(x => x.Shape), gradient.Select(g => g.Shape));
        using (Strict.Scope())
            Assert.Equal("multiply: shapes [2, 3] and [3] differ, and the Strict scope refuses implicit broadcasting. Use BroadcastTo([2, 3]).",
                Assert.Throws<ShapeException>(() => at[0] * at[1]).Message);
    }

    [Fact]
    public void D5_the_order_of_accumulation_decides_the_cost()
    {
        Tensor[] like = [Tensor.Zeros([1, 100], DType.Float64), Tensor.Zeros([100, 100], DType.Float64), Tensor.Zeros([100, 100], DType.Float64)];
        Assert.Equal(20_000, OperationCount.Of(Programs.Trace(x => [x[0].MatMul(x[1]).MatMul(x[2])], like)));
        Assert.Equal(1_010_000, OperationCount.Of(Programs.Trace(x => [x[0].MatMul(x[1].MatMul(x[2]))], like)));
    }
}
