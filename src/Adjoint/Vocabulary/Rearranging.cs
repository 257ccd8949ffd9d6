namespace Adjoint;

/// <summary>Parts of tensors, joined, repeated, reversed, padded; triangles; windows.</summary>
public static class Rearranging
{
    extension(Tensor x)
    {
        /// <summary>Along one axis the elements start, start + step, …; all of the others. Usually written with an indexer: <c>x[.., 1..4]</c>.</summary>
        /// <exception cref="ShapeException">An element is not in the axis.</exception>
        public Tensor Slice(int axis, int start, int length, int step = 1)
        {
            axis = x.Shape.Axis(axis);
            var (starts, steps, lengths) = (new int[x.Rank], new int[x.Rank], x.Shape.Lengths.ToArray());
            Array.Fill(steps, 1);
            (starts[axis], lengths[axis], steps[axis]) = (start, length, step);
            if (start == 0 && length == x.Shape[axis] && step == 1) return x;
            if (length < 0) throw new ShapeException($"slice: {length} elements of axis {axis} of shape {x.Shape} were asked for.");
            return Equation.Solve(new Slice(new(starts), new(lengths), new(steps)), x);
        }

        /// <summary>The elements in reverse order along some axes, or along all.</summary>
        public Tensor Flip(params ReadOnlySpan<int> axes) =>
            x.Rank == 0 ? x : Equation.Solve(new Flip(new([.. Contractions.Axes(x, axes).Order()])), x);

        /// <summary>The elements moved <paramref name="shift"/> places up along an axis; those that leave at its end return at its start.</summary>
        public Tensor Roll(int shift, int axis = 0)
        {
            int k = x.Shape.Axis(axis), n = x.Shape[k];
            if (n == 0) return x;
            int wrapped = ((shift % n) + n) % n;
            return wrapped == 0 ? x : Tensor.Concatenate([x.Slice(k, n - wrapped, wrapped), x.Slice(k, 0, n - wrapped)], k);
        }

        /// <summary>
        /// <paramref name="low"/> and <paramref name="high"/> more elements before and after the last axes, as many axes as lengths are given: zeros (or
        /// false), or <paramref name="value"/>. Negative lengths take elements away.
        /// </summary>
        /// <exception cref="ShapeException">The lengths do not fit the axes.</exception>
        public Tensor Pad(ReadOnlySpan<int> low, ReadOnlySpan<int> high, Tensor? value = null)
        {
            int first = x.Rank - low.Length;
            if (low.Length != high.Length || first < 0)
                throw new ShapeException($"pad: {low.Length} and {high.Length} lengths were given for the {x.Rank} axes of shape {x.Shape}; "
                    + "they must be as many, and at most as many as the axes.");
            var (before, after, cropped) = (new int[x.Rank], new int[x.Rank], x);
            for (int k = 0; k < low.Length; k++)
            {
                (before[first + k], after[first + k]) = (Math.Max(0, low[k]), Math.Max(0, high[k]));
                var (cut, end) = (Math.Max(0, -low[k]), Math.Max(0, -high[k]));
                if (cut + end > 0) cropped = cropped.Slice(first + k, cut, cropped.Shape[first + k] - cut - end);
            }
            if (before.Concat(after).All(n => n == 0)) return cropped;
            var pad = new Pad(new(before), new(after), new(new int[x.Rank]));
            var padded = Equation.Solve(pad, cropped);
            if (value is null) return padded;
            var inside = Tensor.Literal(DType.Bool, 1, weak: false).BroadcastTo(cropped.Shape);
            return Tensor.Select(Equation.Solve(pad, inside), padded, value);
        }

        /// <summary>More elements before and after one axis.</summary>
        public Tensor Pad(int axis, int low, int high, Tensor? value = null)
        {
            var (before, after) = (new int[x.Rank], new int[x.Rank]);
            axis = x.Shape.Axis(axis);
            (before[axis], after[axis]) = (low, high);
            return x.Pad(before, after, value);
        }

        /// <summary>The whole tensor repeated along its axes; fewer numbers than axes count for the last ones.</summary>
        public Tensor Tile(params ReadOnlySpan<int> times)
        {
            var tiled = x;
            while (tiled.Rank < times.Length) tiled = tiled.ExpandAxis(0);
            for (int k = 0, axis = tiled.Rank - times.Length; k < times.Length; k++, axis++)
                if (times[k] != 1) tiled = tiled.Repeat(axis, times[k]).Reshape(tiled.Shape.With(axis, times[k] * tiled.Shape[axis]));
            return tiled;
        }

        /// <summary>Each element <paramref name="times"/> times in succession, along an existing axis.</summary>
        public Tensor RepeatElements(int times, int axis = 0)
        {
            axis = x.Shape.Axis(axis);
            return x.Repeat(axis + 1, times).Reshape(x.Shape.With(axis, times * x.Shape[axis]));
        }

        /// <summary>The tensor in this many equal parts along an axis.</summary>
        /// <exception cref="ShapeException">The length of the axis is not a multiple.</exception>
        public Tensor[] Split(int parts, int axis = 0)
        {
            int n = x.Shape[x.Shape.Axis(axis)];
            return parts > 0 && n % parts == 0 ? x.Split(Enumerable.Repeat(n / parts, parts).ToArray(), axis) : throw new ShapeException(
                $"split: axis {axis} of shape {x.Shape} has length {n}, which does not divide into {parts} equal parts. Give the lengths of the parts.");
        }

