using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.LearningTests;

/// <summary>Layers: shapes, gradients, what they start from, and what differs between training and evaluation.</summary>
public sealed class LayerTests
{
    const DType type = DType.Float64;

    static readonly Dictionary<string, (ILayer Layer, int[] Input, int[] Output)> layers = new()
    {
        ["dense"] = (Dense.Create(Key.Of(1), 3, 4, type: type), [2, 5, 3], [2, 5, 4]),
        ["dense without bias"] = (Dense.Create(Key.Of(1), 3, 4, bias: false, type: type), [2, 3], [2, 4]),
        ["convolution"] = (Convolution.Create(Key.Of(2), 2, 4, [3, 3], stride: [2], padding: [1], type: type), [2, 2, 5, 6], [2, 4, 3, 3]),
        ["convolution of a line"] = (Convolution.Create(Key.Of(2), 4, 4, [3], dilation: [2], groups: 2, type: type), [2, 4, 7], [2, 4, 3]),
        ["max pooling"] = (new MaxPooling([2, 2]), [1, 2, 4, 6], [1, 2, 2, 3]),
        ["average pooling"] = (new AveragePooling([3], [1], [1]), [1, 2, 5], [1, 2, 5]),
        ["global pooling"] = (new GlobalAveragePooling(), [2, 3, 4, 5], [2, 3]),
        ["flattening"] = (new Flattening(), [2, 3, 4], [2, 12]),
        ["reshaping"] = (new Reshaping([2, 6]), [2, 3, 4], [2, 2, 6]),
        ["layer norm"] = (LayerNorm.Create([3, 4], type: type), [2, 3, 4], [2, 3, 4]),
        ["rms norm"] = (RmsNorm.Create([4], type: type), [2, 3, 4], [2, 3, 4]),
        ["group norm"] = (GroupNorm.Create(2, 4, type: type), [2, 4, 3], [2, 4, 3]),
        ["batch norm"] = (BatchNorm.Create(3, type: type), [4, 3, 2], [4, 3, 2]),
        ["dropout"] = (new Dropout(0.5), [2, 3], [2, 3]),
        ["positions"] = (PositionEmbedding.Create(Key.Of(3), 6, 4, type: type), [2, 5, 4], [2, 5, 4]),
        ["lstm"] = (Lstm.Create(Key.Of(4), 3, 4, type: type), [2, 5, 3], [2, 5, 4]),
        ["gru"] = (Gru.Create(Key.Of(5), 3, 4, reverse: true, type: type), [2, 5, 3], [2, 5, 4]),
        ["last step"] = (new LastStep(), [2, 5, 3], [2, 3]),
        ["attention"] = (MultiHeadAttention.Create(Key.Of(6), 6, 2, causal: true, type: type), [2, 4, 6], [2, 4, 6]),
        ["transformer"] = (TransformerBlock.Create(Key.Of(7), 6, 3, causal: true, dropout: 0.3, type: type), [2, 4, 6], [2, 4, 6]),
        ["residual"] = (new Residual(Dense.Create(Key.Of(8), 3, 3, type: type)), [2, 3], [2, 3]),
        ["activation"] = (Activation.Gelu, [2, 3], [2, 3]),
        ["sequential"] = (Sequential.Of(Dense.Create(Key.Of(9), 3, 4, type: type), BatchNorm.Create(4, type: type), Activation.Tanh, new Dropout(0.2)), [5, 3], [5, 4]),
    };

    public static IEnumerable<TheoryDataRow<string>> Names => layers.Keys.Select(name => new TheoryDataRow<string>(name));

