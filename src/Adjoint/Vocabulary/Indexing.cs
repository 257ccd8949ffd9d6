using System.Globalization;

namespace Adjoint;

/// <summary>Names for indices that are neither numbers nor ranges.</summary>
public static class Axis
{
    /// <summary>All axes that the other indices do not describe: at most once.</summary>
    public static TensorIndex All { get; } = new(TensorIndex.Kinds.All);

    /// <summary>A new axis of length 1.</summary>
    public static TensorIndex New { get; } = new(TensorIndex.Kinds.New);
}

/// <summary>
/// What stands in an indexer for one axis: a number (−1 and ^1 are the last), a range, also with a step, an integer tensor, a bool tensor (which
/// stands for as many axes as it has), <see cref="Axis.All"/> or <see cref="Axis.New"/>. Unlike NumPy's, ranges must lie in their axis, and the axes
/// of an index tensor always stand where it does; several index tensors must be neighbours, and broadcast together.
/// </summary>
public readonly struct TensorIndex
{
    internal enum Kinds : byte { Number, Range, Tensor, All, New }

    internal TensorIndex(Kinds kind, Range range = default, int step = 1, Tensor? tensor = null) => (Kind, Range, Step, Tensor) = (kind, range, step, tensor);

    internal Kinds Kind { get; }
    internal Range Range { get; }
    internal int Step { get; }
    internal Tensor? Tensor { get; }

    /// <summary>The number of axes that it describes; of all of them none for itself.</summary>
    internal int Axes => Kind switch { Kinds.All or Kinds.New => 0, Kinds.Tensor when Tensor!.DType == DType.Bool => Tensor.Rank, _ => 1 };

    public static implicit operator TensorIndex(int index) => index < 0 ? new Index(-index, fromEnd: true) : new Index(index);
    public static implicit operator TensorIndex(Index index) => new(Kinds.Number, new(index, index));
    public static implicit operator TensorIndex(Range range) => new(Kinds.Range, range);
    public static implicit operator TensorIndex(Tensor indices) => new(Kinds.Tensor, tensor: indices);
    public static implicit operator TensorIndex(int[] indices) => (Tensor)indices;
    public static implicit operator TensorIndex(long[] indices) => (Tensor)indices;
    public static implicit operator TensorIndex(bool[] mask) => (Tensor)mask;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        Kinds.Number => Range.Start.ToString(),
        Kinds.Range => Step == 1 ? Text(Range) : string.Create(CultureInfo.InvariantCulture, $"({Text(Range)}).Step({Step})"),
        Kinds.Tensor => $"{Tensor!.DType.Text}{Tensor.Shape}",
        _ => "Axis." + Kind,
    };

    // as it was written
    static string Text(Range range) => (range.Start.Equals(Index.Start) ? "" : range.Start.ToString()) + ".." + (range.End.Equals(Index.End) ? "" : range.End.ToString());
}

/// <summary>Parts of tensors by index, and tensors with a part replaced.</summary>
public static class Indexing
{
    extension(Range range)
    {
        /// <summary>Every <paramref name="step"/>-th element of the range; with a negative step from its end: <c>(..).Step(-1)</c> is the reverse.</summary>
        public TensorIndex Step(int step) => step != 0 ? new(TensorIndex.Kinds.Range, range, step)
            : throw new ArgumentOutOfRangeException(nameof(step), "index: the step must not be 0.");
    }

    extension(Tensor x)
    {
        /// <summary>This with other values at an index; they broadcast. Where an index tensor names an element several times, the last value counts.</summary>
        /// <exception cref="ShapeException">The index or the value does not fit.</exception>
        public Tensor With(TensorIndex index, Tensor value) => x.With([index], value);

        /// <summary>The same at two indices: <c>x.With(.., 0, value)</c>.</summary>
        public Tensor With(TensorIndex first, TensorIndex second, Tensor value) => x.With([first, second], value);

        /// <summary>The same at several indices. In brackets a range that starts with dots needs parentheses: <c>x.With([(..), 0, 1], value)</c>.</summary>
        /// <exception cref="ShapeException">The indices or the value do not fit.</exception>
        public Tensor With(ReadOnlySpan<TensorIndex> indices, Tensor value)
        {
            var part = At(Input.Like(x), indices);
            var values = Fitting("with", x, part, value);
            if (x.Size == Shape.Unknown) throw new ShapeException($"with: a length of shape {x.Shape} is known only when the program runs.");
            if (!HasTensor(indices))
            {
                var replaced = Tensor.Literal(DType.Bool, 1, weak: false).BroadcastTo(part.Shape);
                return Tensor.Select(Place(x, indices, replaced), Place(x, indices, values), x);
            }
            var places = At(Tensor.Arange(x.Size).Reshape(x.Shape), indices).Flatten();
            if (values.Size == 0) return x;
            var writer = Equation.Solve(new LastWriter(x.Size), places).Reshape(x.Shape);
            return Tensor.Select(writer >= 0, values.Flatten().Take(writer.Maximum(0)), x);
        }

