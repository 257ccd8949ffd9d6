using System.Collections.Immutable;
using Adjoint.Learning;

namespace Adjoint.Workloads;

/// <summary>The last hidden state of a recurrence, through a dense layer: [T, B, inputs] ↦ [B, classes].</summary>
[Tree]
sealed partial record Recurrent(IPlainLayer Recurrence, Dense Output) : IPlainLayer
{
    public Tensor Apply(Tensor x)
    {
        var states = Recurrence.Apply(x.MoveAxis(0, 1));
        return Output.Apply(states.Slice(1, states.Shape[1] - 1, 1).Squeeze(1));
    }
}

/// <summary>A block of a causal transformer whose queries, keys and values come of one product: [B, T, C] ↦ [B, T, C].</summary>
[Tree]
sealed partial record Block(LayerNorm AttentionNorm, Dense QueriesKeysValues, Dense Projection, LayerNorm DenseNorm, Dense Expand, Dense Contract, int Heads) : IPlainLayer
{
    public static Block Create(Key key, int width, int heads)
    {
        Key[] keys = key.Split(4);
        return new(LayerNorm.Create([width]), Dense.Create(keys[0], width, 3 * width), Dense.Create(keys[1], width, width), LayerNorm.Create([width]),
            Dense.Create(keys[2], width, 4 * width), Dense.Create(keys[3], 4 * width, width), heads);
    }

    public Tensor Apply(Tensor x)
    {
        int width = x.Shape[^1];
        var parts = QueriesKeysValues.Apply(AttentionNorm.Apply(x));
        Tensor Part(int i) => parts.Slice(2, i * width, width).Reshape([x.Shape[0], x.Shape[1], Heads, width / Heads]).MoveAxis(2, 1);
        var seen = Part(0).Attention(Part(1), Part(2), causal: true);
        x += Projection.Apply(seen.MoveAxis(1, 2).Reshape(x.Shape));
        return x + Contract.Apply(Expand.Apply(DenseNorm.Apply(x)).Gelu());
    }
}

/// <summary>A character model: integers [B, T] ↦ logits [B, T, V].</summary>
[Tree]
sealed partial record Gpt(Embedding Tokens, PositionEmbedding Places, ImmutableArray<Block> Blocks, LayerNorm Norm, Dense Head) : IPlainLayer
{
    public static Gpt Create(Key key, int layers, int heads, int width, int context, int vocabulary)
    {
        Key[] keys = key.Split(3 + layers);
        return new(Embedding.Create(keys[0], vocabulary, width), PositionEmbedding.Create(keys[1], context, width, new NormalInitializer()),
            [.. keys[3..].Select(k => Block.Create(k, width, heads))], LayerNorm.Create([width]), Dense.Create(keys[2], width, vocabulary, bias: false));
    }

    public Tensor Apply(Tensor x) => Head.Apply(Norm.Apply(Blocks.Aggregate(Places.Apply(Tokens.Apply(x)), (z, block) => block.Apply(z))));
}

/// <summary>The networks by name, with PyTorch's default initial weights, in the order of its parameters.</summary>
static class Networks
{
    /// <summary>A network, a batch for it, and its loss.</summary>
    public static (Sequential Model, Batch Batch, Func<Tensor, Tensor, Tensor> Loss) Create(string kind, int batch, int[] sizes)
    {
        var (forModel, forInputs, forTargets) = Key.Of(0).Split(3) is [var a, var b, var c] ? (a, b, c) : default;
        Tensor Labels(Shape shape, int classes) => forTargets.Integers(shape, 0, classes, DType.Int64);
        Func<Tensor, Tensor, Tensor> crossEntropy = static (z, y) => Loss.CrossEntropy(z, y);
        switch (kind, sizes)
        {
            case ("tiny", _):
                return (Perceptron(forModel, sizes, Activation.Tanh), new(forInputs.Normal([batch, sizes[0]]), forTargets.Normal([batch, sizes[^1]])), Loss.Mse);
            case ("mlp", _):
                return (Perceptron(forModel, sizes, Activation.Relu), new(forInputs.Normal([batch, sizes[0]]), Labels([batch], sizes[^1])), crossEntropy);
            case ("cnn", [var side, var first, var second, var window, var classes]):
                int rest = ((side - window + 1) / 2 - window + 1) / 2;
                Key[] keys = forModel.Split(3);
                var layers = Sequential.Of(
                    Convolution.Create(keys[0], 1, first, [window, window]), Activation.Relu, new MaxPooling([2, 2]),
                    Convolution.Create(keys[1], first, second, [window, window]), Activation.Relu, new MaxPooling([2, 2]),
                    new Flattening(), Dense.Create(keys[2], second * rest * rest, classes));
                return (layers, new(forInputs.Normal([batch, 1, side, side]), Labels([batch], classes)), crossEntropy);
            case ("lstm" or "gru", [var steps, var inputs, var size, var classes]):
                var (forRecurrence, forOutput) = forModel.Split();
                IPlainLayer recurrence = kind == "lstm" ? Lstm.Create(forRecurrence, inputs, size) : Gru.Create(forRecurrence, inputs, size);
                return (Sequential.Of(new Recurrent(recurrence, Dense.Create(forOutput, size, classes))), new(forInputs.Normal([steps, batch, inputs]), Labels([batch], classes)), crossEntropy);
            case ("gpt", [var blocks, var heads, var width, var context, var vocabulary]):
                return (Sequential.Of(Gpt.Create(forModel, blocks, heads, width, context, vocabulary)),
                    new(forInputs.Integers([batch, context], 0, vocabulary, DType.Int64), Labels([batch, context], vocabulary)), crossEntropy);
            default: throw new ArgumentException($"no network '{kind}' of {sizes.Length} sizes.");
        }
    }

    static Sequential Perceptron(Key key, int[] sizes, Activation activation)
    {
        Key[] keys = key.Split(sizes.Length - 1);
        var layers = new List<ILayer>();
        for (int i = 0; i + 1 < sizes.Length; i++)
        {
            if (i > 0) layers.Add(activation);
            layers.Add(Dense.Create(keys[i], sizes[i], sizes[i + 1]));
        }
        return new([.. layers]);
    }
}
