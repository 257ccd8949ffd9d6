using Xunit;

namespace Adjoint.Tests.RandomKeys;

public sealed class KeyTests
{
    [Theory] // Random123 1.14, tests/kat_vectors, threefry2x64 20
    [InlineData(0UL, 0UL, 0UL, 0UL, 0xc2b6e3a8c2c69865UL, 0x6f81ed42f350084dUL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0xe02cb7c4d95d277aUL, 0xd06633d0893b8b68UL)]
    [InlineData(0x243f6a8885a308d3UL, 0x13198a2e03707344UL, 0xa4093822299f31d0UL, 0x082efa98ec4e6c89UL, 0x263c7d30bb0f0af1UL, 0x56be8361d3311526UL)]
    public void Threefry_gives_the_known_answers(ulong counter0, ulong counter1, ulong key0, ulong key1, ulong first, ulong second) =>
        Assert.Equal((first, second), Threefry.Block(key0, key1, counter0, counter1));

    static Tensor Bits(Key key, int width, Shape shape) => Equation.Solve(new RandomBits(width, shape), key.Words);

    [Fact]
    public void Draws_are_the_blocks_of_the_counter()
    {
        var (first, second) = Threefry.Block(7, 0, 0, Threefry.ForDraws);
        var third = Threefry.Block(7, 0, 1, Threefry.ForDraws).Item1;
        Assert.Equal([(long)(first >> 1), (long)(second >> 1), (long)(third >> 1)], Bits(Key.Of(7), 63, [3]).ToArray<long>());
        Assert.Equal([(long)(first >> 60), (long)(second >> 60)], Bits(Key.Of(7), 4, [2]).ToArray<long>());
    }

    [Fact]
    public void A_number_depends_on_the_key_and_its_place_only()
    {
        var few = Key.Of(3).Uniform([5]).ToArray();
        Assert.Equal(few, Key.Of(3).Uniform([10, 10]).ToArray()[..5]);
        Assert.NotEqual(few, Key.Of(4).Uniform([5]).ToArray());
    }

    [Fact]
    public void Numbers_are_the_same_on_every_machine()
    {
        Assert.Equal([2033931610711869858, 1862428481464300323, 858389709287758891], Bits(Key.Of(42), 63, [3]).ToArray<long>());
        Assert.Equal([0.2205193f, 0.20192486f, 0.09306675f], Key.Of(42).Uniform([3]).ToArray<float>());
        Assert.Equal([0.220519307102075, 0.20192490057024726], Key.Of(42).Uniform([2], type: DType.Float64).ToArray<double>());
        Assert.Equal([3993275091497683220, 3007342391481425289], Key.Of(42).Split().Second.Words.ToArray<long>());
        Assert.Equal([-1560126320065016825, 9066296394762940325], Key.Of(42).Fold(7).Words.ToArray<long>());
        Assert.Equal([5, 0, -2, 4, -2, 6, 5, -3], Key.Of(42).Integers([8], -3, 7).ToArray<int>());
        var normal = Key.Of(42).Normal([3], DType.Float64).ToArray();
        double[] golden = [1.3832630296285129, -0.4329898407921763, -0.9332898605262412];
        for (int i = 0; i < 3; i++) Assert.Equal(golden[i], normal[i], 12);
    }

