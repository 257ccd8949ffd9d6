using System.Collections.Immutable;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>A network without its numbers.</summary>
/// <param name="Model"><c>mlp</c> or <c>cnn</c>.</param>
/// <param name="Input">The axes of an example: [features], [height, width], [channels, height, width].</param>
/// <param name="Hidden">The units of the hidden layers.</param>
/// <param name="Activation">The name of what follows them.</param>
/// <param name="Outputs">The number of classes, or 1.</param>
sealed record Architecture(string Model, ImmutableArray<int> Input, ImmutableArray<int> Hidden, string Activation, int Outputs)
{
    const int Window = 5, FirstChannels = 16, SecondChannels = 32;

    /// <summary>Images whose shorter side is below this keep their size in convolutions.</summary>
    const int SmallImage = 16;

    /// <summary>
    /// The network with new weights. Convolutional: 5 × 5 to 16 channels, maximum of 2 × 2, 5 × 5 to 32 channels, maximum of 2 × 2; then dense layers.
    /// </summary>
    public Sequential Build(Key key)
    {
        var activation = Learning.Activation.Named.First(a => a.Name == Activation);
        var layers = ImmutableArray.CreateBuilder<ILayer>();
        int width = Input.Aggregate(1, (a, b) => checked(a * b)), part = 0;
        Key Next() => key.Fold((long)part++);
        if (Model == "cnn") width = AddConvolutions(layers, activation, Next);
        else if (Input.Length > 1) layers.Add(new Flattening());
        foreach (int units in Hidden)
        {
            layers.Add(Dense.Create(Next(), width, units));
            layers.Add(activation);
            width = units;
        }
        layers.Add(Dense.Create(Next(), width, Outputs));
        return new(layers.ToImmutable());
    }

    /// <summary>Why images of this shape are too small for convolutions; null if they are not.</summary>
    public static string? Unfit(Shape image) => Math.Min(image[^1], image[^2]) < 4 ? $"images of {image[^2]} x {image[^1]} pixels are too small for it, at least 4 x 4 are needed" : null;

    int AddConvolutions(ImmutableArray<ILayer>.Builder layers, Activation activation, Func<Key> next)
    {
        int channels = Input.Length == 3 ? Input[0] : 1, height = Input[^2], width = Input[^1];
        Sequence<int> padding = Math.Min(height, width) < SmallImage ? [Window / 2, Window / 2] : [0, 0];
        if (Input.Length == 2) layers.Add(new Reshaping([1, height, width]));
        foreach (int outputs in (ReadOnlySpan<int>)[FirstChannels, SecondChannels])
        {
            layers.Add(Convolution.Create(next(), channels, outputs, [Window, Window], padding: padding));
            layers.Add(activation);
            layers.Add(new MaxPooling([2, 2]));
            (channels, height, width) = (outputs, Pooled(height, padding[0]), Pooled(width, padding[1]));
        }
        layers.Add(new Flattening());
        return channels * height * width;
    }

    static int Pooled(int length, int padding) => (length + 2 * padding - Window + 1) / 2;

    public override string ToString()
    {
        string input = string.Join(" x ", Input), dense = string.Join(" - ", Hidden.Append(Outputs));
        return Model == "cnn" ? $"{input} - conv {FirstChannels} - conv {SecondChannels} - {dense}, {Activation}" : $"{input} - {dense}{(Hidden.IsEmpty ? "" : $", {Activation}")}";
    }
}
