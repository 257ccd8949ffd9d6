namespace Adjoint;

/// <summary>
/// A source of random numbers, a value: the same key always gives the same numbers, on every machine. Use a key once, for one draw or one split; two
/// draws from one key in one program are an error. A key whose first draw was already read is not noticed: split before drawing. Under Vectorize a key without a batch gives every row the same numbers.
/// </summary>
/// <param name="Words">The key itself, int64 [2].</param>
public readonly record struct Key(Tensor Words) : ITree<Key>
{
    int ITree.LeafCount => 1;
    void ITree.Flatten(Span<Tensor> leaves) => leaves[0] = Words;
    Key ITree<Key>.Rebuild(ReadOnlySpan<Tensor> leaves) => new(leaves[0]);
    void ITree.Describe(TreeVisitor visitor) => visitor.Leaf("", Words, LeafRole.Key);

    /// <summary>The key of a seed.</summary>
    public static Key Of(long seed) => new(Tensor.Of(seed, 0L));

    /// <summary>Two independent keys in place of this one.</summary>
    public (Key First, Key Second) Split() => Split(2) is [var first, var second] ? (first, second) : default;

    /// <summary>Independent keys in place of this one.</summary>
    public Key[] Split(int count) => [.. new Equation(new SplitKey(count), [Words]).Results.Select(words => new Key(words))];

    /// <summary>
    /// The key of an integer, such as the number of a step: <c>key.Fold(step)</c>. Different integers give independent keys, and this key stays unused.
    /// </summary>
    public Key Fold(Tensor data) => new(Equation.Solve(new FoldKey(), Words, data.To(DType.Int64)));

    /// <summary>Numbers uniform in [<paramref name="low"/>, <paramref name="high"/>): 24 random bits each in float32, 53 in float64.</summary>
    public Tensor Uniform(Shape shape, double low = 0, double high = 1, DType type = DType.Float32)
    {
        var unit = Unit(shape, type, 0);
        return (low, high) == (0, 1) ? unit : unit * (high - low) + low;
    }

    /// <summary>Numbers from the normal distribution.</summary>
    public Tensor Normal(Shape shape, double mean, double deviation, DType type = DType.Float32) => deviation * Normal(shape, type) + mean;

    /// <summary>Numbers with mean 0 and variance 1 from the normal distribution.</summary>
    public Tensor Normal(Shape shape, DType type = DType.Float32)
    {
        // Box and Muller 1958:   √(−2 log u) · cos 2πv   for u in (0, 1], v in [0, 1)
        var (u, v) = Split();
        return (-2.0 * u.Unit(shape, type, 1).Log()).Sqrt() * (2 * Math.PI * v.Unit(shape, type, 0)).Cos();
    }

    /// <summary>Numbers from the normal distribution (mean 0, variance 1 before truncation), given that they are between <paramref name="low"/> and <paramref name="high"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is not below <paramref name="high"/>, or the interval is so far out that its probability vanishes.</exception>
    public Tensor TruncatedNormal(Shape shape, double low = -2, double high = 2, DType type = DType.Float32)
    {
        if (!(low < high)) throw new ArgumentException($"truncated normal: low {low} must be below high {high}.");
        if (low > 0) return -TruncatedNormal(shape, -high, -low, type);
        double from = Scalars.NormalCdf.Value(low), to = Scalars.NormalCdf.Value(high);
        if (to - from < (type == DType.Float32 ? 1e-30 : 1e-290)) throw new ArgumentException($"truncated normal: the probability of [{low}, {high}] is too small for {type.Text}.");
        return (from + (to - from) * Unit(shape, type, 0.5)).NormalQuantile().Clip(low, high);
    }

    /// <summary>True with probability <paramref name="p"/>, else false; of the shape of p, or of <paramref name="shape"/>, to which p broadcasts.</summary>
    public Tensor Bernoulli(Tensor p, Shape? shape = null) =>
        Unit(shape ?? p.Shape, p is { DType: DType.Float64, IsWeak: false } ? DType.Float64 : DType.Float32, 0) < p;

    /// <summary>Integers uniform in [<paramref name="low"/>, <paramref name="high"/>); a range up to 2³¹ is uniform to one part in 2³².</summary>
    /// <exception cref="ArgumentException">The range is empty, or longer than 2⁵³, or does not fit <paramref name="type"/>.</exception>
    public Tensor Integers(Shape shape, long low, long high, DType type = DType.Int32)
    {
        const long most = 1L << 53;
        if (type.IsFloat || type == DType.Bool) throw new ArgumentException($"integers: {type.Text} is not an integer type.");
        long least = type == DType.Int32 ? int.MinValue : -most, greatest = type == DType.Int32 ? int.MaxValue : most;
        if (low >= high || low < least || high - 1 > greatest || high - low > most)
            throw new ArgumentException($"integers: the range [{low}, {high}) must not be empty, nor leave {(type == DType.Int32 ? "int32" : "±2⁵³")}.");
        Tensor bits = Equation.Solve(new RandomBits(63, shape), Words), length = high - low;
        return (bits - bits.FloorDivide(length) * length + low).To(type);
    }

    /// <summary>0, 1, … n − 1 in random order, int32: the order of n random 63-bit integers, so that no rounding can make it differ between machines.</summary>
    public Tensor Permutation(int n) => Equation.Solve(new RandomBits(63, Shape.Of([n])), Words).ArgSort();

    /// <summary>
    /// Indices into the last axis of <paramref name="logits"/> [B…, n], each with probability proportional to exp(logit): int32 [B…]. A logit of −∞ is never drawn.
    /// </summary>
    public Tensor Categorical(Tensor logits)
    {
        // pⱼ = 1 / Σₖ exp(lₖ − lⱼ), which cannot overflow to NaN; the index is the number of cumulative sums up to u, the last one never counted
        logits = Arithmetic.Floating(logits);
        if (logits.Rank == 0) throw new ShapeException("categorical: the logits are a scalar; they must have a last axis, the categories.");
        int n = logits.Shape[^1];
        var own = logits.ExpandAxis(-1);
        var p = Tensor.Select(own > double.NegativeInfinity, logits.ExpandAxis(-2) - own, double.PositiveInfinity).Exp().Sum(-1).Reciprocal();
        var cumulative = p.MatMul(Equation.Solve(new Triangle(n, n, 0, n - 1, p.DType)));
        var total = cumulative.MatMul(Equation.Solve(new Triangle(n, 1, 1 - n, 1 - n, p.DType)));
        var u = Unit(Shape.Of(logits.Shape.Lengths[..^1]), p.DType, 0).ExpandAxis(-1);
        return ((cumulative <= u * total) & (cumulative < total)).Sum(-1);
    }

    // (bits + offset) / 2^width; with half an offset one bit less, so that the sum is exact
    Tensor Unit(Shape shape, DType type, double offset)
    {
        if (!type.IsFloat) throw new ArgumentException($"random: {type.Text} holds no fractions. Draw float32 or float64, or use Integers.");
        int width = (type == DType.Float32 ? 24 : 53) - (offset == 0.5 ? 1 : 0);
        var bits = Equation.Solve(new RandomBits(width, shape), Words).To(type);
        return (offset == 0 ? bits : bits + offset) * Math.ScaleB(1, -width);
    }
}

/// <summary>Several keys at once: <c>var (a, b, c) = key.Split(3)</c>.</summary>
public static class Keys
{
    extension(Key[] keys)
    {
        public void Deconstruct(out Key first, out Key second) => (first, second) = (keys[0], keys[1]);
        public void Deconstruct(out Key first, out Key second, out Key third) => (first, second, third) = (keys[0], keys[1], keys[2]);
        public void Deconstruct(out Key first, out Key second, out Key third, out Key fourth) => (first, second, third, fourth) = (keys[0], keys[1], keys[2], keys[3]);
    }
}
