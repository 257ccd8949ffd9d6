namespace Adjoint.Learning;

/// <summary>A convolution over any number of spatial axes: [B, C, n…] ↦ [B, O, m…]. One stride, padding or dilation counts for every axis; none is stride 1, padding 0, dilation 1.</summary>
/// <param name="Weight">[O, C / groups, k…].</param>
/// <param name="Bias">[O], or none.</param>
/// <param name="Stride">The distances between two windows.</param>
/// <param name="Padding">The zeros before and after each axis.</param>
/// <param name="Dilation">The distances between two elements of a window.</param>
/// <param name="Groups">The number of parts that the channels are divided into.</param>
[Tree]
public sealed partial record Convolution(Tensor Weight, Tensor? Bias, Sequence<int> Stride, Sequence<int> Padding, Sequence<int> Dilation, int Groups = 1) : IPlainLayer
{
    /// <summary>A new layer; by default weights and bias are uniform in ±1/√fan-in, as PyTorch's.</summary>
    /// <param name="key">Used once.</param>
    /// <param name="channels">C.</param>
    /// <param name="outputs">O.</param>
    /// <param name="window">The lengths of a window, one for each spatial axis.</param>
    /// <param name="stride">The distances between two windows.</param>
    /// <param name="padding">The zeros before and after each axis.</param>
    /// <param name="dilation">The distances between two elements of a window.</param>
    /// <param name="groups">The number of parts that the channels are divided into.</param>
    /// <param name="bias">Whether there is one.</param>
    /// <param name="weights">The distribution of the weights; if it is given, the bias starts at 0.</param>
    /// <param name="type">The element type of the parameters.</param>
    /// <exception cref="ArgumentException">The channels do not divide into the groups.</exception>
    public static Convolution Create(Key key, int channels, int outputs, Sequence<int> window, Sequence<int> stride = default, Sequence<int> padding = default,
        Sequence<int> dilation = default, int groups = 1, bool bias = true, Initializer? weights = null, DType type = DType.Float32)
    {
        if (groups < 1 || channels % groups != 0 || outputs % groups != 0)
            throw new ArgumentException($"convolution: {channels} channels and {outputs} outputs do not both divide into {groups} groups.");
        var (forWeight, forBias) = key.Split();
        Shape shape = Shape.Of([outputs, channels / groups, .. window.Span]);
        var fans = Fans.Of(shape);
        return new((weights ?? Initializer.Default).Draw(forWeight, shape, fans, type), bias ? Dense.NewBias(forBias, outputs, fans, weights, type) : null, stride, padding, dilation, groups);
    }

    /// <summary>[B, C, n…] ↦ [B, O, m…].</summary>
    public Tensor Apply(Tensor x) => x.Convolve(Weight, Bias, Stride.Span, Padding.Span, Dilation.Span, Groups);
}

/// <summary>The greatest element of every window of the last axes.</summary>
/// <param name="Size">The lengths of a window.</param>
/// <param name="Stride">The distances between two windows; the size, unless given.</param>
/// <param name="Padding">What is added before and after each axis, never the greatest.</param>
[Tree]
public sealed partial record MaxPooling(Sequence<int> Size, Sequence<int> Stride = default, Sequence<int> Padding = default) : IPlainLayer
{
    public Tensor Apply(Tensor x) => x.MaxPool(Size.Span, Stride.Span, Padding.Span);
}

/// <summary>The mean of every window of the last axes.</summary>
/// <param name="Size">The lengths of a window.</param>
/// <param name="Stride">The distances between two windows; the size, unless given.</param>
/// <param name="Padding">The zeros added before and after each axis; they count.</param>
[Tree]
public sealed partial record AveragePooling(Sequence<int> Size, Sequence<int> Stride = default, Sequence<int> Padding = default) : IPlainLayer
{
    public Tensor Apply(Tensor x) => x.AveragePool(Size.Span, Stride.Span, Padding.Span);
}

/// <summary>The mean of every channel: [B, C, n…] ↦ [B, C].</summary>
[Tree]
public sealed partial record GlobalAveragePooling : IPlainLayer
{
    public Tensor Apply(Tensor x) => x.Rank > 2 ? x.Mean([.. Enumerable.Range(2, x.Rank - 2)]) : x;
}

/// <summary>[B, n…] ↦ [B, the product of n…].</summary>
[Tree]
public sealed partial record Flattening : IPlainLayer
{
    public Tensor Apply(Tensor x) => x.Rank > 0 ? x.Reshape([x.Shape[0], x.Size / Math.Max(1, x.Shape[0])]) : throw new ShapeException("flattening: a scalar has no batch axis.");
}

/// <summary>[B, n…] ↦ [B, lengths…].</summary>
/// <param name="Lengths">The axes after the batch.</param>
[Tree]
public sealed partial record Reshaping(Sequence<int> Lengths) : IPlainLayer
{
    public Tensor Apply(Tensor x) => x.Reshape(Shape.Of([x.Shape[0], .. Lengths.Span]));
}
