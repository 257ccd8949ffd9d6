using Xunit;

namespace Adjoint.Tests;

/// <summary>Scripts that build the same equations again and again, and graphs that are deep.</summary>
public sealed class RepeatedStepTests
{
    [Fact]
    public void A_repeated_step_with_a_gradient_finds_its_program()
    {
        var (cache, walk) = (new ProgramCache(), new Walk(x => x.Cached is not null));
        IExecutable Prepared(Tensor x, double scale)
        {
            var (results, gradient) = Differentiation.Gradient("gradient", a => [(a[0] * a[0] * scale).Sum()], [x]);
            Tensor[] step = [results[0], x - 0.1 * gradient[0]];
            walk.Read(step);
            return cache.Find(walk, step).Program;
        }
        var first = Prepared(new[] { 0.3, 0.5, 0.7 }, 1.25);
        Assert.Same(first, Prepared(new[] { 1.0, 2.0, 3.0 }, 1.25));
        Assert.Equal(1, cache.Misses);
        Assert.NotSame(first, Prepared(new[] { 1.0, 2.0 }, 1.25));
        var schedule = Prepared(new[] { 1.0, 2.0, 3.0 }, 1.5);
        Assert.Same(schedule, Prepared(new[] { 1.0, 2.0, 3.0 }, 1.75));
        Assert.Equal(3, cache.Misses);
    }

    [Fact]
    public void A_million_equations_are_built_differentiated_and_evaluated()
    {
        const int Depth = 340_000;
        long first = Equation.Newest;
        var (results, gradient) = Differentiation.Gradient("gradient", x =>
        {
            var y = x[0];
            for (int i = 0; i < Depth; i++) y += x[0];
            return [y];
        }, [Tensor.Scalar(1, DType.Float64)]);
        Assert.True(Equation.Newest - first > 1_000_000);
        Assert.Equal(Depth + 1, results[0].ToScalar());
        Assert.Equal(Depth + 1, gradient[0].ToScalar());
    }

    [Fact]
    public void A_changed_copy_of_an_operation_is_another_operation()
    {
        var one = (Convert)new Convert(DType.Int32).Interned();
        var changed = (one with { To = DType.Float32 }).Interned();
        Assert.NotEqual(one.Ordinal, changed.Ordinal);
        Assert.Same(new Convert(DType.Float32).Interned(), changed);
    }
}
