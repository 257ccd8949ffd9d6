namespace Adjoint;

/// <summary>Structural operations: views with other strides, copies into parts of a slot, extremes, and products with a plan of their own.</summary>
sealed partial class Works
{
    /// <summary>From this many products on a contraction of matrices is packed and tiled.</summary>
    const long SmallestProduct = 4096;

    static View Sliced(View x, Slice slice)
    {
        long offset = x.Offset;
        var strides = new long[x.Strides.Length];
        for (int k = 0; k < strides.Length; k++)
        {
            bool isWhole = slice.Lengths[k] == Shape.Unknown;
            if (!isWhole) offset += slice.Starts[k] * x.Strides[k];
            strides[k] = isWhole ? x.Strides[k] : x.Strides[k] * slice.Steps[k];
        }
        return new(x.Slot, offset, strides);
    }

    static View Flipped(View x, Shape shape, Flip flip)
    {
        long offset = x.Offset;
        long[] strides = [.. x.Strides];
        foreach (int k in flip.Axes) { offset += strides[k] * Math.Max(0, shape[k] - 1); strides[k] = -strides[k]; }
        return new(x.Slot, offset, strides);
    }

    void Extreme(Equation z, Reduce reduce)
    {
        var shape = z.Inputs[0].Shape;
        bool[] reduced = [.. Enumerable.Range(0, shape.Rank).Select(k => reduce.Axes.Contains(k))];
        Reduction(z, reduce.Kind switch { Operations.Reduction.Maximum => Combine.Maximum, Operations.Reduction.Minimum => Combine.Minimum, _ => Combine.Product },
            Code.Copy, Views(z), [.. shape], reduced, [.. Enumerable.Range(0, shape.Rank).Where(k => !reduced[k])], InOrder(z.Inputs[0]));
    }

    void Join(Equation z, int axis)
    {
        var target = Whole(z);
        int start = 0;
        foreach (var x in z.Inputs)
        {
            Place(z, ViewOf(x), x.Shape, target, start * target.Strides[axis]);
            start += x.Shape[axis];
        }
    }

    // boxes of zeros before and after each axis, none of which overlap
    void Surround(Equation z, Pad pad)
    {
        var target = Whole(z);
        var zero = Number(z.Results[0].DType, 0, pad.Low.Count);
        int[] lengths = [.. z.Results[0].Shape];
        long offset = 0;
        for (int k = 0; k < lengths.Length; k++)
        {
            int inner = z.Inputs[0].Shape[k];
            Place(z, zero, Shape.Of(lengths).With(k, pad.Low[k]), target, offset);
            Place(z, zero, Shape.Of(lengths).With(k, pad.High[k]), target, offset + (pad.Low[k] + inner) * target.Strides[k]);
            offset += pad.Low[k] * target.Strides[k];
            lengths[k] = inner;
        }
        Place(z, ViewOf(z.Inputs[0]), z.Inputs[0].Shape, target, offset);
    }

    // zeros, and the elements over them: between neighbours, or on a diagonal
    void Scatter(Equation z, View x, Shape shape, long offset, long[] strides, int[]? order = null)
    {
        var target = Whole(z);
        Place(z, Number(z.Results[0].DType, 0, target.Strides.Length), z.Results[0].Shape, target, 0);
        Place(z, x, shape, target with { Strides = strides }, offset, overwrites: true, order);
    }

    void Diagonal(Equation z, Contract contract)
    {
        int[] labels = [.. contract.Output.Distinct()];
        var target = View.DenseStrides(z.Results[0].Shape.Lengths);
        long[] strides = [.. labels.Select(label => contract.Output.Select((l, k) => l == label ? target[k] : 0).Sum())];
        Scatter(z, Labelled(ViewOf(z.Inputs[0]), contract.Inputs[0], labels), Shape.Of([.. labels.Select(label => Length(z, contract, label))]), 0, strides);
    }

    void Spread(Equation z, Pad pad)
    {
        var target = View.DenseStrides(z.Results[0].Shape.Lengths);
        Scatter(z, ViewOf(z.Inputs[0]), z.Inputs[0].Shape, target.Select((s, k) => s * pad.Low[k]).Sum(), [.. target.Select((s, k) => s * (pad.Interior[k] + 1))]);
    }

    View Number(DType type, double value, int rank) => new(Slot(type, 1, Residence.Literal, literal: Tensor.Literal(type, value, weak: false)), 0, new long[rank]);

    View Whole(Equation z) => Whole(z.Results[0]);

    View Whole(Tensor x) => views[x] = View.Dense(Slot(x.DType, x.Size, Residence.Arena, isShared: true), x.Shape.Lengths);

    void Place(Equation z, View x, Shape shape, View target, long offset, bool overwrites = false, int[]? order = null)
    {
        if (shape.Size == 0) return;
        int[] kept = [.. (order ?? [.. Enumerable.Range(0, shape.Rank)]).Where(k => shape[k] != 1)];
        Write(new Statement(z, Code.Copy, [x with { Strides = [.. kept.Select(k => x.Strides[k])] }], [.. kept.Select(k => shape[k])], target.Slot)
        {
            TargetOffset = offset, Overwrites = overwrites, TargetStrides = [.. kept.Select(k => target.Strides[k])],
        });
    }

    // matrices on both sides, and enough of them
    static bool IsMatrixProduct(Equation z, Contract contract, int[] summed)
    {
        if (contract.Inputs.Count != 2 || !z.Results[0].DType.IsFloat || contract.Lengths.Count > 0) return false;
        long Free(int side) => contract.Output.Where(label => contract.Inputs[side].Contains(label) && !contract.Inputs[1 - side].Contains(label))
            .Aggregate(1L, (n, label) => n * Length(z, contract, label));
        long points = summed.Concat(contract.Output).Aggregate(1L, (n, label) => n * Length(z, contract, label));
        return points >= SmallestProduct && (Free(0) > 1 || Free(1) > 1);
    }

    void Multiply(Equation z, Contract contract)
    {
        var (left, right) = (ViewOf(z.Inputs[0]), ViewOf(z.Inputs[1]));
        int[] lengths = [.. Enumerable.Range(0, 1 + contract.Inputs.SelectMany(l => l).Concat(contract.Output).Max()).Select(label => Length(z, contract, label))];
        var target = Slot(z.Results[0].DType, z.Results[0].Size, Residence.Arena);
        static LabelledAxes Axes(Sequence<int> labels, View x) => new([.. labels], [.. x.Strides.Select(s => (nint)s)]);
        var plan = ContractionPlan.For(z.Results[0].DType, lengths, Axes(contract.Inputs[0], left), Axes(contract.Inputs[1], right), LabelledAxes.Dense([.. contract.Output], lengths));
        Write(new Product(z, plan, left, right, target));
        views[z.Results[0]] = View.Dense(target, z.Results[0].Shape.Lengths);
    }
}