        /// <summary>This with values added at an index; they broadcast. Where an index tensor names an element several times, all its values are added.</summary>
        /// <exception cref="ShapeException">The index or the value does not fit.</exception>
        public Tensor AddAt(TensorIndex index, Tensor value) => x.AddAt([index], value);

        /// <summary>The same at two indices: <c>x.AddAt(.., 0, value)</c>.</summary>
        public Tensor AddAt(TensorIndex first, TensorIndex second, Tensor value) => x.AddAt([first, second], value);

        /// <summary>The same at several indices. In brackets a range that starts with dots needs parentheses.</summary>
        /// <exception cref="ShapeException">The indices or the value do not fit.</exception>
        public Tensor AddAt(ReadOnlySpan<TensorIndex> indices, Tensor value) => x + Place(x, indices, Fitting("add-at", x, At(Input.Like(x), indices), value));
    }

    static Tensor Fitting(string name, Tensor x, Tensor part, Tensor value) =>
        value.DType.IsFloat && !x.DType.IsFloat ? throw new ShapeException(
            $"{name}: a {value.DType.Text} value would lose its fraction in a tensor of {x.DType.Text}. Convert one of them with To(DType).")
        : value.Rank <= part.Rank && value.Shape.Select((n, k) => n == 1 || n == part.Shape[part.Rank - value.Rank + k]).All(fits => fits)
        ? (value.DType == x.DType ? value : value.To(x.DType)).BroadcastTo(part.Shape)
        : throw new ShapeException($"{name}: the value {value.Shape} does not broadcast to the part {part.Shape} of shape {x.Shape}.");

    static bool HasTensor(ReadOnlySpan<TensorIndex> indices)
    {
        foreach (var index in indices) if (index.Kind == TensorIndex.Kinds.Tensor) return true;
        return false;
    }

    // x[indices] is linear in x: its transpose puts values in their places, and zeros elsewhere
    static Tensor Place(Tensor x, ReadOnlySpan<TensorIndex> indices, Tensor values)
    {
        var whole = Input.Like(x);
        for (var part = At(whole, indices); !ReferenceEquals(part, whole); part = part.Equation!.Inputs[0])
        {
            var linear = new bool[part.Equation!.Inputs.Length];
            linear[0] = true;
            values = part.Equation.Operation.Transpose(part.Equation, linear, [values])[0]!;
        }
        return values;
    }

    /// <summary>The part of x at these indices: a slice, a reshape that drops and adds axes, and a gather; those that are needed.</summary>
    internal static Tensor At(Tensor x, ReadOnlySpan<TensorIndex> indices)
    {
        int described = 0, all = -1;
        for (int i = 0; i < indices.Length; i++)
        {
            described += indices[i].Axes;
            if (indices[i].Kind != TensorIndex.Kinds.All) continue;
            if (all >= 0) throw Wrong(x, indices, "Axis.All may stand once.");
            all = i;
        }
        if (described > x.Rank) throw Wrong(x, indices, $"{described} axes are indexed, but the tensor has {x.Rank}.");

        var (starts, lengths, steps, flips) = (new int[x.Rank], x.Shape.Lengths.ToArray(), new int[x.Rank], new List<int>());
        Array.Fill(steps, 1);
        var shape = new List<int>();
        var tensors = new List<(Tensor Index, int Axis)>();
        int axis = 0;
        for (int i = 0; i <= indices.Length; i++)
        {
            if (i == all || (i == indices.Length && all < 0))
                for (int k = x.Rank - described; k > 0; k--) shape.Add(x.Shape[axis++]);
            if (i == indices.Length || i == all) continue;
            var index = indices[i];
            switch (index.Kind)
            {
                case TensorIndex.Kinds.New: shape.Add(1); break;
                case TensorIndex.Kinds.Number: starts[axis] = Number(x, indices, axis, index.Range.Start); lengths[axis++] = 1; break;
                case TensorIndex.Kinds.Range:
                    (starts[axis], lengths[axis], steps[axis]) = Part(x, indices, axis, index);
                    if (index.Step < 0) flips.Add(axis);
                    shape.Add(lengths[axis++]);
                    break;
                default:
                    tensors.Add((index.Tensor!, shape.Count));
                    for (int k = 0; k < index.Axes; k++) shape.Add(x.Shape[axis++]);
                    break;
            }
        }
        if (!lengths.AsSpan().SequenceEqual(x.Shape.Lengths) || steps.Any(s => s != 1)) x = Equation.Solve(new Slice(new(starts), new(lengths), new(steps)), x);
        if (flips.Count > 0) x = x.Flip([.. flips]);
        if (!shape.SequenceEqual(x.Shape)) x = x.Reshape(Shape.Of([.. shape]));
        return tensors.Count == 0 ? x : Gathered(x, indices, tensors);
    }

