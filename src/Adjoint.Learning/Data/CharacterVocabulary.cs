using System.Collections.Immutable;

namespace Adjoint.Learning;

/// <summary>Text as numbers: every character (UTF-16 unit) that occurs has one, in ordinal order.</summary>
/// <param name="Characters">The characters by number.</param>
public sealed record CharacterVocabulary(string Characters)
{
    readonly ImmutableDictionary<char, int> numbers = Characters.Select((c, i) => KeyValuePair.Create(c, i)).ToImmutableDictionary();

    /// <summary>The vocabulary of a text.</summary>
    public static CharacterVocabulary Of(string text) => new(new string([.. text.Distinct().Order()]));

    /// <inheritdoc/>
    public bool Equals(CharacterVocabulary? other) => other?.Characters == Characters;

    /// <inheritdoc/>
    public override int GetHashCode() => Characters.GetHashCode(StringComparison.Ordinal);

    /// <summary>The number of characters.</summary>
    public int Count => Characters.Length;

    /// <summary>The numbers of a text's characters: int32 [length].</summary>
    /// <exception cref="ArgumentException">A character is not in the vocabulary.</exception>
    public Tensor Encode(string text)
    {
        var tokens = new int[text.Length];
        for (int i = 0; i < tokens.Length; i++)
            if (!numbers.TryGetValue(text[i], out tokens[i]))
                throw new ArgumentException($"encode: character {i} of the text, '{text[i]}' (U+{(int)text[i]:X4}), is not in the vocabulary of {Count} characters.");
        return Tensor.From([tokens.Length], tokens.AsSpan());
    }

    /// <summary>The text of numbers.</summary>
    /// <exception cref="ArgumentException">There is no such character.</exception>
    public string Decode(Tensor tokens) => new([.. tokens.ToArray().Select(t => t >= 0 && t < Count ? Characters[(int)t]
        : throw new ArgumentException($"decode: there is no character {t}; the vocabulary has {Count}."))]);

    /// <summary>
    /// Examples for predicting the next token: inputs are windows of <paramref name="length"/> tokens, targets the same one token later; the windows begin <paramref name="stride"/> apart.
    /// </summary>
    /// <param name="tokens">[n] integers.</param>
    /// <param name="length">The length of a window.</param>
    /// <param name="stride">The distance between two windows; their length, unless given.</param>
    /// <exception cref="ArgumentException">There are not enough tokens for one window and its target.</exception>
    public static Dataset Windows(Tensor tokens, int length, int? stride = null)
    {
        int step = stride ?? length;
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1, nameof(stride));
        if (tokens.Rank != 1 || tokens.Size <= length)
            throw new ArgumentException($"windows: tokens {tokens.Shape} must be a vector of more than {length}, a window's length.");
        int count = (tokens.Size - length - 1) / step + 1;
        var places = Tensor.FromFunction<int>([count, length], i => i[0] * step + i[1]);
        return new(tokens.Take(places).Evaluate(), tokens.Take(places + 1).Evaluate());
    }
}
