using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Elements by index: indexers, gathering, scattering, replacement.</summary>
static class IndexingSamples
{
    static readonly int[] rows = [2, 0, 0, -1];

    public static readonly Sample[] All =
    [
        new("index", x => [x[0][0], x[0][^1], x[0][1, 2], x[0][-1, .., 0], x[0][.., 1]], Real(2, 3, 4)),
        new("index ranges", x => [x[0][1..], x[0][..^1, ^1], x[0][.., 1..3], x[0][1..^1, ^2..]], Real(3, 4)),
        new("index steps", x => [x[0][(..).Step(2)], x[0][(1..^1).Step(2)], x[0][(..).Step(-1)], x[0][(1..).Step(-3)], x[0][(3..3).Step(-1)]], Real(7)),
        new("index axes", x => [x[0][Axis.All, 0], x[0][0, Axis.All, ^1], x[0][Axis.New], x[0][1, Axis.New, .., Axis.New, 0], x[0][Axis.All]], Real(2, 3, 4)),
        new("index differences", x => [x[0][1..] - x[0][..^1], x[0][1..].Square() * x[0][0]], Real(5)),
        new("index Rosenbrock", x => [(100 * (x[0][1..] - x[0][..^1].Square()).Square() + (1 - x[0][..^1]).Square()).Sum()], Real(4)),
        new("index of integers", x => [x[0][1], x[0][.., 0], x[1][1..], x[2][0]], Integers(0, 9, 2, 3), Bools(3), Longs(0, 9, 2)),
        new("index by a tensor", x => [x[0][x[1]], x[0][.., x[2]], x[0][x[1], 1..]], Real(3, 4), Integers(-3, 3, 5), Longs(0, 4, 2, 2)),
        new("index by an array", x => [x[0][rows], x[0][new[] { 1, 1 }, 0], x[0][0, new[] { 1, -1 }]], Real(3, 4)),
        new("index by several tensors", x => [x[0][x[1], x[2]], x[0][x[1].ExpandAxis(1), x[2]], x[0][.., x[1].Minimum(2), x[2]]], Real(3, 3, 2), Integers(-3, 3, 4), Integers(0, 2, 4)),
        new("index by bools", x => [x[0][new[] { true, false, true }], x[0][.., new[] { false, true, true, false }].Sin(), x[0][Tensor.From<bool>([3, 4], [true, false, true, false, false, false, true, true, true, true, false, true])].Square()], Real(3, 4)),
        new("index by a scalar", x => [x[0][x[1]], x[0][.., x[1]]], Real(3, 4), Integers(0, 3)),
        new("take", x => [x[0].Take(x[1]), x[0].Take(x[1], 1), x[0].Take(x[1], -1)], Real(3, 4, 3), Integers(-3, 3, 2, 2)),
        new("take from an empty tensor", x => [x[0].Take(x[1])], Real(3, 0), Integers(0, 3, 2)),
        new("take nothing", x => [x[0].Take(x[1])], Real(3, 2), Integers(0, 3, 0)),
        new("take of integers", x => [x[0].Take(x[2]), x[1].Take(x[2])], Longs(0, 9, 3), Bools(3), Integers(0, 3, 4)),
        new("take of take", x => [x[0].Take(x[1], 1).Take(x[1], 0).Square()], Real(3, 3), Integers(-3, 3, 4)),
        new("take along axis", x => [x[0].TakeAlongAxis(x[1], 1), x[0].TakeAlongAxis(x[2], 0)], Real(2, 3), Integers(-3, 3, 2, 4), Integers(0, 2, 2, 3)),
        new("take along axis broadcasts", x => [x[0].TakeAlongAxis(x[1], 1), x[0].TakeAlongAxis(x[2], -1)], Real(2, 3, 2), Integers(0, 3, 1, 2, 1), Integers(0, 2, 2, 1, 1)),
        new("take along axis of integers", x => [x[0].TakeAlongAxis(x[2], 0), x[1].TakeAlongAxis(x[2], 0)], Integers(0, 9, 3), Bools(3), Integers(0, 3, 4)),
        new("gather with shared axes", x => [Equation.Solve(new Gather(2, 1), x[0], x[1])], Real(2, 3, 4, 2), Integers(-4, 4, 2, 3)),
        new("scatter-add", x => [x[0].ScatterAdd(x[1], x[2], 1), x[0].ScatterAdd(x[1], x[2], 0)], Real(2, 3), Integers(-2, 2, 2, 3), Real(2, 3)),
        new("scatter-add with other axes", x => [Equation.Solve(new ScatterAdd(1, 3), x[0], x[1]), Equation.Solve(new ScatterAdd(2, 4, 2), x[0], x[2])], Real(2, 2, 3), Integers(-3, 3, 2), Integers(0, 4, 2, 2, 3)),
        new("scatter-add of integers", x => [x[0].ScatterAdd(x[1], x[2], 0)], Longs(0, 9, 3), Integers(0, 3, 4), Longs(0, 9, 4)),
        new("add at", x => [x[0].AddAt(1, x[1]), x[0].AddAt(.., 0, x[1][0]), x[0].AddAt(.., (..).Step(2), x[1][..2])], Real(2, 3), Real(3)),
        new("add at a tensor", x => [x[0].AddAt(x[1], x[2]), x[0].AddAt(.., x[1], x[2].T), x[0].AddAt([x[1], x[1]], 0.5), x[0].AddAt([(..), Axis.New, x[1]], 0.5)], Real(3, 3), Integers(-3, 3, 4), Real(4, 3)),
        new("add at bools", x => [x[0].AddAt(new[] { true, false, true }, x[1])], Real(3), Real(2)),
        new("with", x => [x[0].With(1, x[1]), x[0].With([0, 1..], 0.5), x[0].With(.., (..).Step(-2), x[1][..2]), x[0].With(Axis.All, x[1])], Real(2, 3), Real(3)),
        new("with a tensor", x => [x[0].With(x[1], x[2]), x[0].With(.., x[1], x[2].T), x[0].With([x[1], 0], x[2][.., 0])], Real(3, 3), Integers(-3, 3, 4), Real(4, 3)),
        new("with bools", x => [x[0].With(new[] { true, false, true }, x[1]), x[0].With(new[] { false, false, false }, x[1][0])], Real(3), Real(2)),
        new("with of integers", x => [x[0].With(1.., x[1]), x[0].With(x[3], x[1]), x[2].With(x[3], true), x[2].With(0, false)], Integers(0, 9, 3), Integers(0, 9, 2), Bools(3), Integers(0, 3, 2)),
        new("with then read", x => { var y = x[0].With(0, x[0][1] * x[0][2]); return [y.With(1, y[0] * y[2])]; }, Real(3)),
        new("one-hot", x => [x[0].OneHot(3), x[0].OneHot(4, DType.Bool)], Integers(-1, 4, 2, 3)),
        new("embedding", x => [x[0].Take(x[1]).Mean(1).Tanh()], Real(5, 3), Integers(0, 5, 2, 3)),
    ];
}
