namespace Adjoint;

/// <summary>Windows and their transpose.</summary>
sealed partial class Works
{
    // the axes of values that belong to windows, outermost first, where they are not in their own order
    readonly Dictionary<Tensor, int[]> orders = [];

    int[] InOrder(Tensor x) => orders.TryGetValue(x, out int[]? order) ? order : [.. Enumerable.Range(0, x.Rank)];

    // what is computed from windows is laid out as they are
    int[] Order(Equation z)
    {
        foreach (var x in z.Inputs)
            if (x.Rank == z.Results[0].Rank && orders.TryGetValue(x, out int[]? order)) return orders[z.Results[0]] = order;
        return InOrder(z.Results[0]);
    }

    // z[…, m, k] = x[…, m·stride + k·dilation]
    View Windows(Equation z, Window window)
    {
        var x = ViewOf(z.Inputs[0]);
        int first = x.Strides.Length - window.Sizes.Count;
        orders[z.Results[0]] = Interleaved(first, window.Sizes.Count);
        return x with
        {
            Strides = [.. x.Strides[..first], .. x.Strides[first..].Select((s, k) => s * window.Strides[k]), .. x.Strides[first..].Select((s, k) => s * window.Dilations[k])],
        };
    }

    // m₁, k₁, m₂, k₂, …, as the elements follow each other; but the last positions inside: there are more of them than of taps
    static int[] Interleaved(int first, int axes) =>
        [.. Enumerable.Range(0, first), .. Enumerable.Range(first, axes - 1).SelectMany(d => (int[])[d, d + axes]), first + 2 * axes - 1, first + axes - 1];

    // z[…, m·stride + k·dilation] += x[…, m, k]: windows that do not overlap have places of their own
    void Folded(Equation z, Fold fold)
    {
        var x = z.Inputs[0].Shape;
        int axes = fold.Sizes.Count, first = x.Rank - 2 * axes;
        var (dense, order) = (View.DenseStrides(z.Results[0].Shape.Lengths), Interleaved(first, axes));
        long[] strides = [.. dense[..first], .. dense[first..].Select((s, d) => s * fold.Strides[d]), .. dense[first..].Select((s, d) => s * fold.Dilations[d])];
        bool isDisjoint = Enumerable.Range(0, axes).All(d => x[first + d] == 1 || (fold.Sizes[d] - 1) * fold.Dilations[d] < fold.Strides[d]);
        if (isDisjoint && x.Size == z.Results[0].Size) Place(z, ViewOf(z.Inputs[0]), x, Whole(z) with { Strides = strides }, 0, order: order);
        else if (isDisjoint) Scatter(z, ViewOf(z.Inputs[0]), x, 0, strides, order);
        else
        {
            var target = Slot(z.Results[0].DType, z.Results[0].Size, Residence.Arena);
            Write(new FoldWork(z, ViewOf(z.Inputs[0]), strides, target));
            views[z.Results[0]] = View.Dense(target, z.Results[0].Shape.Lengths);
        }
    }
}
