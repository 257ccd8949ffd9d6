using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>I1 to I5: neural networks.</summary>
public sealed class NetworkGoldens
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Fact]
    public void I1_a_bias_is_a_weight_on_a_constant_1_bit_for_bit()
    {
        var (x, w, b) = (Key.Of(1).Normal([50, 7], DType.Float64), Key.Of(2).Normal([9, 7], DType.Float64), Key.Of(3).Normal([9], DType.Float64));
        var separate = (x.MatMul(w.T) + b).Tanh();
        var together = Tensor.Concatenate([x, Tensor.Ones([50, 1], DType.Float64)], 1).MatMul(Tensor.Concatenate([w, b.ExpandAxis(1)], 1).T).Tanh();
        // bit for bit by the reference; the engine may sum in another order
        var system = EquationSystem.Close([], [separate, together], out var captured);
        var bits = Interpreter.Shared.Prepare(system).Run(Array.ConvertAll(captured, t => t.Data));
        Assert.Equal(bits[0].ToDoubles().Select(BitConverter.DoubleToInt64Bits), bits[1].ToDoubles().Select(BitConverter.DoubleToInt64Bits));
        Near.Equal(bits[0].ToDoubles(), separate.ToArray(), 1e-12);
        Near.Equal(bits[0].ToDoubles(), together.ToArray(), 1e-12);
    }

    [Theory]
    [InlineData("logistic", 1, .7310585786300049, .19661193324148185)]
    [InlineData("tanh", 1, .7615941559557649, .4199743416140261)]
    [InlineData("swish", 1, .7310585786300049, .9276705118714867)]
    [InlineData("mish", 1, .8650983882673103, 1.0490362200997922)]
    [InlineData("swish", -1, null, .07232948812851325)]
    [InlineData("mish", -1, null, .05921675587739495)]
    [InlineData("relu", 0, 0.0, 0)]
    public void I2_activations(string name, double at, double? value, double slope)
    {
        Func<Tensor, Tensor> f = name switch { "logistic" => x => x.Sigmoid(), "tanh" => x => x.Tanh(), "swish" => x => x.Silu(), "mish" => x => x.Mish(), _ => x => x.Relu() };
        var (z, g) = Functions.ValueAndGradient(f)(Point(at));
        if (value is { } v) Near.Equal(v, z.ToScalar(), 1e-14);
        Assert.Equal(slope == 0, g.ToScalar() == 0);
        Near.Equal(slope, g.ToScalar(), 1e-13);
    }

    [Fact]
    public void I3_the_gradient_of_a_mean_is_the_mean_of_the_gradients()
    {
        var (w, x, labels) = Classifier();
        var loss = new MeanLoss<Tensor, Tensor>((logits, label) => Loss.CrossEntropy(logits, label));
        var whole = Functions.Gradient(v => loss.Of(x.MatMul(v).Tanh(), labels))(w);
        var each = Functions.Vectorize<Tensor, Tensor, Tensor>((row, label) => Functions.Gradient(v => Loss.CrossEntropy(row.MatMul(v).Tanh(), label))(w))(x, labels);
        Assert.Equal("[12, 4, 3]", each.Shape.ToString());
        Norm(whole, each.Mean(0), 1e-12);
        Near.Equal(Loss.CrossEntropy(x.MatMul(w).Tanh(), labels).ToScalar(), loss.Of(x.MatMul(w).Tanh(), labels).ToScalar(), 1e-14);
        Near.Equal(loss.PerExample(x.MatMul(w).Tanh(), labels).ToArray().Average(), loss.Of(x.MatMul(w).Tanh(), labels).ToScalar(), 1e-14);
    }

    [Fact]
    public void I3_the_gradient_of_a_batch_is_the_weighted_mean_of_those_of_its_parts()
    {
        var (w, x, labels) = Classifier();
        var loss = new MeanLoss<Tensor, Tensor>((logits, label) => Loss.CrossEntropy(logits, label));
        Tensor Gradient(Range rows) => Functions.Gradient(v => loss.Of(x[rows].MatMul(v).Tanh(), labels[rows]))(w);
        var parts = (5 * Gradient(..5) + 3 * Gradient(5..8) + 4 * Gradient(8..12)) / 12;
        Norm(Gradient(..), parts, 1e-12);
    }

    [Fact]
    public void I3_a_loss_of_an_example_must_be_one_number()
    {
        var loss = new MeanLoss<Tensor, Tensor>((output, target) => (output - target).Square());
        var wrong = Assert.Throws<ShapeException>(() => loss.Of(Tensor.Zeros([4, 3]), Tensor.Zeros([4, 3])));
        Assert.Equal("mean loss: the loss of an example has shape [3]; it must be a scalar. Reduce it, for example with Sum() or Mean().", wrong.Message);
    }

    static (Tensor W, Tensor X, Tensor Labels) Classifier() =>
        (Key.Of(4).Normal([4, 3], DType.Float64), Key.Of(5).Normal([12, 4], DType.Float64), Key.Of(6).Integers([12], 0, 3));

    static void Norm(Tensor expected, Tensor actual, double relative) => Assert.InRange((expected - actual).Norm().ToScalar() / expected.Norm().ToScalar(), 0, relative);

    [Fact]
    public void I4_errors_propagate_backward_through_a_logistic_net()
    {
        Tensor x = [.05, .1], t = [.01, .99], hidden = [[.15, .2], [.25, .3]], output = [[.4, .45], [.5, .55]], biasOfHidden = [.35, .35], biasOfOutput = [.6, .6];
        Tensor Error(Tensor w1, Tensor w2, Tensor b1, Tensor b2) => 0.5 * ((w2.MatMul((w1.MatMul(x) + b1).Sigmoid()) + b2).Sigmoid() - t).Square().Sum();
        Near.Equal(0.2983711087600027, Error(hidden, output, biasOfHidden, biasOfOutput).ToScalar(), 1e-15);

        // δ = ∂E/∂(what enters a unit), to which its bias is added
        var (δh, δo) = Functions.Gradient<Tensor, Tensor>((b1, b2) => Error(hidden, output, b1, b2))(biasOfHidden, biasOfOutput);
        Near.Equal([0.13849856162856697, -0.038098236516556215], δo.ToArray(), 1e-13);
        Near.Equal([0.008771354689486935, 0.009954254705217202], δh.ToArray(), 1e-13);

        (Tensor, Tensor) Step(Tensor w1, Tensor w2)
        {
            var (g1, g2) = Functions.Gradient<Tensor, Tensor>((a, b) => Error(a, b, biasOfHidden, biasOfOutput))(w1, w2);
            return (w1 - 0.5 * g1, w2 - 0.5 * g2);
        }
        var (hiddenNext, outputNext) = Step(hidden, output);
        Near.Equal(0.3589164797178846, outputNext[0, 0].ToScalar(), 1e-15);
        Near.Equal(0.14978071613276284, hiddenNext[0, 0].ToScalar(), 1e-15);

        for (int i = 0; i < 10_000; i++) (hidden, output) = Step(hidden, output);
        Near.Equal(3.510187782978846e-05, Error(hidden, output, biasOfHidden, biasOfOutput).ToScalar(), 1e-10);
    }

    [Fact]
    public void I5_regularised_logistic_least_squares()
    {
        Tensor Regularised(Tensor w, Tensor b) => 0.5 * ((2 * w + b).Sigmoid() - 1).Square() + 0.05 * w.Square();
        Near.Equal(0.055685007428680905, Regularised(Point(.7), Point(-.3)).ToScalar(), 1e-14);
        var (slopeOfW, slopeOfB) = Functions.Gradient<Tensor, Tensor>(Regularised)(Point(.7), Point(-.3));
        Near.Equal(-0.02358746786570665, slopeOfW.ToScalar(), 1e-13);
        Near.Equal(-0.046793733932853326, slopeOfB.ToScalar(), 1e-13);
    }
}
