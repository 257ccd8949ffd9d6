using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>How elements are combined.</summary>
public enum Reduction { Maximum, Minimum, Product }

/// <summary>
/// The maximum, minimum or product along some axes; NaN propagates. Of bools the maximum is whether any holds, the minimum whether all do. Equal
/// greatest (or smallest) elements share the derivative equally, as in PyTorch's amax; with a NaN all do.
/// </summary>
/// <param name="Kind">How elements are combined.</param>
/// <param name="Axes">The axes, ascending, at least one.</param>
public sealed record Reduce(Reduction Kind, Sequence<int> Axes) : NonlinearOperation
{
    public override string Name => Kind.ToString().ToLowerInvariant() + " along " + Axes;

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var shape = x[0].Shape;
        if (Axes.Count == 0 || Axes.Any(k => k < 0 || k >= shape.Rank) || Axes.Distinct().Count() != Axes.Count)
            throw Mismatch($"the axes must be distinct axes of shape {shape}.");
        if (Kind == Reduction.Product && x[0].DType == DType.Bool) throw Mismatch("bool operands have no product. Convert them with To(DType.Int32), or use All.");
        if (Kind != Reduction.Product && Axes.FirstOrDefault(k => shape[k] == 0, -1) is var k and >= 0)
            throw Mismatch($"axis {k} of shape {shape} has no elements, and so no {Kind.ToString().ToLowerInvariant()}.");
        return new Signature(Result(shape), x[0].DType);
    }

    Shape Result(Shape x) => Shape.Of([.. x.Where((_, k) => !Axes.Contains(k))]);

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Type switch
    {
        DType.Bool => Truths(x[0]),
        DType.Int32 => Run<int, int>(x[0].Shape, x[0].Span<int>()), DType.Int64 => Run<long, long>(x[0].Shape, x[0].Span<long>()),
        DType.Float32 => Run<float, double>(x[0].Shape, x[0].Span<float>()), _ => Run<double, double>(x[0].Shape, x[0].Span<double>()),
    }];

    TensorData<bool> Truths(TensorData x)
    {
        var z = Run<int, int>(x.Shape, Array.ConvertAll(x.Span<bool>().ToArray(), v => v ? 1 : 0));
        return new(z.Shape, Array.ConvertAll(z.Elements.ToArray(), v => v != 0));
    }

    TensorData<T> Run<T, TAll>(Shape shape, ReadOnlySpan<T> x) where T : INumber<T> where TAll : INumber<TAll>
    {
        var result = Result(shape);
        var strides = new int[shape.Rank];
        for (int k = shape.Rank - 1, next = 1; k >= 0; k--) if (!Axes.Contains(k)) { strides[k] = next; next *= shape[k]; }
        int[] to = Moves.Sources([.. shape.Select(n => Moves.Range(0, n))], strides);
        var all = new TAll[result.Size];
        var seen = new bool[all.Length];
        if (Kind == Reduction.Product) Array.Fill(all, TAll.One);
        for (int i = 0; i < x.Length; i++)
        {
            var value = TAll.CreateTruncating(x[i]);
            ref var z = ref all[to[i]];
            z = Kind == Reduction.Product ? z * value : !seen[to[i]] ? value : Kind == Reduction.Maximum ? TAll.Max(z, value) : TAll.Min(z, value);
            seen[to[i]] = true;
        }
        return new(result, Array.ConvertAll(all, T.CreateTruncating));
    }

    // maximum:  dz = Σ (x ≮ z) dx / Σ (x ≮ z)
    // product:  dz = Σᵢ (Πⱼ﹤ᵢ xⱼ) (Πⱼ﹥ᵢ xⱼ) dxᵢ,  without a division, for zeros
    protected override Tensor? Jvp(Equation z, Tensor?[] dx)
    {
        if (dx[0] is not { } d) return null;
        var x = z.Inputs[0];
        int[] axes = [.. Axes];
        if (Kind != Reduction.Product)
        {
            var extreme = z.Results[0].Reshape(Contractions.Kept(x.Shape, axes));
            var at = !(Kind == Reduction.Maximum ? x < extreme : x > extreme);
            return Tensor.Select(at, d, 0).Sum(axes) * at.Sum(axes).To(d.DType).Reciprocal();
        }
        int[] kept = [.. Enumerable.Range(0, x.Rank).Except(axes)];
        int count = axes.Aggregate(1, (n, k) => n * x.Shape[k]);
        Tensor AsRows(Tensor t) => t.Permute([.. kept, .. axes]).Reshape(Shape.Of([.. kept.Select(k => x.Shape[k]), count]));
        var (rows, dRows) = (AsRows(x), AsRows(d));
        return (rows.CumulativeProduct(-1, exclusive: true) * rows.CumulativeProduct(-1, exclusive: true, reverse: true) * dRows).Sum(-1);
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this with { Axes = Moves.Shifted(Axes) }, x[0])];
}
