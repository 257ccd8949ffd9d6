using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// Strided windows of the last axes, as new axes: z[…, m₁, m₂, …, k₁, k₂, …] = x[…, m₁·stride₁ + k₁·dilation₁, …].
/// A convolution is a Window and a <see cref="Contract"/>; pooling is a Window and a <see cref="Reduce"/>.
/// </summary>
/// <param name="Sizes">The lengths k of a window along each of the last axes.</param>
/// <param name="Strides">The distances from one window to the next.</param>
/// <param name="Dilations">The distances from one element of a window to the next.</param>
public sealed record Window(Sequence<int> Sizes, Sequence<int> Strides, Sequence<int> Dilations) : LinearOperation
{
    public override string Name => "window " + Text;

    internal string Text => $"{Sizes}{(Strides.Any(n => n != 1) ? $" strides {Strides}" : "")}{(Dilations.Any(n => n != 1) ? $" dilations {Dilations}" : "")}";

    /// <summary>The number of windows along the axes of these lengths.</summary>
    /// <exception cref="ShapeException">A window is longer than its axis.</exception>
    internal int[] Counts(Shape shape)
    {
        int first = shape.Rank - Sizes.Count;
        if (first < 0) throw Mismatch($"shape {shape} has {shape.Rank} axes, but windows along {Sizes.Count} are asked for.");
        var counts = new int[Sizes.Count];
        for (int k = 0; k < counts.Length; k++)
        {
            int n = shape[first + k], span = (Sizes[k] - 1) * Dilations[k] + 1;
            if (Sizes[k] < 1 || Strides[k] < 1 || Dilations[k] < 1) throw Mismatch("sizes, strides and dilations must be at least 1.");
            if (n == Shape.Unknown) throw Mismatch($"the length of axis {first + k} of shape {shape} is known only when the program runs.");
            if (span > n) throw Mismatch($"a window spans {span} elements, but axis {first + k} of shape {shape} has {n}. Pad the axis first.");
            counts[k] = (n - span) / Strides[k] + 1;
        }
        return counts;
    }

    /// <summary>The flat index in <paramref name="x"/> of every element of every window.</summary>
    internal int[] Sources(Shape x)
    {
        int first = x.Rank - Sizes.Count;
        int[] counts = Counts(x), strides = x.Strides();
        int[][] leading = [.. x.Take(first).Select(n => Moves.Range(0, n))], windows = [.. counts.Select((n, k) => Moves.Range(0, n, Strides[k]))];
        return Moves.Sources([.. leading, .. windows, .. Sizes.Select((n, k) => Moves.Range(0, n, Dilations[k]))], [.. strides, .. strides[first..]]);
    }

    Shape Result(Shape x)
    {
        int[] counts = Counts(x);
        return Shape.Of([.. x.Lengths[..^counts.Length], .. counts, .. Sizes]);
    }

    public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(Result(x[0].Shape), x[0].DType);
    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Take(Result(x[0].Shape), Sources(x[0].Shape))];
    protected override Tensor Adjoint(Equation z, Tensor λ) =>
        Equation.Solve(new Fold(Sequence.Of(z.Inputs[0].Shape.Lengths[^Sizes.Count..]), Sizes, Strides, Dilations), λ);
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this, x[0])];
}
