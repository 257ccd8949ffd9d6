using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// Sums by index: z[b, p, k, r] = Σ over i with indices[b, i] = k of x[b, p, i, r], the transpose of a <see cref="Gather"/> with the same attributes.
/// Negative indices count from the end.
/// </summary>
/// <param name="Axis">The axis k of the result; the axes i of x start there.</param>
/// <param name="Length">Its length.</param>
/// <param name="Leading">The number of first axes that both inputs share; at most <c>Axis</c>.</param>
public sealed record ScatterAdd(int Axis, int Length, int Leading = 0) : LinearOperation
{
    public override string Name => $"scatter-add {Axis} length {(Length == Shape.Unknown ? "?" : Length)}" + (Leading > 0 ? $" leading {Leading}" : "");

    Gather Gather => new(Axis, Leading);

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        Moves.CheckIndices(Name, x[1]);
        var (shape, indices) = (x[0].Shape, x[1].Shape);
        if (x[0].DType == DType.Bool) throw Mismatch("bool elements cannot be added. Convert them first, for example with To(DType.Int32).");
        if (Length == Shape.Unknown) throw Mismatch("the length of the axis is known only when the program runs.");
        int own = indices.Rank - Leading;
        if (own < 0 || Leading > Axis || shape.Rank < Axis + own
            || !shape.Lengths[..Leading].SequenceEqual(indices.Lengths[..Leading]) || !shape.Lengths[Axis..(Axis + own)].SequenceEqual(indices.Lengths[Leading..]))
            throw Mismatch($"shape {shape} must begin with the first {Leading} axes of the indices {indices}, and have the others from axis {Axis}.");
        return new Signature(Result(shape, indices), x[0].DType);
    }

    Shape Result(Shape x, Shape indices) => Shape.Of([.. x.Lengths[..Axis], Length, .. x.Lengths[(Axis + indices.Rank - Leading)..]]);

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var shape = Result(x[0].Shape, x[1].Shape);
        return [x[0].Scatter(shape, Gather.Sources(Name, shape, x[1]))];
    }

    protected override Tensor Adjoint(Equation z, Tensor λ) => Equation.Solve(Gather, λ, z.Inputs[1]);

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Leading == 0 && !batched[1]
        ? [Equation.Solve(new ScatterAdd(Axis + 1, Length), x[0], x[1])]
        : [Equation.Solve(new ScatterAdd(Axis + 1, Length, Leading + 1), batched[0] ? x[0] : x[0].Repeat(0, n), batched[1] ? x[1] : x[1].Repeat(0, n))];
}
