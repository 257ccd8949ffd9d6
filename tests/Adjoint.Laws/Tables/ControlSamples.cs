using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Loops, choices, calls and equations, in each other.</summary>
static class ControlSamples
{
    /// <summary>From integers a number that differs when they are in another order, so that rows take different numbers of steps.</summary>
    static Tensor Count(Tensor integers) => (integers * Tensor.Of(1, 3)).Sum();

    static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x) => Differentiation.Gradient("gradient", y => [f(y[0])], [x]).Gradient[0];

    /// <summary>c ← sin(w c + r) while there are steps left: how many the integers say.</summary>
    static Tensor Steps(Tensor c, Tensor w, Tensor integers)
    {
        var count = Count(integers);
        return Control.While(s => s[0] < count, s => [s[0] + 1, (w * s[1]).Sin() + 0.1 * s[1]], 0, c)[1];
    }

    static Tensor Newton(Tensor a) => Control.Root(z => [z[0] * z[0].Square() + z[0] - a], a.ZerosLike())[0];


    public static readonly Sample[] All =
    [
        new("scan", x => Flat(Control.Scan((c, r) => ([(c[0] * r[0] + x[2]).Tanh()], [c[0].Square(), c[0] + r[0]]), [x[0]], [x[1]])), Real(3), Real(4, 3), Real(3)),
        new("scan in reverse", x => Flat(Control.Scan((c, r) => ([(c[0] * r[0]).Sin()], [c[0] * x[2]]), [x[0]], [x[1]], reverse: true)), Real(2), Real(3, 2), Real(2)),
        new("scan without rows", x => Flat(Control.Scan((c, _) => ([c[0].Sin() * x[1]], [c[0]]), [x[0]], [], 4)), Real(2), Real()),
        new("scan of no steps", x => Flat(Control.Scan((c, r) => ([c[0] * r[0].Sum() + x[2]], [c[0].Sin(), r[0]]), [x[0]], [x[1]])), Real(2), Real(0, 3), Real(2)),
        new("scan with carries of several types", x => Flat(Control.Scan((c, r) =>
            ([c[0] + 1, c[1] ^ (c[2].Sum() > 0), (c[2] * (c[0] + 1) * 0.3 + r[0]).Sin(), c[3] * 2], [Tensor.Select(c[1], c[2], r[0]), c[0], c[3]]),
            [0, Tensor.Of(true).Reshape([]), x[0], Tensor.Of(3L)], [x[1]])), Real(2), Real(4, 2)),
        new("scan over integers and bools", x => Flat(Control.Scan((c, r) => ([Tensor.Select(r[1], c[0].Sin(), c[0] * r[0])], [r[0] * 2]), [x[0]], [x[1], x[2]])),
            Real(2), Integers(1, 4, 3), Bools(3)),
        new("tangents that reach a carry late", x => Flat(Control.Scan((c, _) => ([c[1].Sin(), c[2] * c[1], c[3] + c[2], c[3] * x[0]], [c[0]]), [0.5, 0.4, 0.3, 0.2], [], 6)), Real()) { KeepsType = false },
        new("tangents that never reach a carry", x => Flat(Control.Scan((c, r) => ([c[0] * 1.5, c[1] + c[0] * r[0]], [c[0]]), [Tensor.Of(0.5), x[0]], [x[1]])), Real(1), Real(3, 1)) { SingleTolerance = 0 },
        new("linear scan", x => Flat(Control.Scan((c, r) => ([c[0] * 0.5 + r[0] - c[1], c[1] + c[0]], [c[0] + c[1]]), [x[0], x[0]], [x[1]])), Real(2), Real(3, 2)),
        new("one tensor as carry, row and constant", x => Flat(Control.Scan((c, r) => ([c[0].MatMul(x[0]).Tanh()], [r[0] * c[0].Sum()]), [x[0]], [x[0]])), Real(2, 2)),
        new("fold with a number as carry", x => Control.Fold((c, r) => [c[0] + r[0].Sin(), c[1] * 0.9 + c[0]], [0, 1.0], [x[0]]), Real(5)),
        new("for", x => Control.For(5, (i, c) => [(c[0] + x[1] * i).Sin()], x[0]), Real(3), Real(3)),
        new("power by for", x => Control.For(4, (_, c) => [c[0] * x[0]], x[0].OnesLike()), Real(2)),

        new("while", x => Control.While(s => s[1].Square().Sum() < 40, s => [s[0] + 1, s[1] * 1.5 + x[1] * 0.1], 0, x[0]), Real(2), Real(2)),
        new("while with as many steps as integers say", x => [Steps(x[0], x[1], x[2])], Real(3), Real(3), Integers(0, 3, 2)),
        new("while of no steps", x => Control.While(s => s[0].Sum() > 1000, s => [s[0] * x[1]], x[0]), Real(2), Real(2)),
        new("while with a bool carry", x => Control.While(s => s[0], s => [s[1] < 2, s[1] + 1, s[2] * x[1] + 0.3], true, 0, x[0]), Real(2), Real(2)),
        new("while with tangents that reach a carry late", x => Control.While(s => s[0] < 5, s => [s[0] + 1, s[2].Sin(), s[3] * s[2], s[3] + x[0]], 0, 0.3, 0.4, 0.5), Real()) { KeepsType = false },
        new("while in while", x => Control.While(s => s[0] < 3, s => [s[0] + 1, Steps(s[1], x[1], x[2]) + 0.2 * s[1]], 0, x[0]), Real(2), Real(2), Integers(0, 3, 2)),
        new("while in scan", x => Flat(Control.Scan((c, r) => ([Steps(c[0], r[0], x[2])], [Steps(r[0], c[0], r[1])]), [x[0]], [x[1], x[3]])),
            Real(2), Real(3, 2), Integers(0, 3, 2), Integers(0, 3, 3, 2)),
        new("scan in while", x => Control.While(s => s[0] < Count(x[2]), s => [s[0] + 1, Control.Fold((c, r) => [(c[0] * r[0]).Cos()], [s[1]], [x[1]])[0]], 0, x[0]),
            Real(2), Real(3, 2), Integers(0, 3, 2)),
        new("scan in scan", x => Flat(Control.Scan((c, r) =>
        {
            var (inner, rows) = Control.Scan((d, q) => ([(d[0] * q[0] + c[0]).Sin()], [d[0] * x[2]]), [c[0]], [r[0]]);
            return (inner, [rows[0].Sum(0)]);
        }, [x[0]], [x[1]], reverse: true)), Real(2), Real(2, 3, 2), Real(2)),

        new("cond", x => Control.Cond(x[1].Sum() > 0, v => [v[0].Sin() * x[2], v[0]], v => [v[0].Cos(), x[2] * x[2]], x[0]), Real(3), Bools(3).Of(DType.Int32), Real(3)),
        new("cond whose branches need different values", x => Control.Cond(Count(x[1]) > 4, v => [v[0].Exp().Tanh()], v => [v[0] / (v[1].Square() + 1)], x[0], x[2]), Real(3), Integers(0, 3, 2), Real(3)),
        new("cond with a constant branch", x => Control.Cond(Count(x[1]) > 4, v => [v[0].Square(), 1], v => [Tensor.Of(1.0, 2, 3), v[0].Sum()], x[0]), Real(3), Integers(0, 3, 2)) { SingleTolerance = 0 },
        new("cond of integers", x => Control.Cond(Count(x[1]) > 4, v => [x[1] * 2, v[0]], v => [x[1], v[0] * 2], x[0]), Real(2), Integers(0, 3, 2)),
        new("cond in cond", x => Control.Cond(Count(x[1]) > 4, v => Control.Cond(Count(x[1]) > 6, u => [u[0] * v[0]], u => [u[0].Sin()], v[0]), v => [v[0].Cos()], x[0]), Real(2), Integers(0, 4, 2)),
        new("cond in while", x => Control.While(s => s[0] < Count(x[2]), s => [s[0] + 1, Control.Cond((s[0].FloorDivide(2) * 2).EqualTo(s[0]), v => [v[0].Sin()], v => [v[0] * x[1]], s[1])[0]], 0, x[0]),
            Real(2), Real(2), Integers(0, 3, 2)),
        new("scan in cond", x => Control.Cond(Count(x[2]) > 4, v => Control.Fold((c, r) => [(c[0] * r[0]).Sin()], [v[0]], [x[1]]), v => [Steps(v[0], v[0], x[2])], x[0]),
            Real(2), Real(3, 2), Integers(0, 3, 2)),
        new("draws in both branches", x =>
        {
            var key = Key.Of(5);
            return Control.Cond(Count(x[1]) > 4, v => [v[0] * key.Uniform([2], type: DType.Float64)], v => [v[0] + key.Normal([2], DType.Float64).Sin()], x[0]);
        }, Real(2), Integers(0, 3, 2)) { KeepsType = false },
        new("draws in a loop", x =>
        {
            var key = Key.Of(7);
            return Control.While(s => s[0] < Count(x[1]), s => [s[0] + 1, s[1] * key.Fold(s[0]).Uniform([2], type: DType.Float64) + x[0]], 0, x[0]);
        }, Real(2), Integers(0, 3, 2)) { SingleTolerance = 0 },

        new("gradient in a while body", x => Control.While(s => s[0] < Count(x[2]), s => [s[0] + 1, s[1] - 0.2 * Gradient(y => (y.Square().Square() * x[1]).Sum() + (y * x[1]).Sin().Sum(), s[1])], 0, x[0]),
            Real(2), Positive(2), Integers(0, 3, 2)),
        new("gradient of a while in a while body", x => Control.While(s => s[0] < 2, s => [s[0] + 1, s[1] - 0.2 * Gradient(y => Steps(y, x[1], x[2]).Sum(), s[1])], 0, x[0]),
            Real(2), Real(2), Integers(0, 2, 2)),
        new("gradient of a scan in a scan body", x => Flat(Control.Scan((c, r) =>
            ([c[0] - 0.1 * Gradient(y => Control.Fold((d, q) => [(d[0] * q[0]).Sin()], [y * c[0]], [x[1]])[0].Sum(), r[0])], []), [x[0]], [x[1]])), Real(2), Real(3, 2)),
        new("jvp in a loop body", x => Control.For(3, (_, c) => [Differentiation.Jvp(y => [Steps(y[0], x[1], x[2])], [c[0]], [c[0].Cos()]).Tangents[0]! + c[0]], x[0]), Real(2), Real(2), Integers(0, 2, 2)),
        new("pullback used in a scan", x =>
        {
            var (_, pullback) = Differentiation.Vjp(y => [Steps(y[0], x[1], x[2])], [x[0]]);
            return Flat(Control.Scan((c, r) => ([c[0] + 1], [pullback([r[0]])[0]!]), [0], [x[3]]));
        }, Real(2), Real(2), Integers(0, 2, 2), Real(3, 2)),

        new("checkpoint", x => Control.Checkpoint(v => [(v[0].Sin() * x[1]).Exp(), v[0].Sum()], x[0]), Real(3), Real(3)),
        new("checkpoint in scan", x => Flat(Control.Scan((c, r) => (Control.Checkpoint(v => [(v[0] * r[0]).Sin().Exp().Tanh() * x[2]], c[0]), [c[0]]), [x[0]], [x[1]])), Real(2), Real(3, 2), Real(2)),
        new("checkpoint of a while", x => Control.Checkpoint(v => [Steps(v[0], x[1], x[2])], x[0]), Real(2), Real(2), Integers(0, 3, 2)),
        new("checkpoint in checkpoint", x => Control.Checkpoint(v => [Control.Checkpoint(u => [u[0].Sin() * x[1]], v[0])[0].Exp()], x[0]), Real(2), Real(2)),
        new("checkpoint with integers", x => Control.Checkpoint(v => [v[0] * v[1], v[1] * 2], x[0], x[1]), Real(3), Integers(0, 3, 3)),

        new("custom jvp of the true derivative", x => Control.CustomJvp(v => [v[0].Exp() * v[1], v[1]], (v, z, dv) => [z[0] * dv[0] + v[0].Exp() * dv[1], dv[1]], x[0], x[1]), Real(3), Real(3)),
        new("custom jvp in scan", x => Flat(Control.Scan((c, r) => (Control.CustomJvp(v => [(v[0] * v[1]).Sin()], (v, _, dv) => [(v[0] * v[1]).Cos() * (v[0] * dv[1] + v[1] * dv[0])], c[0], r[0]), [c[0]]), [x[0]], [x[1]])), Real(2), Real(3, 2)),
        new("custom jvp that is not linear", x => [Differentiation.Jvp(y => Control.CustomJvp(v => [v[0].Sin()], (v, _, dv) => [v[0].Cos() * dv[0].Square()], y[0]), [Tensor.Of(0.1, 0.2, 0.3)], [x[0]]).Tangents[0]!], Real(3)) { SingleTolerance = 0 },
        new("custom vjp of the true derivative", x => Control.CustomVjp(v => [v[0].Exp() * v[1], v[1].Sum()], (v, z, λ) => [λ[0] * z[0], λ[0] * v[0].Exp() + λ[1]], x[0], x[1]), Real(3), Real(3)),
        new("custom vjp in while", x => Control.While(s => s[0] < Count(x[1]), s => [s[0] + 1, Control.CustomVjp(v => [v[0].Sin()], (v, _, λ) => [λ[0] * v[0].Cos()], s[1])[0]], 0, x[0]), Real(2), Integers(0, 3, 2)),
        new("custom vjp with integers", x => Control.CustomVjp(v => [v[0] * v[1], v[1] + 1], (v, _, λ) => [λ[0] * v[1], v[1]], x[0], x[1]), Real(3), Integers(1, 4, 3)),
        new("custom vjp that uses a constant", x => { var k = Tensor.Of(1.0, 2, 3); return Control.CustomVjp(v => [v[0] * k], (_, _, λ) => [λ[0] * k], x[0]); }, Real(3)) { SingleTolerance = 0 },

        new("root", x => [Newton(x[0])], Real(3)),
        new("root of several unknowns", x => Control.Root(z => [z[0] + 0.3 * z[1].Sum() * x[1] - x[0], z[1].Exp() - z[0].Square().Sum() - 1], x[0].ZerosLike(), Tensor.Of(0.1).To(x[0].DType)), Real(2), Real(2)) { KeepsType = false },
        new("root in scan", x => Flat(Control.Scan((c, r) => ([Newton(c[0] + r[0])], [Newton(c[0] * r[0])]), [x[0]], [x[1]])), Real(2), Real(3, 2)),
        new("fixed point", x => Control.FixedPoint(z => [(x[0].MatMul(z[0]) * 0.3 + x[1]).Tanh()], x[1].ZerosLike()), Real(3, 3), Real(3)),
        new("solve operator", x => Control.LinearSolve(z => [z[0] * (x[0].Square() + 2) + z[1].Sum() * 0.2, z[1] * 3 + z[0].Sum() * x[2]], x[1], x[2]), Real(2), Real(2), Real(3)),
        new("solve operator in scan", x => Flat(Control.Scan((c, r) => (Control.LinearSolve(z => [r[0].MatMul(z[0]) * 0.2 + 3 * z[0] + c[0] * z[0]], c[0]), []), [x[0]], [x[1]])), Positive(2), Real(2, 2, 2)),
    ];

    /// <summary>Mistakes in control flow.</summary>
    public static readonly FailingSample[] Failing =
    [
        new("carry that changes its shape", "scan 3 constants=0 carries=1: carry 0 goes in as float64[] and comes out as float64[2]; a step must keep shape and element type.",
            x => Control.Fold((c, r) => [c[0] + r[0]], [0.0], [x[0]]), Real(3, 2)),
        new("carry that changes its type", "while constants=0 carries=1: carry 0 goes in as float64[2] and comes out as bool[2]; a step must keep shape and element type.",
            x => Control.While(s => s[0].Sum() < 1, s => [s[0] > 0], x[0]), Real(2)),
        new("a step that drops a carry", "while: the body takes 2 carries and returns 1; it must return as many.", x => Control.While(s => s[0].Sum() < 1, s => [s[0]], x[0], x[0]), Real(2)),
        new("condition of several bools", "while constants=0 carries=1: the condition is bool[2]; it must be one bool scalar. Reduce it with All() or Any().", x => Control.While(s => s[0] < 1, s => [s[0]], x[0]), Real(2)),
        new("predicate that is a number", "cond: the predicate is float64[2]; it must be one bool scalar. Reduce it with All() or Any(), or use Select for a choice per element.",
            x => Control.Cond(x[0], v => v, v => v, x[0]), Real(2)),
        new("branches of different shapes", "cond: result 0 is float64[2] in one branch and float64[] in the other; they must be alike.", x => Control.Cond(x[0].Sum() > 0, v => v, v => [v[0].Sum()], x[0]), Real(2)),
        new("branches of different numbers", "cond: the branches return 1 and 2 results; they must return the same.", x => Control.Cond(x[0].Sum() > 0, v => v, v => [v[0], v[0]], x[0]), Real(2)),
        new("rows of different lengths", "scan: the rows have shapes [3], [2]; their first axis must have length 3, the number of steps.", x => Control.Fold((c, r) => c, [0.0], x), Real(3), Real(2)),
        new("scalar rows", "scan: a tensor of rows is a scalar float64; its first axis must be the steps. Capture what is the same in every step.", x => Control.Fold((c, r) => c, [0.0], x), Real()),
        new("a scan of unknown length", "scan: there are no rows, so the number of steps must be given: length.", x => Control.Scan((c, r) => (c, []), x, []).Carries, Real()),
        new("a negative number of steps", "scan: -1 steps cannot be taken.", x => Control.Scan((c, r) => (c, []), x, [], -1).Carries, Real()),
        new("reading in a body", "A value was read (ToScalar, ToArray, Data) that depends on an argument of a function that is being traced: it is float64[], " +
            "and has no value under Compile, Vectorize or inside a loop body. Use Select, Cond, While or Scan for decisions that depend on data, or return the value.",
            x => Control.For(3, (_, c) => c[0].Sum().ToScalar() > 0 ? c : [-c[0]], x[0]), Real(2)),
        new("a jvp for too few results", "custom jvp: there are 1 tangents for 2 results; each needs one.", x => Control.CustomJvp(v => [v[0], v[0]], (_, _, dv) => dv, x[0]), Real()),
        new("a vjp of another shape", "custom vjp: cotangent 0 is float64[], its argument float64[2]; they must be alike.", x => Control.CustomVjp(v => v, (_, _, λ) => [λ[0].Sum()], x[0]), Real(2)),
        new("reverse mode without a vjp", "custom jvp: its own jvp is not linear in the tangent, so it has no vjp. Reverse mode needs one: give a vjp instead.",
            x => Differentiation.Gradient("gradient", y => [Control.CustomJvp(v => [v[0].Sin()], (_, _, dv) => [dv[0].Abs()], y[0])[0].Sum()], x).Gradient, Real(2)),
        new("forward mode without a jvp", "custom vjp: its own vjp is not linear in the cotangent, so it has no jvp. Forward mode needs one: give a jvp instead.",
            x => [Differentiation.Jvp(y => Control.CustomVjp(v => [v[0].Sin()], (_, _, λ) => [λ[0].Clip(-1, 1)], y[0]), x, [x[0]]).Tangents[0]!], Real(2)),
        new("a custom rule that knows nothing of what f uses", "custom vjp: the function uses a tensor float64[2] from outside, with respect to which it is being " +
            "differentiated, but its own derivative says nothing about it. Make the tensor an argument, or apply StopGradient to it.",
            x => Differentiation.Gradient("gradient", y => [Control.CustomVjp(v => [v[0] * y[1]], (_, _, λ) => [λ[0]], y[0])[0].Sum()], x).Gradient, Real(2), Real(2)),
        new("an operator that is not linear", "linear solve: the operator is not linear in its argument. For equations that are not linear use Root.", x => Control.LinearSolve(z => [z[0].Square()], x[0]), Real(2)),
        new("an operator with a constant part", "solve operator unknowns=1: the operator takes 0 to something else, so it is not linear. Move its constant part to the right side.",
            x => Control.LinearSolve(z => [z[0] * 2 + 1], x[0]), Real(2)),
        new("an operator of another shape", "linear solve: image 0 is float64[], its unknown float64[2]; they must be alike.", x => Control.LinearSolve(z => [z[0].Sum()], x[0]), Real(2)),
        new("too few equations", "root unknowns=1: there are 2 unknowns and 1 equations; every unknown needs one.", x => Control.Root(z => [z[0] - z[1]], x[0], x[0]), Real()),
    ];

    static Tensor[] Flat((Tensor[] Carries, Tensor[] Results) loop) => [.. loop.Carries, .. loop.Results];
    static Draw Of(this Draw draw, DType type) => random => new(draw(random).To(type).Data);
}
