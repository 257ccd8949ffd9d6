using Xunit;

namespace Adjoint.Tests.GradBench;

/// <summary>A charged particle flies between two charges; where one must stand so that it lands at the origin. The field is a derivative inside the loop.</summary>
public sealed class ParticleTests(ITestOutputHelper output)
{
    const double Step = 0.1, Expected = 0.2071918746486116;

    static Tensor First(Tensor x) => x.Dot(Tensor.Of(1.0, 0));
    static Tensor Second(Tensor x) => x.Dot(Tensor.Of(0.0, 1));

    /// <summary>The square of where it lands, for a charge that stands at (10, 10 − w).</summary>
    internal static Tensor Landing(Mode inner, Tensor w)
    {
        var charge = Tensor.Of(10.0, 10) - w * Tensor.Of(0.0, 1);
        Tensor Potential(Tensor x) => (x - charge).Square().Sum().Sqrt().Reciprocal() + (x - Tensor.Of(10.0, 0)).Square().Sum().Sqrt().Reciprocal();
        Tensor[] start = [Tensor.Of(0.0, 8), Tensor.Of(0.75, 0)];
        var s = Control.While(s => Second(s[0] + Step * s[1]) > 0, s => [s[0] + Step * s[1], s[1] - Step * Descent.Gradient(inner, Potential, s[0])], start);
        var below = s[0] + Step * s[1];
        return (First(below) - Second(below) / Second(s[1]) * First(s[1])).Square();
    }

    static Tensor Loss(Mode inner, Tensor w) => Landing(inner, w.Sum());

    [Theory]
    [InlineData(Mode.Reverse, Mode.Reverse)]
    [InlineData(Mode.Forward, Mode.Forward)]
    [InlineData(Mode.Forward, Mode.Reverse)]
    [InlineData(Mode.Reverse, Mode.Forward)]
    public void Descent_finds_the_charge(Mode outer, Mode inner)
    {
        double w = Descent.Minimize(outer, w => Loss(inner, w), Tensor.Of(0.0)).ToArray()[0];
        output.WriteLine($"{outer} {inner}: {w:R}");
        Assert.Equal(Expected, w, 1e-9);
    }

    [Theory]
    [InlineData(Mode.Reverse, Mode.Reverse)]
    [InlineData(Mode.Forward, Mode.Forward)]
    [InlineData(Mode.Forward, Mode.Reverse)]
    [InlineData(Mode.Reverse, Mode.Forward)]
    public void The_derivative_through_the_loop_is_that_of_differences(Mode outer, Mode inner)
    {
        const double at = 0.3, h = 1e-4;
        double slope = Descent.Gradient(outer, w => Loss(inner, w), Tensor.Of(at)).ToArray()[0];
        double At(double w) => Landing(inner, w).ToScalar();
        double difference = (8 * (At(at + h) - At(at - h)) - (At(at + 2 * h) - At(at - 2 * h))) / (12 * h);
        Assert.Equal(difference, slope, 1e-8 * Math.Abs(difference));
    }

    [Fact]
    public void A_loop_written_in_csharp_lands_at_the_same_place()
    {
        Tensor charge = Tensor.Of(10.0, 10 - 0.3), x = Tensor.Of(0.0, 8), v = Tensor.Of(0.75, 0);
        while (true)
        {
            var d1 = x - charge;
            var d2 = x - Tensor.Of(10.0, 0);
            var gradient = -d1 / d1.Square().Sum().Pow(1.5) - d2 / d2.Square().Sum().Pow(1.5);
            x = (x + Step * v).Evaluate();
            if (Second(x).ToScalar() <= 0) break;
            v = (v - Step * gradient).Evaluate();
        }
        var landing = First(x) - Second(x) / Second(v) * First(v);
        Assert.Equal(landing.Square().ToScalar(), Landing(Mode.Reverse, 0.3).ToScalar(), 1e-11);
    }
}
