using System.Text.Json;
using Adjoint.Learning;

namespace Adjoint.Golden;

/// <summary>The operations by the names of the reference.</summary>
static class OperationTable
{
    delegate Tensor One(Tensor x);
    delegate Tensor Two(Tensor x, Tensor y);
    delegate Tensor[] General(Attributes a, Tensor[] x);

    static readonly Dictionary<string, One> unary = new()
    {
        ["neg"] = x => -x, ["abs"] = x => x.Abs(), ["exp"] = x => x.Exp(), ["expm1"] = x => x.ExpM1(), ["log"] = x => x.Log(), ["log1p"] = x => x.Log1P(), ["log2"] = x => x.Log2(),
        ["sqrt"] = x => x.Sqrt(), ["rsqrt"] = x => x.Rsqrt(), ["reciprocal"] = x => x.Reciprocal(), ["square"] = x => x.Square(),
        ["sin"] = x => x.Sin(), ["cos"] = x => x.Cos(), ["tan"] = x => x.Tan(), ["asin"] = x => x.Asin(), ["acos"] = x => x.Acos(), ["atan"] = x => x.Atan(),
        ["sinh"] = x => x.Sinh(), ["cosh"] = x => x.Cosh(), ["tanh"] = x => x.Tanh(), ["asinh"] = x => x.Asinh(), ["acosh"] = x => x.Acosh(), ["atanh"] = x => x.Atanh(),
        ["erf"] = x => x.Erf(), ["erfc"] = x => x.Erfc(), ["lgamma"] = x => x.LogGamma(), ["sinc"] = x => x.Sinc(),
        ["sigmoid"] = x => x.Sigmoid(), ["relu"] = x => x.Relu(), ["elu"] = x => x.Elu(), ["selu"] = x => x.Selu(), ["silu"] = x => x.Silu(), ["mish"] = x => x.Mish(),
        ["softplus"] = x => x.Softplus(), ["softsign"] = x => x.Softsign(), ["log_sigmoid"] = x => x.LogSigmoid(), ["hardswish"] = x => x.HardSwish(), ["hardsigmoid"] = x => x.HardSigmoid(),
        ["sign"] = x => x.Sign(), ["floor"] = x => x.Floor(), ["ceil"] = x => x.Ceiling(),
        ["diagonal"] = x => x.Diagonal(), ["trace"] = x => x.Trace(), ["inv"] = x => x.Inverse(), ["det"] = x => x.Determinant(), ["slogdet"] = x => x.LogDeterminant().Logarithm,
        ["cholesky"] = x => x.Cholesky(), ["eigvalsh"] = x => x.EigenvaluesSymmetric(), ["svdvals"] = x => x.SingularValues(), ["matrix_exp"] = x => x.MatrixExponential(),
    };

    static readonly Dictionary<string, Two> binary = new()
    {
        ["add"] = (x, y) => x + y, ["sub"] = (x, y) => x - y, ["mul"] = (x, y) => x * y, ["div"] = (x, y) => x / y, ["maximum"] = (x, y) => x.Maximum(y), ["minimum"] = (x, y) => x.Minimum(y),
        ["atan2"] = (x, y) => x.Atan2(y), ["hypot"] = (x, y) => x.Hypot(y), ["pow"] = (x, y) => x.Pow(y), ["xlogy"] = (x, y) => x.XLogY(y),
        ["matmul"] = (x, y) => x.MatMul(y), ["solve"] = (x, y) => x.Solve(y), ["embedding"] = (x, y) => x.Embedding(y),
        ["mse"] = Loss.Mse, ["l1"] = Loss.L1, ["binary_cross_entropy_with_logits"] = Loss.BinaryCrossEntropyWithLogits, ["kl_divergence"] = Loss.KlDivergence,
    };

