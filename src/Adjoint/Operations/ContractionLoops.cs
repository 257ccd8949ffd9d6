using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Adjoint.Operations;

/// <summary>The loops of a contraction, in the reference: output labels outside, summed labels inside, in a fixed order; float32 accumulates in double.</summary>
sealed class ContractionLoops
{
    readonly record struct Loop(int Length, int First, int Second, int Output)
    {
        /// <summary>Whether a step of this loop goes on where <paramref name="inner"/> ends, in everything: the two are one.</summary>
        public bool Continues(Loop inner) => First == inner.First * inner.Length && Second == inner.Second * inner.Length && Output == inner.Output * inner.Length;
    }

    readonly List<Loop> loops = [];
    readonly Shape shape;
    readonly int inputs;
    readonly bool isMove, isEmpty;

    public ContractionLoops(int[] lengths, Sequence<int>[] labels, Sequence<int> output, Shape shape)
    {
        (this.shape, inputs) = (shape, labels.Length);
        int Stride(Sequence<int> axes, int label)
        {
            int stride = 0;
            for (int k = axes.Count - 1, run = 1; k >= 0; run *= lengths[axes[k--]])
                if (axes[k] == label) stride += run;
            return stride;
        }
        var order = output.Concat(labels.SelectMany(l => l)).Distinct();
        foreach (int label in order)
            loops.Add(new(lengths[label], Stride(labels[0], label), labels.Length > 1 ? Stride(labels[1], label) : 0, Stride(output, label)));
        loops.RemoveAll(loop => loop.Length == 1);
        for (int k = loops.Count - 1; k > 0; k--)
            if (loops[k - 1].Continues(loops[k])) { loops[k - 1] = loops[k] with { Length = loops[k].Length * loops[k - 1].Length }; loops.RemoveAt(k); }
        // a last summed label that strides through both inputs changes places with the last output label, if that walks through memory: the same sums, in the same order
        int last = loops.Count - 1;
        int row = loops.FindLastIndex(loop => loop.Output == 1);
        if (last > 0 && row >= 0 && row != last && loops[row].First <= 1 && loops[row].Second <= 1 && (loops[last].First > 1 || loops[last].Second > 1))
        {
            var inner = loops[row];
            loops.RemoveAt(row);
            loops.Add(inner);
        }
        if (loops.Count == 0) loops.Add(new(1, 0, 0, 0));
        isMove = inputs == 1 && !loops.Any(loop => loop.Output == 0);
        isEmpty = loops.Any(loop => loop.Length == 0);
    }

    public TensorData Move<T>(TensorData x)
    {
        var z = new T[shape.Size];
        var source = x.Span<T>();
        if (z.Length == 0) return new TensorData<T>(shape, z);
        var inner = loops[^1];
        foreach (var (a, _, o) in Rows())
            for (int i = 0, p = a, q = o; i < inner.Length; i++, p += inner.First, q += inner.Output) z[q] = source[p];
        return new TensorData<T>(shape, z);
    }

    public TensorData Run<T, TSum>(TensorData[] x) where T : INumber<T> where TSum : struct, INumber<TSum>
    {
        if (isMove && shape.Size > 0) return Move<T>(x[0]);
        if (inputs == 2 && loops is [(_, 1, 1, 1)])
        {
            var product = new T[shape.Size];
            TensorPrimitives.Multiply(x[0].Span<T>(), x[1].Span<T>(), product);
            return new TensorData<T>(shape, product);
        }
        var sums = new TSum[shape.Size];
        if (sums.Length > 0 && !isEmpty)
        {
            if (inputs == 1) Sum(x[0].Span<T>(), sums);
            else Products(Wide<T, TSum>(x[0]), Wide<T, TSum>(x[1]), sums);
        }
        if (sums is T[] same) return new TensorData<T>(shape, same);
        var z = new T[sums.Length];
        for (int i = 0; i < z.Length; i++) z[i] = T.CreateTruncating(sums[i]);
        return new TensorData<T>(shape, z);
    }

    void Sum<T, TSum>(ReadOnlySpan<T> x, TSum[] sums) where T : INumber<T> where TSum : INumber<TSum>
    {
        var inner = loops[^1];
        foreach (var (a, _, o) in Rows())
            for (int i = 0, p = a, q = o; i < inner.Length; i++, p += inner.First, q += inner.Output) sums[q] += TSum.CreateTruncating(x[p]);
    }

    static ReadOnlySpan<TSum> Wide<T, TSum>(TensorData x) where T : INumber<T> where TSum : struct, INumber<TSum>
    {
        if (typeof(T) == typeof(TSum)) return x.Span<TSum>();
        var wide = new TSum[x.Shape.Size];
        TensorPrimitives.ConvertTruncating<T, TSum>(x.Span<T>(), wide);
        return wide;
    }

    void Products<TSum>(ReadOnlySpan<TSum> x, ReadOnlySpan<TSum> y, TSum[] sums) where TSum : INumber<TSum>
    {
        var inner = loops[^1];
        int n = inner.Length;
        foreach (var (a, b, o) in Rows())
            switch ((inner.First, inner.Second, inner.Output))
            {
                case (0, 1, 1): TensorPrimitives.MultiplyAdd(y.Slice(b, n), x[a], sums.AsSpan(o, n), sums.AsSpan(o, n)); break;
                case (1, 0, 1): TensorPrimitives.MultiplyAdd(x.Slice(a, n), y[b], sums.AsSpan(o, n), sums.AsSpan(o, n)); break;
                case (1, 1, 1): TensorPrimitives.MultiplyAdd(x.Slice(a, n), y.Slice(b, n), sums.AsSpan(o, n), sums.AsSpan(o, n)); break;
                case (_, _, 0):
                    var sum = sums[o];
                    for (int i = 0, p = a, r = b; i < n; i++, p += inner.First, r += inner.Second) sum += x[p] * y[r];
                    sums[o] = sum;
                    break;
                default:
                    for (int i = 0, p = a, r = b, q = o; i < n; i++, p += inner.First, r += inner.Second, q += inner.Output) sums[q] += x[p] * y[r];
                    break;
            }
    }

    /// <summary>Where the inner loop starts in the inputs and the output, for every combination of the outer labels.</summary>
    IEnumerable<(int First, int Second, int Output)> Rows()
    {
        int outer = loops.Count - 1, a = 0, b = 0, o = 0;
        var at = new int[outer];
        while (true)
        {
            yield return (a, b, o);
            int k = outer - 1;
            for (; k >= 0; k--)
            {
                var loop = loops[k];
                (a, b, o) = (a + loop.First, b + loop.Second, o + loop.Output);
                if (++at[k] < loop.Length) break;
                at[k] = 0;
                (a, b, o) = (a - loop.Length * loop.First, b - loop.Length * loop.Second, o - loop.Length * loop.Output);
            }
            if (k < 0) yield break;
        }
    }
}
