using Xunit;

namespace Adjoint.Tests.GradBench;

/// <summary>min over x of max over y of |x|² − |y|², by descents in each other: the outer derivative goes through the inner descent.</summary>
public sealed class SaddleTests
{
    const double Expected = 8.246324826140356e-06;

    static Tensor F(Tensor x, Tensor y) => x.Square().Sum() - y.Square().Sum();

    static Tensor Greatest(Mode inner, Tensor x, Tensor start) => F(x, Descent.Maximize(inner, y => F(x, y), start));

    [Theory]
    [InlineData(Mode.Reverse, Mode.Reverse)]
    [InlineData(Mode.Forward, Mode.Forward)]
    [InlineData(Mode.Forward, Mode.Reverse)]
    [InlineData(Mode.Reverse, Mode.Forward)]
    public void Descents_in_each_other_find_the_saddle(Mode outer, Mode inner)
    {
        var start = Tensor.Of(1.0, 1);
        var x = Descent.Minimize(outer, x => Greatest(inner, x, start), start);
        var y = Descent.Maximize(inner, y => F(x, y), start);
        Assert.All(x.ToArray().Concat(y.ToArray()), v => Assert.Equal(Expected, v, 1e-9 * Expected));
    }

    [Theory]
    [InlineData(Mode.Reverse, Mode.Reverse)]
    [InlineData(Mode.Forward, Mode.Forward)]
    [InlineData(Mode.Forward, Mode.Reverse)]
    [InlineData(Mode.Reverse, Mode.Forward)]
    public void The_derivative_through_a_descent_is_that_of_its_steps(Mode outer, Mode inner)
    {
        // the descent starts at s, and ends at s times a number that does not depend on s as long as the steps are the same
        Tensor Loss(Tensor s) => Descent.Maximize(inner, y => -(y.Square().Sum() + 0.25 * y.Square().Square().Sum()), s).Sum();
        double[] at = [1.0, 0.8];
        double[] slope = Descent.Gradient(outer, Loss, Tensor.Of(at)).ToArray();
        const double h = 1e-7;
        for (int i = 0; i < at.Length; i++)
        {
            double At(double d) { double[] moved = [.. at]; moved[i] += d; return Loss(Tensor.Of(moved)).ToScalar(); }
            double difference = (At(h) - At(-h)) / (2 * h);
            Assert.Equal(difference, slope[i], 1e-6 * Math.Max(1e-3, Math.Abs(difference)));
        }
    }
}
