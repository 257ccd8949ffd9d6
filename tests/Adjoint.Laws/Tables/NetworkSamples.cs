using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>What neural networks consist of.</summary>
static class NetworkSamples
{
    public static readonly Sample[] All =
    [
        new("convolve 1-D", x => [x[0].Convolve(x[1], x[2], stride: [2], padding: [1])], Real(2, 2, 7), Real(3, 2, 3), Real(3)),
        new("convolve 2-D", x => [x[0].Convolve(x[1], x[2])], Real(1, 2, 4, 3), Real(2, 2, 2, 3), Real(2)),
        new("convolve 2-D with everything", x => [x[0].Convolve(x[1], stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2)], Real(1, 4, 4, 3), Real(2, 2, 3, 2)),
        new("convolve 3-D", x => [x[0].Convolve(x[1], padding: [1])], Real(1, 1, 2, 3, 2), Real(1, 1, 2, 2, 2)),
        new("convolve each channel", x => [x[0].Convolve(x[1], groups: 3)], Real(1, 3, 5), Real(3, 1, 2)),
        new("transposed convolution 1-D", x => [x[0].ConvolveTransposed(x[1], x[2], stride: [2], outputPadding: [1])], Real(2, 2, 3), Real(2, 3, 3), Real(3)),
        new("transposed convolution 2-D with everything", x => [x[0].ConvolveTransposed(x[1], x[2], stride: [2], padding: [1, 0], dilation: [1, 2], groups: 2)], Real(1, 2, 3, 2), Real(2, 1, 2, 2), Real(2)),
        new("max-pool", x => [x[0].MaxPool([2, 2]), x[0].MaxPool([3], stride: [2], padding: [1])], Distinct(1, 2, 4, 5)),
        new("average-pool", x => [x[0].AveragePool([2, 2]), x[0].AveragePool([3], [2], [1]), x[0].AveragePool([3, 2], [2, 1], [1, 1], countPadding: false)], Real(1, 2, 4, 5)),
        new("layer-norm", x => [x[0].LayerNorm(x[1], x[2]), x[0].LayerNorm(axes: 2)], Real(2, 3, 4), Real(4), Real(4)) { SingleTolerance = 1e-3 },
        new("rms-norm", x => [x[0].RmsNorm(x[1]), x[0].RmsNorm(axes: 2)], Real(2, 3, 2), Real(2)),
        new("group-norm", x => [x[0].GroupNorm(2, x[1], x[2])], Real(2, 4, 3), Real(4), Real(4)) { SingleTolerance = 1e-3 },
        new("batch-norm", x => { var (y, mean, variance) = x[0].BatchNorm(x[1], x[2]); return [y, mean, variance]; }, Real(3, 2, 3), Real(2), Real(2)) { SingleTolerance = 1e-3 },
        new("batch-norm after training", x => [x[0].BatchNorm(x[1], x[2], x[3], x[4])], Real(3, 2), Real(2), Positive(2), Real(2), Real(2)),
        new("attention", x => [x[0].Attention(x[1], x[2])], Real(2, 3, 2), Real(2, 4, 2), Real(2, 4, 3)),
        new("attention, causal", x => [x[0].Attention(x[1], x[2], causal: true), x[0].Attention(x[1], x[2], causal: true, scale: 0.3)], Real(3, 2), Real(4, 2), Real(4, 2)),
        new("attention with masks", x => [x[0].Attention(x[1], x[1], x[2], causal: true), x[0].Attention(x[1], x[1], x[3])], Real(3, 2), Real(3, 2), Bools(3, 3), Real(3, 3)),
        new("attention to nothing", x => [x[0].Attention(x[0], x[0], new[] { false, true, true }), x[0].Attention(x[0], x[0], Tensor.Of([[false, false, false], [true, false, false], [true, true, true]]))], Real(3, 2)),
        new("lstm cell", x => { var (h, c) = x[0].LstmCell(x[1], x[2], x[3], x[4], x[5]); return [h, c]; }, Real(2, 3), Real(2, 2), Real(2, 2), Real(8, 3), Real(8, 2), Real(8)),
        new("lstm", x => { var (y, h, c) = x[0].Lstm(x[1], x[2], x[3], x[4]); return [y, h, c]; }, Real(2, 3, 2), Real(8, 2), Real(8, 2), Real(8), Real(8)),
        new("lstm in reverse, without batch", x => { var (y, h, c) = x[0].Lstm(x[1], x[2], hidden: x[3], cell: x[4], reverse: true); return [y, h, c]; }, Real(3, 2), Real(8, 2), Real(8, 2), Real(2), Real(2)),
        new("gru cell", x => [x[0].GruCell(x[1], x[2], x[3], x[4], x[5])], Real(3), Real(2), Real(6, 3), Real(6, 2), Real(6), Real(6)),
        new("gru", x => { var (y, h) = x[0].Gru(x[1], x[2], x[3], x[4]); return [y, h]; }, Real(2, 3, 2), Real(6, 2), Real(6, 2), Real(6), Real(6)),
        new("gru in reverse", x => { var (y, h) = x[0].Gru(x[1], x[2], hidden: x[3], reverse: true); return [y, h]; }, Real(1, 3, 2), Real(6, 2), Real(6, 2), Real(1, 2)),
        new("embedding of indices", x => [x[0].Embedding(x[1])], Real(5, 2), Integers(0, 5, 2, 3)),
        new("cosine similarity", x => [x[0].CosineSimilarity(x[1]), x[0].CosineSimilarity(x[1], axis: 0)], Real(2, 3), Real(2, 3)),
        new("matrix exponential", x => [x[0].MatrixExponential()], Real(3, 3)),
        new("matrix exponential with squarings", x => [(x[0] * 3).MatrixExponential()], Real(2, 2, 2)) { Tolerance = 1e-5, SingleTolerance = 1e-3 },
        new("convolutional network", x => [x[0].Convolve(x[1], x[2], padding: [1]).Tanh().AveragePool([2, 2]).Reshape([2, 8]).MatMul(x[3]).LogSoftmax().Sum()], Real(2, 1, 4, 4), Real(2, 1, 3, 3), Real(2), Real(8, 2)),
    ];

