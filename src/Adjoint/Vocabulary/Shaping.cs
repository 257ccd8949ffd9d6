namespace Adjoint;

/// <summary>The same elements in other shapes.</summary>
public static class Shaping
{
    extension(Tensor x)
    {
        /// <summary>The elements, row-major, under another shape; one length may be −1 and follows from the others.</summary>
        /// <exception cref="ShapeException">The numbers of elements differ.</exception>
        public Tensor Reshape(Shape shape)
        {
            int free = shape.TakeWhile(n => n != Shape.Unknown).Count();
            if (free < shape.Rank && x.Size != Shape.Unknown)
            {
                int others = shape.Remove(free).Size;
                shape = others > 0 && x.Size % others == 0 ? shape.With(free, x.Size / others)
                    : throw new ShapeException($"reshape: {x.Size} elements of shape {x.Shape} do not divide into {shape}.");
            }
            return x.Shape == shape ? x : Equation.Solve(new Reshape(shape), x);
        }

        /// <summary>All elements as one axis.</summary>
        public Tensor Flatten() => x.Reshape([x.Size]);

        /// <summary>A new axis of length 1 before <paramref name="axis"/>; −1 is after the last.</summary>
        public Tensor ExpandAxis(int axis) => x.Reshape(x.Shape.Insert(axis < 0 ? axis + x.Rank + 1 : axis, 1));

        /// <summary>Without the axes of length 1, or without one of them.</summary>
        /// <exception cref="ShapeException">The axis is longer.</exception>
        public Tensor Squeeze(int? axis = null)
        {
            if (axis is not { } one) return x.Reshape(Shape.Of([.. x.Shape.Where(n => n != 1)]));
            int k = x.Shape.Axis(one);
            return x.Shape[k] == 1 ? x.Reshape(x.Shape.Remove(k))
                : throw new ShapeException($"squeeze: axis {one} of shape {x.Shape} has length {x.Shape[k]}; only axes of length 1 can be dropped.");
        }
    }
}
