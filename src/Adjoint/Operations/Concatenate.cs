using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>The inputs one after the other along an axis.</summary>
public sealed record Concatenate(int Axis) : Operation, ISimplifies
{
    public override string Name => "concatenate " + Axis;

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        int length = 0;
        foreach (var part in x)
        {
            if (part.DType != x[0].DType) throw Mismatch($"element types {x[0].DType.Text} and {part.DType.Text} differ. Convert one with To(DType).");
            if (part.Rank <= Axis || part.Rank != x[0].Rank || part.Shape.Remove(Axis) != x[0].Shape.Remove(Axis))
                throw Mismatch($"shapes {x[0].Shape} and {part.Shape} must be equal but for axis {Axis}.");
            if (part.Shape[Axis] == Shape.Unknown) throw Mismatch($"the length of axis {Axis} of shape {part.Shape} is known only when the program runs.");
            length += part.Shape[Axis];
        }
        return new Signature(x[0].Shape.With(Axis, length), x[0].DType);
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Type switch
    {
        DType.Bool => Join<bool>(x), DType.Int32 => Join<int>(x), DType.Int64 => Join<long>(x), DType.Float32 => Join<float>(x), _ => Join<double>(x),
    }];

    TensorData<T> Join<T>(TensorData[] x)
    {
        var shape = x[0].Shape.With(Axis, x.Sum(part => part.Shape[Axis]));
        var (z, outer, at) = (new T[shape.Size], Moves.Split(shape, Axis).Outer, 0);
        for (int i = 0; i < outer; i++)
            foreach (var part in x)
            {
                int row = part.Shape.Size / outer;
                part.Span<T>().Slice(i * row, row).CopyTo(z.AsSpan(at));
                at += row;
            }
        return new(shape, z);
    }

    public override Linearization Linearize(Equation z, Tensor?[] dx) => Equation.Of(this, [.. dx.Select((d, i) => d ?? z.Inputs[i].ZerosLike())]).Results[0];

    public override bool LinearIn(int i) => true;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var result = new Tensor?[z.Inputs.Length];
        for (int i = 0, start = 0; i < result.Length; start += z.Inputs[i++].Shape[Axis])
            if (linear[i]) result[i] = λ[0]?.Slice(Axis, start, z.Inputs[i].Shape[Axis]);
        return result;
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) =>
        [Equation.Of(new Concatenate(Axis + 1), [.. x.Select((part, i) => batched[i] ? part : part.Repeat(0, n))]).Results[0]];

    public Tensor? Simplify(Equation z) => z.Inputs.Length == 1 ? z.Inputs[0] : null;
}
