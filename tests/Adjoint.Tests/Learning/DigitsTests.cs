using Adjoint.Learning;
using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Tests.LearningTests;

/// <summary>A network of two dense layers.</summary>
[Tree]
public sealed partial record Mlp(Dense Hidden, Dense Output)
{
    public static Mlp Create(Key key, int inputs, int hidden, int outputs)
    {
        var (first, second) = key.Split();
        return new(Dense.Create(first, inputs, hidden), Dense.Create(second, hidden, outputs));
    }

    public Tensor Apply(Tensor x) => Output.Apply(Hidden.Apply(x).Relu());
}

/// <summary>The first network, on real digits.</summary>
public sealed class DigitsTests(ITestOutputHelper output)
{
    [Fact]
    public void The_digits_are_all_there()
    {
        var digits = Digits.Load();
        Assert.Equal([1797, 64], digits.Inputs.Shape);
        Assert.Equal(DType.Int32, digits.Targets.DType);
        Assert.Equal([0.0, 0, 0.3125, 0.8125], digits.Inputs[0, ..4].ToArray());
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], Enumerable.Range(0, 10).Select(d => (int)digits.Targets.EqualTo(d).Sum().ToScalar()));
    }

    [Fact]
    public void A_first_network_learns_the_digits()
    {
        var splits = Digits.Load().Split(0, 360, seed: 1);
        Assert.Equal((1437, 360), (splits.Train.Count, splits.Test.Count));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var trainer = Compile(static (Learner<Mlp> state, Batch batch) =>
        {
            var (loss, slope) = ValueAndGradient(state.Model, m => Loss.CrossEntropy(m.Apply(batch.Inputs), batch.Targets));
            return (state.Step(slope), loss);
        }, new Sgd(0.1, Momentum: 0.9).Start(Mlp.Create(Key.Of(1), 64, 64, 10)));
        for (int epoch = 0; epoch < 30; epoch++)
            foreach (var batch in splits.Train.Batches(32, Key.Of(1).Fold(epoch))) trainer.Next(batch);
        double accuracy = trainer.State.Model.Apply(splits.Test.Inputs).ArgMax(-1).EqualTo(splits.Test.Targets).Mean().ToScalar();
        output.WriteLine($"{accuracy:P2} after {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(2, trainer.Programs);
        Assert.True(accuracy >= 0.96, $"{accuracy}");
    }
}
