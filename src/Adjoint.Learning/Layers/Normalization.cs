namespace Adjoint.Learning;

/// <summary>The last axes, as many as the scale has, to mean 0 and variance 1, then scaled and shifted (Ba and others 2016).</summary>
/// <param name="Scale">The shape of those axes.</param>
/// <param name="Shift">Likewise.</param>
/// <param name="Epsilon">ε, added to the variance.</param>
[Tree]
public sealed partial record LayerNorm(Tensor Scale, Tensor Shift, double Epsilon = 1e-5) : IPlainLayer
{
    /// <summary>A new layer for these last axes.</summary>
    public static LayerNorm Create(Shape axes, double epsilon = 1e-5, DType type = DType.Float32) => new(Tensor.Ones(axes, type), Tensor.Zeros(axes, type), epsilon);

    public Tensor Apply(Tensor x) => x.LayerNorm(Scale, Shift, Epsilon, Scale.Rank);
}

/// <summary>The last axes, as many as the scale has, divided by their root mean square, then scaled (Zhang and Sennrich 2019).</summary>
/// <param name="Scale">The shape of those axes.</param>
/// <param name="Epsilon">ε, added to the mean square.</param>
[Tree]
public sealed partial record RmsNorm(Tensor Scale, double Epsilon = 1e-6) : IPlainLayer
{
    /// <summary>A new layer for these last axes.</summary>
    public static RmsNorm Create(Shape axes, double epsilon = 1e-6, DType type = DType.Float32) => new(Tensor.Ones(axes, type), epsilon);

    public Tensor Apply(Tensor x) => x.RmsNorm(Scale, Epsilon, Scale.Rank);
}

/// <summary>Groups of channels of [B, C, n…], each example and group to mean 0 and variance 1, then scaled and shifted by channel (Wu and He 2018).</summary>
/// <param name="Scale">[C].</param>
/// <param name="Shift">[C].</param>
/// <param name="Groups">The number of groups.</param>
/// <param name="Epsilon">ε, added to the variance.</param>
[Tree]
public sealed partial record GroupNorm(Tensor Scale, Tensor Shift, int Groups, double Epsilon = 1e-5) : IPlainLayer
{
    /// <summary>A new layer.</summary>
    public static GroupNorm Create(int groups, int channels, double epsilon = 1e-5, DType type = DType.Float32) =>
        new(Tensor.Ones([channels], type), Tensor.Zeros([channels], type), groups, epsilon);

    public Tensor Apply(Tensor x) => x.GroupNorm(Groups, Scale, Shift, Epsilon);
}

/// <summary>
/// Channels of [B, C, n…] to mean 0 and variance 1, then scaled and shifted (Ioffe and Szegedy 2015). In training over the batch, whose statistics enter the running ones; in
/// evaluation by the running ones. As in PyTorch the running variance is that of unbiased estimates.
/// </summary>
/// <param name="Scale">[C].</param>
/// <param name="Shift">[C].</param>
/// <param name="Mean">The running mean, [C].</param>
/// <param name="Variance">The running variance, [C].</param>
/// <param name="Momentum">The share of the newest batch in the running statistics.</param>
/// <param name="Epsilon">ε, added to the variance.</param>
[Tree]
public sealed partial record BatchNorm(Tensor Scale, Tensor Shift, [State] Tensor Mean, [State] Tensor Variance, double Momentum = 0.1, double Epsilon = 1e-5) : ILayer
{
    /// <summary>A new layer.</summary>
    public static BatchNorm Create(int channels, double momentum = 0.1, double epsilon = 1e-5, DType type = DType.Float32) =>
        new(Tensor.Ones([channels], type), Tensor.Zeros([channels], type), Tensor.Zeros([channels], type), Tensor.Ones([channels], type), momentum, epsilon);

    /// <inheritdoc cref="ILayer.Run"/>
    public (Tensor Output, BatchNorm Next) Run(Tensor x, Pass pass)
    {
        if (!pass.IsTraining) return (x.BatchNorm(Mean, Variance, Scale, Shift, Epsilon), this);
        var (z, mean, variance) = x.BatchNorm(Scale, Shift, Epsilon);
        int n = x.Size / x.Shape[1];
        if (n < 2) throw new ShapeException($"batch-norm: x {x.Shape} has one value a channel; a variance for training needs two.");
        return (z, this with { Mean = (1 - Momentum) * Mean + Momentum * mean, Variance = (1 - Momentum) * Variance + Momentum * n / (n - 1) * variance });
    }

    (Tensor Output, ILayer Next) ILayer.Run(Tensor x, Pass pass) => Run(x, pass);
}
