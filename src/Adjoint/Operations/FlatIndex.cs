using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// One index, int32, in the row-major order of several axes, from an index in each: i₁·n₂·n₃ + i₂·n₃ + i₃. Negative indices count from the end.
/// </summary>
/// <param name="Lengths">The lengths of the axes.</param>
public sealed record FlatIndex(Sequence<int> Lengths) : ConstantOperation
{
    public override string Name => "flat-index " + Lengths;

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        foreach (var index in x) Moves.CheckIndices(Name, index);
        return x.Length == Lengths.Count ? new Signature(Elementwise.Same(Name, x), DType.Int32)
            : throw Mismatch($"{x.Length} indices were given for {Lengths.Count} axes.");
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var flat = new int[x[0].Shape.Size];
        for (int k = 0; k < x.Length; k++)
        {
            int[] index = Moves.Indices(Name, x[k], Lengths[k]);
            for (int i = 0; i < flat.Length; i++) flat[i] = flat[i] * Lengths[k] + index[i];
        }
        return [new TensorData<int>(x[0].Shape, flat)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
}
