using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Tests.FrontDoor;

/// <summary>Functions as prepared programs.</summary>
public sealed class CompileTests
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Fact]
    public void A_compiled_function_computes_the_same_and_is_traced_once_per_shape()
    {
        int traces = 0;
        var f = Compile((Tensor x) => { traces++; return x.Square().Sum() + 1; });
        Assert.Equal(6, f.Invoke(new[] { 1.0, 2.0 }).ToScalar());
        Assert.Equal(26, f.Invoke(new[] { 3.0, 4.0 }).ToScalar());
        Assert.Equal(1, traces);
        Assert.Equal(10, f.Invoke(new[] { 1.0, 2.0, 2.0 }).ToScalar());
        Assert.Equal(10, f.Invoke(new[] { 1f, 2f, 2f }).ToScalar());
        Assert.Equal(3, traces);
        Assert.Contains("3 equations", f.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Captured_tensors_are_inputs_and_are_differentiated()
    {
        var w = Tensor.Variable(new[] { 2.0, 3.0 });
        var f = Compile((Tensor x) => (w * x).Sum());
        Tensor at = new[] { 1.0, 10.0 };
        Assert.Equal(32, f.Invoke(at).ToScalar());
        Assert.Equal([1, 10], f.Invoke(at).Gradient(w).ToArray());
        Assert.Equal([2, 3], Gradient<Tensor>(f.Invoke)(at).ToArray());
        Assert.Equal([4, 9], Gradient((Tensor v) => Compile((Tensor x) => (v.Square() * x).Sum()).Invoke(new[] { 1.0, 1.5 }))(new[] { 2.0, 3.0 }).ToArray());
    }

    [Fact]
    public void Transforms_compose_with_compile_in_any_order()
    {
        Tensor F(Tensor x) => x.Sin() * x;
        double expected = 2 * Math.Cos(0.7) - 0.7 * Math.Sin(0.7);
        Assert.Equal(expected, Compile(Gradient(Gradient(F))).Invoke(Point(0.7)).ToScalar(), 1e-14);
        Assert.Equal(expected, Gradient(Gradient<Tensor>(Compile(F).Invoke))(Point(0.7)).ToScalar(), 1e-14);
        Tensor rows = new[] { 0.1, 0.7 };
        Assert.Equal(expected, Compile(Vectorize(Gradient(Gradient(F)))).Invoke(rows)[1].ToScalar(), 1e-14);
        Assert.Equal(expected, Vectorize<Tensor, Tensor>(Compile(Gradient(Gradient(F))).Invoke)(rows)[1].ToScalar(), 1e-14);
    }

    [Fact]
    public void Several_arguments_and_results()
    {
        var f = Compile((Tensor x, Tensor y) => (x + y, x * y));
        var (sum, product) = f.Invoke(Point(3), Point(4));
        Assert.Equal((7, 12), (sum.ToScalar(), product.ToScalar()));
        var g = Compile((Tensor x, Tensor y, Tensor z) => x * y - z);
        Assert.Equal(2, g.Invoke(Point(2), Point(3), Point(4)).ToScalar());
        var (a, b, c) = Compile((Tensor x) => (x, x + 1, x + 2)).Invoke(Point(1));
        Assert.Equal((1, 2, 3), (a.ToScalar(), b.ToScalar(), c.ToScalar()));
    }

    [Fact]
    public void A_step_owns_its_state()
    {
        var counter = Compile((Tensor n, Tensor by) => (n + by, n * 10), Point(1));
        Assert.Equal(10, counter.Next(Point(2)).ToScalar());
        Assert.Equal(30, counter.Next(Point(3)).ToScalar());
        Assert.Equal(6, counter.State.ToScalar());
        Assert.Equal(1, counter.Programs);
    }

    [Fact]
    public void A_schedule_of_static_numbers_prepares_two_programs_only()
    {
        var step = Compile((Scaled s, Tensor x) => (s with { Value = s.Value + s.Rate * x }, s.Value), new Scaled(Point(0), 1));
        double expected = 0;
        for (int i = 1; i <= 50; i++)
        {
            step.State = step.State with { Rate = 1.0 / i };
            step.Next(Point(1));
            expected += 1.0 / i;
        }
        Assert.Equal(expected, step.State.Value.ToScalar(), 1e-12);
        Assert.Equal(1, step.Programs);
    }

    [Fact]
    public void Results_of_a_call_are_memory_for_the_next()
    {
        var f = Compile((Tensor x, Tensor y) => (x + y, x * y));
        Tensor a = new[] { 1.0, 2.0 }, b = new[] { 3.0, 4.0 };
        var (sum, product) = f.Invoke(a, b);
        double[] before = sum.ToArray();
        var (next, last) = f.Into((sum, product), a, sum.EqualTo(sum).To(DType.Float64));
        Assert.Equal([4, 6], before);
        Assert.Equal([2, 3], next.ToArray());
        Assert.Equal([1, 2], last.ToArray());
        Assert.Contains("float64[3]", Assert.Throws<ArgumentException>(() => f.Into((next, new[] { 1.0, 2.0, 3.0 }), a, b)).Message, StringComparison.Ordinal);
        Assert.Equal([2, 3], next.ToArray());
        // memory that is an argument's too stays as it is
        Assert.Equal([5, 7], f.Into((next, last), next, b).Item1.ToArray());
        Assert.Equal([2, 3], next.ToArray());
        if (Executor.Default is not Engine) return;
        Assert.Contains("Into", Assert.Throws<InvalidOperationException>(() => sum.ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("Into", Assert.Throws<InvalidOperationException>(() => f.Invoke(product, b)).Message, StringComparison.Ordinal);
        var (first, second) = f.Into((b, b), a, a);
        Assert.Equal([2, 4, 1, 4], [.. first.ToArray(), .. second.ToArray()]);
    }

    [Fact]
    public void Results_do_not_depend_on_the_limit_of_threads()
    {
        var x = Evaluate(Key.Of(1).Normal([300, 1000]));
        Tensor F(Tensor x) => (x.Sin() * x.Exp()).Softmax(-1).Sum(0);
        double[] expected = Compile(F, threads: 1).Invoke(x).ToArray();
        foreach (int threads in new[] { 0, 2, 3 }) Assert.True(Testing.Numbers.SameBits(expected, Compile(F, threads).Invoke(x).ToArray()));
    }

    [Fact]
    public void Reading_a_value_while_tracing_is_explained() =>
        Assert.Contains("Compile", Assert.Throws<InvalidOperationException>(() => Compile((Tensor x) => x.ToScalar() > 0 ? x : -x).Invoke(Point(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Compiled_functions_are_safe_from_many_threads()
    {
        var f = Compile((Tensor x) => (x.Exp() * 2).Sum());
        Parallel.For(0, 200, i =>
        {
            Tensor x = Tensor.Full([1 + i % 5], 0.01 * i, DType.Float64);
            Assert.Equal(2 * (1 + i % 5) * Math.Exp(0.01 * i), f.Invoke(x).ToScalar(), 1e-12);
        });
        Assert.Equal(5, f.Programs);
    }
}

/// <summary>A state with a static number.</summary>
[Tree]
public sealed partial record Scaled(Tensor Value, double Rate);
