using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>A matrix of ones where column − row ≥ <c>From</c> and ≤ <c>To</c>, zeros elsewhere: the masks of triangular matrices.</summary>
public sealed record Triangle(int Rows, int Columns, int From, int To, DType Type) : ConstantOperation
{
    public override string Name => $"triangle {From}..{To}";
    public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(Shape.Of([Rows, Columns]), Type);

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var ones = new double[Rows * Columns];
        for (int i = 0, at = 0; i < Rows; i++)
            for (int j = 0; j < Columns; j++, at++) ones[at] = j - i >= From && j - i <= To ? 1 : 0;
        return [Matrices.Write(Type, Shape.Of([Rows, Columns]), ones)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [z.Results[0].Repeat(0, n)];
}
