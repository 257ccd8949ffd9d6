using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.LearningTests;

/// <summary>Optimizers that PyTorch 1.13 lacks, by hand; what all have in common; clipping and averages.</summary>
public sealed class OptimizerTests
{
    static readonly Optimizer[] all =
    [
        new Sgd(0.1, 0.9, true, 0.01), new Adam(0.1, Amsgrad: true), new AdamW(0.1), new RmsProp(0.1, Momentum: 0.5, Centered: true), new Adagrad(0.1), new Adadelta(1), new NAdam(0.1),
        new RAdam(0.1), new Lion(0.1), new Lamb(0.1),
    ];

    [Fact]
    public void Lion_by_hand()
    {
        // m₀ = 0:  w ← w − η (sign((1 − β₁) g) + λ w),  m ← (1 − β₂) g;  then c = β₁ m + (1 − β₁) g' = 0.9 · 0.02 − 0.1 · 0.1 = 0.008 > 0
        var learner = new Lion(0.1, WeightDecay: 0.5).Start(Tensor.Of(1.0, -2.0)).Step(Tensor.Of(2.0, -3.0));
        Assert.Equal([1 - 0.1 * 1.5, -2 + 0.1 * 2], learner.Model.ToArray().Select(x => Math.Round(x, 12)));
        learner = learner.Step(Tensor.Of(-0.1, -0.1));
        Assert.Equal([0.85 - 0.1 * (1 + 0.425), -1.8 + 0.1 * (1 + 0.9)], learner.Model.ToArray().Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void Lamb_by_hand()
    {
        // the first direction is sign g, of norm √2 (but for ε), and ‖w‖ = 5: every element moves by η 5 / √2
        var learner = new Lamb(0.1, WeightDecay: 0, Epsilon: 0).Start(Tensor.Of(3.0, 4.0)).Step(Tensor.Of(7.0, -0.01));
        double move = 0.1 * 5 / Math.Sqrt(2);
        Assert.Equal(3 - move, learner.Model[0].ToScalar(), 1e-12);
        Assert.Equal(4 + move, learner.Model[1].ToScalar(), 1e-12);
        Assert.Equal([0.0, 0.0], new Lamb(0.1, Epsilon: 1).Start(Tensor.Of(0.0, 0.0)).Step(Tensor.Of(0.0, 0.0)).Model.ToArray());
    }

    [Fact]
    public void Amsgrad_divides_by_the_greatest_mean_square()
    {
        // v is 0.5, then 0.25: of v̂ = v / (1 − ½ᵗ) the greatest numerator is 0.5
        var learner = new Adam(1, 0, 0.5, 0, Amsgrad: true).Start(Tensor.Of(0.0)).Step(Tensor.Of(1.0)).Step(Tensor.Of(0.0));
        Assert.Equal(-1, learner.Model[0].ToScalar(), 1e-12);
        Assert.Equal([0.0, 0.25, 0.5], learner.Memory.Select(m => m.ToArray()[0]));
    }

    [Fact]
    public void Dampening_starts_with_the_second_step()
    {
        var learner = new Sgd(1, 0.5, Dampening: 0.75).Start(Tensor.Of(0.0)).Step(Tensor.Of(1.0));
        Assert.Equal(-1, learner.Model[0].ToScalar());
        Assert.Equal(-1 - (0.5 + 0.25), learner.Step(Tensor.Of(1.0)).Model[0].ToScalar());
    }

    [Fact]
    public void Bias_corrections_are_precise_in_float32()
    {
        // after one step m̂ = g and v̂ = g² whatever β is: with β₂ = 1 − 10⁻⁷ the difference 1 − β₂ᵗ would be lost
        var step = new Adam(1, 0.999999, 0.9999999).Start(Tensor.Of(0f)).Step(Tensor.Of(3f)).Model.ToArray()[0];
        Assert.Equal(-1, step, 1e-5);
    }

    [Fact]
    public void Every_optimizer_descends_and_leaves_state_and_integers_alone()
    {
        foreach (var optimizer in all)
        {
            var start = new Mixed(Tensor.Of(1.0, -2.0), Tensor.Of(5.0), Tensor.Of(1, 2), Key.Of(3));
            var learner = optimizer.Start(start);
            double Loss(Mixed m) => m.Weight.Square().Sum().ToScalar();
            for (int i = 0; i < 20; i++) learner = Functions.Evaluate(learner.Step(Functions.ValueAndGradient(learner.Model, m => m.Weight.Square().Sum() + m.Statistics.Sum()).Gradient));
            Assert.True(Loss(learner.Model) < Loss(start) - 0.1, $"{optimizer}");
            Assert.Equal(20, learner.Steps.ToScalar());
            Assert.Same(start.Statistics, learner.Model.Statistics);
            Assert.Same(start.Numbers, learner.Model.Numbers);
            Assert.Same(start.Key.Words, learner.Model.Key.Words);
        }
    }

    [Fact]
    public void A_gradient_of_another_shape_is_refused()
    {
        var learner = new Sgd(0.1).Start(Tensor.Of(1.0, 2.0));
        Assert.Contains("has shape [3]; the parameter has [2]", Assert.Throws<ShapeException>(() => learner.Step(Tensor.Of(1.0, 2.0, 3.0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_are_clipped_as_PyTorch_does()
    {
        var gradient = new Mixed(Tensor.Of(3.0, 0.0), Tensor.Of(100.0), Tensor.Of(1, 2), Key.Of(3)) { More = [Tensor.Of(-4f)] };
        Assert.Equal(5, Gradients.Norm(gradient).ToScalar());
        var shorter = Gradients.ClipNorm(gradient, 1);
        Assert.Equal(3 / 5.000001, shorter.Weight[0].ToScalar(), 1e-9);
        Assert.Equal(-4 / 5.000001, shorter.More[0][0].ToScalar(), 1e-6);
        Assert.Same(gradient.Statistics, shorter.Statistics);
        Assert.Equal(3, Gradients.ClipNorm(gradient, 10).Weight[0].ToScalar());
        Assert.Equal([2.0, 0.0], Gradients.ClipValue(gradient, 2).Weight.ToArray());
        Assert.Equal([-2.0], Gradients.ClipValue(gradient, 2).More[0].ToArray());
    }

    [Fact]
    public void Averages_of_models()
    {
        Mixed At(double w) => new(Tensor.Of(w), Tensor.Of(w), Tensor.Of(1), Key.Of(3));
        var uniform = Average<Mixed>.Uniform(At(50)).Include(At(1)).Include(At(2)).Include(At(6));
        Assert.Equal((3, 6, 3), (uniform.Model.Weight[0].ToScalar(), uniform.Model.Statistics[0].ToScalar(), uniform.Count.ToScalar()));
        var exponential = Average<Mixed>.Exponential(At(50), 0.75).Include(At(1)).Include(At(2)).Include(At(6));
        Assert.Equal(0.75 * (0.75 * 1 + 0.25 * 2) + 0.25 * 6, exponential.Model.Weight[0].ToScalar(), 1e-12);
    }
}

/// <summary>A model with leaves of every role.</summary>
[Tree]
public sealed partial record Mixed(Tensor Weight, [State] Tensor Statistics, Tensor Numbers, Key Key)
{
    public Tensor[] More { get; init; } = [];
}
