using Adjoint.Learning;
using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Tests.FrontDoor;

/// <summary>Steps that own their state.</summary>
public sealed class StepperTests(ITestOutputHelper output)
{
    // a report: a tensor, its data, and an array of one number
    const long ReportBytes = 200;

    static Tensor Vector(params double[] values) => values;

    [Fact]
    public void A_step_allocates_its_report_only()
    {
        Assert.SkipWhen(Executor.Default is not Engine, "The reference allocates.");
        foreach (Optimizer rule in new Optimizer[] { new Sgd(0.01), new Adam(1e-3) })
        {
            var (first, second, data) = Key.Of(1).Split(3) is [var a, var b, var c] ? (a, b, c) : default;
            var model = Sequential.Of(Dense.Create(first, 40, 100), Activation.Tanh, Dense.Create(second, 100, 20));
            var batch = Evaluate(new Batch(data.Normal([32, 40]), data.Fold(1).Normal([32, 20])));
            var stepper = Compile<Learner<Sequential>, Batch, Tensor>((learner, batch) =>
            {
                var (loss, slope) = ValueAndGradient(learner.Model, m => Loss.Mse(m.Run(batch.Inputs, Pass.Evaluation).Output, batch.Targets));
                return (learner.Step(slope), loss);
            }, rule.Start(model));
            double start = stepper.Next(batch).ToScalar();
            // a kernel may be compiled between two steps
            long least = Enumerable.Range(0, 20).Min(_ => Allocated(() => { for (int i = 0; i < 100; i++) stepper.Next(batch); })) / 100;
            output.WriteLine($"{rule}: {least} bytes a step");
            Assert.InRange(least, 0, ReportBytes);
            Assert.InRange(stepper.Next(batch).ToScalar(), 0, 0.99 * start);
        }
    }

    [Fact]
    public void A_state_that_was_read_stays_as_it_is()
    {
        var stepper = Compile((Tensor x, Tensor by) => (x + by, x.Sum()), Vector(1, 2, 3));
        var read = new List<(Tensor State, double[] Values)>();
        for (int i = 1; i <= 20; i++)
        {
            Assert.Equal(6 + 3 * (i - 1), stepper.Next(Vector(1, 1, 1)).ToScalar());
            if (i % 3 != 0) continue;
            read.Add((stepper.State, [1 + i, 2 + i, 3 + i]));
            Assert.Same(read[^1].State, stepper.State);
        }
        foreach (var (state, values) in read) Assert.Equal(values, state.ToArray());
    }

    [Fact]
    public void A_state_that_was_set_and_an_input_stay_as_they_are()
    {
        Tensor start = Vector(1, 2), input = Vector(10, 20);
        var stepper = Compile((Pair s, Tensor x) => (new Pair(s.Second, x), s.First.Sum()), new Pair(start, start));
        for (int i = 0; i < 6; i++) stepper.Next(input);
        var add = Compile((Pair s, Tensor x) => (new Pair(s.First + x, s.Second + s.First), s.First), new Pair(start, input));
        for (int i = 0; i < 6; i++) add.Next(input);
        Assert.Equal([1, 2], start.ToArray());
        Assert.Equal([10, 20], input.ToArray());
        Assert.Equal([10, 20], stepper.State.First.ToArray());
        add.State = new(start, start);
        Assert.Equal([1, 2], add.Next(input).ToArray());
        Assert.Equal([11, 22], add.State.First.ToArray());
        Assert.Equal([2, 4], add.State.Second.ToArray());
    }

    /// <summary>Reads that are not at the very place: shifts, turns, sums, swaps, views in the report, rows of another batch.</summary>
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9)]
    public void Every_step_equals_the_function(int kind)
    {
        (Pair, Tensor) Step(Pair s, Tensor x)
        {
            var (a, b) = (s.First, s.Second);
            var sum = x.Sum();
            return kind switch
            {
                0 => (new(Tensor.Concatenate([a[1..], a[..1]], 0) + sum, b * a), a.Sum()),
                1 => (new(a.Flip(0) * 0.5, b + a.Flip(0)), b),
                2 => (new(a - a.Sum() * 0.01, b - a[0] * 0.1), a.Reshape([7, 1, 3])),
                3 => (new(b, a), a + b),
                4 => (new(b + sum, a * 0.9), a.T),
                5 => (new(a, a), b.Sum()),
                6 => (new(a.MatMul(a.T).MatMul(a) * 0.01, b + a), b.T.MatMul(a)),
                7 => (new((a + b) * 0.5, (a + b) * 0.5), x),
                8 => (new(a - 0.1 * (a * b).Sum(0), b.CumulativeSum(0) * 0.1), a.Max()),
                _ => (new(Control.Scan((c, _) => ([c[0] * 0.9 + 0.1 * x.Sum()], []), [a], [], 5).Carries[0], b + a.T.Reshape(b.Shape)), a),
            };
        }
        Tensor Random(int seed, params int[] shape) => Evaluate(Key.Of(seed).Normal(Shape.Of(shape), DType.Float64));
        var state = new Pair(Random(1, 7, 3), Random(2, 7, 3));
        var stepper = Compile<Pair, Tensor, Tensor>(Step, state);
        for (int i = 0; i < 12; i++)
        {
            var x = Random(10 + i, 1 + i % 3 / 2);
            var (next, report) = Evaluate(Step(state, x));
            Near(report, stepper.Next(x));
            if (i % 5 == 4) Near(next.First, stepper.State.First);
            if (i == 8) stepper.State = next;
            state = next;
        }
        Near(state.First, stepper.State.First);
        Near(state.Second, stepper.State.Second);
    }

    [Fact]
    public void A_step_that_fails_leaves_the_state()
    {
        var stepper = Compile((Tensor x, Tensor at) => (x + 1, x[at]), Vector(1, 2, 3));
        Tensor good = new[] { 1 }, bad = new[] { 5 };
        Assert.Equal([2], stepper.Next(good).ToArray());
        Assert.Equal([3], stepper.Next(good).ToArray());
        Assert.ThrowsAny<ArgumentException>(() => { stepper.Next(bad); });
        Assert.Equal([4], stepper.Next(good).ToArray());
        Assert.Equal([4, 5, 6], stepper.State.ToArray());
        using (FiniteCheck.Scope()) Assert.Equal([5], stepper.Next(good).ToArray());
        Assert.Equal([6], stepper.Next(good).ToArray());
        Assert.Equal([6, 7, 8], stepper.State.ToArray());
    }

    [Fact]
    public void A_step_inside_a_transform_is_its_equations()
    {
        Tensor Twice(Tensor by)
        {
            var stepper = Compile((Tensor x, Tensor y) => (x * y, x.Sum()), Vector(1, 2));
            stepper.Next(by);
            stepper.Next(by);
            return stepper.State.Sum();
        }
        Assert.Equal(12, Gradient<Tensor>(Twice)(3.0).ToScalar() - 6, 1e-12);
    }

    static long Allocated(Action run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] x = expected.ToArray(), y = actual.ToArray();
        for (int i = 0; i < x.Length; i++) Assert.Equal(x[i], y[i], 1e-9 * Math.Max(1, Math.Abs(x[i])));
    }
}

/// <summary>A state of two tensors.</summary>
[Tree]
public sealed partial record Pair(Tensor First, Tensor Second);
