using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>The index, int32, of the first greatest or smallest element along an axis; of the first NaN, if there is one.</summary>
/// <param name="Minimum">Whether of the smallest.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Running">Whether for each element among those up to it: the axis stays.</param>
public sealed record ArgReduce(bool Minimum, int Axis, bool Running = false) : ConstantOperation
{
    public override string Name => $"{(Running ? "running " : "")}{(Minimum ? "argmin" : "argmax")} {Axis}";

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var shape = x[0].Shape;
        if (Axis >= shape.Rank) throw Mismatch($"shape {shape} has no axis {Axis}.");
        if (Running) return new Signature(shape, DType.Int32);
        return shape[Axis] != 0 ? new Signature(shape.Remove(Axis), DType.Int32) : throw Mismatch($"axis {Axis} of shape {shape} has no elements.");
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Type switch
    {
        DType.Bool => Find<int>(x[0].Shape, Array.ConvertAll(x[0].Span<bool>().ToArray(), v => v ? 1 : 0)),
        DType.Int32 => Find<int>(x[0].Shape, x[0].Span<int>()), DType.Int64 => Find<long>(x[0].Shape, x[0].Span<long>()),
        DType.Float32 => Find<float>(x[0].Shape, x[0].Span<float>()), _ => Find<double>(x[0].Shape, x[0].Span<double>()),
    }];

    TensorData<int> Find<T>(Shape shape, ReadOnlySpan<T> x) where T : INumber<T>
    {
        var (outer, n, inner) = Moves.Split(shape, Axis);
        var z = new int[Running ? x.Length : outer * inner];
        for (int o = 0; o < outer; o++)
            for (int r = 0; r < inner; r++)
            {
                int start = o * n * inner + r, best = 0;
                for (int k = 0; k < n; k++)
                {
                    T value = x[start + k * inner], champion = x[start + best * inner];
                    if (!T.IsNaN(champion) && (T.IsNaN(value) || (Minimum ? value < champion : value > champion))) best = k;
                    z[Running ? start + k * inner : o * inner + r] = best;
                }
            }
        return new(Running ? shape : shape.Remove(Axis), z);
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this with { Axis = Axis + 1 }, x[0])];
}
