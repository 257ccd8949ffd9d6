using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Adds overlapping windows to where a <see cref="Window"/> takes them from: its transpose.</summary>
/// <param name="Lengths">The lengths of the last axes of the result.</param>
/// <param name="Sizes">The lengths of a window along each of those.</param>
/// <param name="Strides">The distances from one window to the next.</param>
/// <param name="Dilations">The distances from one element of a window to the next.</param>
public sealed record Fold(Sequence<int> Lengths, Sequence<int> Sizes, Sequence<int> Strides, Sequence<int> Dilations) : LinearOperation
{
    public override string Name => $"fold {Lengths} from {Window.Text}";

    Window Window => new(Sizes, Strides, Dilations);

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        int first = x[0].Rank - 2 * Sizes.Count;
        int[] expected = [.. Window.Counts(Shape.Of(Lengths.Span)), .. Sizes];
        if (first < 0 || !x[0].Shape.Lengths[first..].SequenceEqual(expected)) throw Mismatch($"shape {x[0].Shape} must end in the windows {Shape.Of(expected)}.");
        if (x[0].DType == DType.Bool) throw Mismatch("bool operands have no sum. Convert them with To(DType.Int32).");
        return new Signature(Result(x[0].Shape), x[0].DType);
    }

    internal Shape Result(Shape x) => Shape.Of([.. x.Lengths[..^(2 * Sizes.Count)], .. Lengths]);

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Scatter(Result(x[0].Shape), Window.Sources(Result(x[0].Shape)))];
    protected override Tensor Adjoint(Equation z, Tensor λ) => Equation.Solve(Window, λ);
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this, x[0])];
}
