using System.Collections.Immutable;

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
        int[] order = Order(shape, Keys(x[0]));
        var (_, n, inner) = Moves.Split(shape, Axis);
        return [x[0].Take(shape, order), new TensorData<int>(shape, Array.ConvertAll(order, i => i / inner % n))];
    }

    // integers in the order of the elements
    long[] Keys(TensorData x)
    {
        long[] keys = x.Type switch
        {
            DType.Bool => Array.ConvertAll(x.Span<bool>().ToArray(), v => v ? 1L : 0),
            DType.Int32 => Array.ConvertAll(x.Span<int>().ToArray(), v => (long)v),
            DType.Int64 => x.Span<long>().ToArray(),
            _ => Array.ConvertAll(x.ToDoubles(), Key),
        };
        if (!Descending) return keys;
        for (int i = 0; i < keys.Length; i++) if (!x.Type.IsFloat || keys[i] != long.MaxValue) keys[i] = ~keys[i];
        return keys;
    }

    // the bits of negative numbers grow as the numbers fall; −0 is 0, NaN comes last
    static long Key(double x) => double.IsNaN(x) ? long.MaxValue : BitConverter.DoubleToInt64Bits(x + 0.0) is var bits && bits < 0 ? bits ^ long.MaxValue : bits;

    // the flat index of the element that comes to each place
    int[] Order(Shape shape, long[] keys)
    {
        var (outer, n, inner) = Moves.Split(shape, Axis);
        var (z, line, places) = (new int[keys.Length], new long[n], new int[n]);
        for (int o = 0; o < outer; o++)
            for (int r = 0; r < inner; r++)
            {
                int start = o * n * inner + r;
                for (int k = 0; k < n; k++) (line[k], places[k]) = (keys[start + k * inner], start + k * inner);
                line.AsSpan().Sort(places.AsSpan());
                for (int from = 0, to; from < n; from = to)
                {
                    for (to = from + 1; to < n && line[to] == line[from];) to++;
                    places.AsSpan(from, to - from).Sort();
                }
                for (int k = 0; k < n; k++) z[start + k * inner] = places[k];
            }
        return z;
    }

    public override Linearization Linearize(Equation z, Tensor?[] dx) => (Tensor?[])[dx[0]?.TakeAlongAxis(z.Results[1], Axis), null];
    public override bool LinearIn(int i) => false;
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [.. Equation.Of(new Sort(Axis + 1, Descending), [x[0]]).Results];
}
