using Xunit;

namespace Adjoint.Tests;

/// <summary>What the laws cannot see: values, conventions at ties and for NaN, and constant derivatives.</summary>
public sealed class StructuralTests
{
    const double NaN = double.NaN;

    static double[] Gradient(Func<Tensor, Tensor> f, Tensor x) => Differentiation.Gradient("gradient", y => [f(y[0])], [x]).Gradient[0].ToArray();

    static void Same(Tensor x, params double[] expected) => Assert.Equal(expected, x.ToArray());

    [Fact]
    public void Ties_share_the_derivative_equally()
    {
        Assert.Equal([0.5, 0, 0.5], Gradient(x => x.Max(), Tensor.Of(2.0, 1.0, 2.0)));
        Assert.Equal([0, 1, 0], Gradient(x => x.Min(), Tensor.Of(2.0, 1.0, 2.0)));
    }

    [Fact]
    public void Nan_propagates_through_extremes_and_sorts_last()
    {
        var x = Tensor.Of(2.0, NaN, 1.0);
        Same(x.Max(), NaN);
        Same(x.Min(), NaN);
        Same(x.ArgMax(), 1);
        Same(x.Sort(), 1, 2, NaN);
        Same(x.Sort(descending: true), 2, 1, NaN);
    }

    [Fact]
    public void Sorting_is_stable()
    {
        var x = Tensor.Of(1, 0, 1, 0, 1);
        Same(x.ArgSort(), 1, 3, 0, 2, 4);
        Same(x.ArgSort(descending: true), 0, 2, 4, 1, 3);
        Same(x.TopK(2).Indices, 0, 2);
    }

    [Fact]
    public void Products_have_derivatives_at_zeros_to_any_order()
    {
        var x = Tensor.Of(0.0, 3.0, 0.0, 5.0);
        Assert.Equal([0, 0, 0, 0], Gradient(y => y.Product(), x));
        Tensor Slope(Tensor y) => Differentiation.Gradient("inner", z => [z[0].Product()], [y]).Gradient[0];
        Assert.Equal([0, 0, 15, 0], Gradient(y => Slope(y)[0], x));
        Tensor Curvature(Tensor y) => Differentiation.Gradient("second", z => [Slope(z[0])[0]], [y]).Gradient[0][2];
        Assert.Equal([0, 5, 0, 3], Gradient(Curvature, x));
    }

    [Fact]
    public void Stopped_values_are_constants()
    {
        Assert.Equal([3, -2], Gradient(x => (x * x.StopGradient()).Sum(), Tensor.Of(3.0, -2.0)));
        Assert.Equal([0, 0], Gradient(x => x.StopGradient().Square().Sum(), Tensor.Of(3.0, -2.0)));
    }

    [Fact]
    public void Indexing_takes_what_it_says()
    {
        var x = Tensor.Arange(12).Reshape([3, 4]);
        Same(x[1], 4, 5, 6, 7);
        Same(x[-1, ^1], 11);
        Same(x[1..^1, (..).Step(2)], 4, 6);
        Same(x[0, (..).Step(-1)], 3, 2, 1, 0);
        Same(x[0, (..3).Step(-2)], 2, 0);
        Same(x[new[] { 2, 0 }, 1..3], 9, 10, 1, 2);
        Same(x[new[] { 2, 0 }, new[] { -1, 1 }], 11, 1);
        Same(x[x > 8], 9, 10, 11);
        Same(x[Axis.All, 0], 0, 4, 8);
        Assert.Equal(Shape.Of([1, 3, 1]), x[Axis.New, .., 0, Axis.New].Shape);
        Assert.Equal(Shape.Of([3, 2, 2]), x[.., Tensor.Of([[0, 1], [2, 3]])].Shape);
        Same(x.Sum().Reshape([1])[(Tensor)0], 66);
    }

    [Fact]
    public void The_last_of_several_assignments_counts_and_all_additions_do()
    {
        var x = Tensor.Of(0.0, 0.0, 0.0);
        Same(x.With(new[] { 1, 1, -1 }, Tensor.Of(1.0, 2.0, 3.0)), 0, 2, 3);
        Same(x.AddAt(new[] { 1, 1, -1 }, Tensor.Of(1.0, 2.0, 3.0)), 0, 3, 3);
        Same(x.With(1.., 7), 0, 7, 7);
        Same(Tensor.Of(1, 2, 3).With(new[] { true, false, true }, 0), 0, 2, 0);
    }

    [Fact]
    public void Windows_and_folds_are_transposes()
    {
        var x = Tensor.Of(1.0, 2.0, 3.0, 4.0, 5.0);
        Same(x.Windows([2], [2]), 1, 2, 3, 4);
        Same(x.Windows([2], [1], [3]), 1, 4, 2, 5);
        Same(x.Windows([3]).Fold([5], [3]), 1, 4, 9, 8, 5);
    }

    [Fact]
    public void Accumulation_goes_both_ways()
    {
        var x = Tensor.Of(1.0, 2.0, 3.0);
        Same(x.CumulativeSum(exclusive: true), 0, 1, 3);
        Same(x.CumulativeSum(reverse: true), 6, 5, 3);
        Same(x.CumulativeProduct(exclusive: true, reverse: true), 6, 3, 1);
        Same(x.Recurrence(0.5), 1, 2.5, 4.25);
        Same(Tensor.Of(1.0, 3.0, 2.0, NaN, 4.0).CumulativeMax(), 1, 3, 3, NaN, NaN);
    }

    [Fact]
    public void Parts_of_every_type_move()
    {
        Same(Tensor.Of(1, 2, 3).Roll(1), 3, 1, 2);
        Same(Tensor.Of(1, 2).Tile(2, 2), 1, 2, 1, 2, 1, 2, 1, 2);
        Same(Tensor.Of(1, 2).RepeatElements(2), 1, 1, 2, 2);
        Same(Tensor.Of(1, 2).Pad(0, 1, 1, 9), 9, 1, 2, 9);
        Same(Tensor.Of([[1, 2], [3, 4]]).UpperTriangle(1), 0, 2, 0, 0);
        Same(Tensor.Of([[1, double.PositiveInfinity], [2, NaN]]).LowerTriangle(-1), 0, 0, 2, 0);
        Same(Tensor.Of(1.0, 2.0, 6.0).Variance(correction: 1), 7);
    }

    [Fact]
    public void Extremes_of_the_exponential_family_are_finite()
    {
        Same(Tensor.Of(1000.0, 1000.0).LogSumExp(), 1000 + Math.Log(2));
        Same(Tensor.Of(double.NegativeInfinity, double.NegativeInfinity).LogSumExp(), double.NegativeInfinity);
        Same(Tensor.Zeros([0]).LogSumExp(), double.NegativeInfinity);
        Assert.Equal(5, (Tensor.Of(3e200, 4e200).Norm() / 1e200).ToScalar(), 1e-14);
        Assert.Equal([0, 0], Gradient(x => x.Norm(), Tensor.Of(0.0, 0.0)));
        Assert.Equal([0, 0], Gradient(x => x.Norm(order: 3), Tensor.Of(0.0, 0.0)));
    }
}
