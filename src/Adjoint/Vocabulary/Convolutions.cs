namespace Adjoint;

/// <summary>
/// Convolutions and pooling over any number of spatial axes: x is [B, C, n₁, n₂, …]. One stride, padding or dilation counts for every spatial axis; none is stride 1
/// (for pooling the window's size), padding 0, dilation 1.
/// </summary>
public static class Convolutions
{
    extension(Tensor x)
    {
        /// <summary>
        /// z[b, o, m…] = bias[o] + Σ x[b, c, m·stride + k·dilation − padding …] · kernels[o, c, k…], zeros outside: what deep learning calls convolution (the kernel is not reversed).
        /// </summary>
        /// <param name="kernels">[O, C / groups, k₁, k₂, …].</param>
        /// <param name="bias">[O], added last.</param>
        /// <param name="stride">The distance between two windows.</param>
        /// <param name="padding">The zeros before and after each axis.</param>
        /// <param name="dilation">The distance between two elements of a window.</param>
        /// <param name="groups">The number of parts of the channels; output channels of a part see input channels of that part only.</param>
        /// <returns>[B, O, m₁, m₂, …] with m = ⌊(n + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1.</returns>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public Tensor Convolve(Tensor kernels, Tensor? bias = null, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, ReadOnlySpan<int> dilation = default, int groups = 1)
        {
            const string name = "convolve";
            int axes = Spatial(name, x, kernels);
            var (strides, paddings, dilations) = (PerAxis(name, "stride", axes, stride, 1), PerAxis(name, "padding", axes, padding, 0), PerAxis(name, "dilation", axes, dilation, 1));
            int channels = x.Shape[1], outputs = kernels.Shape[0];
            if (groups < 1 || channels != kernels.Shape[1] * groups)
                throw new ShapeException($"{name}: x {x.Shape} has {channels} channels, but kernels {kernels.Shape} with {groups} groups are for {kernels.Shape[1] * Math.Max(groups, 0)}. Kernels are [output channels, input channels / groups, …].");
            if (outputs % groups != 0) throw new ShapeException($"{name}: {outputs} output channels do not divide into {groups} groups.");
            CheckBias(name, bias, outputs);

            var windows = x.Pad(paddings, paddings).Windows(kernels.Shape.Lengths[2..], strides, dilations);
            var z = Grouped(windows, kernels, groups, axes);
            return WithBias(z, bias);
        }

        /// <summary>
        /// The transpose of <c>Convolve</c> with the same kernels, stride, padding, dilation and groups: every element of x adds a copy of the kernel to the result, stride apart.
        /// </summary>
        /// <param name="kernels">[C, O / groups, k₁, k₂, …].</param>
        /// <param name="bias">[O], added last.</param>
        /// <param name="stride">The distance between two copies.</param>
        /// <param name="padding">The elements that are taken off before and after each axis.</param>
        /// <param name="dilation">The distance between two elements of a copy.</param>
        /// <param name="groups">The number of parts of the channels.</param>
        /// <param name="outputPadding">The elements added after each axis: lengths that a convolution with a stride maps to one length differ in it.</param>
        /// <returns>[B, O, n₁, n₂, …] with n = (m − 1)·stride − 2·padding + dilation·(k − 1) + 1 + outputPadding.</returns>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public Tensor ConvolveTransposed(Tensor kernels, Tensor? bias = null, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, ReadOnlySpan<int> dilation = default, int groups = 1,
            ReadOnlySpan<int> outputPadding = default)
        {
            const string name = "convolve-transposed";
            int axes = Spatial(name, x, kernels);
            var (strides, paddings, dilations) = (PerAxis(name, "stride", axes, stride, 1), PerAxis(name, "padding", axes, padding, 0), PerAxis(name, "dilation", axes, dilation, 1));
            int[] extra = PerAxis(name, "output padding", axes, outputPadding, 0);
            int channels = x.Shape[1], outputs = kernels.Shape[1] * groups;
            if (channels != kernels.Shape[0])
                throw new ShapeException($"{name}: x {x.Shape} has {channels} channels, but kernels {kernels.Shape} are for {kernels.Shape[0]}. Kernels are [input channels, output channels / groups, …].");
            if (groups < 1 || channels % groups != 0) throw new ShapeException($"{name}: {channels} input channels do not divide into {groups} groups.");
            CheckBias(name, bias, outputs);

            int[] sizes = kernels.Shape.Lengths[2..].ToArray();
            int[] lengths = [.. sizes.Select((k, i) => (x.Shape[i + 2] - 1) * strides[i] + (k - 1) * dilations[i] + 1)];
            var folded = Copies(x, kernels, groups, axes).Fold(lengths, sizes, strides, dilations);
            var z = folded.Pad([.. paddings.Select(p => -p)], [.. paddings.Select((p, i) => extra[i] - p)]);
            return WithBias(z, bias);
        }

