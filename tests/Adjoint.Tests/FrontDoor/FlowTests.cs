using Adjoint.Tests.Goldens;
using Xunit;
using static Adjoint.Flow;
using static Adjoint.Functions;

namespace Adjoint.Tests.FrontDoor;

/// <summary>Control flow as users write it.</summary>
public sealed class FlowTests
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Fact]
    public void Loops_take_states_of_several_parts()
    {
        // a spring by symplectic Euler steps: position and velocity
        Tensor End(Tensor start) => Scan((start, 0 * start), Tensor.Full([10], 0.1, DType.Float64), (x, v, dt) => { v -= dt * x; x += dt * v; return ((x, v), x); }).State.Item1;
        Tensor Again(Tensor start) => For(10, (start, 0 * start), (_, x, v) => { v -= 0.1 * x; return (x + 0.1 * v, v); }).Item1;
        Tensor Once(Tensor start) => Fold((start, 0 * start), Tensor.Full([10], 0.1, DType.Float64), (x, v, dt) => { v -= dt * x; return (x + dt * v, v); }).Item1;
        double expected = 1, velocity = 0;
        for (int i = 0; i < 10; i++) { velocity -= 0.1 * expected; expected += 0.1 * velocity; }
        foreach (Func<Tensor, Tensor> f in new Func<Tensor, Tensor>[] { End, Again, Once })
        {
            Near.Equal(expected, f(Point(1)).ToScalar(), 1e-14);
            Near.Equal(expected, Gradient(f)(Point(2)).ToScalar(), 1e-14);
        }
    }

    [Fact]
    public void Scans_stack_their_results_and_loops_stop_where_the_data_say()
    {
        Tensor prices = [1.0, 2.0, 4.0];
        var (total, sums) = Scan(Point(0), prices, (Tensor sum, Tensor price) => (sum + price, sum + price));
        Assert.Equal(7, total.ToScalar());
        Assert.Equal([1, 3, 7], sums.ToArray());
        var (steps, rest) = While((0, Point(100)), (i, x) => x > 1, (i, x) => (i + 1, x / 2));
        Assert.Equal((7, 0.78125), (steps.ToScalar(), rest.ToScalar()));
        Assert.Equal(4, Cond(rest < 1, () => 4 * Point(1), () => -Point(1)).ToScalar());
    }

    [Theory]
    [InlineData(0.5, 0.45018361129487355, 0.7394815923329188, -0.7307350928391543)]
    [InlineData(2, 1.0298665293222589, 0.18970003715499742, -0.13346818151979753)]
    public void F1_a_fixed_point_is_differentiated_as_an_equation(double at, double value, double first, double second)
    {
        Tensor Orbit(Tensor theta) => FixedPoint(z => theta * z.Cos(), Point(0.5));
        Near.Equal(value, Orbit(Point(at)).ToScalar(), 1e-14);
        Near.Equal(first, Gradient(Orbit)(Point(at)).ToScalar(), 1e-13);
        Near.Equal(second, Gradient(Gradient(Orbit))(Point(at)).ToScalar(), 1e-12);
        Near.Equal(Math.Sqrt(2), Root(t => t * t - 2, 1.0).ToScalar(), 1e-15);
    }

    [Fact]
    public void A_derivative_of_ones_own_counts()
    {
        var clipped = CustomVjp(x => x, (x, z, cotangent) => cotangent.Clip(-1, 1));
        Assert.Equal([1, 1, 0.5], Gradient(x => (clipped(x) * new[] { 5.0, 1.0, 0.5 }).Sum())([1.0, 2.0, 3.0]).ToArray());
        var doubled = CustomJvp(x => x.Sin(), (x, z, dx) => 2 * x.Cos() * dx);
        Near.Equal(2 * Math.Cos(0.3), Gradient(doubled)(Point(0.3)).ToScalar(), 1e-14);
        Near.Equal(-Math.Sin(0.3) * 2, Gradient(Gradient(doubled))(Point(0.3)).ToScalar(), 1e-14);
        Near.Equal(Math.Cos(0.3), Gradient(x => Checkpoint((Tensor t) => t.Sin(), x))(Point(0.3)).ToScalar(), 1e-14);
    }
}