    static readonly Dictionary<string, General> general = new()
    {
        ["gelu"] = (a, x) => [x[0].Gelu(approximate: a.Text("approximate") == "tanh")],
        ["leaky_relu"] = (a, x) => [x[0].LeakyRelu(a.Number("negative_slope"))],
        ["clamp"] = (a, x) => [x[0].Clip(a.Number("min"), a.Number("max"))],
        ["where"] = (_, x) => [Tensor.Select(x[0], x[1], x[2])],

        ["sum"] = (a, x) => [x[0].Sum(a.Axes, a.KeepsAxes)],
        ["mean"] = (a, x) => [x[0].Mean(a.Axes, a.KeepsAxes)],
        ["logsumexp"] = (a, x) => [x[0].LogSumExp(a.Axes, a.KeepsAxes)],
        ["variance"] = (a, x) => [x[0].Variance(a.Axes, a.KeepsAxes, a.Number("correction"))],
        ["max"] = (a, x) => [x[0].Max(a.Axes, a.KeepsAxes)],
        ["min"] = (a, x) => [x[0].Min(a.Axes, a.KeepsAxes)],
        ["norm"] = (a, x) => [x[0].Norm(a.Axes, a.Number("ord"), a.KeepsAxes)],
        ["prod"] = (a, x) => [x[0].Product(a.Integer("axis"), a.KeepsAxes)],
        ["argmax"] = (a, x) => [x[0].ArgMax(a.Integer("axis"))],
        ["cumsum"] = (a, x) => [x[0].CumulativeSum(a.Integer("axis"))],
        ["cumprod"] = (a, x) => [x[0].CumulativeProduct(a.Integer("axis"))],
        ["softmax"] = (a, x) => [x[0].Softmax(a.Integer("axis"))],
        ["log_softmax"] = (a, x) => [x[0].LogSoftmax(a.Integer("axis"))],
        ["sort"] = (a, x) => [x[0].Sort(a.Integer("axis"))],

        ["flip"] = (a, x) => [x[0].Flip(a.Axes)],
        ["roll"] = (a, x) => [x[0].Roll(a.Integer("shift"), a.Integer("axis"))],
        ["reshape"] = (a, x) => [x[0].Reshape(Shape.Of(a.Integers("shape")))],
        ["transpose"] = (a, x) => [x[0].Permute(a.Integers("permutation"))],
        ["broadcast_to"] = (a, x) => [x[0].BroadcastTo(Shape.Of(a.Integers("shape")))],
        ["slice"] = (a, x) => [x[0][[.. a.Integers("starts").Select((start, k) => (start..a.Integers("stops")[k]).Step(a.Integers("steps")[k]))]]],
        ["pad"] = (a, x) => [x[0].Pad(a.Integers("low"), a.Integers("high"), a.Number("value"))],
        ["concatenate"] = (a, x) => [Tensor.Concatenate(x, a.Integer("axis"))],
        ["stack"] = (a, x) => [Tensor.Stack(x, a.Integer("axis"))],
        ["take"] = (a, x) => [x[0].Take(x[1], a.Integer("axis"))],
        ["take_along_axis"] = (a, x) => [x[0].TakeAlongAxis(x[1], a.Integer("axis"))],
        ["scatter_add"] = (a, x) => [x[0].ScatterAdd(x[1], x[2], a.Integer("axis"))],
        ["tril"] = (a, x) => [x[0].LowerTriangle(a.Integer("diagonal"))],
        ["triu"] = (a, x) => [x[0].UpperTriangle(a.Integer("diagonal"))],
        ["tile"] = (a, x) => [x[0].Tile(a.Integers("repeats"))],
        ["einsum"] = (a, x) => [Tensor.Einsum(a.Text("equation"), x)],

        ["conv1d"] = Convolve, ["conv2d"] = Convolve, ["conv3d"] = Convolve,
        ["conv_transpose1d"] = ConvolveTransposed, ["conv_transpose2d"] = ConvolveTransposed, ["conv_transpose3d"] = ConvolveTransposed,
        ["max_pool1d"] = MaxPool, ["max_pool2d"] = MaxPool, ["max_pool3d"] = MaxPool,
        ["avg_pool1d"] = AveragePool, ["avg_pool2d"] = AveragePool, ["avg_pool3d"] = AveragePool,
        ["layer_norm"] = (a, x) => [x[0].LayerNorm(x[1], x[2], a.Number("epsilon"))],
        ["batch_norm"] = (a, x) => [a.Flag("training") ? x[0].BatchNorm(x[1], x[2], a.Number("epsilon")).Result : x[0].BatchNorm(x[3], x[4], x[1], x[2], a.Number("epsilon"))],
        ["group_norm"] = (a, x) => [x[0].GroupNorm(a.Integer("groups"), x[1], x[2], a.Number("epsilon"))],
        ["rms_norm"] = (a, x) => [x[0].RmsNorm(x[1], a.Number("epsilon"))],
        ["attention"] = (a, x) => [x[0].Attention(x[1], x[2], causal: a.Flag("causal"))],
        ["lstm"] = (a, x) => [BatchFirst(a, x[0]).Lstm(x[1], x[2], x[3], x[4]).Outputs],
        ["gru"] = (a, x) => [BatchFirst(a, x[0]).Gru(x[1], x[2], x[3], x[4]).Outputs],

        ["solve_triangular"] = (a, x) => [x[0].SolveTriangular(x[1], a.Flag("lower"))],
        ["qr"] = (_, x) => { var (q, r) = x[0].Qr(); return [q, r]; },
        ["cross_entropy"] = (a, x) => [Loss.CrossEntropy(x[0], x[1], a.Number("label_smoothing"))],
        ["huber"] = (a, x) => [Loss.Huber(x[0], x[1], a.Number("delta"))],
        ["cosine_similarity"] = (a, x) => [x[0].CosineSimilarity(x[1], a.Integer("axis"), a.Number("epsilon"))],
    };

