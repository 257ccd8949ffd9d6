namespace Adjoint;

/// <summary>Elements by index, and sums by index.</summary>
public static class Gathering
{
    extension(Tensor x)
    {
        /// <summary>
        /// The entries of an axis that integer <paramref name="indices"/> of any shape name; their axes stand in its place. Negative indices count from the end.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such entry; thrown when the value is computed.</exception>
        public Tensor Take(Tensor indices, int axis = 0) => Equation.Solve(new Gather(x.Shape.Axis(axis)), x, indices);

        /// <summary>For a table of vectors [n, d]: those that integer <paramref name="indices"/> of any shape name, as a new last axis.</summary>
        /// <exception cref="ShapeException">This is not a table.</exception>
        /// <exception cref="ArgumentOutOfRangeException">There is no such vector; thrown when the value is computed.</exception>
        public Tensor Embedding(Tensor indices) => x.Rank == 2 ? x.Take(indices)
            : throw new ShapeException($"embedding: the table has shape {x.Shape}; it must be [number of vectors, length of a vector].");

        /// <summary>For every line along an axis the elements that the same line of <paramref name="indices"/> names; other axes broadcast.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such element; thrown when the value is computed.</exception>
        public Tensor TakeAlongAxis(Tensor indices, int axis)
        {
            var (from, at, back) = Lines("take-along-axis", x, indices, axis);
            return back(Equation.Solve(new Gather(x.Rank - 1, x.Rank - 1), from, at));
        }

        /// <summary>
        /// This plus <paramref name="values"/>, each added to the element of its line along an axis that <paramref name="indices"/> names. Indices and
        /// values have one shape. To add at an index see <c>AddAt</c>.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such element; thrown when the value is computed.</exception>
        public Tensor ScatterAdd(Tensor indices, Tensor values, int axis)
        {
            if (indices.Shape != values.Shape)
                throw new ShapeException($"scatter-add: the indices {indices.Shape} and values {values.Shape} must have one shape.");
            int k = x.Shape.Axis(axis);
            var (_, at, back) = Lines("scatter-add", x, indices, axis);
            if (at.Size != indices.Size)
                throw new ShapeException($"scatter-add: the indices {indices.Shape} must have the axes of shape {x.Shape} but for axis {axis}.");
            var last = Broadcasting.Promote(x, values).B.MoveAxis(k, -1);
            return x + back(Equation.Solve(new ScatterAdd(x.Rank - 1, x.Shape[k], x.Rank - 1), last, at));
        }

        /// <summary>For integers: 1 where a new last axis of length <paramref name="depth"/> has the number as its index, else 0; zeros for other numbers.</summary>
        public Tensor OneHot(int depth, DType type = DType.Float32)
        {
            Moves.CheckIndices("one-hot", x);
            return x.ExpandAxis(-1).EqualTo(Tensor.Arange(depth)).To(type);
        }
    }

    // both with the axis last, and the way back
    static (Tensor From, Tensor Indices, Func<Tensor, Tensor> Back) Lines(string name, Tensor x, Tensor indices, int axis)
    {
        Moves.CheckIndices(name, indices);
        int k = x.Shape.Axis(axis);
        if (indices.Rank != x.Rank)
            throw new ShapeException($"{name}: the indices {indices.Shape} must have as many axes as shape {x.Shape}.");
        var shape = Shape.Broadcast(name, x.Shape.With(k, 1), indices.Shape.With(k, 1));
        Tensor Last(Tensor t) => t.BroadcastTo(shape.With(k, t.Shape[k])).MoveAxis(k, -1);
        return (Last(x), Last(indices), z => z.MoveAxis(-1, k));
    }
}
