namespace Adjoint.Learning;

/// <summary>Attention with several heads (Vaswani and others 2017): as a layer of a sequence to itself, [B…, T, size] ↦ [B…, T, size].</summary>
/// <param name="Queries">size ↦ size.</param>
/// <param name="Keys">size ↦ size.</param>
/// <param name="Values">size ↦ size.</param>
/// <param name="Output">size ↦ size.</param>
/// <param name="Heads">The number of heads, a divisor of the size.</param>
/// <param name="Causal">Whether no step sees a later one.</param>
[Tree]
public sealed partial record MultiHeadAttention(Dense Queries, Dense Keys, Dense Values, Dense Output, int Heads, bool Causal = false) : IPlainLayer
{
    /// <summary>A new layer, with weights after Glorot and biases 0, as PyTorch's.</summary>
    /// <exception cref="ArgumentException">The heads do not divide the size.</exception>
    public static MultiHeadAttention Create(Key key, int size, int heads, bool causal = false, bool bias = true, Initializer? weights = null, DType type = DType.Float32)
    {
        if (heads < 1 || size % heads != 0) throw new ArgumentException($"attention: the size {size} does not divide into {heads} heads.");
        Key[] keys = key.Split(4);
        Dense New(int i) => Dense.Create(keys[i], size, size, bias, weights ?? Initializer.Glorot(), type);
        return new(New(0), New(1), New(2), New(3), heads, causal);
    }

    public Tensor Apply(Tensor x) => Attend(x, x);

    /// <summary>What the queries find in a memory: [B…, n, size] and [B…, m, size] ↦ [B…, n, size].</summary>
    /// <param name="queries">[B…, n, size].</param>
    /// <param name="memory">[B…, m, size].</param>
    /// <param name="mask">Broadcasts to [B…, heads, n, m]: bools say which query sees which step, numbers are added to the scores.</param>
    public Tensor Attend(Tensor queries, Tensor memory, Tensor? mask = null)
    {
        var z = Split(Queries.Apply(queries)).Attention(Split(Keys.Apply(memory)), Split(Values.Apply(memory)), mask, Causal).MoveAxis(-3, -2);
        return Output.Apply(z.Reshape(Shape.Of([.. z.Shape.Lengths[..^2], z.Shape[^2] * z.Shape[^1]])));
    }

    // [B…, n, size] ↦ [B…, heads, n, size / heads]
    Tensor Split(Tensor x) => x.Reshape(Shape.Of([.. x.Shape.Lengths[..^1], Heads, x.Shape[^1] / Heads])).MoveAxis(-2, -3);
}

/// <summary>
/// A block of a transformer, normalized before its parts (Xiong and others 2020): x + attention(norm x), then x + contract(gelu(expand(norm x))), each sum after dropout.
/// </summary>
/// <param name="AttentionNorm">Before the attention.</param>
/// <param name="Attention">Of the sequence to itself.</param>
/// <param name="DenseNorm">Before the dense part.</param>
/// <param name="Expand">size ↦ hidden.</param>
/// <param name="Contract">hidden ↦ size.</param>
/// <param name="Dropout">After each part.</param>
[Tree]
public sealed partial record TransformerBlock(LayerNorm AttentionNorm, MultiHeadAttention Attention, LayerNorm DenseNorm, Dense Expand, Dense Contract, Dropout Dropout) : ILayer
{
    /// <summary>A new block; the hidden size is four times the size, unless given.</summary>
    public static TransformerBlock Create(Key key, int size, int heads, bool causal = false, int? hidden = null, double dropout = 0, DType type = DType.Float32)
    {
        Key[] keys = key.Split(3);
        int inner = hidden ?? 4 * size;
        return new(LayerNorm.Create([size], type: type), MultiHeadAttention.Create(keys[0], size, heads, causal, type: type), LayerNorm.Create([size], type: type),
            Dense.Create(keys[1], size, inner, type: type), Dense.Create(keys[2], inner, size, type: type), new(dropout));
    }

    /// <inheritdoc cref="ILayer.Run"/>
    public (Tensor Output, ILayer Next) Run(Tensor x, Pass pass)
    {
        x += Dropout.Run(Attention.Apply(AttentionNorm.Apply(x)), pass.Part(0)).Output;
        return (x + Dropout.Run(Contract.Apply(Expand.Apply(DenseNorm.Apply(x)).Gelu()), pass.Part(1)).Output, this);
    }
}
