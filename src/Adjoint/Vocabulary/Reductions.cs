namespace Adjoint;

/// <summary>One number from many, along axes: extremes, products, logic, spreads, norms, and the softmax family.</summary>
public static class Reductions
{
    extension(Tensor x)
    {
        /// <summary>The greatest element, of all or along some axes. NaN propagates; equal greatest elements share the derivative equally.</summary>
        /// <exception cref="ShapeException">There are no elements.</exception>
        public Tensor Max(ReadOnlySpan<int> axes = default, bool keepAxes = false) => Reduced(Reduction.Maximum, x, axes, keepAxes);

        /// <summary>The greatest element along one axis.</summary>
        public Tensor Max(int axis, bool keepAxes = false) => x.Max([axis], keepAxes);

        /// <summary>The smallest element, of all or along some axes. NaN propagates; equal smallest elements share the derivative equally.</summary>
        /// <exception cref="ShapeException">There are no elements.</exception>
        public Tensor Min(ReadOnlySpan<int> axes = default, bool keepAxes = false) => Reduced(Reduction.Minimum, x, axes, keepAxes);

        /// <summary>The smallest element along one axis.</summary>
        public Tensor Min(int axis, bool keepAxes = false) => x.Min([axis], keepAxes);

        /// <summary>The product of all elements, or along some axes; 1 where there are none.</summary>
        public Tensor Product(ReadOnlySpan<int> axes = default, bool keepAxes = false) => Reduced(Reduction.Product, x, axes, keepAxes);

        /// <summary>The product along one axis.</summary>
        public Tensor Product(int axis, bool keepAxes = false) => x.Product([axis], keepAxes);

        /// <summary>Whether some element is true (or not 0), of all or along some axes.</summary>
        public Tensor Any(ReadOnlySpan<int> axes = default, bool keepAxes = false) => Truth(Reduction.Maximum, x, axes, keepAxes);

        /// <summary>Whether some element along one axis is true.</summary>
        public Tensor Any(int axis, bool keepAxes = false) => x.Any([axis], keepAxes);

        /// <summary>Whether every element is true (or not 0), of all or along some axes.</summary>
        public Tensor All(ReadOnlySpan<int> axes = default, bool keepAxes = false) => Truth(Reduction.Minimum, x, axes, keepAxes);

        /// <summary>Whether every element along one axis is true.</summary>
        public Tensor All(int axis, bool keepAxes = false) => x.All([axis], keepAxes);

        /// <summary>The index, int32, of the first greatest element along an axis, or in all elements row-major; of the first NaN, if there is one.</summary>
        public Tensor ArgMax(int? axis = null, bool keepAxis = false) => Found(x, minimum: false, axis, keepAxis);

        /// <summary>The index, int32, of the first smallest element along an axis, or in all elements row-major; of the first NaN, if there is one.</summary>
        public Tensor ArgMin(int? axis = null, bool keepAxis = false) => Found(x, minimum: true, axis, keepAxis);

        /// <summary>log Σ eˣ without overflow, of all elements or along some axes.</summary>
        public Tensor LogSumExp(ReadOnlySpan<int> axes = default, bool keepAxes = false)
        {
            var shift = Greatest(Arithmetic.Floating(x), axes);
            var sum = (Arithmetic.Floating(x) - shift).Exp().Sum(axes, keepAxes).Log();
            return sum + (keepAxes ? shift : shift.Reshape(sum.Shape));
        }

        /// <summary>log Σ eˣ along one axis.</summary>
        public Tensor LogSumExp(int axis, bool keepAxes = false) => x.LogSumExp([axis], keepAxes);

        /// <summary>eˣ / Σ eˣ along an axis: positive numbers with sum 1.</summary>
        public Tensor Softmax(int axis = -1)
        {
            var y = Arithmetic.Floating(x);
            var powers = (y - Greatest(y, [axis])).Exp();
            return powers / powers.Sum(axis, keepAxes: true);
        }

        /// <summary>log (eˣ / Σ eˣ) along an axis.</summary>
        public Tensor LogSoftmax(int axis = -1)
        {
            var y = Arithmetic.Floating(x);
            var shifted = y - Greatest(y, [axis]);
            return shifted - shifted.Exp().Sum(axis, keepAxes: true).Log();
        }

