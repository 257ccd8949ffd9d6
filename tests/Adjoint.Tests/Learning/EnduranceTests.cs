using Adjoint.Formats;
using Adjoint.Learning;
using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Tests.LearningTests;

/// <summary>Training that takes long: many steps in constant memory, and MNIST.</summary>
public sealed class EnduranceTests(ITestOutputHelper output)
{
    const int Steps = 100_000, Settled = 10_000;

    [Fact]
    public void A_hundred_thousand_compiled_steps_use_constant_memory()
    {
        var trainer = Compile(static (Learner<Tensor> state, Tensor target) =>
        {
            var (loss, slope) = ValueAndGradient(state.Model, w => (w - target).Square().Sum());
            return (state.Step(slope), loss);
        }, new Sgd(0.1, Momentum: 0.5).Start(Tensor.Of(1f, 2f)));
        Tensor target = Tensor.Of(3f, 4f);
        Constant(() => trainer.Next(target).ToScalar());
        Assert.Equal(4, trainer.State.Model[1].ToScalar(), 1e-5);
        Assert.Equal((Steps, 1), (trainer.State.Steps.ToScalar(), trainer.Programs));
    }

    [Fact]
    public void A_hundred_thousand_steps_of_a_script_use_constant_memory()
    {
        Tensor w = Tensor.Variable(Tensor.Of(1f, 2f)), target = Tensor.Of(3f, 4f);
        Constant(() =>
        {
            var loss = (w - target).Square().Sum();
            w = Tensor.Variable((w - 0.1 * loss.Gradient(w)).Evaluate());
            return loss.ToScalar();
        });
        Assert.Equal(4, w[1].ToScalar(), 1e-5);
    }

    void Constant(Func<double> step)
    {
        long before = 0;
        double loss = 0;
        for (int i = 0; i < Steps; i++)
        {
            if (i == Settled) before = GC.GetTotalMemory(forceFullCollection: true);
            loss = step();
        }
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{grown} bytes more after {Steps} steps than after {Settled}");
        Assert.Equal(0, loss, 1e-9);
        // other tests run meanwhile; the equations of a step, a kilobyte and more, would be twice this
        Assert.InRange(grown, long.MinValue, 64 << 20);
    }

    [Fact]
    public void A_network_of_128_units_learns_Mnist()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ADJOINT_SLOW") == "1", "Takes minutes: set ADJOINT_SLOW=1.");
        string folder = Repository.At("../shared/data/mnist");
        Assert.SkipUnless(Directory.Exists(folder), $"There is no folder {folder} with the MNIST files.");
        var pixels = Idx.Read(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"));
        var data = new Dataset((pixels.Reshape([10_000, 784]).To(DType.Float32) / 255).Evaluate(), Idx.Read(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz")).To(DType.Int32).Evaluate());
        var (train, test) = (data.Rows([.. Enumerable.Range(0, 9_000)]), data.Rows([.. Enumerable.Range(9_000, 1_000)]));
        var trainer = new Trainer<Mlp>(Objective.Classification<Mlp>((m, x) => m.Apply(x)), new() { Epochs = 10, BatchSize = 64, Seed = 1 });
        var result = trainer.Run(Mlp.Create(Key.Of(1), 784, 128, 10), new Sgd(0.1), train);
        double accuracy = trainer.Measure(result.Model, test)["accuracy"];
        output.WriteLine($"{accuracy:P2}");
        Assert.True(accuracy >= 0.94, $"{accuracy}");
    }
}
