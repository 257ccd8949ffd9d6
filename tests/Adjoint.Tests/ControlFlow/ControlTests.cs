using System.Collections.Immutable;
using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests.ControlFlow;

public sealed class ControlTests
{
    static Tensor Point(double x) => Tensor.Scalar(x, DType.Float64);
    static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x) => Differentiation.Gradient("gradient", y => [f(y[0])], [x]).Gradient[0];
    static Tensor Forward(Func<Tensor, Tensor> f, Tensor x) => Differentiation.Jvp(y => [f(y[0])], [x], [x.OnesLike()]).Tangents[0] ?? x.ZerosLike();

    static readonly Dictionary<string, (Func<Tensor, Tensor> Function, Func<double, double> Third)> known = new()
    {
        ["for"] = (x => Control.For(5, (_, c) => [c[0] * x], x.OnesLike())[0], x => 60 * x * x),
        ["while"] = (x => Control.While(s => s[0] < 4, s => [s[0] + 1, s[1] * x], 0, x)[1], x => 60 * x * x),
        ["while as data say"] = (x => Control.While(s => s[0] < 10, s => [s[0] * x * x], x)[0], x => 504 * Math.Pow(x, 6)),
        ["cond"] = (x => Control.Cond(x > 1, v => [v[0].Square() * x * x], v => [v[0]], x)[0], x => 24 * x),
        ["cond in while"] = (x => Control.While(s => s[0] < 4, s => [s[0] + 1, Control.Cond(s[0] < 2, v => [v[0] * x], v => [v[0] + x], s[1])[0]], 0, x)[1], _ => 6),
        ["checkpoint"] = (x => Control.Checkpoint(v => [(v[0] * 2).Exp()], x)[0], x => 8 * Math.Exp(2 * x)),
        ["checkpoint in scan"] = (x => Control.For(3, (_, c) => Control.Checkpoint(v => [v[0] * x], c[0]), x)[0], x => 24 * x),
        ["custom jvp"] = (x => Control.CustomJvp(v => [v[0].Exp()], (_, z, dv) => [z[0] * dv[0]], x)[0], Math.Exp),
        ["custom vjp"] = (x => Control.CustomVjp(v => [v[0].Exp()], (_, z, λ) => [z[0] * λ[0]], x)[0], Math.Exp),
        ["root"] = (x => Control.Root(z => [z[0] * z[0] * z[0] - x], x.OnesLike())[0], x => 10.0 / 27 * Math.Pow(x, -8.0 / 3)),
        ["solve"] = (x => Control.LinearSolve(z => [z[0] * x], x.OnesLike())[0], x => -6 / Math.Pow(x, 4)),
    };

    public static TheoryData<string, int> Orders => [.. known.Keys.SelectMany(name => Enumerable.Range(0, 8).Select(modes => (name, modes)))];

    [Theory, MemberData(nameof(Orders))]
    public void Third_derivatives_are_right_in_every_order_of_modes(string name, int modes)
    {
        var (f, third) = known[name];
        for (int order = 0; order < 3; order++)
        {
            var inner = f;
            f = (modes >> order & 1) == 0 ? x => Gradient(inner, x) : x => Forward(inner, x);
        }
        Assert.Equal(third(1.3), f(Point(1.3)).ToScalar(), 1e-11 * Math.Abs(third(1.3)));
    }

    [Fact]
    public void Integers_have_no_gradient()
    {
        Tensor[] F(Tensor[] x) => Control.While(s => s[0] < x[1], s => [s[0] + 1, Control.Checkpoint(v => [v[0] * v[1].To(DType.Float64)], s[1], x[1])[0]], 0, x[0]);
        var (results, pullback) = Differentiation.Vjp(F, [Point(2), Tensor.Scalar(3, DType.Int32)]);
        var λ = pullback([null, 1.0]);
        Assert.Equal(27, λ[0]!.ToScalar());
        Assert.Null(λ[1]);
        Assert.Equal([3, 54], results.Select(z => z.ToScalar()));
    }

    [Fact]
    public void Tensors_from_outside_have_gradients()
    {
        var w = Tensor.Variable(Tensor.Of(2.0, 3.0));
        var loss = Control.For(3, (_, c) => [c[0] * w], Tensor.Of(1.0, 1.0))[0].Sum();
        Assert.Equal(35, loss.ToScalar());
        Assert.Equal([12.0, 27], Differentiation.Pull([loss], [w], [1.0])[0]!.ToArray());
    }

    [Fact]
    public void What_was_made_just_before_the_body_is_from_outside()
    {
        var (_, pullback) = Differentiation.Vjp(x => { var y = x[0].Sin(); return Control.Cond(true, _ => [y], _ => [y * 0]); }, [Point(0.3)]);
        Assert.Equal(Math.Cos(0.3), pullback([1.0])[0]!.ToScalar(), 1e-15);
    }

    [Fact]
    public void Values_from_outside_can_be_read_in_a_body()
    {
        var w = Tensor.Of(2.0);
        Assert.Equal(8, Control.For(3, (_, c) => w.ToScalar<double>() > 1 ? [c[0] * w] : c, Tensor.Of(1.0))[0].ToScalar());
    }

    [Fact]
    public void A_number_as_carry_takes_the_type_that_the_body_gives_it()
    {
        var rows = Tensor.Of(1f, 2f);
        Assert.Equal(DType.Float32, Control.Fold((c, r) => [c[0] + r[0]], [0.0], [rows])[0].DType);
        Assert.Equal(DType.Float64, Control.Fold((c, r) => [c[0] + r[0].To(DType.Float64)], [0], [rows])[0].DType);
        Assert.Equal(DType.Int32, Control.While(s => s[0] < 3, s => [s[0] + 1], 0)[0].DType);
        // a carry may need another to settle first
        var chain = Control.Fold((c, r) => [c[1], c[2], c[2] + r[0]], [0, 0, 0], [rows]);
        Assert.All(chain, c => Assert.Equal(DType.Float32, c.DType));
        Assert.Equal([0.0, 1, 3], chain.Select(c => c.ToScalar()));
        Assert.Equal(DType.Float32, Control.Cond(rows.Sum() > 0, _ => [1], _ => [rows.Sum()])[0].DType);
    }

    [Fact]
    public void A_checkpoint_is_computed_again_and_keeps_nothing()
    {
        Tensor[] Block(Tensor[] v) => [Equation.Solve(new Counted(), v[0].Sin()).Exp().Tanh()];
        Tensor x = Point(0.4), w = Point(0.9);
        int Count(Func<Tensor[], Tensor[]> f)
        {
            var simple = Simplification.Simplify(Programs.TraceGradient(f, x, w));
            int before = Counted.Evaluations;
            Executor.Default.Prepare(simple).Run([x.Data, w.Data]);
            return Counted.Evaluations - before;
        }
        Assert.Equal(1, Count(a => Block([a[0] * a[1]])));
        Assert.Equal(2, Count(a => Control.Checkpoint(v => Block([v[0] * a[1]]), a[0])));
        Assert.Equal(4, Count(a => Control.For(4, (_, c) => Block([c[0] * a[1]]), a[0])));
        Assert.Equal(8, Count(a => Control.For(4, (_, c) => Control.Checkpoint(v => Block([v[0] * a[1]]), c[0]), a[0])));

        // what the backward call takes: the arguments, and the cotangent
        var system = Programs.TraceGradient(a => Control.Checkpoint(v => Block([v[0] * a[1]]), a[0]), x, w);
        var backward = Assert.Single(system.Equations, e => e.Operation.Name == "call checkpoint'ᵀ");
        Assert.Equal([system.Inputs[0], system.Inputs[1]], backward.Inputs.Where(i => !i.IsLiteral));
    }

    [Fact]
    public void A_checkpointed_scan_stores_its_carries_only()
    {
        static int Stored(Func<Tensor[], Tensor[]> step)
        {
            var system = Simplification.Simplify(Programs.TraceGradient(x => [Control.For(100, (_, c) => step([c[0], x[1]]), x[0])[0].Sum()], Tensor.Zeros([8], DType.Float64), Tensor.Zeros([8], DType.Float64)));
            return system.Equations.Where(e => e.Operation is Scan).SelectMany(e => e.Results).Where(z => z.Rank > 1).Sum(z => z.Size);
        }
        static Tensor[] Step(Tensor[] v) => [((v[0] * v[1]).Sin().Exp() * v[1]).Tanh()];
        Assert.Equal(100 * 8, Stored(v => Control.Checkpoint(Step, v)));
        Assert.True(Stored(Step) >= 4 * 100 * 8);
    }

    [Fact]
    public void Bodies_are_simplified()
    {
        var system = Programs.Trace(x => Control.For(3, (_, c) => Control.Cond(c[0] > 0, v => [(v[0].Sin() + v[0].Sin()) * 1 + 0], v => [v[0]], c[0]), x[0]), Point(1));
        static int Deep(EquationSystem s) => s.Equations.Sum(e => 1 + (e.Operation is IContainsSystems c ? c.Systems.Sum(b => Deep(b.System)) : 0));
        var simple = Simplification.Simplify(system);
        Assert.Equal((9, 6), (Deep(system), Deep(simple)));
        Assert.Equal(Executor.Default.Prepare(system).Run([Point(1).Data])[0].First(), Executor.Default.Prepare(simple).Run([Point(1).Data])[0].First());
    }

    [Fact]
    public void A_loop_is_one_equation_however_long()
    {
        var system = Programs.TraceGradient(x => [Control.For(100_000, (_, c) => [c[0] * 0.99999 + x[0]], x[0])[0]], Point(1));
        Assert.True(system.Equations.Length < 12, system.ToString());
    }

    [Fact]
    public void Stopping_at_once_gives_zero_gradients()
    {
        var (_, gradient) = Differentiation.Gradient("gradient", x => [Control.While(s => s[0] > 100, s => [s[0] * x[1]], x[0])[0] * 2], [Point(1), Point(2)]);
        Assert.Equal([2.0, 0], gradient.Select(g => g.ToScalar()));
    }

    [Fact]
    public void A_fixed_point_that_iterating_does_not_find()
    {
        // θ = 2, z = θ cos z, dz²/dθ
        var slope = Gradient(θ => Control.FixedPoint(z => [θ * z[0].Cos()], Point(1))[0].Square(), Point(2));
        Assert.Equal(0.39073143775424146, slope.ToScalar(), 1e-14);
    }

    [Fact]
    public void A_custom_vjp_replaces_the_derivative()
    {
        static Tensor Clipped(Tensor x) => Control.CustomVjp(v => [v[0].Square()], (v, _, λ) => [(λ[0] * 2 * v[0]).Clip(-1, 1)], x)[0];
        Assert.Equal(1, Gradient(Clipped, Point(3)).ToScalar());
        Assert.Equal(0.5, Gradient(Clipped, Point(0.25)).ToScalar());
        static Tensor Tripled(Tensor x) => Control.CustomJvp(v => [v[0]], (_, _, dv) => [dv[0] * 3], x)[0];
        Assert.Equal(3, Gradient(Tripled, Point(0.25)).ToScalar());
        Assert.Equal(3, Forward(Tripled, Point(0.25)).ToScalar());
    }

    /// <summary>The identity, which counts how often it is computed.</summary>
    sealed record Counted : NonlinearOperation
    {
        public static int Evaluations;

        public override string Name => "counted";
        public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(x[0].Shape, x[0].DType);
        public override TensorData[] Evaluate(Equation z, TensorData[] x) { Evaluations++; return [x[0]]; }
        protected override Tensor? Jvp(Equation z, Tensor?[] dx) => dx[0];
        public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this, x[0])];
    }
}
