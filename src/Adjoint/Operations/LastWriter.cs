using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// For each of <c>Length</c> places the position, int32, of the last of the indices [B…, m] that names it, or −1: who wins when values are assigned
/// in order.
/// </summary>
/// <param name="Length">The number of places.</param>
public sealed record LastWriter(int Length) : ConstantOperation
{
    public override string Name => "last-writer " + Length;

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        Moves.CheckIndices(Name, x[0]);
        return x[0].Rank > 0 ? new Signature(x[0].Shape.With(x[0].Rank - 1, Length), DType.Int32) : throw Mismatch("the indices must have an axis.");
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var shape = x[0].Shape.With(x[0].Shape.Rank - 1, Length);
        int[] index = Moves.Indices(Name, x[0], Length);
        var last = new int[shape.Size];
        Array.Fill(last, -1);
        int m = x[0].Shape[^1];
        for (int i = 0; i < index.Length; i++) last[i / m * Length + index[i]] = i % m;
        return [new TensorData<int>(shape, last)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this, x[0])];
}
