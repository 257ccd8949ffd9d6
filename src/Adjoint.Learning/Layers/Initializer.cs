namespace Adjoint.Learning;

/// <summary>The distribution that the weights of a new layer are drawn from.</summary>
public abstract record Initializer
{
    /// <summary>Uniform in ±1/√fan-in: PyTorch's default for dense, convolution and recurrent layers.</summary>
    public static Initializer Default { get; } = new VarianceScaling(1.0 / 3, Fan.In, Uniform: true);

    /// <summary>Variance 2 / fan-in, for layers before a ReLU (He and others 2015).</summary>
    public static Initializer He(bool uniform = false) => new VarianceScaling(2, Fan.In, uniform);

    /// <summary>Variance 2 / (fan-in + fan-out), for layers before a tanh (Glorot and Bengio 2010).</summary>
    public static Initializer Glorot(bool uniform = true) => new VarianceScaling(1, Fan.Mean, uniform);

    /// <summary>Variance 1 / fan-in (LeCun and others 1998).</summary>
    public static Initializer LeCun(bool uniform = false) => new VarianceScaling(1, Fan.In, uniform);

    /// <summary>Weights of a shape.</summary>
    /// <param name="key">Used once.</param>
    /// <param name="shape">[out, in, window…], as of all layers.</param>
    /// <param name="fans">How many numbers one output is computed from, and how many one input contributes to.</param>
    /// <param name="type">A floating type.</param>
    public abstract Tensor Draw(Key key, Shape shape, Fans fans, DType type = DType.Float32);

    /// <summary>Weights [out, in, window…], whose fans are in · window and out · window.</summary>
    public Tensor Draw(Key key, Shape shape, DType type = DType.Float32) => Draw(key, shape, Fans.Of(shape), type);
}

/// <summary>Which fan the variance is divided by.</summary>
public enum Fan
{
    /// <summary>Fan-in: keeps the variance of activations.</summary>
    In,

    /// <summary>Fan-out: keeps the variance of gradients.</summary>
    Out,

    /// <summary>The mean of both.</summary>
    Mean,
}

/// <summary>How many numbers one output of a layer is computed from, and how many one input contributes to.</summary>
public readonly record struct Fans(int In, int Out)
{
    /// <summary>The fans of weights [out, in, window…].</summary>
    /// <exception cref="ShapeException">The shape has fewer than two axes.</exception>
    public static Fans Of(Shape shape)
    {
        if (shape.Rank < 2) throw new ShapeException($"initializer: weights of shape {shape} have no fan-in; they must be [out, in, window…]. Give the fans.");
        int window = 1;
        foreach (int length in shape.Lengths[2..]) window *= length;
        return new(shape[1] * window, shape[0] * window);
    }

    internal double Of(Fan fan) => Math.Max(1, fan switch { Fan.In => In, Fan.Out => Out, _ => (In + Out) / 2.0 });
}

/// <summary>Mean 0 and variance scale / fan: uniform in ±√(3 · variance), or normal.</summary>
/// <param name="Scale">The variance times the fan.</param>
/// <param name="Mode">Which fan.</param>
/// <param name="Uniform">Uniform instead of normal.</param>
public sealed record VarianceScaling(double Scale, Fan Mode, bool Uniform) : Initializer
{
    public override Tensor Draw(Key key, Shape shape, Fans fans, DType type = DType.Float32)
    {
        double variance = Scale / fans.Of(Mode);
        double bound = Math.Sqrt(3 * variance);
        return Uniform ? key.Uniform(shape, -bound, bound, type) : Math.Sqrt(variance) * key.Normal(shape, type);
    }
}

/// <summary>Normal with a given standard deviation, whatever the fans: embeddings, transformers.</summary>
/// <param name="Deviation">The standard deviation.</param>
/// <param name="Mean">The mean.</param>
public sealed record NormalInitializer(double Deviation = 1, double Mean = 0) : Initializer
{
    public override Tensor Draw(Key key, Shape shape, Fans fans, DType type = DType.Float32) => Deviation * key.Normal(shape, type) + Mean;
}

/// <summary>Uniform between two numbers, whatever the fans.</summary>
/// <param name="Low">The least number.</param>
/// <param name="High">The bound above.</param>
public sealed record UniformInitializer(double Low, double High) : Initializer
{
    public override Tensor Draw(Key key, Shape shape, Fans fans, DType type = DType.Float32) => key.Uniform(shape, Low, High, type);
}

/// <summary>One number everywhere.</summary>
/// <param name="Value">The number.</param>
public sealed record ConstantInitializer(double Value) : Initializer
{
    public override Tensor Draw(Key key, Shape shape, Fans fans, DType type = DType.Float32) => Tensor.Full(shape, Value, type);
}

/// <summary>
/// A random orthogonal matrix times a gain (Saxe and others 2014): of weights [out, in…], flattened to out rows, the rows are orthonormal if there are no
/// more rows than columns, else the columns.
/// </summary>
/// <param name="Gain">What the matrix is multiplied with.</param>
public sealed record OrthogonalInitializer(double Gain = 1) : Initializer
{
    public override Tensor Draw(Key key, Shape shape, Fans fans, DType type = DType.Float32)
    {
        // Q of the QR factorization of normal numbers, with a positive diagonal of R, is uniform over orthogonal matrices (Mezzadri 2007)
        if (shape.Rank < 2) throw new ShapeException($"orthogonal: weights of shape {shape} are no matrix; they must be [out, in, window…].");
        int rows = shape[0], columns = shape.Size / Math.Max(1, rows);
        var (q, _) = key.Normal([Math.Max(rows, columns), Math.Min(rows, columns)], type).Qr();
        return Gain * (rows < columns ? q.T : q).Reshape(shape);
    }
}
