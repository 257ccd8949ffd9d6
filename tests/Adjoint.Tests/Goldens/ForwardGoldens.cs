using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>C1 to C4: forward mode.</summary>
public sealed class ForwardGoldens
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Fact]
    public void C1_one_sweep_for_any_number_of_results()
    {
        var (_, tangents) = Differentiation.Jvp(t => [t[0].Cos(), t[0].Sin(), t[0].Square(), t[0].Exp()], [Point(0.5)], [Point(1)]);
        Near.Equal([-0.479425538604203, 0.8775825618903728, 1, 1.6487212707001282], [.. tangents.Select(t => t!.ToScalar())], 1e-14);
    }

    [Fact]
    public void C2_the_tangent_of_the_code_list()
    {
        var (_, tangents) = Differentiation.Jvp(x => [Programs.Vieira(x[0])], [Point(0.5)], [Point(1)]);
        Near.Equal(555.9719679015082, tangents[0]!.ToScalar(), 1e-13);
    }

    [Fact]
    public void C3_forward_costs_by_inputs_and_reverse_by_outputs()
    {
        Tensor[] F(Tensor[] x) => [x[0].MatMul(x[1]).Tanh().MatMul(x[2])];
        Tensor[] like = [Tensor.Zeros([6], DType.Float64), Tensor.Zeros([6, 8], DType.Float64), Tensor.Zeros([8, 2], DType.Float64)];
        long Rows(int n, Func<Tensor[], Tensor[]> sweep, Shape seed) => OperationCount.Of(Simplification.Simplify(Programs.Trace(x =>
        {
            var row = Input.Of("row", new(seed, DType.Float64));
            return Vectorization.Apply(sweep([.. x[..3], row]), new Dictionary<Tensor, Tensor> { [row] = x[3] }, n);
        }, [.. like, Tensor.Zeros(seed.Insert(0, n), DType.Float64)])));
        long Forward(int n) => Rows(n, x => [Differentiation.Jvp(F, x[..3], [x[3], null, null]).Tangents[0]!], [6]);
        long Reverse(int n) => Rows(n, x => [Differentiation.Vjp(F, x[..3]).Pullback([x[3]])[0]!], [2]);
        Assert.Equal(3 * (Forward(2) - Forward(1)), Forward(4) - Forward(1));
        Assert.Equal(3 * (Reverse(2) - Reverse(1)), Reverse(4) - Reverse(1));
        Assert.True(Reverse(2) < Forward(6));
    }

    [Fact]
    public void C4_nested_derivatives_do_not_mix()
    {
        var (_, tangents) = Differentiation.Jvp(x =>
        {
            var (_, inner) = Differentiation.Jvp(y => [x[0] + y[0]], [Point(1)], [Point(1)]);
            return [x[0] * inner[0]!];
        }, [Point(1)], [Point(1)]);
        Assert.Equal(1, tangents[0]!.ToScalar());
    }
}