        /// <summary>Σ (x − mean)² / (n − correction), of all elements or along some axes. A correction of 1 gives the unbiased estimate from a sample.</summary>
        public Tensor Variance(ReadOnlySpan<int> axes = default, bool keepAxes = false, double correction = 0)
        {
            var y = Arithmetic.Floating(x);
            double count = Contractions.Axes(x, axes).Aggregate(1.0, (n, k) => n * x.Shape[k]);
            return (y - y.Mean(axes, keepAxes: true)).Square().Sum(axes, keepAxes) * (1 / (count - correction));
        }

        /// <summary>The variance along one axis.</summary>
        public Tensor Variance(int axis, bool keepAxes = false, double correction = 0) => x.Variance([axis], keepAxes, correction);

        /// <summary>The square root of the variance; its derivative is not finite where that is 0.</summary>
        public Tensor StandardDeviation(ReadOnlySpan<int> axes = default, bool keepAxes = false, double correction = 0) =>
            x.Variance(axes, keepAxes, correction).Sqrt();

        /// <summary>The standard deviation along one axis.</summary>
        public Tensor StandardDeviation(int axis, bool keepAxes = false, double correction = 0) => x.StandardDeviation([axis], keepAxes, correction);

        /// <summary>The norm along one axis.</summary>
        public Tensor Norm(int axis, double order = 2, bool keepAxes = false) => x.Norm([axis], order, keepAxes);

        /// <summary>
        /// (Σ |x|ᵖ)^(1/p) of all elements or along some axes, without overflow; p = ∞ is the greatest |x|. Where all elements are 0 the derivative is 0.
        /// </summary>
        public Tensor Norm(ReadOnlySpan<int> axes = default, double order = 2, bool keepAxes = false)
        {
            var y = Arithmetic.Floating(x);
            if (order == 1) return y.Abs().Sum(axes, keepAxes);
            if (double.IsPositiveInfinity(order)) return y.Abs().Max(axes, keepAxes);
            var scale = Greatest(y.Abs(), axes);
            scale = Tensor.Select(scale > 0, scale, 1);
            var scaled = y / scale;
            var sum = (order == 2 ? scaled.Square() : scaled.Abs().Pow(order)).Sum(axes, keepAxes);
            var safe = Tensor.Select(sum > 0, sum, 1);
            var root = (order == 2 ? safe.Sqrt() : safe.Pow(1 / order)) * (keepAxes ? scale : scale.Reshape(sum.Shape));
            return Tensor.Select(sum.EqualTo(0), 0, root);
        }
    }

    static Tensor Reduced(Reduction kind, Tensor x, ReadOnlySpan<int> axes, bool keepAxes)
    {
        int[] along = [.. Contractions.Axes(x, axes).Order()];
        if (along.Length == 0) return x;
        var z = Equation.Solve(new Reduce(kind, new(along)), x);
        return keepAxes ? z.Reshape(Contractions.Kept(x.Shape, along)) : z;
    }

    // nothing is true of some of no elements, everything is true of all of them
    static Tensor Truth(Reduction kind, Tensor x, ReadOnlySpan<int> axes, bool keepAxes)
    {
        int[] along = Contractions.Axes(x, axes);
        if (!along.Any(k => x.Shape[k] == 0)) return Reduced(kind, x.DType == DType.Bool ? x : x.NotEqualTo(0), axes, keepAxes);
        var shape = keepAxes ? Contractions.Kept(x.Shape, along) : Shape.Of([.. x.Shape.Where((_, k) => !along.Contains(k))]);
        return Tensor.Literal(DType.Bool, kind == Reduction.Minimum ? 1 : 0, weak: false).BroadcastTo(shape);
    }

    static Tensor Found(Tensor x, bool minimum, int? axis, bool keepAxis)
    {
        if (axis is not { } one) return Equation.Solve(new ArgReduce(minimum, 0), x.Flatten());
        int k = x.Shape.Axis(one);
        var z = Equation.Solve(new ArgReduce(minimum, k), x);
        return keepAxis ? z.ExpandAxis(k) : z;
    }

    // a shift that keeps exponentials and powers in range: the results do not depend on it, so it is a constant; an infinite one would make ∞ − ∞
    static Tensor Greatest(Tensor x, ReadOnlySpan<int> axes)
    {
        int[] along = Contractions.Axes(x, axes);
        if (along.Any(k => x.Shape[k] == 0)) return Tensor.Literal(x.DType, 0, x.IsWeak).BroadcastTo(Contractions.Kept(x.Shape, along));
        var greatest = x.Max(axes, keepAxes: true).StopGradient();
        return Tensor.Select(greatest.IsFinite(), greatest, 0);
    }
}
