using Adjoint.Learning;
using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Elements by index in kernels: indices of both types, outside of their axis, several times the same, and none.</summary>
public sealed class EngineIndexTests
{
    static readonly Engine[] engines = [new() { Threads = 1, Emission = Emission.Never }, new() { Threads = 2, Emission = Emission.Never }, new() { Threads = 2, Emission = Emission.Always }];

    static Tensor Floats(int seed, params int[] shape) => Domain.Real(shape)(new Random(seed)).To(DType.Float32);

    static Tensor Indices(DType type, int seed, int low, int high, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.FromFunction(Shape.Of(shape), _ => random.Next(low, high)).To(type);
    }

    static (EquationSystem System, TensorData[] Data) Trace(Func<Tensor[], Tensor[]> f, Tensor[] x)
    {
        var (system, captured) = new Subject("indices", f, x).Trace();
        return (system, [.. x.Concat(captured).Select(t => t.Data)]);
    }

    // the same bits as the reference, which adds in the same order
    static Compiled Equal(Func<Tensor[], Tensor[]> f, params Tensor[] x)
    {
        var (system, data) = Trace(f, x);
        var expected = Interpreter.Shared.Prepare(system).Run(data);
        foreach (var engine in engines)
        {
            var z = engine.Prepare(system).Run(data);
            for (int k = 0; k < z.Length; k++) Assert.True(Numbers.SameBits(expected[k].ToDoubles(), z[k].ToDoubles()), $"result {k}\n{engine.Explain(system)}");
        }
        var compiled = (Compiled)engines[0].Prepare(system);
        Assert.Empty(compiled.Fallbacks);
        return compiled;
    }

    [Theory, InlineData(DType.Int32), InlineData(DType.Int64)]
    public void Vectors_of_a_table_and_their_sums_have_the_bits_of_the_reference(DType type)
    {
        Equal(x => [x[0].Take(x[1]), Equation.Solve(new ScatterAdd(0, 50), x[2], x[1])], Floats(1, 50, 33), Indices(type, 2, -50, 50, 40, 7), Floats(3, 40, 7, 33));
        Equal(x => [x[0].Take(x[1], 1), Equation.Solve(new ScatterAdd(1, 5), x[2], x[1])], Floats(1, 20, 5, 3), Indices(type, 2, -5, 5, 300), Floats(3, 20, 300, 3));
        Equal(x => [x[0].TakeAlongAxis(x[1], 0), x[0].ScatterAdd(x[1], x[2], 0)], Floats(1, 70, 35), Indices(type, 2, -70, 70, 70, 35), Floats(3, 70, 35));
        Equal(x => [x[0].To(DType.Float64).TakeAlongAxis(x[1], 1), x[0].To(DType.Int64).Take(x[1], 1), (x[0] > 0).Take(x[1])], Floats(1, 9, 9), Indices(type, 2, -9, 9, 9, 20));
        Equal(x => [Equation.Solve(new Gather(2, 1), x[0], x[1]), Equation.Solve(new ScatterAdd(2, 4, 1), x[2], x[1])], Floats(1, 6, 3, 4, 2), Indices(type, 2, -4, 4, 6, 3), Floats(3, 6, 3, 3, 2));
    }

    [Theory, InlineData(DType.Int32), InlineData(DType.Int64)]
    public void One_index_in_each_row_is_a_choice_and_not_a_sum(DType type)
    {
        var compiled = Equal(x => [Equation.Solve(new ScatterAdd(1, 10, 1), x[0], x[1])], Floats(1, 300, 1), Indices(type, 2, -10, 10, 300, 1));
        Assert.All(compiled.Works.Items.OfType<Statement>(), s => Assert.False(s.IsScatter));
        Equal(x => [Equation.Solve(new ScatterAdd(2, 7, 1), x[0], x[1])], Floats(1, 30, 3, 5), Indices(type, 2, -7, 7, 30));
    }

    [Fact]
    public void The_last_of_several_values_for_one_element_counts() => Equal(x => [x[0].With(x[1], x[2]), x[0].AddAt(x[1], x[1], x[2].Reshape([200]))],
        Floats(1, 20, 20), Indices(DType.Int64, 2, -20, 20, 200), Floats(3, 200, 1));

    [Fact]
    public void No_indices_and_no_elements_are_fine()
    {
        Equal(x => [x[0].Take(x[1]), Equation.Solve(new ScatterAdd(0, 3), x[2], x[1])], Floats(1, 3, 2), Indices(DType.Int32, 2, 0, 3, 0), Floats(3, 0, 2));
        Equal(x => [x[0].Take(x[1]), Equation.Solve(new ScatterAdd(0, 3), x[2], x[1])], Floats(1, 3, 0), Indices(DType.Int64, 2, 0, 3, 4), Floats(3, 4, 0));
    }

    [Fact]
    public void An_index_outside_of_its_axis_is_the_error_of_the_reference()
    {
        Func<Tensor[], Tensor[]>[] programs =
        [
            x => [x[0].Take(x[1]).Tanh(), x[0] * 2f],
            x => [x[0].Take(x[1], 1).Sum()],
            x => [x[0].TakeAlongAxis(x[1].Reshape([2, 2]), 1)],
            x => [Equation.Solve(new ScatterAdd(0, 3), x[0][..2, ..2], x[1][2..])],
            x => [x[0].AddAt(x[1], 1f), x[0].With(x[1], 1f)],
            x => [x[0][x[1], x[1]]],
            x => [Flow.Scan(x[0][0], x[1], (c, row) => (c + x[0].Take(row), c)).State],
        ];
        var values = Floats(1, 2, 3);
        foreach (var type in new[] { DType.Int32, DType.Int64 })
            foreach (int wrong in new[] { 3, -4, int.MaxValue, int.MinValue })
            {
                var indices = new Tensor(Tensor.Of([0, 1, wrong, 0]).To(type).Data);
                foreach (var f in programs)
                {
                    var (system, data) = Trace(f, [values, indices]);
                    var expected = Assert.Throws<ArgumentOutOfRangeException>(() => Interpreter.Shared.Prepare(system).Run(data));
                    foreach (var engine in engines)
                    {
                        var program = engine.Prepare(system);
                        Assert.Equal(expected.Message, Assert.Throws<ArgumentOutOfRangeException>(() => program.Run(data)).Message);
                        TensorData[] right = [data[0], Tensor.Zeros([4], type).Data, .. data[2..]];
                        Assert.Equal(Interpreter.Shared.Prepare(system).Run(right)[0].ToDoubles(), program.Run(right)[0].ToDoubles());
                    }
                }
            }
    }

    [Fact]
    public void Cross_entropy_and_its_gradient_are_at_most_two_kernels()
    {
        var (system, data) = Trace(x =>
        {
            var (loss, slope) = Differentiation.Gradient("loss", v => [Loss.CrossEntropy(v[0], x[1])], [x[0]]);
            return [loss[0], .. slope];
        }, [Floats(1, 64, 10), Indices(DType.Int64, 2, 0, 10, 64)]);
        EngineCheck.Check("cross-entropy", system, data, 1e-5);
        var compiled = (Compiled)engines[0].Prepare(system);
        Assert.InRange(compiled.Steps.Count, 1, 2);
        Assert.All(compiled.Steps, s => Assert.IsType<KernelStep>(s));
    }
}
