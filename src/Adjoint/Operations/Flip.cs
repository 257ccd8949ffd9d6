using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>The elements in reverse order along some axes.</summary>
/// <param name="Axes">The axes, ascending.</param>
public sealed record Flip(Sequence<int> Axes) : LinearOperation, ISimplifies
{
    public override string Name => "flip " + Axes;

    public override Signatures Infer(ImmutableArray<Tensor> x) => Axes.All(k => k >= 0 && k < x[0].Rank) && Axes.Distinct().Count() == Axes.Count
        ? new Signature(x[0].Shape, x[0].DType) : throw Mismatch($"the axes must be distinct axes of shape {x[0].Shape}.");

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var shape = x[0].Shape;
        return [x[0].Take(shape, Moves.Sources([.. shape.Select((n, k) => Axes.Contains(k) ? Moves.Range(n - 1, n, -1) : Moves.Range(0, n))], shape.Strides()))];
    }

    protected override Tensor Adjoint(Equation z, Tensor λ) => Equation.Solve(this, λ);
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(new Flip(Moves.Shifted(Axes)), x[0])];

    public Tensor? Simplify(Equation z)
    {
        if (z.Inputs[0].Equation is not { Operation: Flip inner } first) return null;
        int[] odd = [.. Axes.Except(inner.Axes).Concat(inner.Axes.Except(Axes)).Order()];
        return odd.Length == 0 ? first.Inputs[0] : Equation.Solve(new Flip(new Sequence<int>(odd)), first.Inputs[0]);
    }
}
