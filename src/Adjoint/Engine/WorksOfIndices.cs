namespace Adjoint;

/// <summary>Elements by index: places along an axis, which loads and stores of other statements take as a part of their address.</summary>
sealed partial class Works
{
    readonly Dictionary<(Slot, long, Sequence<long>, Shape, int, DType), View> places = [];
    readonly Dictionary<DType, Slot> counting = [];

    /// <summary>The indices of elements of this type, so that as many of them as of the elements are in a vector.</summary>
    static DType IndexFor(DType elements) => elements is DType.Int64 or DType.Float64 ? DType.Int64 : DType.Int32;

    /// <summary>The numbers Σ iₖ · strides[k].</summary>
    View Counting(DType type, long[] strides) =>
        new(counting.TryGetValue(type, out var slot) ? slot : counting[type] = Slot(type, 0, Residence.Counting), 0, strides);

    /// <summary>0, 1, … along one of several axes.</summary>
    View Counting(DType type, int rank, int axis)
    {
        var strides = new long[rank];
        strides[axis] = 1;
        return Counting(type, strides);
    }

    /// <summary>Indices of an axis, counted from its start, and checked.</summary>
    View Places(Equation z, Tensor indices, int length, DType type)
    {
        var view = ViewOf(indices);
        var key = (view.Slot, view.Offset, new Sequence<long>(view.Strides), indices.Shape, length, type);
        if (places.TryGetValue(key, out var known)) return known;
        return places[key] = Elementwise(z, Code.Locate, [view], indices.Shape, type, axisLength: length);
    }

    // z[b, p, i, r] = x[b, p, place[b, i], r]
    void Take(Equation z, Gather gather)
    {
        var (x, place) = (ViewOf(z.Inputs[0]), Places(z, z.Inputs[1], z.Inputs[0].Shape[gather.Axis], IndexFor(z.Results[0].DType)));
        int own = z.Inputs[1].Rank - gather.Leading, after = gather.Axis + 1;
        View table = x with { Strides = [.. x.Strides[..gather.Axis], .. new long[own], .. x.Strides[after..]] };
        views[z.Results[0]] = Elementwise(z, Code.Gather, [table, Spread(place, gather.Leading, gather.Axis, z.Results[0].Rank)], z.Results[0].Shape, z.Results[0].DType,
            axisLength: z.Inputs[0].Shape[gather.Axis], axisStride: x.Strides[gather.Axis]);
    }

    // the axes b of places first, the axes i from another axis on
    static View Spread(View place, int leading, int axis, int rank)
    {
        var strides = new long[rank];
        place.Strides.AsSpan(0, leading).CopyTo(strides);
        place.Strides.AsSpan(leading).CopyTo(strides.AsSpan(axis));
        return place with { Strides = strides };
    }

    // z[b, p, place[b, i], r] += x[b, p, i, r]; where there is one i, it is z[b, p, k, r] = place[b] = k ? x[b, p, r] : 0, which has no order
    void Scatter(Equation z, ScatterAdd scatter)
    {
        var (x, indices, result) = (z.Inputs[0], z.Inputs[1], z.Results[0]);
        int own = indices.Rank - scatter.Leading, axis = scatter.Axis;
        var place = Places(z, indices, scatter.Length, IndexFor(result.DType));
        if (indices.Shape.Lengths[scatter.Leading..].ToArray().All(n => n == 1))
        {
            var given = ViewOf(x) is var v ? v with { Strides = [.. v.Strides[..axis], 0, .. v.Strides[(axis + own)..]] } : default;
            View at = place with { Strides = [.. place.Strides[..scatter.Leading], .. new long[result.Rank - scatter.Leading]] };
            var isThere = Elementwise(z, Code.Equal, [at, Counting(place.Slot.Type, result.Rank, axis)], result.Shape, DType.Bool);
            Elementwise(z, Code.Select, [isThere, given, Number(result.DType, 0, result.Rank)]);
            return;
        }
        var target = Whole(z);
        Place(z, Number(result.DType, 0, result.Rank), result.Shape, target, 0);
        Scatter(z, Code.ScatterAdd, ViewOf(x), Spread(place, scatter.Leading, axis, x.Rank), x.Shape, target,
            [.. target.Strides[..axis], .. new long[own], .. target.Strides[(axis + 1)..]], scatter.Length, target.Strides[axis]);
    }

