using Adjoint.Testing;
using Xunit;
using static Adjoint.Flow;

namespace Adjoint.Tests.Goldens;

/// <summary>L5: the gradient checker finds mistakes, small ones and mistakes in small gradients, and nothing else.</summary>
public sealed class GradientCheckGoldens
{
    static readonly Tensor at = Key.Of(1).Normal([6], DType.Float64);

    static Tensor Scaled(Tensor x, double factor) => CustomVjp<Tensor, Tensor>(v => v.Square().Sum(), (v, _, λ) => 2 * factor * v * λ)(x);

    [Fact]
    public void Right_gradients_hold()
    {
        foreach (Func<Tensor, Tensor> f in new Func<Tensor, Tensor>[] { x => Programs.Vieira(0.3 * x).Sum(), x => x.Exp().Sum().Log(), x => Scaled(x, 1), x => x.Sin().Product(), x => x[0] * 0 + x[1].Square() })
        {
            var report = GradientCheck.Of(f, at);
            Assert.True(report.Holds(1e-7), report.ToString());
            Assert.InRange(report.Worst.Correlation, 1 - 1e-12, 1 + 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-9)]
    [InlineData(1e9)]
    public void A_mistake_of_a_thousandth_is_found_however_small_the_gradient(double size)
    {
        var report = GradientCheck.Of(x => size * Scaled(x, 1.001), at);
        Assert.False(report.Holds());
        Assert.InRange(report.Error, 0.9e-3, 1.1e-3);
        // a wrong factor does not show in the correlation: hence both
        Assert.InRange(report.Worst.Correlation, 1 - 1e-9, 1 + 1e-9);
    }

    [Fact]
    public void A_missing_component_shows_in_both()
    {
        var report = GradientCheck.Of(x => (x * Tensor.Of(1.0, 1, 1, 1, 1, 0)).Sum() + x[5].StopGradient(), at);
        Assert.False(report.Holds());
        Assert.InRange(report.Worst.Correlation, 0.5, 0.99);
        Assert.InRange(GradientCheck.Of(x => Scaled(x, -1), at).Worst.Correlation, -1 - 1e-9, -1 + 1e-9);
    }

    [Fact]
    public void Zeros_do_not_count_and_rounding_is_not_a_mistake()
    {
        Assert.Equal(0, GradientCheck.Of(x => (x * 0).Sum(), at).Error);
        // the value does not depend on the sum of x but for rounding
        var report = GradientCheck.Of(x => (x[..3] + x[3]).LogSoftmax()[0] + x[3] * 0, at);
        Assert.True(report.Holds(), report.ToString());
        var shift = GradientCheck.Of(s => (at + s).Softmax().Square().Sum(), Tensor.Scalar(0.3, DType.Float64));
        Assert.True(shift.Holds(), shift.ToString());
    }

    [Fact]
    public void The_report_names_the_worst_leaf()
    {
        var report = GradientCheck.Of(x => Scaled(x.First, 1) + Scaled(x.Second, 1.01), new Pair<Tensor, Tensor>(at, at + 1));
        Assert.Equal(2, report.Leaves.Count);
        Assert.Same(report.Leaves[1], report.Worst);
        Assert.StartsWith(report.Worst.Path + ": relative error 9.9e-3, correlation 1.000000000\n", report.ToString(), StringComparison.Ordinal);
    }
}
