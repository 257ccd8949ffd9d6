using Xunit;

namespace Adjoint.Tests;

/// <summary>Conventions and limits of what neural networks consist of; values and derivatives are in the reference cases and the laws.</summary>
public sealed class NetworkTests
{
    static Tensor Normal(int seed, params int[] shape) => Key.Of(seed).Normal(Shape.Of(shape), DType.Float64);

    static void Close(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((expected - actual).Abs().Max().ToScalar(), 0, tolerance);
    }

    [Fact]
    public void A_convolution_is_a_sum_over_a_window()
    {
        Tensor x = Normal(1, 2, 3, 5, 6), w = Normal(2, 4, 3, 2, 3);
        var expected = Tensor.FromFunction([2, 4, 4, 4], i =>
        {
            double sum = 0;
            for (int c = 0; c < 3; c++)
                for (int h = 0; h < 2; h++)
                    for (int k = 0; k < 3; k++) sum += x.AsSpan<double>()[((i[0] * 3 + c) * 5 + i[2] + h) * 6 + i[3] + k] * w.AsSpan<double>()[((i[1] * 3 + c) * 2 + h) * 3 + k];
            return sum;
        });
        Close(expected, x.Convolve(w));
    }

    [Fact]
    public void A_kernel_of_one_element_is_a_matrix() =>
        Close(Tensor.Einsum("bchw,oc->bohw", Normal(1, 2, 3, 4, 4), Normal(2, 5, 3)), Normal(1, 2, 3, 4, 4).Convolve(Normal(2, 5, 3).Reshape([5, 3, 1, 1])));

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(2, 1, 2, 2)]
    public void A_transposed_convolution_is_the_transpose(int stride, int padding, int dilation, int groups)
    {
        Tensor x = Normal(1, 2, 4, 7, 9), w = Normal(2, 6, 4 / groups, 3, 3);
        var z = x.Convolve(w, null, [stride], [padding], [dilation], groups);
        var λ = Normal(3, [.. z.Shape]);
        int lost = (7 + 2 * padding - 2 * dilation - 1) % stride;
        Close(Functions.Vjp(y => y.Convolve(w, null, [stride], [padding], [dilation], groups), x).Pullback(λ), λ.ConvolveTransposed(w, null, [stride], [padding], [dilation], groups, [lost]));
    }

    [Fact]
    public void Per_example_gradients_of_a_convolutional_network()
    {
        Tensor x = Normal(1, 3, 1, 6, 6), w = Normal(2, 2, 1, 3, 3), b = Normal(3, 2);
        Tensor Net(Tensor kernel, Tensor images) => images.Convolve(kernel, b, padding: [1]).Relu().MaxPool([2, 2]).Tanh().Sum();
        var each = Functions.Vectorize(image => Functions.Gradient(k => Net(k, image.ExpandAxis(0)))(w))(x);
        for (int i = 0; i < 3; i++) Close(Functions.Gradient(k => Net(k, x[i..(i + 1)]))(w), each[i]);
        Close(Functions.Gradient(k => Net(k, x))(w), each.Sum(0));
    }

    [Fact]
    public void Pooling_counts_what_it_is_told_to()
    {
        Tensor x = Tensor.Of(1.0, 2, 3, 4, 5, 6);
        Assert.Equal([2, 4, 6], x.MaxPool([2]).ToArray());
        Assert.Equal([1, 3, 5], x.MaxPool([2], padding: [1], stride: [2]).ToArray()[..3]);
        Assert.Equal([0.5, 2.5, 4.5, 3], x.AveragePool([2], padding: [1]).ToArray());
        Assert.Equal([1, 2.5, 4.5, 6], x.AveragePool([2], padding: [1], countPadding: false).ToArray());
        Assert.Equal([-1, -2], (-x[..2]).MaxPool([2], [1], [1]).ToArray()[..1].Concat([-2.0]));
    }

    [Fact]
    public void Normalized_values_have_mean_0_and_variance_1()
    {
        var x = 3 * Normal(1, 8, 6, 5) + 2;
        foreach (var (y, axes) in new[] { (x.LayerNorm(epsilon: 0), new[] { 2 }), (x.LayerNorm(epsilon: 0, axes: 2), [1, 2]), (x.BatchNorm(epsilon: 0).Result, [0, 2]) })
        {
            Assert.InRange(y.Mean(axes).Abs().Max().ToScalar(), 0, 1e-14);
            Assert.InRange((y.Variance(axes) - 1).Abs().Max().ToScalar(), 0, 1e-13);
        }
        Close(x.GroupNorm(1), x.LayerNorm(axes: 2));
        Assert.InRange((x.RmsNorm(epsilon: 0).Square().Mean(-1) - 1).Abs().Max().ToScalar(), 0, 1e-13);
    }

    [Fact]
    public void Statistics_of_training_normalize_the_same_batch_alike()
    {
        var (x, scale, shift) = (3 * Normal(1, 8, 6, 5) + 2, Normal(2, 6), Normal(3, 6));
        var (y, mean, variance) = x.BatchNorm(scale, shift);
        Close(x.Mean([0, 2]), mean);
        Close(x.Variance([0, 2]), variance);
        Close(y, x.BatchNorm(mean, variance, scale, shift));
    }

    [Fact]
    public void Attention_masks()
    {
        Tensor q = Normal(1, 3, 2), k = Normal(2, 5, 2), v = Normal(3, 5, 4);
        // the last query meets the last key: query 0 of 3 sees keys 0, 1, 2 of 5
        Close(q[..1].Attention(k[..3], v[..3]), q.Attention(k, v, causal: true)[..1]);
        Close(q.Attention(k, v)[2..], q.Attention(k, v, causal: true)[2..]);
        bool[] some = [true, false, true, false, false];
        Close(q.Attention(k[some], v[some]), q.Attention(k, v, some));
        Close(q.Attention(k, v, some), q.Attention(k, v, Tensor.Select(some, Tensor.Scalar(0, DType.Float64), double.NegativeInfinity)));
    }

    [Fact]
    public void A_query_without_keys_gives_zeros_and_no_NaN()
    {
        Tensor x = Normal(1, 3, 2);
        var (value, slope) = Functions.ValueAndGradient(y => y.Attention(y, y, new[] { false, false, false }).Sum() + y.Attention(y[1..], y[1..], causal: true).Sum())(x);
        Assert.True(double.IsFinite(value.ToScalar()));
        Assert.All(slope.ToArray(), g => Assert.True(double.IsFinite(g)));
        Assert.Equal([0, 0], x.Attention(x[1..], x[1..], causal: true)[0].ToArray());
    }

    [Fact]
    public void A_sequence_is_its_cells_one_after_the_other()
    {
        Tensor x = Normal(1, 2, 4, 3), w = Normal(2, 8, 3), u = Normal(3, 8, 2), b = Normal(4, 8);
        Tensor h = Tensor.Zeros([2, 2], DType.Float64), c = h;
        var steps = new List<Tensor>();
        for (int t = 0; t < 4; t++)
        {
            (h, c) = x[.., t].LstmCell(h, c, w, u, b);
            steps.Add(h);
        }
        var (outputs, hidden, cell) = x.Lstm(w, u, b);
        Close(Tensor.Stack([.. steps], 1), outputs);
        Close(h, hidden);
        Close(c, cell);
        Close(x.Flip(1).Lstm(w, u, b).Outputs.Flip(1), x.Lstm(w, u, b, reverse: true).Outputs);
        Close(outputs[0], x[0].Lstm(w, u, b).Outputs);
        var gru = x.Gru(w[..6], u[..6], b[..6]);
        Close(gru.Outputs[.., -1], gru.Hidden);
    }

    [Fact]
    public void Exponentials_of_matrices()
    {
        var a = Normal(1, 4, 4);
        Close(Tensor.Identity(4, DType.Float64), a.MatrixExponential().MatMul((-a).MatrixExponential()), 1e-10);
        Close(Tensor.Identity(3, DType.Float64), Tensor.Zeros([3, 3], DType.Float64).MatrixExponential(), 0);
        Tensor rotation = [[0.0, -100.0], [100.0, 0.0]];
        Close([[Math.Cos(100), -Math.Sin(100)], [Math.Sin(100), Math.Cos(100)]], rotation.MatrixExponential(), 1e-11);
        Tensor nilpotent = [[0.0, 1.0], [0.0, 0.0]];
        Close([[1.0, 1.0], [0.0, 1.0]], nilpotent.MatrixExponential(), 1e-16);
        // d det e^A = det e^A tr dA
        Close(Math.Exp(a.Trace().ToScalar()) * Tensor.Identity(4, DType.Float64), Functions.Gradient(x => x.MatrixExponential().Determinant())(a), 1e-10);
    }

    [Fact]
    public void Similarity_of_a_zero_vector_is_zero()
    {
        var (value, slope) = Functions.ValueAndGradient(x => x.CosineSimilarity(Tensor.Of(1.0, 2.0)))(Tensor.Of(0.0, 0.0));
        Assert.Equal(0, value.ToScalar());
        Assert.All(slope.ToArray(), g => Assert.True(double.IsFinite(g)));
    }
}
