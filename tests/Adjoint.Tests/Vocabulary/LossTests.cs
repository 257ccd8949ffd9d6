using Adjoint.Learning;
using Adjoint.Testing;
using Xunit;
using static Adjoint.Testing.Domain;

namespace Adjoint.Tests;

public sealed class LossTests
{
    static readonly Dictionary<string, Sample> samples = new Sample[]
    {
        new("cross-entropy", x => [Loss.CrossEntropy(x[0], x[1])], Real(4, 3), Integers(0, 3, 4)),
        new("cross-entropy with smoothing", x => [Loss.CrossEntropy(x[0], x[1], 0.2)], Real(2, 2, 3), Longs(0, 3, 2, 2)),
        new("cross-entropy of one example", x => [Loss.CrossEntropy(x[0], x[1])], Real(3), Integers(0, 3)),
        new("cross-entropy with probabilities", x => [Loss.CrossEntropy(x[0], x[1].Softmax(), 0.1)], Real(4, 3), Real(4, 3)),
        new("mse", x => [Loss.Mse(x[0], x[1])], Real(2, 3), Real(2, 3)),
        new("l1", x => [Loss.L1(x[0], x[1])], Distinct(4), In(-0.04, 0.04, 4)),
        new("huber", x => [Loss.Huber(x[0], x[1]), Loss.Huber(x[0], x[1], 0.3)], Real(4), In(-0.05, 0.05, 4)),
        new("binary cross-entropy", x => [Loss.BinaryCrossEntropyWithLogits(x[0], x[1]), Loss.BinaryCrossEntropyWithLogits(x[0], x[2])], Real(3), In(0, 1, 3), Bools(3)),
        new("kl-divergence", x => [Loss.KlDivergence(x[0], x[1])], Real(2, 3), Real(2, 3)),
        new("cosine distance", x => [Loss.CosineDistance(x[0], x[1])], Real(2, 3), Real(2, 3)),
        new("mean loss", x => [new MeanLoss<Tensor, Tensor>((y, t) => Loss.Huber(y, t, 10)).Of(x[0], x[1])], Real(2, 3), Real(2, 3)),
    }.ToDictionary(s => s.Name);

    static readonly Dictionary<string, FailingSample> failing = new FailingSample[]
    {
        new("labels", "cross-entropy: outputs float64[4, 3] and targets int32[3]: labels that name classes must be integers of shape [4].", x => [Loss.CrossEntropy(x[0], x[1])], Real(4, 3), Integers(0, 3, 3)),
        new("floating labels",
            "cross-entropy: outputs float64[4, 3] and targets float64[4]: floating labels are probabilities and must have the shape [4, 3]; labels that name classes must be integers.",
            x => [Loss.CrossEntropy(x[0], x[1])], Real(4, 3), Real(4)),
        new("a label that is no class", "gather 1 leading 1: index 3, at position 1 of the indices, is not in an axis of length 3. Indices go from -3 to 2.", x => [Loss.CrossEntropy(x[0], new[] { 0, 3 })], Real(2, 3)),
        new("a negative label", "gather 1 leading 1: index -4, at position 0 of the indices, is not in an axis of length 3. Indices go from -3 to 2.", x => [Loss.CrossEntropy(x[0], new[] { -1, 2 })], Real(2, 3)),
        new("columns against rows", "mse: outputs float64[4, 1] and targets float64[4]: they must have one shape. Reshape the targets with Reshape([4, 1]).", x => [Loss.Mse(x[0], x[1])], Real(4, 1), Real(4)),
        new("smoothing", "cross-entropy: the label smoothing is 2; it must be from 0 to 1. (Parameter 'labelSmoothing')", x => [Loss.CrossEntropy(x[0], x[1], 2)], Real(2, 3), Integers(0, 3, 2)),
        new("huber", "huber: δ is 0; it must be positive. (Parameter 'delta')", x => [Loss.Huber(x[0], x[1], 0)], Real(2), Real(2)),
    }.ToDictionary(s => s.Name);

    public static TheoryData<string> Names => [.. samples.Keys];
    public static TheoryData<string> FailingNames => [.. failing.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_law_holds_to_second_order(string name) => Laws.CheckAll(samples[name]);

    [Theory, MemberData(nameof(FailingNames))]
    public void Mistakes_are_explained(string name)
    {
        if (failing[name].Check() is { } wrong) Assert.Fail(wrong);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Large_logits_do_no_harm(DType type)
    {
        var logits = Tensor.Of([[1e4, -1e4, 0.0], [-1e4, -1e4, 1e4]]).To(type);
        var (loss, slope) = Functions.ValueAndGradient(z => Loss.CrossEntropy(z, new[] { 0, 0 }))(logits);
        Assert.Equal(1e4, loss.ToScalar());
        Assert.Equal([0, 0, 0, -0.5, 0, 0.5], slope.ToArray());
        var binary = Functions.ValueAndGradient(z => Loss.BinaryCrossEntropyWithLogits(z, Tensor.Of(1.0, 0.0, 0.0).To(type)))(Tensor.Of(1e4, -1e4, 1e4).To(type));
        Assert.Equal(1e4 / 3, binary.Value.ToScalar(), 1e-3);
        Assert.All(binary.Gradient.ToArray(), g => Assert.True(double.IsFinite(g)));
        Assert.Equal(2e4, Loss.KlDivergence(Tensor.Of(0.0, 2e4).To(type), Tensor.Of(2e4, 0.0).To(type)).ToScalar());
    }
}
