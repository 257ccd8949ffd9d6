namespace Adjoint;

/// <summary>Order and accumulation along an axis.</summary>
public static class Ordering
{
    extension(Tensor x)
    {
        /// <summary>The elements in order along an axis. Equal elements keep their order; NaN comes last, ascending and descending.</summary>
        public Tensor Sort(int axis = -1, bool descending = false) => new Equation(new Sort(x.Shape.Axis(axis), descending), [x]).Results[0];

        /// <summary>The indices, int32, that put the elements in order along an axis.</summary>
        public Tensor ArgSort(int axis = -1, bool descending = false) => new Equation(new Sort(x.Shape.Axis(axis), descending), [x]).Results[1];

        /// <summary>The <paramref name="k"/> greatest elements along an axis, the greatest first, and their indices, int32; or the smallest.</summary>
        /// <exception cref="ShapeException">The axis has fewer elements.</exception>
        public (Tensor Values, Tensor Indices) TopK(int k, int axis = -1, bool smallest = false)
        {
            int at = x.Shape.Axis(axis);
            if (k < 0 || k > x.Shape[at])
                throw new ShapeException($"top-k: axis {axis} of shape {x.Shape} has {x.Shape[at]} elements; {k} were asked for.");
            var sorted = new Equation(new Sort(at, !smallest), [x]).Results;
            return (sorted[0].Slice(at, 0, k), sorted[1].Slice(at, 0, k));
        }

        /// <summary>The sums of the elements up to each along an axis; without that one if <paramref name="exclusive"/>; from the end if <paramref name="reverse"/>.</summary>
        public Tensor CumulativeSum(int axis = -1, bool exclusive = false, bool reverse = false)
        {
            axis = x.Shape.Axis(axis);
            var sums = Equation.Solve(new Cumulate(axis, reverse), x.DType == DType.Bool ? x.To(DType.Int32) : x);
            return exclusive ? sums.Shift(axis, reverse ? -1 : 1) : sums;
        }

        /// <summary>The products of the elements up to each along an axis; without that one if <paramref name="exclusive"/>; from the end if <paramref name="reverse"/>.</summary>
        public Tensor CumulativeProduct(int axis = -1, bool exclusive = false, bool reverse = false)
        {
            axis = x.Shape.Axis(axis);
            int n = x.Shape[axis];
            if (n == 0) return x;
            var first = exclusive ? Tensor.Literal(x.DType, 1, weak: false).BroadcastTo(x.Shape.With(axis, 1)) : x.Slice(axis, reverse ? n - 1 : 0, 1);
            var start = first.Pad(axis, reverse ? n - 1 : 0, reverse ? 0 : n - 1);
            return Equation.Solve(new Cumulate(axis, reverse), start, exclusive ? x.Shift(axis, reverse ? -1 : 1) : x);
        }

        /// <summary>The greatest of the elements up to each along an axis; the first of equal ones has the derivative. From the first NaN on it is NaN.</summary>
        public Tensor CumulativeMax(int axis = -1) => x.TakeAlongAxis(Equation.Solve(new ArgReduce(Minimum: false, x.Shape.Axis(axis), Running: true), x), axis);

        /// <summary>The smallest of the elements up to each along an axis; the first of equal ones has the derivative. From the first NaN on it is NaN.</summary>
        public Tensor CumulativeMin(int axis = -1) => x.TakeAlongAxis(Equation.Solve(new ArgReduce(Minimum: true, x.Shape.Axis(axis), Running: true), x), axis);

        /// <summary>
        /// The linear recurrence zₖ = <paramref name="decay"/>ₖ zₖ₋₁ + xₖ along an axis, z₀ = x₀; from the end if <paramref name="reverse"/>: discounted
        /// sums, moving averages. The decays broadcast; the first is not used.
        /// </summary>
        public Tensor Recurrence(Tensor decay, int axis = -1, bool reverse = false)
        {
            var (forcing, factors) = Broadcasting.Match("recurrence", x, decay);
            return Equation.Solve(new Cumulate(x.Shape.Axis(axis) + forcing.Rank - x.Rank, reverse), forcing, factors);
        }
    }
}