    public static readonly FailingSample[] Failing =
    [
        new("convolve channels", "convolve: x [1, 3, 5] has 3 channels, but kernels [4, 2, 3] with 1 groups are for 2. Kernels are [output channels, input channels / groups, …].", x => [x[0].Convolve(x[1])], Real(1, 3, 5), Real(4, 2, 3)),
        new("convolve without batch", "convolve: x [3, 5] and kernels [4, 3, 3] must have as many axes: x [batch, channels, n…], and one length in kernels for every n. Give x a batch axis with ExpandAxis(0).",
            x => [x[0].Convolve(x[1])], Real(3, 5), Real(4, 3, 3)),
        new("convolve groups", "convolve: 3 output channels do not divide into 2 groups.", x => [x[0].Convolve(x[1], groups: 2)], Real(1, 4, 5), Real(3, 2, 3)),
        new("convolve bias", "convolve: the bias has shape [2]; it must be [4], one number for each output channel.", x => [x[0].Convolve(x[1], x[2])], Real(1, 3, 5), Real(4, 3, 3), Real(2)),
        new("convolve strides", "convolve: 3 lengths of stride were given for 2 spatial axes; give one for each, or one for all.", x => [x[0].Convolve(x[1], stride: [1, 1, 1])], Real(1, 1, 5, 5), Real(1, 1, 3, 3)),
        new("convolve stride 0", "convolve: stride 0 must be at least 1.", x => [x[0].Convolve(x[1], stride: [0])], Real(1, 1, 5), Real(1, 1, 3)),
        new("convolve long kernel", "window [5]: a window spans 5 elements, but axis 2 of shape [1, 1, 3] has 3. Pad the axis first.", x => [x[0].Convolve(x[1])], Real(1, 1, 3), Real(1, 1, 5)),
        new("transposed convolution channels", "convolve-transposed: x [1, 3, 5] has 3 channels, but kernels [4, 2, 3] are for 4. Kernels are [input channels, output channels / groups, …].",
            x => [x[0].ConvolveTransposed(x[1])], Real(1, 3, 5), Real(4, 2, 3)),
        new("transposed convolution groups", "convolve-transposed: 3 input channels do not divide into 2 groups.", x => [x[0].ConvolveTransposed(x[1], groups: 2)], Real(1, 3, 5), Real(3, 2, 3)),
        new("max-pool padding", "max-pool: padding 2 is more than half of the window's length 3; some windows would hold nothing else.", x => [x[0].MaxPool([3], padding: [2])], Real(1, 1, 5)),
        new("average-pool axes", "average-pool: the window has 2 lengths; shape [5] has 1 axes. Give one length for each of its last axes that is pooled.", x => [x[0].AveragePool([2, 2])], Real(5)),
        new("layer-norm scale", "layer-norm: the scale has shape [3]; for x [2, 4] it must be [4].", x => [x[0].LayerNorm(x[1])], Real(2, 4), Real(3)),
        new("layer-norm axes", "layer-norm: the last 3 axes of shape [2, 4] are to be normalized, but it has 2.", x => [x[0].LayerNorm(axes: 3)], Real(2, 4)),
        new("group-norm groups", "group-norm: the 4 channels of shape [2, 4] do not divide into 3 groups.", x => [x[0].GroupNorm(3)], Real(2, 4)),
        new("batch-norm channels", "batch-norm: shape [4] must have a batch axis and a channel axis: [B, C, …].", x => [x[0].BatchNorm().Result], Real(4)),
        new("batch-norm mean", "batch-norm: the mean has shape [4]; for x [4, 2] it must be [2].", x => [x[0].BatchNorm(x[1], x[1], null, null)], Real(4, 2), Real(4)),
        new("attention shapes", "attention: queries [3, 2], keys [4, 3] and values [4, 2] must be […, n, d], […, m, d] and […, m, e].", x => [x[0].Attention(x[1], x[2])], Real(3, 2), Real(4, 3), Real(4, 2)),
        new("lstm input weights", "lstm: the input weights have shape [6, 2]; for x [3, 2] they must be [4·hidden, 2].", x => [x[0].Lstm(x[1], x[1]).Outputs], Real(3, 2), Real(6, 2)),
        new("gru hidden weights", "gru: the hidden weights have shape [6, 3]; with input weights [6, 2] they must be [6, 2].", x => [x[0].Gru(x[1], x[2]).Outputs], Real(3, 2), Real(6, 2), Real(6, 3)),
        new("gru bias", "gru: a bias has shape [2]; with input weights [6, 2] it must be [6].", x => [x[0].Gru(x[1], x[1], x[2]).Outputs], Real(3, 2), Real(6, 2), Real(2)),
        new("gru first state", "gru: the first state has shape [3]; it must be [2].", x => [x[0].Gru(x[1], x[1], hidden: x[2]).Outputs], Real(3, 2), Real(6, 2), Real(3)),
        new("embedding table", "embedding: the table has shape [3]; it must be [number of vectors, length of a vector].", x => [x[0].Embedding(x[1])], Real(3), Integers(0, 3, 2)),
        new("matrix exponential of a rectangle", "matrix-exponential: the matrix [2, 3] must be square in its last two axes.", x => [x[0].MatrixExponential()], Real(2, 3)),
    ];
}
