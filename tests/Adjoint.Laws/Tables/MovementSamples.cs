using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Slices, padding, joining, windows, triangles.</summary>
static class MovementSamples
{
    public static readonly Sample[] All =
    [
        new("slice", x => [x[0].Slice(0, 1, 2), x[0].Slice(1, 0, 2, 2), x[0].Slice(-1, 2, 1)], Real(3, 4)),
        new("slice of a slice", x => [x[0].Slice(0, 1, 6).Slice(0, 1, 3, 2), x[0].Slice(0, 1, 3, 2).Slice(0, 1, 2)], Real(8)),
        new("slice rank 4", x => [x[0].Slice(2, 1, 2).Slice(0, 1, 1)], Real(2, 1, 3, 2)),
        new("slice of nothing", x => [x[0].Slice(0, 2, 0), x[0].Slice(1, 0, 0)], Real(2, 3)),
        new("slice of an empty axis", x => [x[0].Slice(1, 1, 2)], Real(0, 3)),
        new("slice of integers", x => [x[0].Slice(0, 1, 2), x[1].Slice(0, 0, 2, 3), x[2].Slice(0, 2, 2)], Integers(0, 9, 4), Longs(0, 9, 4), Bools(4)),
        new("slice whole", x => [x[0].Slice(0, 0, 3).Sin(), Equation.Solve(new Slice([0, 1], [Shape.Unknown, 2], [1, 1]), x[0])], Real(3, 3)),
        new("pad", x => [x[0].Pad(0, 1, 2), x[0].Pad([1, 0], [0, 2])], Real(2, 3)),
        new("pad last axes", x => [x[0].Pad([1], [2]), x[0].Pad([1, 1], [1, 1])], Real(2, 2, 3)),
        new("pad interior", x => [Equation.Solve(new Pad([1, 0], [0, 2], [2, 1]), x[0])], Real(2, 3)),
        new("pad with a value", x => [x[0].Pad(-1, 1, 1, double.NegativeInfinity).Max(-1), x[0].Pad([1, 1], [1, 1], 0.5).Square(), x[0].Pad(0, 1, 0, x[1])], Distinct(2, 3), Real()),
        new("pad negative crops", x => [x[0].Pad(1, -1, 2), x[0].Pad([-1, 1], [0, -1])], Real(3, 3)),
        new("pad nothing", x => [x[0].Pad(0, 0, 0), Equation.Solve(new Pad([0, 0], [0, 0], [0, 0]), x[0]).Sin(), x[1].Pad(0, 1, 2)], Real(2, 2), Real(0, 2)),
        new("pad integers", x => [x[0].Pad(0, 1, 1), x[1].Pad(0, 1, 1, 7), x[2].Pad(0, 1, 1), x[2].Pad(0, 1, 1, true)], Integers(1, 9, 3), Longs(1, 9, 3), Bools(3)),
        new("pad then slice", x => [x[0].Pad(0, 2, 1).Slice(0, 2, 3), x[0].Pad(0, 2, 1).Slice(0, 1, 4)], Real(3)),
        new("flip", x => [x[0].Flip(), x[0].Flip(0), x[0].Flip(-1), x[0].Flip(0, 2)], Real(2, 3, 2)),
        new("flip twice", x => [x[0].Flip(0).Flip(1), x[0].Flip(0).Flip(0), x[0].Flip(0, 1).Flip(1)], Real(2, 3)),
        new("flip scalars and nothing", x => [x[0].Flip(), x[1].Flip(0)], Real(), Real(0, 2)),
        new("flip integers", x => [x[0].Flip(), x[1].Flip()], Integers(0, 9, 3), Bools(4)),
        new("roll", x => [x[0].Roll(1), x[0].Roll(-1, 1), x[0].Roll(7, -1), x[0].Roll(2)], Real(2, 3)),
        new("concatenate", x => [Tensor.Concatenate([x[0], x[1]]), Tensor.Concatenate([x[1], x[0], x[1]])], Real(2, 3), Real(1, 3)),
        new("concatenate axis", x => [Tensor.Concatenate([x[0], x[1], x[2]], -1)], Real(2, 1), Real(2, 3), Real(2, 2)),
        new("concatenate one and nothing", x => [Tensor.Concatenate([x[0]]), Tensor.Concatenate([x[0], x[1]])], Real(2, 3), Real(0, 3)),
        new("concatenate itself", x => [Tensor.Concatenate([x[0], x[0] * 2])], Real(3)),
        new("concatenate a constant", x => [Tensor.Concatenate([x[0], Tensor.Of(1f, 2f)])], Real(3)),
        new("concatenate integers", x => [Tensor.Concatenate([x[0], x[1]]), Tensor.Concatenate([x[2], x[2]]), Tensor.Concatenate([x[0], x[0]])], Integers(0, 9, 2), Longs(0, 9, 3), Bools(2)),
        new("stack", x => [Tensor.Stack([x[0], x[1]]), Tensor.Stack([x[0], x[1]], 1), Tensor.Stack([x[0], x[1], x[0]], -1)], Real(2, 3), Real(2, 3)),
        new("stack scalars", x => [Tensor.Stack([x[0], x[1], x[0] * x[1]])], Real(), Real()),
        new("split", x => { var p = x[0].Split(2, 1); var q = x[0].Split([1, 2]); return [p[0] * p[1], q[0], q[1]]; }, Real(3, 4)),
        new("tile", x => [x[0].Tile(2, 3), x[0].Tile(2), x[0].Tile(2, 1, 1)], Real(2, 3)),
        new("repeat elements", x => [x[0].RepeatElements(2), x[0].RepeatElements(3, -1)], Real(2, 3)),
        new("triangles", x => [x[0].LowerTriangle(), x[0].LowerTriangle(-1), x[0].UpperTriangle(1), x[0].UpperTriangle(-1)], Real(2, 3, 4)),
        new("triangles of integers", x => [x[0].LowerTriangle(), x[1].UpperTriangle()], Integers(1, 9, 3, 3), Bools(3, 3)),
        new("windows", x => [x[0].Windows([3]), x[0].Windows([2], [2]), x[0].Windows([2], [3], [4])], Real(2, 7)),
        new("windows of two axes", x => [x[0].Windows([2, 3]), x[0].Windows([2, 2], [2, 1], [1, 2])], Real(2, 4, 5)),
        new("windows of all", x => [x[0].Windows([4]), x[0].Windows([1])], Real(4)),
        new("windows of integers", x => [x[0].Windows([2]), x[1].Windows([2])], Integers(0, 9, 4), Bools(4)),
        new("fold", x => [x[0].Fold([6], [3], [2], [1]), x[1].Fold([4, 5], [2, 2])], Real(2, 2, 3), Real(3, 4, 2, 2)),
        new("fold of windows", x => [x[0].Windows([3], [2]).Fold([8], [3], [2]), x[1].Windows([2]).Fold([4], [2])], Real(8), Integers(0, 9, 4)),
        new("convolution", x => [Tensor.Einsum("nchwij,ocij->nohw", x[0].Pad([1, 1], [1, 1]).Windows([3, 2], [2, 1]), x[1])], Real(2, 2, 4, 3), Real(3, 2, 3, 2)),
        new("transposed convolution", x => [Tensor.Einsum("ncm,cok->nomk", x[0], x[1]).Fold([7], [3], [2])], Real(2, 2, 3), Real(2, 2, 3)),
        new("maximal pooling", x => [x[0].Windows([2, 2], [2, 2]).Max([-1, -2])], Distinct(1, 2, 4, 5)),
        new("mean pooling", x => [x[0].Windows([2], [1]).Mean(-1)], Real(2, 5)),
        new("stop gradient", x => [(x[0] - x[1].StopGradient() * 0).Exp() * (x[0] > 0).To(x[0].DType).StopGradient(), x[2].StopGradient(), x[1] * 2], Real(3), Real(3), Integers(0, 3, 2)),
    ];
}