        /// <summary>
        /// The greatest element of every window of the last axes, as many as <paramref name="size"/> has lengths; what padding adds never is the greatest. Equal greatest elements share
        /// the derivative equally.
        /// </summary>
        /// <param name="size">The lengths of a window.</param>
        /// <param name="stride">The distance between two windows; the size, unless given.</param>
        /// <param name="padding">The elements added before and after each axis, at most half the size.</param>
        /// <exception cref="ShapeException">A window is longer than its axis, or the padding than half of it.</exception>
        public Tensor MaxPool(ReadOnlySpan<int> size, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default)
        {
            var (windows, axes) = Pooled("max-pool", Arithmetic.Floating(x), size, stride, padding, double.NegativeInfinity);
            return windows.Max(axes);
        }

        /// <summary>The mean of every window of the last axes, as many as <paramref name="size"/> has lengths.</summary>
        /// <param name="size">The lengths of a window.</param>
        /// <param name="stride">The distance between two windows; the size, unless given.</param>
        /// <param name="padding">The zeros added before and after each axis, at most half the size.</param>
        /// <param name="countPadding">Whether the added zeros count in the mean.</param>
        /// <exception cref="ShapeException">A window is longer than its axis, or the padding than half of it.</exception>
        public Tensor AveragePool(ReadOnlySpan<int> size, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, bool countPadding = true)
        {
            var (windows, axes) = Pooled("average-pool", Arithmetic.Floating(x), size, stride, padding, null);
            if (countPadding || padding.IsEmpty) return windows.Mean(axes);
            var ones = Tensor.Literal(windows.DType, 1, weak: false).BroadcastTo(Shape.Of(x.Shape.Lengths[^size.Length..]));
            return windows.Sum(axes) / Pooled("average-pool", ones, size, stride, padding, null).Windows.Sum(axes);
        }
    }

    static (Tensor Windows, int[] Axes) Pooled(string name, Tensor x, ReadOnlySpan<int> size, ReadOnlySpan<int> stride, ReadOnlySpan<int> padding, Tensor? outside)
    {
        int axes = size.Length;
        if (axes == 0 || axes > x.Rank) throw new ShapeException($"{name}: the window has {axes} lengths; shape {x.Shape} has {x.Rank} axes. Give one length for each of its last axes that is pooled.");
        int[] strides = stride.IsEmpty ? size.ToArray() : PerAxis(name, "stride", axes, stride, 1), paddings = PerAxis(name, "padding", axes, padding, 0);
        for (int k = 0; k < axes; k++)
            if (2 * paddings[k] > size[k]) throw new ShapeException($"{name}: padding {paddings[k]} is more than half of the window's length {size[k]}; some windows would hold nothing else.");
        return (x.Pad(paddings, paddings, outside).Windows(size, strides), [.. Enumerable.Range(-axes, axes)]);
    }

    // [B, C, m…, k…] and [O, C / groups, k…] to [B, O, m…]
    static Tensor Grouped(Tensor windows, Tensor kernels, int groups, int axes)
    {
        (windows, kernels) = Broadcasting.Promote(windows, kernels);
        int b = windows.Shape[0], o = kernels.Shape[0], inner = kernels.Shape[1];
        int[] m = [.. Enumerable.Range(10, axes)], k = [.. Enumerable.Range(30, axes)];
        if (groups == 1) return Equation.Solve(Contract.Of([[0, 1, .. m, .. k], [2, 1, .. k]], [0, 2, .. m]), windows, kernels);
        var rest = windows.Shape.Lengths[2..];
        var z = Equation.Solve(Contract.Of([[0, 3, 1, .. m, .. k], [3, 2, 1, .. k]], [0, 3, 2, .. m]),
            windows.Reshape(Shape.Of([b, groups, inner, .. rest])), kernels.Reshape(Shape.Of([groups, o / groups, inner, .. kernels.Shape.Lengths[2..]])));
        return z.Reshape(Shape.Of([b, o, .. rest[..axes]]));
    }

    // [B, C, m…] and [C, O / groups, k…] to [B, O, m…, k…]
    static Tensor Copies(Tensor x, Tensor kernels, int groups, int axes)
    {
        (x, kernels) = Broadcasting.Promote(x, kernels);
        int b = x.Shape[0], c = x.Shape[1], o = kernels.Shape[1];
        int[] m = [.. Enumerable.Range(10, axes)], k = [.. Enumerable.Range(30, axes)];
        if (groups == 1) return Equation.Solve(Contract.Of([[0, 1, .. m], [1, 2, .. k]], [0, 2, .. m, .. k]), x, kernels);
        ReadOnlySpan<int> counts = x.Shape.Lengths[2..], sizes = kernels.Shape.Lengths[2..];
        var z = Equation.Solve(Contract.Of([[0, 3, 1, .. m], [3, 1, 2, .. k]], [0, 3, 2, .. m, .. k]),
            x.Reshape(Shape.Of([b, groups, c / groups, .. counts])), kernels.Reshape(Shape.Of([groups, c / groups, o, .. sizes])));
        return z.Reshape(Shape.Of([b, groups * o, .. counts, .. sizes]));
    }

    static Tensor WithBias(Tensor z, Tensor? bias) => bias is null ? z : z + bias.Reshape(Shape.Of([bias.Size, .. Enumerable.Repeat(1, z.Rank - 2)])).BroadcastTo(z.Shape);

    static int Spatial(string name, Tensor x, Tensor kernels)
    {
        int axes = kernels.Rank - 2;
        return axes >= 1 && x.Rank == kernels.Rank ? axes
            : throw new ShapeException($"{name}: x {x.Shape} and kernels {kernels.Shape} must have as many axes: x [batch, channels, n…], and one length in kernels for every n."
                + (x.Rank == kernels.Rank - 1 ? " Give x a batch axis with ExpandAxis(0)." : ""));
    }

    static void CheckBias(string name, Tensor? bias, int outputs)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != outputs)) throw new ShapeException($"{name}: the bias has shape {bias.Shape}; it must be [{outputs}], one number for each output channel.");
    }

    static int[] PerAxis(string name, string what, int axes, ReadOnlySpan<int> given, int otherwise)
    {
        if (given.Length > 1 && given.Length != axes) throw new ShapeException($"{name}: {given.Length} lengths of {what} were given for {axes} spatial axes; give one for each, or one for all.");
        foreach (int n in given)
            if (n < (what is "stride" or "dilation" ? 1 : 0)) throw new ShapeException($"{name}: {what} {n} must be at least {(what is "stride" or "dilation" ? 1 : 0)}.");
        if (given.Length == axes) return given.ToArray();
        var all = new int[axes];
        Array.Fill(all, given.IsEmpty ? otherwise : given[0]);
        return all;
    }
}