        /// <summary>The tensor in parts of these lengths along an axis.</summary>
        /// <exception cref="ShapeException">The lengths do not add up.</exception>
        public Tensor[] Split(ReadOnlySpan<int> lengths, int axis = 0)
        {
            int k = x.Shape.Axis(axis), start = 0;
            int[] parts = lengths.ToArray();
            if (parts.Sum() != x.Shape[k])
                throw new ShapeException($"split: the parts [{string.Join(", ", parts)}] add up to {parts.Sum()}, but axis {axis} of shape {x.Shape} has length {x.Shape[k]}.");
            return Array.ConvertAll(parts, n => x.Slice(k, (start += n) - n, n));
        }

        /// <summary>Zeros above the diagonal (of the last two axes) that is <paramref name="diagonal"/> places above the main one.</summary>
        public Tensor LowerTriangle(int diagonal = 0) => Triangular(x, int.MinValue, diagonal);

        /// <summary>Zeros below the diagonal (of the last two axes) that is <paramref name="diagonal"/> places above the main one.</summary>
        public Tensor UpperTriangle(int diagonal = 0) => Triangular(x, diagonal, int.MaxValue);

        /// <summary>
        /// Windows along the last axes as new axes: […, n₁, n₂] → […, m₁, m₂, k₁, k₂], where window m starts at m·stride and its elements are dilation
        /// apart. Strides and dilations are 1 unless given.
        /// </summary>
        /// <exception cref="ShapeException">A window is longer than its axis.</exception>
        public Tensor Windows(ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides = default, ReadOnlySpan<int> dilations = default) =>
            Equation.Solve(new Window(Sequence.Of(sizes), PerAxis("windows", sizes, strides), PerAxis("windows", sizes, dilations)), x);

        /// <summary>The sum of overlapping windows […, m₁, m₂, k₁, k₂] where <c>Windows</c> takes them from: […, n₁, n₂] of these lengths; its transpose.</summary>
        /// <exception cref="ShapeException">The last axes are not the windows of those lengths.</exception>
        public Tensor Fold(ReadOnlySpan<int> lengths, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides = default, ReadOnlySpan<int> dilations = default) =>
            Equation.Solve(new Fold(PerAxis("fold", sizes, lengths), Sequence.Of(sizes), PerAxis("fold", sizes, strides), PerAxis("fold", sizes, dilations)), x);

        /// <summary>The same values as constants: derivatives do not pass.</summary>
        public Tensor StopGradient() => Equation.Solve(Operations.StopGradient.Shared, x);

        /// <summary>The elements moved one place up (1) or down (−1) along an axis: zero enters, the last one leaves.</summary>
        internal Tensor Shift(int axis, int by) => x.Shape[axis] == 0 ? x : x.Pad(axis, by, -by);
    }

    extension(Tensor)
    {
        /// <summary>Tensors one after the other along an axis; their element types promote.</summary>
        /// <exception cref="ShapeException">The shapes differ in another axis.</exception>
        public static Tensor Concatenate(ReadOnlySpan<Tensor> parts, int axis = 0)
        {
            if (parts.IsEmpty) throw new ArgumentException("concatenate: no tensors were given.");
            var all = Promote(parts);
            return Equation.Of(new Concatenate(all[0].Shape.Axis(axis)), all).Results[0];
        }

        /// <summary>Tensors of one shape as the entries of a new axis.</summary>
        /// <exception cref="ShapeException">The shapes differ.</exception>
        public static Tensor Stack(ReadOnlySpan<Tensor> parts, int axis = 0)
        {
            if (parts.IsEmpty) throw new ArgumentException("stack: no tensors were given.");
            int at = axis < 0 ? axis + parts[0].Rank + 1 : axis;
            foreach (var part in parts)
                if (part.Shape != parts[0].Shape)
                    throw new ShapeException($"stack: shapes {parts[0].Shape} and {part.Shape} differ. Broadcast one first, or use Concatenate.");
            return Tensor.Concatenate(Array.ConvertAll(parts.ToArray(), part => part.ExpandAxis(at)), at);
        }
    }

    // every tensor in the type in which all of them can be held
    static Tensor[] Promote(ReadOnlySpan<Tensor> parts)
    {
        var all = parts.ToArray();
        for (int i = 1; i < all.Length; i++) (all[0], all[i]) = Broadcasting.Promote(all[0], all[i]);
        for (int i = 1; i < all.Length; i++) all[i] = Broadcasting.Promote(all[0], all[i]).B;
        return all;
    }

    static Sequence<int> PerAxis(string name, ReadOnlySpan<int> sizes, ReadOnlySpan<int> given)
    {
        if (given.IsEmpty) { int[] ones = new int[sizes.Length]; Array.Fill(ones, 1); return new(ones); }
        return given.Length == sizes.Length ? Sequence.Of(given)
            : throw new ShapeException($"{name}: {sizes.Length} window sizes, but {given.Length} lengths, strides or dilations were given.");
    }

    static Tensor Triangular(Tensor x, int from, int to)
    {
        if (x.Rank < 2) throw new ShapeException($"triangle: shape {x.Shape} has {x.Rank} axes; a matrix has two, after any batch axes.");
        int rows = x.Shape[^2], columns = x.Shape[^1];
        var inside = Equation.Solve(new Triangle(rows, columns, Math.Max(from, 1 - rows), Math.Min(to, columns - 1), DType.Bool));
        return Tensor.Select(inside, x, x.DType == DType.Bool ? (Tensor)false : 0);
    }
}
