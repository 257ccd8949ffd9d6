using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.LearningTests;

/// <summary>Rates by step, against their formulas and PyTorch's definitions.</summary>
public sealed class ScheduleTests
{
    static double At(Schedule schedule, long steps, DType type = DType.Float64) => schedule.At(Tensor.Scalar(steps, type)).ToScalar();

    static void Follows(Schedule schedule, params ReadOnlySpan<(long Step, double Rate)> points)
    {
        foreach (var (step, rate) in points)
        {
            Assert.Equal(rate, At(schedule, step), 1e-12);
            Assert.Equal(rate, At(schedule, step, DType.Float32), 1e-6);
        }
        Assert.Equal(DType.Float32, schedule.At(Tensor.Scalar(3)).DType);
        Assert.Equal(0, schedule.At(Tensor.Scalar(3)).Rank);
    }

    [Fact] public void Constant() => Follows(0.3, (0, 0.3), (1_000_000, 0.3));
    [Fact] public void Step() => Follows(new StepDecay(0.8, 10, 0.5), (0, 0.8), (9, 0.8), (10, 0.4), (19, 0.4), (20, 0.2), (35, 0.1));
    [Fact] public void Milestones() => Follows(new MultiStepDecay(1, [3, 7]), (0, 1), (2, 1), (3, 0.1), (6, 0.1), (7, 0.01), (99, 0.01));
    [Fact] public void Exponential() => Follows(new ExponentialDecay(2, 0.5), (0, 2), (1, 1), (4, 0.125));
    [Fact] public void Polynomial() => Follows(new PolynomialDecay(1, 4, 2), (0, 1), (1, 0.5625), (2, 0.25), (4, 0), (9, 0));
    [Fact] public void Polynomial_with_a_minimum() => Follows(new PolynomialDecay(1, 4, Minimum: 0.3), (0, 1), (2, 0.5), (3, 0.3), (4, 0.3));
    [Fact] public void Cosine() => Follows(new CosineDecay(1, 4, 0.2), (0, 1), (1, 0.6 + 0.4 * Math.Sqrt(0.5)), (2, 0.6), (4, 0.2), (50, 0.2));
    [Fact] public void Cosine_with_equal_cycles() => Follows(new CosineDecay(1, 4, 0, Restarts: 1), (0, 1), (2, 0.5), (4, 1), (6, 0.5), (8, 1), (4_000_002, 0.5));
    [Fact] public void Cosine_with_growing_cycles() => Follows(new CosineDecay(1, 4, 0, Restarts: 2), (0, 1), (2, 0.5), (4, 1), (8, 0.5), (12, 1), (20, 0.5), (28, 1));
    [Fact] public void A_warm_up_rises_and_goes_over() => Follows(new WarmUp(new StepDecay(0.8, 10, 0.5), 4, 0.25), (0, 0.2), (2, 0.5), (4, 0.8), (13, 0.8), (14, 0.4));

    /// <summary>torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10, pct_start=0.3): top at step 2, end at step 9.</summary>
    [Fact]
    public void One_cycle() => Follows(new OneCycle(1, 10),
        (0, 0.04), (1, 0.52), (2, 1), (9, 0.04 / 1e4), (4, 4e-6 + (1 - 4e-6) * 0.5 * (1 + Math.Cos(Math.PI * 2 / 7))), (30, 4e-6));

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Contains("Every is 0", Assert.Throws<ArgumentOutOfRangeException>(() => At(new StepDecay(1, 0), 1)).Message, StringComparison.Ordinal);
        Assert.Contains("leaves no step for rise or fall", Assert.Throws<ArgumentException>(() => At(new OneCycle(1, 3), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_prepares_one_program()
    {
        var trainer = Compilation.Compile(static (Learner<Tensor> state, Tensor x) =>
        {
            var rate = state.Rate();
            return (state.Step(x), rate);
        }, new Sgd(new WarmUp(new CosineDecay(0.1, 40), 10)).Start(Tensor.Of(1f, 2f)));
        double[] rates = [.. Enumerable.Range(0, 60).Select(_ => trainer.Next(Tensor.Of(0.1f, 0.1f)).ToScalar())];
        Assert.Equal(1, trainer.Programs);
        Assert.Equal(0.1, rates[10], 1e-7);
        Assert.True(rates[9] < rates[10] && rates[11] < rates[10] && rates[59] == 0);
    }
}