    /// <summary>Whether there is such an operation.</summary>
    public static bool Known(string name) => unary.ContainsKey(name) || binary.ContainsKey(name) || general.ContainsKey(name);

    /// <summary>How precise the derivatives of the reference are, where that is less than what the cases ask for: PyTorch's hardsigmoid has the float32 number nearest to 1/6 as its slope.</summary>
    public static double PrecisionOfVjp(string name) => name == "hardsigmoid" ? 3e-8 : 0;

    /// <summary>The results of an operation.</summary>
    public static Tensor[] Apply(string name, JsonElement attributes, Tensor[] x)
    {
        int expected = unary.ContainsKey(name) ? 1 : binary.ContainsKey(name) ? 2 : x.Length;
        if (x.Length != expected) throw new InvalidOperationException($"{name}: there are {x.Length} inputs; {expected} are expected.");
        return unary.TryGetValue(name, out var one) ? [one(x[0])] : binary.TryGetValue(name, out var two) ? [two(x[0], x[1])] : general[name](new(attributes), x);
    }

    static Tensor[] Convolve(Attributes a, Tensor[] x) => [x[0].Convolve(x[1], x.ElementAtOrDefault(2), a.Integers("stride"), a.Integers("padding"), a.Integers("dilation"), a.Integer("groups"))];
    static Tensor[] ConvolveTransposed(Attributes a, Tensor[] x) =>
        [x[0].ConvolveTransposed(x[1], x.ElementAtOrDefault(2), a.Integers("stride"), a.Integers("padding"), a.Integers("dilation"), a.Integer("groups"), a.Integers("output_padding"))];
    static Tensor[] MaxPool(Attributes a, Tensor[] x) => [x[0].MaxPool(a.Integers("kernel"), a.Integers("stride"), a.Integers("padding"))];
    static Tensor[] AveragePool(Attributes a, Tensor[] x) => [x[0].AveragePool(a.Integers("kernel"), a.Integers("stride"), a.Integers("padding"))];
    static Tensor BatchFirst(Attributes a, Tensor x) => a.Flag("batch_first") ? x : x.SwapAxes(0, 1);

    /// <summary>The attributes of a case.</summary>
    readonly struct Attributes(JsonElement json)
    {
        public bool KeepsAxes => Flag("keepdims");

        /// <summary>The axes; none means all of them.</summary>
        public int[] Axes => json.Optional("axes") is { } axes ? [.. axes.EnumerateArray().Select(n => n.GetInt32())] : [];

        public double Number(string name) => json.Field(name).GetDouble();
        public int Integer(string name) => json.Field(name).GetInt32();
        public bool Flag(string name) => json.Field(name).GetBoolean();
        public string Text(string name) => json.Field(name).GetString()!;
        public int[] Integers(string name) => [.. json.Field(name).EnumerateArray().Select(n => n.GetInt32())];
    }
}