    static int Number(Tensor x, ReadOnlySpan<TensorIndex> indices, int axis, Index index)
    {
        int n = Known(x, indices, axis), at = index.GetOffset(n);
        return at >= 0 && at < n ? at : throw Wrong(x, indices, $"axis {axis} has length {n}; it has no element {index}.");
    }

    static (int Start, int Length, int Step) Part(Tensor x, ReadOnlySpan<TensorIndex> indices, int axis, TensorIndex index)
    {
        if (index.Step == 1 && index.Range.Equals(Range.All)) return (0, x.Shape[axis], 1);
        int n = Known(x, indices, axis), start = index.Range.Start.GetOffset(n), stop = index.Range.End.GetOffset(n), step = Math.Abs(index.Step);
        if (start < 0 || stop < start || stop > n) throw Wrong(x, indices, $"axis {axis} has length {n}; the range {(TensorIndex)index.Range} does not lie in it.");
        int length = (stop - start + step - 1) / step;
        return (index.Step > 0 || length == 0 ? start : stop - 1 - (length - 1) * step, length, step);
    }

    static int Known(Tensor x, ReadOnlySpan<TensorIndex> indices, int axis) => x.Shape[axis] != Shape.Unknown ? x.Shape[axis]
        : throw Wrong(x, indices, $"the length of axis {axis} is known only when the program runs; only .. fits.");

    // neighbouring axes become one, which one tensor of flat indices gathers from
    static Tensor Gathered(Tensor x, ReadOnlySpan<TensorIndex> indices, List<(Tensor Index, int Axis)> tensors)
    {
        int first = tensors[0].Axis, count = tensors.Sum(t => ((TensorIndex)t.Index).Axes);
        if (tensors.Any(t => t.Index.DType == DType.Bool))
        {
            if (tensors.Count > 1) throw Wrong(x, indices, "a bool tensor must be the only index tensor.");
            var (mask, axes) = (tensors[0].Index.Shape, Shape.Of(x.Shape.Lengths[first..(first + count)]));
            if (mask != axes) throw Wrong(x, indices, $"the bool tensor has shape {mask}; its axes have shape {axes}.");
        }
        else if (tensors.Where((t, k) => t.Axis != first + k).Any()) throw Wrong(x, indices, "several index tensors must be neighbours.");
        var lengths = x.Shape.Lengths[first..(first + count)];
        var flat = tensors[0].Index.DType == DType.Bool ? Places(tensors[0].Index) : tensors.Count == 1 ? tensors[0].Index : Flat(tensors, Sequence.Of(lengths));
        var joined = Shape.Of([.. x.Shape.Lengths[..first], Shape.Of(lengths).Size, .. x.Shape.Lengths[(first + count)..]]);
        return x.Reshape(joined).Take(flat, first);
    }

    static Tensor Flat(List<(Tensor Index, int Axis)> tensors, Sequence<int> lengths)
    {
        var shape = Shape.Scalar;
        foreach (var (index, _) in tensors) shape = Shape.Broadcast("index", shape, index.Shape);
        return Equation.Of(new FlatIndex(lengths), [.. tensors.Select(t => t.Index.BroadcastTo(shape))]).Results[0];
    }

    static Tensor Places(Tensor mask)
    {
        if (mask.IsSymbolic)
            throw new InvalidOperationException(
                $"index: the bool tensor {mask.Shape} depends on an argument of a function that is being traced, so how many elements it takes is not known. "
                + "Use Select to choose between values, element by element.");
        var truths = mask.AsSpan<bool>();
        var places = new List<int>();
        for (int i = 0; i < truths.Length; i++) if (truths[i]) places.Add(i);
        return new Tensor(new TensorData<int>(Shape.Of([places.Count]), [.. places]));
    }

    static ShapeException Wrong(Tensor x, ReadOnlySpan<TensorIndex> indices, string rule) =>
        new($"index: x[{string.Join(", ", indices.ToArray())}] of shape {x.Shape}: {rule}");
}
