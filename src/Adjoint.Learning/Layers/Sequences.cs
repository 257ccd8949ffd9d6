namespace Adjoint.Learning;

/// <summary>A vector for every token: integers [B…] ↦ [B…, size].</summary>
/// <param name="Weight">[tokens, size].</param>
[Tree]
public sealed partial record Embedding(Tensor Weight) : IPlainLayer
{
    /// <summary>A new layer; by default normal with mean 0 and deviation 1, as PyTorch's.</summary>
    public static Embedding Create(Key key, int tokens, int size, Initializer? weights = null, DType type = DType.Float32) =>
        new((weights ?? new NormalInitializer()).Draw(key, [tokens, size], new Fans(tokens, size), type));

    public Tensor Apply(Tensor x) => Weight.Take(x);
}

/// <summary>Adds a learned vector for every place: [B…, T, size], T at most the number of places.</summary>
/// <param name="Weight">[places, size].</param>
[Tree]
public sealed partial record PositionEmbedding(Tensor Weight) : IPlainLayer
{
    /// <summary>A new layer; by default normal with mean 0 and deviation 0.02.</summary>
    public static PositionEmbedding Create(Key key, int places, int size, Initializer? weights = null, DType type = DType.Float32) =>
        new((weights ?? new NormalInitializer(0.02)).Draw(key, [places, size], new Fans(places, size), type));

    public Tensor Apply(Tensor x) => x.Rank >= 2 && x.Shape[^2] <= Weight.Shape[0] ? x + Weight[..x.Shape[^2]]
        : throw new ShapeException($"position-embedding: x {x.Shape} must be […, steps, {Weight.Shape[1]}] with at most {Weight.Shape[0]} steps.");
}

/// <summary>Long short-term memory along a sequence (Hochreiter and Schmidhuber 1997): [B…, T, inputs] ↦ [B…, T, size]. Gates i, f, g, o; parameters as PyTorch's.</summary>
/// <param name="InputWeight">[4 size, inputs].</param>
/// <param name="HiddenWeight">[4 size, size].</param>
/// <param name="InputBias">[4 size].</param>
/// <param name="HiddenBias">[4 size].</param>
/// <param name="Reverse">Whether it runs from the last step to the first.</param>
[Tree]
public sealed partial record Lstm(Tensor InputWeight, Tensor HiddenWeight, Tensor? InputBias, Tensor? HiddenBias, bool Reverse = false) : IPlainLayer
{
    /// <summary>A new layer; all parameters are uniform in ±1/√size, as PyTorch's.</summary>
    public static Lstm Create(Key key, int inputs, int size, bool bias = true, bool reverse = false, DType type = DType.Float32)
    {
        var (w, u, b, c) = Recurrence.Parameters(key, 4, inputs, size, bias, type);
        return new(w, u, b, c, reverse);
    }

    public Tensor Apply(Tensor x) => Continue(x).Outputs;

    /// <summary>All outputs, and the state after the last step, from a state before the first; zeros unless given.</summary>
    public (Tensor Outputs, Tensor Hidden, Tensor Cell) Continue(Tensor x, Tensor? hidden = null, Tensor? cell = null) =>
        x.Lstm(InputWeight, HiddenWeight, InputBias, HiddenBias, hidden, cell, Reverse);
}

/// <summary>A gated recurrent unit along a sequence (Cho and others 2014): [B…, T, inputs] ↦ [B…, T, size]. Gates r, z, n; parameters as PyTorch's.</summary>
/// <param name="InputWeight">[3 size, inputs].</param>
/// <param name="HiddenWeight">[3 size, size].</param>
/// <param name="InputBias">[3 size].</param>
/// <param name="HiddenBias">[3 size].</param>
/// <param name="Reverse">Whether it runs from the last step to the first.</param>
[Tree]
public sealed partial record Gru(Tensor InputWeight, Tensor HiddenWeight, Tensor? InputBias, Tensor? HiddenBias, bool Reverse = false) : IPlainLayer
{
    /// <summary>A new layer; all parameters are uniform in ±1/√size, as PyTorch's.</summary>
    public static Gru Create(Key key, int inputs, int size, bool bias = true, bool reverse = false, DType type = DType.Float32)
    {
        var (w, u, b, c) = Recurrence.Parameters(key, 3, inputs, size, bias, type);
        return new(w, u, b, c, reverse);
    }

    public Tensor Apply(Tensor x) => Continue(x).Outputs;

    /// <summary>All outputs, and the state after the last step, from a state before the first; zeros unless given.</summary>
    public (Tensor Outputs, Tensor Hidden) Continue(Tensor x, Tensor? hidden = null) => x.Gru(InputWeight, HiddenWeight, InputBias, HiddenBias, hidden, Reverse);
}

/// <summary>The last step of a sequence: [B…, T, n] ↦ [B…, n].</summary>
[Tree]
public sealed partial record LastStep : IPlainLayer
{
    public Tensor Apply(Tensor x) => x.Slice(x.Rank - 2, x.Shape[^2] - 1, 1).Squeeze(x.Rank - 2);
}

static class Recurrence
{
    public static (Tensor, Tensor, Tensor?, Tensor?) Parameters(Key key, int gates, int inputs, int size, bool bias, DType type)
    {
        Key[] keys = key.Split(4);
        Tensor Draw(int i, Shape shape) => Initializer.Default.Draw(keys[i], shape, new Fans(size, size), type);
        return (Draw(0, [gates * size, inputs]), Draw(1, [gates * size, size]), bias ? Draw(2, [gates * size]) : null, bias ? Draw(3, [gates * size]) : null);
    }
}