    [Fact]
    public void Every_layer_has_a_row()
    {
        var known = layers.Values.Select(row => row.Layer.GetType()).Append(typeof(Embedding)).ToHashSet();
        var all = typeof(ILayer).Assembly.GetExportedTypes().Where(t => !t.IsInterface && t.IsAssignableTo(typeof(ILayer)));
        Assert.Empty(all.Where(t => !known.Contains(t)).Select(t => t.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shapes_gradients_and_rebuilding(string name)
    {
        var (layer, input, output) = layers[name];
        var x = Key.Of(11).Normal(Shape.Of(input), type);
        Assert.Equal(output, layer.Apply(x).Shape);
        var training = Pass.Training(Key.Of(12));
        var (z, next) = layer.Run(x, training);
        Assert.Equal(output, z.Shape);
        Assert.Equal(TreeStructure.Of(layer), TreeStructure.Of(next));
        var direction = Key.Of(13).Normal(Shape.Of(output), type);
        Tensor Loss(Sequential model, Tensor at) => (model.Run(at, training).Output * direction).Sum();
        Assert.True(GradientCheck.Of(at => Loss(Sequential.Of(layer), at), x).Error < 1e-6);
        Assert.Equal(layer.Apply(x).ToArray(), Trees.Map(Sequential.Of(layer), leaf => leaf).Apply(x).ToArray());
        if (!Trees.Learned(layer).Contains(true)) return;
        // a bias before a normalization, or of the keys of an attention, changes nothing: differences of values are noise there
        var slopes = Functions.ValueAndGradient(Sequential.Of(layer), model => Loss(model, x)).Gradient;
        var idle = Trees.Leaves(slopes).Zip(Trees.Paths(slopes)).Where(leaf => leaf.First.Abs().Max().ToScalar() < 1e-12).Select(leaf => leaf.Second).ToHashSet();
        Assert.All(idle, path => Assert.Matches(@"\.(Bias|Mean|Variance)$", path));
        Assert.All(GradientCheck.Of(model => Loss(model, x), Sequential.Of(layer)).Leaves.Where(leaf => !idle.Contains(leaf.Path)), leaf => Assert.InRange(leaf.Error, 0, 1e-6));
    }

    [Fact]
    public void Embedding_takes_rows_and_sums_their_gradients()
    {
        var layer = Embedding.Create(Key.Of(1), 4, 2, type: type);
        Tensor tokens = Tensor.Of([[1, 3], [1, 0]]);
        Assert.Equal([2, 2, 2], layer.Apply(tokens).Shape);
        Assert.Equal(layer.Weight[3].ToArray(), layer.Apply(tokens)[0, 1].ToArray());
        Assert.Equal([1.0, 1, 2, 2, 0, 0, 1, 1], Functions.ValueAndGradient(layer, m => m.Apply(tokens).Sum()).Gradient.Weight.ToArray());
    }

    [Fact]
    public void Dense_and_bias_are_Pytorchs()
    {
        var layer = new Dense(Tensor.Of([[1.0, 2], [3, 4], [5, 6]]), Tensor.Of(0.5, 0, -0.5));
        Assert.Equal([1 * 7 + 2 * 8 + 0.5, 3 * 7 + 4 * 8, 5 * 7 + 6 * 8 - 0.5], layer.Apply(Tensor.Of(7.0, 8)).ToArray());
    }

    [Fact]
    public void Batch_norm_keeps_running_statistics()
    {
        var layer = BatchNorm.Create(1, momentum: 0.25, type: type);
        Tensor x = Tensor.Of([[1.0], [3.0], [8.0]]);
        var (z, next) = layer.Run(x, Pass.Training(Key.Of(1)));
        Assert.Equal(0, z.Mean().ToScalar(), 1e-12);
        Assert.Equal(1, z.Square().Mean().ToScalar(), 1e-4);
        Assert.Equal((1.0, 0.75 + 0.25 * 13), (next.Mean[0].ToScalar(), next.Variance[0].ToScalar()));
        var (same, after) = next.Run(x, Pass.Evaluation);
        Assert.Same(next, after);
        Assert.Equal((8 - 1) / Math.Sqrt(4 + 1e-5), same[2, 0].ToScalar(), 1e-12);
        Assert.Equal([LeafRole.Parameter, LeafRole.Parameter, LeafRole.State, LeafRole.State], Trees.Roles(layer));
        Assert.Throws<ShapeException>(() => layer.Run(x[..1], Pass.Training(Key.Of(1))));
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_depends_on_the_key()
    {
        var x = Tensor.Ones([100, 100]);
        double[] Run(long seed) => new Dropout(0.3).Run(x, Pass.Training(Key.Of(seed))).Output.ToArray();
        Assert.Equal(1, Run(1).Average(), 0.03);
        Assert.Equal(0.3, Run(1).Count(v => v == 0) / 10_000.0, 0.02);
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.Same(x, new Dropout(0.3).Apply(x));
        var twice = Sequential.Of(new Dropout(0.5), new Dropout(0.5)).Run(x, Pass.Training(Key.Of(1))).Output;
        Assert.Equal(0.75, twice.EqualTo(0).Mean().ToScalar(), 0.03);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1).Run(x, Pass.Training(Key.Of(1))));
    }

    [Fact]
    public void One_head_attends_as_the_word_does_and_causal_steps_see_no_later_ones()
    {
        var layer = MultiHeadAttention.Create(Key.Of(1), 4, 1, type: type);
        var x = Key.Of(2).Normal([3, 4], type).Evaluate();
        var expected = layer.Output.Apply(layer.Queries.Apply(x).Attention(layer.Keys.Apply(x), layer.Values.Apply(x)));
        foreach (var (e, a) in expected.ToArray().Zip(layer.Apply(x).ToArray())) Assert.Equal(e, a, 1e-12);
        var causal = TransformerBlock.Create(Key.Of(3), 4, 2, causal: true, type: type);
        // evaluated, so that one program computes both, in one order
        x = Functions.Evaluate(x);
        var changed = Functions.Evaluate(x.With(2, Tensor.Of(9.0, 9, 9, 9)));
        Assert.Equal(causal.Apply(x)[..2].ToArray(), causal.Apply(changed)[..2].ToArray());
        Assert.NotEqual(causal.Apply(x)[2].ToArray(), causal.Apply(changed)[2].ToArray());
        Assert.Throws<ArgumentException>(() => MultiHeadAttention.Create(Key.Of(1), 4, 3));
    }

    [Fact]
    public void A_recurrent_layer_can_be_continued()
    {
        var layer = Lstm.Create(Key.Of(1), 3, 4, type: type);
        var x = Key.Of(2).Normal([2, 6, 3], type);
        var (first, h, c) = layer.Continue(x.Slice(1, 0, 2));
        var (second, _, _) = layer.Continue(x.Slice(1, 2, 4), h, c);
        foreach (var (e, a) in layer.Apply(x).ToArray().Zip(Tensor.Concatenate([first, second], 1).ToArray())) Assert.Equal(e, a, 1e-12);
    }

    [Theory]
    [InlineData("default", 1 / 300.0, true)]
    [InlineData("he", 2 / 100.0, false)]
    [InlineData("glorot", 2 / 500.0, true)]
    [InlineData("lecun", 1 / 100.0, false)]
    public void Initializers_have_the_variance_of_their_formula(string name, double variance, bool bounded)
    {
        var initializer = name switch { "he" => Initializer.He(), "glorot" => Initializer.Glorot(), "lecun" => Initializer.LeCun(), _ => Initializer.Default };
        double[] w = initializer.Draw(Key.Of(1), [400, 100]).ToArray();
        Assert.Equal(0, w.Average() / Math.Sqrt(variance), 0.02);
        Assert.Equal(1, w.Average(x => x * x) / variance, 0.03);
        Assert.Equal(bounded, w.Max(Math.Abs) <= Math.Sqrt(3 * variance));
        Assert.Equal(w, initializer.Draw(Key.Of(1), [400, 100]).ToArray());
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(4, 6)]
    [InlineData(5, 5)]
    public void Orthogonal_weights_are_orthogonal(int rows, int columns)
    {
        var w = new OrthogonalInitializer(2).Draw(Key.Of(1), [rows, columns], type);
        var product = rows < columns ? w.MatMul(w.T) : w.T.MatMul(w);
        foreach (var (e, a) in (4 * Tensor.Identity(Math.Min(rows, columns), type)).ToArray().Zip(product.ToArray())) Assert.Equal(e, a, 1e-12);
    }

    [Fact]
    public void Fans_of_a_convolution_count_the_window()
    {
        Assert.Equal(new Fans(18, 36), Fans.Of([4, 2, 3, 3]));
        Assert.Throws<ShapeException>(() => Initializer.He().Draw(Key.Of(1), [4]));
        double bound = 1 / Math.Sqrt(18);
        var layer = Convolution.Create(Key.Of(1), 2, 40, [3, 3]);
        Assert.InRange(layer.Weight.Abs().Max().ToScalar(), 0.95 * bound, bound * 1.000001);
        Assert.InRange(layer.Bias!.Abs().Max().ToScalar(), 0.8 * bound, bound * 1.000001);
        Assert.Equal(0, Convolution.Create(Key.Of(1), 2, 40, [3, 3], weights: Initializer.He()).Bias!.Abs().Max().ToScalar());
    }

    [Fact]
    public void A_summary_lists_every_tensor()
    {
        var model = Sequential.Of(Dense.Create(Key.Of(1), 64, 20), BatchNorm.Create(20), Activation.Relu, Dense.Create(Key.Of(2), 20, 10, bias: false));
        Assert.Equal(64 * 20 + 20 + 40 + 200, Summary.Of(model).Parameters);
        Assert.Equal("""
            tensor             shape     type     numbers  role
            Items[0].Weight    [20, 64]  float32    1,280  parameter
            Items[0].Bias      [20]      float32       20  parameter
            Items[1].Scale     [20]      float32       20  parameter
            Items[1].Shift     [20]      float32       20  parameter
            Items[1].Mean      [20]      float32       20  state
            Items[1].Variance  [20]      float32       20  state
            Items[3].Weight    [10, 20]  float32      200  parameter
            1,540 parameters

            """.ReplaceLineEndings("\n"), Summary.Of(model).ToString());
    }
}