    static void Moments(double[] x, double mean, double variance)
    {
        double m = x.Average(), v = x.Average(a => (a - m) * (a - m)), error = 5 * Math.Sqrt(variance / x.Length);
        Assert.InRange(m, mean - error, mean + error);
        Assert.InRange(v, 0.97 * variance, 1.03 * variance);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Moments_are_right(DType type)
    {
        var keys = Key.Of(1).Split(4);
        var uniform = keys[0].Uniform([100, 400], -1, 3, type);
        Assert.Equal(type, uniform.DType);
        Moments(uniform.ToArray(), 1, 16 / 12.0);
        Assert.All(uniform.ToArray(), x => Assert.InRange(x, -1, 3));
        var normal = keys[1].Normal([40_000], type);
        Assert.Equal(type, normal.DType);
        Moments(normal.ToArray(), 0, 1);
        Assert.InRange(normal.ToArray().Average(x => x * x * x * x), 2.8, 3.2);
        var truncated = keys[2].TruncatedNormal([40_000], -2, 2, type);
        Moments(truncated.ToArray(), 0, 0.7737413035499232);
        Assert.All(truncated.ToArray(), x => Assert.InRange(x, -2, 2));
        var far = keys[3].TruncatedNormal([1000], 6, 7, type).ToArray();
        Assert.All(far, x => Assert.InRange(x, 6, 7));
        Assert.InRange(far.Average(), 6.14, 6.17);
    }

    [Fact]
    public void Uniform_numbers_pass_a_chi_squared_test_and_do_not_correlate()
    {
        const int n = 64_000, cells = 64;
        var x = Key.Of(9).Uniform([n]).ToArray();
        double χ = x.GroupBy(v => (int)(v * cells)).Sum(g => Math.Pow(g.Count() - n / cells, 2) / (n / (double)cells));
        Assert.InRange(χ, 30, 110);
        double correlation = x.Zip(x.Skip(1), (a, b) => (a - 0.5) * (b - 0.5)).Average() * 12;
        Assert.InRange(correlation, -0.02, 0.02);
    }

    [Fact]
    public void Split_keys_are_independent_of_each_other_and_of_the_draw()
    {
        var key = Key.Of(5);
        var (a, b) = key.Split();
        double[][] draws = [key.Uniform([20_000]).ToArray(), a.Uniform([20_000]).ToArray(), b.Uniform([20_000]).ToArray(), key.Fold(0).Uniform([20_000]).ToArray(), key.Fold(1).Uniform([20_000]).ToArray()];
        for (int i = 0; i < draws.Length; i++)
            for (int j = 0; j < i; j++)
                Assert.InRange(draws[i].Zip(draws[j], (x, y) => (x - 0.5) * (y - 0.5)).Average() * 12, -0.035, 0.035);
    }

    const string TwoDraws = "random: two draws use one key, so their numbers are not independent. Split the key: var (a, b) = key.Split().";

    [Fact]
    public void Two_draws_from_one_key_are_an_error()
    {
        var key = Key.Of(5);
        Assert.Equal(TwoDraws, Assert.Throws<InvalidOperationException>(() => (key.Uniform([2]) + key.Normal([2])).ToArray()).Message);
        Assert.Equal(TwoDraws, Assert.Throws<InvalidOperationException>(() => (key.Uniform([2]) + key.Split().First.Uniform([2])).ToArray()).Message);
        Assert.Equal(TwoDraws, Assert.Throws<InvalidOperationException>(() => (key.Split().First.Uniform([2]) + key.Split().Second.Uniform([2])).ToArray()).Message);
        var (a, b) = key.Split();
        Assert.Equal(2, (a.Uniform([2]) + b.Uniform([2])).ToArray().Length);
        Assert.Equal(2, (key.Uniform([2]) + key.Fold(0).Uniform([2]) + key.Fold(1).Uniform([2])).ToArray().Length);
    }

    [Fact]
    public void A_draw_may_be_used_twice_and_differentiated()
    {
        var noise = Key.Of(5).Uniform([3], type: DType.Float64);
        var gradient = Differentiation.Gradient("test", x => [(x[0] * noise + noise).Square().Sum()], [Tensor.Of(1.0, 1.0, 1.0)]).Gradient[0].ToArray();
        Assert.Equal(noise.ToArray().Select(e => 4 * e * e), gradient);
    }

    [Fact]
    public void Batched_keys_give_each_row_its_numbers()
    {
        Tensor Draw(Key key) => key.Fold(3).Split().First.Normal([4], DType.Float64) + key.Split(3)[2].Uniform([4], type: DType.Float64);
        Key[] keys = Key.Of(8).Split(3);
        var input = Input.Like(keys[0].Words);
        var words = Tensor.From<long>([3, 2], keys.SelectMany(k => k.Words.ToArray<long>()).ToArray());
        var rows = Vectorization.Apply([Draw(new(input))], new Dictionary<Tensor, Tensor> { [input] = words }, 3)[0];
        Assert.Equal(keys.SelectMany(k => Draw(k).ToArray()), rows.ToArray());
        var step = Input.Of("step", new([], DType.Int32));
        var folded = Vectorization.Apply([keys[0].Fold(step).Uniform([2])], new Dictionary<Tensor, Tensor> { [step] = Tensor.Of(4, 5) }, 2)[0];
        Assert.Equal([.. keys[0].Fold(4).Uniform([2]).ToArray(), .. keys[0].Fold(5).Uniform([2]).ToArray()], folded.ToArray());
    }

    [Fact]
    public void A_key_without_a_batch_gives_every_row_the_same()
    {
        var x = Input.Of("x", new([], DType.Float32));
        var rows = Vectorization.Apply([x + Key.Of(2).Uniform([2])], new Dictionary<Tensor, Tensor> { [x] = Tensor.Of(0f, 0f) }, 2)[0].ToArray();
        Assert.Equal(rows[..2], rows[2..]);
    }

    [Fact]
    public void Bernoulli_and_categorical_have_their_probabilities()
    {
        var (a, b) = Key.Of(6).Split();
        Assert.InRange(a.Bernoulli(0.3, [40_000]).ToArray().Average(), 0.29, 0.31);
        Tensor logits = new[] { 1000 + Math.Log(0.2), double.NegativeInfinity, 1000 + Math.Log(0.5), 1000 + Math.Log(0.3), double.NegativeInfinity };
        var counts = b.Categorical(logits.BroadcastTo([40_000, 5])).ToArray().GroupBy(i => i).ToDictionary(g => (int)g.Key, g => g.Count() / 40_000.0);
        Assert.Equal([0, 2, 3], counts.Keys.Order());
        Assert.InRange(counts[0], 0.19, 0.21);
        Assert.InRange(counts[2], 0.49, 0.51);
        Assert.Equal([1], Key.Of(0).Categorical(new[,] { { -5f, 50f } }).ToArray());
    }

    [Fact]
    public void Integers_cover_their_range()
    {
        var x = Key.Of(6).Integers([6000], 1, 7).ToArray<int>();
        Assert.Equal([1, 2, 3, 4, 5, 6], x.Distinct().Order());
        Assert.InRange(x.Average(), 3.4, 3.6);
        Assert.Throws<ArgumentException>(() => Key.Of(6).Integers([2], 3, 3));
    }

    [Fact]
    public void Errors_name_the_key()
    {
        Assert.Equal("random-bits 24 [2]: the key is float64[2]; it must be int64 with a last axis of length 2. Start from Key.Of(seed).",
            Assert.Throws<ShapeException>(() => new Key(Tensor.Of(1.0, 2.0)).Uniform([2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomBits(64, [2]));
    }

    [Theory]
    [InlineData(1e-300, -37.0471)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    public void The_quantiles_of_the_normal_distribution(double p, double x)
    {
        double q = Scalars.NormalQuantile.Value(p);
        Assert.Equal(x, q, Math.Abs(x) > 30 ? 4 : 13);
        Assert.Equal(1, Scalars.NormalCdf.Value(q) / p, 10);
    }
}