    void Scatter(Equation z, Code code, View x, View place, Shape shape, View target, long[] strides, int length, long stride)
    {
        if (shape.Size == 0) return;
        int[] kept = [.. Enumerable.Range(0, shape.Rank).Where(k => shape[k] != 1)];
        View Kept(View v) => v with { Strides = [.. kept.Select(k => v.Strides[k])] };
        Write(new Statement(z, code, [Kept(x), Kept(place)], [.. kept.Select(k => shape[k])], target.Slot)
        {
            Overwrites = true, TargetStrides = [.. kept.Select(k => strides[k])], AxisLength = length, AxisStride = stride,
        });
    }

    // the least k with x[k] = max x; or, if there is NaN, which no x equals, with x[k] ≠ x[k]
    void First(Equation z, ArgReduce find)
    {
        var (x, shape, type) = (ViewOf(z.Inputs[0]), z.Inputs[0].Shape, IndexFor(z.Inputs[0].DType));
        if (z.Inputs[0].DType == DType.Bool) x = Elementwise(z, Code.Convert, [x], shape, DType.Int32);
        bool[] reduced = [.. Enumerable.Range(0, shape.Rank).Select(k => k == find.Axis)];
        int[] others = [.. Enumerable.Range(0, shape.Rank).Where(k => k != find.Axis)];
        View best = Reduction(z, find.Minimum ? Combine.Minimum : Combine.Maximum, Code.Copy, [x], x.Slot.Type, [.. shape], reduced, others);
        best = best with { Strides = [.. best.Strides[..find.Axis], 0, .. best.Strides[find.Axis..]] };
        var isBest = Elementwise(z, Code.Equal, [x, best], shape, DType.Bool);
        if (x.Slot.Type.IsFloat) isBest = Elementwise(z, Code.Or, [isBest, Elementwise(z, Code.NotEqual, [x, x], shape, DType.Bool)], shape, DType.Bool);
        var index = Elementwise(z, Code.Select, [isBest, Counting(type, shape.Rank, find.Axis), Number(type, shape[find.Axis], shape.Rank)], shape, type);
        var first = Reduction(z, Combine.Minimum, Code.Copy, [index], type, [.. shape], reduced, others);
        views[z.Results[0]] = type == DType.Int32 ? first : Elementwise(z, Code.Convert, [first], z.Results[0].Shape, DType.Int32);
    }

    // (i₁·n₂ + i₂)·n₃ + i₃
    void Flatten(Equation z, Sequence<int> lengths)
    {
        var (shape, flat) = (z.Results[0].Shape, Places(z, z.Inputs[0], lengths[0], DType.Int32));
        for (int k = 1; k < lengths.Count; k++)
        {
            flat = Elementwise(z, Code.Multiply, [flat, Number(DType.Int32, lengths[k], shape.Rank)], shape, DType.Int32);
            flat = Elementwise(z, Code.Add, [flat, Places(z, z.Inputs[k], lengths[k], DType.Int32)], shape, DType.Int32);
        }
        views[z.Results[0]] = flat;
    }

    // −1 everywhere, and then every position, in order
    void Assign(Equation z, int length)
    {
        var (indices, target) = (z.Inputs[0], Whole(z));
        int last = indices.Rank - 1;
        Place(z, Number(DType.Int32, -1, indices.Rank), z.Results[0].Shape, target, 0);
        long[] strides = [.. target.Strides];
        strides[last] = 0;
        Scatter(z, Code.Scatter, Counting(DType.Int32, indices.Rank, last), Places(z, indices, length, DType.Int32), indices.Shape, target, strides, length, 1);
    }
}
