using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>
/// The elements in order along an axis, and the index, int32, where each was. Equal elements keep their order; NaN comes last, ascending and descending.
/// </summary>
public sealed record Sort(int Axis, bool Descending = false) : Operation
{
    public override string Name => $"sort {Axis}" + (Descending ? " descending" : "");

    public override Signatures Infer(ImmutableArray<Tensor> x) => Axis < x[0].Rank
        ? (Signature[])[new(x[0].Shape, x[0].DType), new(x[0].Shape, DType.Int32)] : throw Mismatch($"shape {x[0].Shape} has no axis {Axis}.");

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var shape = x[0].Shape;
        int[] order = x[0].Type switch
        {
            DType.Bool => Order<int>(shape, Array.ConvertAll(x[0].Span<bool>().ToArray(), v => v ? 1 : 0)),
            DType.Int32 => Order<int>(shape, x[0].Span<int>().ToArray()),
            DType.Int64 => Order<long>(shape, x[0].Span<long>().ToArray()),
            DType.Float32 => Order<float>(shape, x[0].Span<float>().ToArray()),
            _ => Order<double>(shape, x[0].Span<double>().ToArray()),
        };
        var (_, n, inner) = Moves.Split(shape, Axis);
        return [x[0].Take(shape, order), new TensorData<int>(shape, Array.ConvertAll(order, i => i / inner % n))];
    }

    // the flat index of the element that comes to each place
    int[] Order<T>(Shape shape, T[] x) where T : INumber<T>
    {
        var (outer, n, inner) = Moves.Split(shape, Axis);
        var (z, line) = (new int[x.Length], new int[n]);
        for (int o = 0; o < outer; o++)
            for (int r = 0; r < inner; r++)
            {
                int start = o * n * inner + r;
                for (int k = 0; k < n; k++) line[k] = start + k * inner;
                line.AsSpan().Sort((i, j) => Compare(x[i], x[j]) is var c && c != 0 ? c : i.CompareTo(j));
                for (int k = 0; k < n; k++) z[start + k * inner] = line[k];
            }
        return z;
    }

    int Compare<T>(T a, T b) where T : INumber<T> =>
        T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b)) : Descending ? b.CompareTo(a) : a.CompareTo(b);

    public override Linearization Linearize(Equation z, Tensor?[] dx) => (Tensor?[])[dx[0]?.TakeAlongAxis(z.Results[1], Axis), null];
    public override bool LinearIn(int i) => false;
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [.. Equation.Of(new Sort(Axis + 1, Descending), [x[0]]).Results];
}
