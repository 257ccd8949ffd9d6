using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Along every axis the elements start, start + step, …, as many as its length says.</summary>
/// <param name="Starts">The first element of each axis.</param>
/// <param name="Lengths">The number of elements; <see cref="Shape.Unknown"/> takes the whole axis, whatever its length.</param>
/// <param name="Steps">The distances, at least 1.</param>
public sealed record Slice(Sequence<int> Starts, Sequence<int> Lengths, Sequence<int> Steps) : LinearOperation, ISimplifies
{
    public override string Name => "slice " + string.Join(", ", Starts.Select((start, k) => Whole(k) ? ".." : $"{start}..{Stop(k)}" + (Steps[k] > 1 ? "/" + Steps[k] : "")));

    bool Whole(int axis) => Lengths[axis] == Shape.Unknown;
    int Stop(int axis) => Lengths[axis] == 0 ? Starts[axis] : Starts[axis] + (Lengths[axis] - 1) * Steps[axis] + 1;

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var shape = x[0].Shape;
        if (shape.Rank != Starts.Count) throw Mismatch($"shape {shape} has {shape.Rank} axes, but {Starts.Count} are described.");
        for (int k = 0; k < shape.Rank; k++)
        {
            if (Whole(k)) continue;
            if (shape[k] == Shape.Unknown) throw Mismatch($"the length of axis {k} of shape {shape} is known only when the program runs; take the whole axis.");
            if (Starts[k] < 0 || Lengths[k] < 0 || Steps[k] < 1 || Stop(k) > shape[k])
                throw Mismatch($"axis {k} of shape {shape} has length {shape[k]}; elements {Starts[k]}..{Stop(k)} are not in it.");
        }
        return new Signature(Result(shape), x[0].DType);
    }

    Shape Result(Shape x) => Shape.Of([.. x.Select((n, k) => Whole(k) ? n : Lengths[k])]);

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var (from, to) = (x[0].Shape, Result(x[0].Shape));
        return [x[0].Take(to, Moves.Sources([.. to.Select((n, k) => Moves.Range(Whole(k) ? 0 : Starts[k], n, Whole(k) ? 1 : Steps[k]))], from.Strides()))];
    }

    // zeros go where nothing was taken
    protected override Tensor Adjoint(Equation z, Tensor λ) => Equation.Solve(new Pad(
        new([.. Starts.Select((start, k) => Whole(k) ? 0 : start)]),
        new([.. z.Inputs[0].Shape.Select((n, k) => Whole(k) ? 0 : n - Stop(k))]),
        new([.. Steps.Select((step, k) => Whole(k) ? 0 : step - 1)])), λ);

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) =>
        [Equation.Solve(new Slice(Moves.Before(0, Starts), Moves.Before(n, Lengths), Moves.Before(1, Steps)), x[0])];

    // a slice of a slice is one; a slice that undoes a Pad is what was padded
    public Tensor? Simplify(Equation z)
    {
        var x = z.Inputs[0];
        if (z.Results[0].Shape == x.Shape && x.Size != Shape.Unknown) return x;
        if (x.Equation is { Operation: Pad pad } padded && padded.Inputs[0].Shape == z.Results[0].Shape && pad.Low == Starts
            && pad.Interior.Zip(Steps).All(p => p.First + 1 == p.Second)) return padded.Inputs[0];
        if (x.Equation is not { Operation: Slice inner } first || inner.Lengths.Concat(Lengths).Contains(Shape.Unknown)) return null;
        int[] starts = [.. Starts.Select((start, k) => inner.Starts[k] + start * inner.Steps[k])], steps = [.. Steps.Select((step, k) => step * inner.Steps[k])];
        return Equation.Solve(new Slice(new(starts), Lengths, new(steps)), first.Inputs[0]);
    }
}
