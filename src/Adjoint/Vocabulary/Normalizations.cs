namespace Adjoint;

/// <summary>Values brought to mean 0 and variance 1, then scaled and shifted. Variances are those of the values (divided by n); ε is added to them.</summary>
public static class Normalizations
{
    extension(Tensor x)
    {
        /// <summary>(x − mean) / √(variance + ε) · scale + shift, where mean and variance are those of the last <paramref name="axes"/> axes (Ba and others 2016).</summary>
        /// <param name="scale">Of the shape of those axes.</param>
        /// <param name="shift">Of the shape of those axes.</param>
        /// <param name="epsilon">ε.</param>
        /// <param name="axes">The number of axes that are normalized together.</param>
        /// <exception cref="ShapeException">Scale or shift have another shape.</exception>
        public Tensor LayerNorm(Tensor? scale = null, Tensor? shift = null, double epsilon = 1e-5, int axes = 1)
        {
            var own = Last("layer-norm", x, axes);
            Check("layer-norm", x, scale, shift, own);
            return Affine(Standardized(Arithmetic.Floating(x), [.. Enumerable.Range(-axes, axes)], epsilon).Result, scale, shift);
        }

        /// <summary>x / √(mean of x² + ε) · scale over the last <paramref name="axes"/> axes (Zhang and Sennrich 2019).</summary>
        /// <param name="scale">Of the shape of those axes.</param>
        /// <param name="epsilon">ε.</param>
        /// <param name="axes">The number of axes that are normalized together.</param>
        /// <exception cref="ShapeException">The scale has another shape.</exception>
        public Tensor RmsNorm(Tensor? scale = null, double epsilon = 1e-6, int axes = 1)
        {
            Check("rms-norm", x, scale, null, Last("rms-norm", x, axes));
            var y = Arithmetic.Floating(x);
            return Affine(y * (y.Square().Mean([.. Enumerable.Range(-axes, axes)], keepAxes: true) + epsilon).Rsqrt(), scale, null);
        }

        /// <summary>x [B, C, …], normalized over each of <paramref name="groups"/> parts of the channels and all axes after them (Wu and He 2018).</summary>
        /// <param name="groups">The number of parts; C is a multiple of it.</param>
        /// <param name="scale">[C].</param>
        /// <param name="shift">[C].</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ShapeException">The channels do not divide into the groups, or scale or shift have another shape.</exception>
        public Tensor GroupNorm(int groups, Tensor? scale = null, Tensor? shift = null, double epsilon = 1e-5)
        {
            int channels = Channels("group-norm", x);
            if (groups < 1 || channels % groups != 0) throw new ShapeException($"group-norm: the {channels} channels of shape {x.Shape} do not divide into {groups} groups.");
            Check("group-norm", x, scale, shift, [channels]);
            var grouped = Arithmetic.Floating(x).Reshape(Shape.Of([x.Shape[0], groups, channels / groups, .. x.Shape.Lengths[2..]]));
            var normal = Standardized(grouped, [.. Enumerable.Range(2, grouped.Rank - 2)], epsilon).Result.Reshape(x.Shape);
            return Affine(normal, PerChannel(scale, x), PerChannel(shift, x));
        }

        /// <summary>
        /// x [B, C, …] as in training, each channel normalized over all other axes (Ioffe and Szegedy 2015); and the mean and variance that were used, both [C], for running statistics.
        /// The unbiased variance, which PyTorch's running statistics take, is n / (n − 1) times this one for n values a channel.
        /// </summary>
        /// <param name="scale">[C].</param>
        /// <param name="shift">[C].</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ShapeException">Scale or shift have another shape.</exception>
        public (Tensor Result, Tensor Mean, Tensor Variance) BatchNorm(Tensor? scale = null, Tensor? shift = null, double epsilon = 1e-5)
        {
            int channels = Channels("batch-norm", x);
            Check("batch-norm", x, scale, shift, [channels]);
            var (normal, mean, variance) = Standardized(Arithmetic.Floating(x), [0, .. Enumerable.Range(2, x.Rank - 2)], epsilon);
            return (Affine(normal, PerChannel(scale, x), PerChannel(shift, x)), mean.Reshape([channels]), variance.Reshape([channels]));
        }

        /// <summary>x [B, C, …] as after training: (x − mean) / √(variance + ε) · scale + shift with statistics that are given.</summary>
        /// <param name="mean">[C].</param>
        /// <param name="variance">[C].</param>
        /// <param name="scale">[C].</param>
        /// <param name="shift">[C].</param>
        /// <param name="epsilon">ε.</param>
        /// <exception cref="ShapeException">One of these has another shape.</exception>
        public Tensor BatchNorm(Tensor mean, Tensor variance, Tensor? scale, Tensor? shift, double epsilon = 1e-5)
        {
            int channels = Channels("batch-norm", x);
            Check("batch-norm", x, mean, variance, [channels], "mean", "variance");
            Check("batch-norm", x, scale, shift, [channels]);
            var normal = (Arithmetic.Floating(x) - PerChannel(mean, x)!) * (PerChannel(variance, x)! + epsilon).Rsqrt();
            return Affine(normal, PerChannel(scale, x), PerChannel(shift, x));
        }
    }

    static (Tensor Result, Tensor Mean, Tensor Variance) Standardized(Tensor x, int[] axes, double epsilon)
    {
        var mean = x.Mean(axes, keepAxes: true);
        var centred = x - mean;
        var variance = centred.Square().Mean(axes, keepAxes: true);
        return (centred * (variance + epsilon).Rsqrt(), mean, variance);
    }

    static Tensor Affine(Tensor x, Tensor? scale, Tensor? shift)
    {
        if (scale is not null) x *= scale;
        return shift is null ? x : x + shift;
    }

    static Tensor? PerChannel(Tensor? of, Tensor x) => of?.Reshape(Shape.Of([of.Size, .. Enumerable.Repeat(1, x.Rank - 2)]));

    static int Channels(string name, Tensor x) => x.Rank >= 2 ? x.Shape[1] : throw new ShapeException($"{name}: shape {x.Shape} must have a batch axis and a channel axis: [B, C, …].");

    static Shape Last(string name, Tensor x, int axes) => axes >= 1 && axes <= x.Rank ? Shape.Of(x.Shape.Lengths[^axes..])
        : throw new ShapeException($"{name}: the last {axes} axes of shape {x.Shape} are to be normalized, but it has {x.Rank}.");

    static void Check(string name, Tensor x, Tensor? first, Tensor? second, Shape expected, string nameOfFirst = "scale", string nameOfSecond = "shift")
    {
        foreach (var (what, of) in new[] { (nameOfFirst, first), (nameOfSecond, second) })
            if (of is not null && of.Shape != expected) throw new ShapeException($"{name}: the {what} has shape {of.Shape}; for x {x.Shape} it must be {expected}.");
    }
}
