using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>The same elements, row-major, under another shape.</summary>
public sealed record Reshape(Shape To) : LinearOperation, ISimplifies
{
    public override string Name => "reshape " + To;

    public override Signatures Infer(ImmutableArray<Tensor> x) => x[0].Size == To.Size ? new Signature(To, x[0].DType)
        : throw Mismatch($"shape {x[0].Shape} has {x[0].Size} elements, {To} has {To.Size}; the numbers must be equal.");

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].WithShape(To)];
    protected override Tensor Adjoint(Equation z, Tensor λ) => λ.Reshape(z.Inputs[0].Shape);
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [x[0].Reshape(To.Insert(0, n))];

    public Tensor? Simplify(Equation z) => z.Inputs[0].Shape == To ? z.Inputs[0]
        : z.Inputs[0].Equation is { Operation: Reshape } inner ? inner.Inputs[0].Reshape(To) : null;
}
