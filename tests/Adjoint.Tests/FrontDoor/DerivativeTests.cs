using Adjoint.Tests.Goldens;
using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Tests.FrontDoor;

/// <summary>The transforms as users call them.</summary>
public sealed class DerivativeTests(ITestOutputHelper output)
{
    static Tensor Rosenbrock(Tensor x) => (100 * (x[1..] - x[..^1].Square()).Square() + (1 - x[..^1]).Square()).Sum();

    static Tensor Vieira(Tensor x)
    {
        var a = x.Exp();
        var c = a + a.Square();
        return c.Exp() + c.Sin();
    }

    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);

    [Fact]
    public void Rosenbrock_with_gradient_hessian_and_product()
    {
        Tensor x = new[] { -1.2, 1.0 };
        Near.Equal(24.2, Rosenbrock(x).ToScalar(), 1e-14);
        Near.Equal([-215.6, -88], Gradient(Rosenbrock)(x).ToArray(), 1e-13);
        Near.Equal([1330, 480, 480, 200], Hessian(Rosenbrock)(x).ToArray(), 1e-13);
        Near.Equal([2290, 880], HessianVectorProduct(Rosenbrock, x, new[] { 1.0, 2.0 }).ToArray(), 1e-13);
    }

    [Theory]
    [InlineData(0, 20.918727787150523, 93.18237436086226)]
    [InlineData(0.5, 555.9719679015082, 4986.02373823677)]
    [InlineData(-1, 1.6155741697332786, 2.7781798620448095)]
    public void First_and_second_derivatives_of_Vieiras_program(double x, double first, double second)
    {
        var f = Gradient(Vieira);
        Near.Equal(first, f(Point(x)).ToScalar(), 1e-13);
        Near.Equal(second, Gradient(f)(Point(x)).ToScalar(), 1e-13);
        Near.Equal(second, Hessian(Vieira)(Point(x)).ToScalar(), 1e-13);
        Near.Equal(second, Jvp(f, Point(x), 1.0).Tangent.ToScalar(), 1e-13);
    }

    [Fact]
    public void C1_one_sweep_for_any_number_of_results()
    {
        var (_, tangent) = Jvp(t => Tensor.Stack([t.Cos(), t.Sin(), t.Square(), t.Exp()]), Point(0.5), 1.0);
        Near.Equal([-0.479425538604203, 0.8775825618903728, 1, 1.6487212707001282], tangent.ToArray(), 1e-14);
    }

    [Fact]
    public void C4_nested_derivatives_do_not_mix()
    {
        double At(Func<Func<Tensor, Tensor>, Tensor, Tensor> d) => d(x => x * d(y => x + y, Point(1)), Point(1)).ToScalar();
        Assert.Equal(1, At((f, x) => Gradient(f)(x)));
        Assert.Equal(1, At((f, x) => Jvp(f, x, 1.0).Tangent));
    }

    [Fact]
    public void Higher_orders_agree_with_the_closed_form()
    {
        Func<Tensor, Tensor> f = x => (2 * x).Sin();
        for (int order = 1; order <= 5; order++) f = Gradient(f);
        Near.Equal(32 * Math.Cos(0.6), f(Point(0.3)).ToScalar(), 1e-13);
    }

    [Fact]
    public void Values_may_be_read_and_branched_on_inside_a_function_that_is_differentiated()
    {
        Tensor F(Tensor x)
        {
            var y = x.Square();
            return y.ToScalar() > 1 ? y * 3 : y * x;
        }
        Assert.Equal(12, Gradient(F)(Point(2)).ToScalar());
        Near.Equal(3 * 0.25, Gradient(F)(Point(0.5)).ToScalar(), 1e-15);
        Assert.Equal(6, Gradient(Gradient(F))(Point(2)).ToScalar());
    }

    [Fact]
    public void A_script_asks_its_loss_for_gradients()
    {
        var x = Tensor.Variable([1.0, 2.0, 3.0]);
        var y = x * x;
        var loss = y.Sum();
        Assert.Equal("14", loss.ToString());
        Assert.Equal("[2 4 6]", loss.Gradient(x).ToString());
        Assert.Equal([1, 1, 1], loss.Gradient(y).ToArray());
        var (gx, gy) = loss.Gradient(x, y) is [var a, var b] ? (a, b) : default;
        Assert.Equal([2, 4, 6], gx.ToArray());
        Assert.Equal([1, 1, 1], gy.ToArray());
    }

    [Fact]
    public void B2_partial_and_total_derivatives_differ()
    {
        var a = Tensor.Variable(Point(1));
        var b1 = 2 * a;
        var b2 = 3 * a + b1;
        var c = 4 * b1 + 5 * b2;
        Assert.Equal(33, c.Gradient(a).ToScalar());
        Assert.Equal([3, 1], b2.PartialGradient(a, b1).Select(g => g.ToScalar()));
        Assert.Equal(5, b2.Gradient(a).ToScalar());
        Assert.Equal([4, 5], c.PartialGradient(b1, b2).Select(g => g.ToScalar()));
        Assert.Equal([9, 5], c.Gradient(b1, b2).Select(g => g.ToScalar()));
    }

    [Fact]
    public void A_gradient_with_respect_to_what_was_forgotten_is_refused()
    {
        Tensor x = new[] { 1.0, 2.0 };
        var y = x * 2;
        Assert.Equal([2, 4], y.ToArray());
        var error = Assert.Throws<InvalidOperationException>(() => y.Square().Sum().Gradient(x));
        Assert.Contains("Tensor.Variable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_variable_is_refused_whether_the_loss_was_read_or_not()
    {
        Tensor x = [1.0, 2.0];
        Assert.Contains("Tensor.Variable(x)", Assert.Throws<InvalidOperationException>(() => x.Square().Sum().Gradient(x)).Message, StringComparison.Ordinal);
        var line = new Line(x, 1.0);
        Assert.Contains("gradient: Slope, float64[2]", Assert.Throws<InvalidOperationException>(() => line.Slope.Sum().Gradient(line)).Message, StringComparison.Ordinal);
        var variables = Trees.Variables(line);
        Assert.Equal([2, 4], variables.Slope.Square().Sum().Gradient(variables).Slope.ToArray());
        Assert.Equal([2, 4], Compile((Tensor t) => t.Square().Sum().Gradient(t)).Invoke(x).ToArray());
    }

    [Fact]
    public void A_CSharp_integer_is_a_number_like_any_other()
    {
        var g = Gradient((Line m) => (m.Slope * 3 + m.Offset).Sum())(new(Tensor.Ones([2]), 2));
        Assert.Equal(2, g.Offset.ToScalar());
        Assert.Equal(6, Gradient((Tensor x) => x * x)(3).ToScalar());
        Assert.Contains("only int32", Assert.Throws<ArgumentException>(() => Gradient((Tensor x) => x.Sum())(Tensor.Of(1, 2))).Message, StringComparison.Ordinal);
    }

    static Tensor Product(Tensor x, Tensor y) => (x * y).Sum();

    [Fact]
    public void Several_arguments_and_arrays()
    {
        var (a, b) = Gradient(Product)([1.0, 2.0], [3.0, 4.0]);
        Assert.Equal([3, 4], a.ToArray());
        Assert.Equal([1, 2], b.ToArray());
        Assert.Equal([3, 8], Vectorize(Product)([1.0, 2.0], [3.0, 4.0]).ToArray());
        Assert.Equal(11, Compile(Product).Invoke([1.0, 2.0], [3.0, 4.0]).ToScalar());
        var (_, _, c) = Gradient((x, y, z) => x * y * z)(Point(2), Point(3), Point(4));
        Assert.Equal(6, c.ToScalar());
        var many = Gradient((Tensor[] x) => x[0] * x[1] * x[2])([Point(2), Point(3), Point(4)]);
        Assert.Equal([12, 8, 6], many.Select(g => g.ToScalar()));
    }

    [Fact]
    public void Auxiliary_results_come_along()
    {
        var (value, gradient, other) = ValueAndGradient(Point(3), x => (x.Square(), x * 10));
        Assert.Equal((9, 6, 30), (value.ToScalar(), gradient.ToScalar(), other.ToScalar()));
    }

    [Fact]
    public void A_vjp_takes_any_cotangent()
    {
        var (value, pullback) = Vjp(x => x.Square(), new[] { 1.0, 2.0 });
        Assert.Equal([1, 4], value.ToArray());
        Assert.Equal([2, 0], pullback(new[] { 1.0, 0.0 }).ToArray());
        Assert.Equal([0, 4], pullback(new[] { 0.0, 1.0 }).ToArray());
        Assert.Contains("[3]", Assert.Throws<ShapeException>(() => pullback(new[] { 1.0, 2.0, 3.0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Jacobians_in_both_modes()
    {
        Tensor Polar(Tensor p) => Tensor.Stack([p[0] * p[1].Cos(), p[0] * p[1].Sin()]);
        Tensor at = new[] { 2, Math.PI / 6 };
        double[] expected = [0.8660254037844387, -1, 0.5, 1.7320508075688774];
        foreach (var mode in Enum.GetValues<JacobianMode>())
        {
            var j = Jacobian(Polar, mode).Invoke(at);
            Assert.Equal(Shape.Of([2, 2]), j.Shape);
            Near.Equal(expected, j.ToArray(), 1e-14);
        }
        Near.Equal(2, Jacobian(Polar).Invoke(at).Determinant().ToScalar(), 1e-14);
    }

    [Fact]
    public void Jacobian_axes_are_result_then_argument()
    {
        Tensor x = Tensor.FromFunction<double>([2, 3], i => i[0] + 0.5 * i[1] + 0.1);
        foreach (var mode in new[] { JacobianMode.Forward, JacobianMode.Reverse })
        {
            var j = Jacobian(t => t.Square().Sum(0), mode).Invoke(x);
            Assert.Equal(Shape.Of([3, 2, 3]), j.Shape);
            Assert.Equal(2 * x[1, 2].ToScalar(), j[2, 1, 2].ToScalar());
            Assert.Equal(0, j[2, 1, 1].ToScalar());
        }
    }

    [Fact]
    public void C3_and_D5_the_library_picks_the_mode_by_shape_and_says_so()
    {
        var key = Key.Of(1);
        var (a, rest) = key.Split();
        var (b, c) = rest.Split();
        Tensor A = Evaluate(a.Normal([1, 100], DType.Float64)), B = Evaluate(b.Normal([100, 100], DType.Float64)), C = Evaluate(c.Normal([100, 100], DType.Float64));
        var jacobian = Jacobian(x => A.MatMul(B.MatMul(C.MatMul(x))));
        Tensor at = Tensor.Ones([100], DType.Float64);
        string text = jacobian.Explain(at);
        output.WriteLine(text);
        Assert.Contains("reverse mode", text, StringComparison.Ordinal);
        Assert.Contains("forward: 100 tangents, 1010000 operations", text, StringComparison.Ordinal);
        Assert.Contains("reverse: 1 cotangents, 20000 operations", text, StringComparison.Ordinal);
        Near.Equal(A.MatMul(B).MatMul(C).ToArray(), jacobian.Invoke(at).ToArray(), 1e-9);
        Assert.Contains("forward mode", Jacobian(x => Tensor.Stack([x, x.Sin(), x.Cos()])).Explain(Point(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Vectorize_equals_a_loop_and_gives_gradients_per_example()
    {
        Tensor w = Tensor.Of([[1.0, -2.0], [0.5, 3.0]]), rows = Tensor.Of([[1.0, 2.0], [-1.0, 0.5], [0.3, 0.7]]);
        Tensor Loss(Tensor x) => w.MatMul(x).Tanh().Square().Sum();
        var together = Vectorize(Gradient(Loss))(rows);
        Assert.Equal(Shape.Of([3, 2]), together.Shape);
        for (int r = 0; r < 3; r++) Near.Equal(Gradient(Loss)(rows[r]).ToArray(), together[r].ToArray(), 1e-14);
        var perExample = Vectorize<Tensor, Tensor>(x => Gradient(v => v.MatMul(x).Tanh().Square().Sum())(w))(rows);
        Assert.Equal(Shape.Of([3, 2, 2]), perExample.Shape);
        Near.Equal(Gradient(v => v.MatMul(rows[2]).Tanh().Square().Sum())(w).ToArray(), perExample[2].ToArray(), 1e-14);
        var nested = Vectorize(Vectorize(x => x.Square()))(rows);
        Assert.Equal(rows.Square().ToArray(), nested.ToArray());
    }

    [Fact]
    public void Reading_under_vectorize_says_what_to_do()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Vectorize(x => x.ToScalar() > 0 ? x : -x)([1.0, -1.0]));
        Assert.Contains("Select, Cond, While or Scan", error.Message, StringComparison.Ordinal);
        Assert.Contains("no first axis", Assert.Throws<ShapeException>(() => Vectorize(x => x)(Point(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_gradients_do_not_flow()
    {
        Assert.Equal(2, Gradient(x => x * x.StopGradient())(Point(2)).ToScalar());
        Assert.Equal(0, Gradient(x => x.StopGradient().Square())(Point(2)).ToScalar());
    }

    [Fact]
    public void The_gradient_checker_finds_a_wrong_rule()
    {
        Tensor x = new[] { 0.3, 0.4, 0.5 };
        var right = GradientCheck.Of(t => t.Sin().Sum(), x);
        Assert.True(right.Holds(1e-8), right.ToString());
        Assert.InRange(right.Worst.Correlation, 1 - 1e-12, 1 + 1e-12);
        var wrong = GradientCheck.Of(t => (t.StopGradient() * t).Sum(), x);
        Assert.False(wrong.Holds());
        Assert.InRange(wrong.Error, 0.4, 0.6);
    }

    [Fact]
    public void The_finite_check_names_equation_and_line()
    {
        using (FiniteCheck.Scope())
        {
            Tensor x = new[] { 1.0, -1.0 };
            var y = x.Log();
            var error = Assert.Throws<NotFiniteException>(() => (y + 1).ToArray());
            Assert.Contains("log: result 0 float64[2] has NaN at flat index 1", error.Message, StringComparison.Ordinal);
            Assert.Contains("DerivativeTests.cs", error.Message, StringComparison.Ordinal);
        }
    }
}

/// <summary>A tree with a part that may be a C# number.</summary>
[Tree]
public sealed partial record Line(Tensor Slope, Tensor Offset);
