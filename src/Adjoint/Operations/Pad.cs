using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Zeros around the elements and between them: the transpose of a strided <see cref="Slice"/>.</summary>
/// <param name="Low">The number of zeros before each axis.</param>
/// <param name="High">The number of zeros after it.</param>
/// <param name="Interior">The number of zeros between two neighbours.</param>
public sealed record Pad(Sequence<int> Low, Sequence<int> High, Sequence<int> Interior) : LinearOperation, ISimplifies
{
    public override string Name => "pad " + string.Join(", ", Low.Select((low, k) => $"{low}+{High[k]}{(Interior[k] > 0 ? "/" + Interior[k] : "")}"));

    bool Whole(int axis) => Low[axis] == 0 && High[axis] == 0 && Interior[axis] == 0;

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var shape = x[0].Shape;
        if (shape.Rank != Low.Count) throw Mismatch($"shape {shape} has {shape.Rank} axes, but {Low.Count} are described.");
        if (Low.Concat(High).Concat(Interior).Any(n => n < 0)) throw Mismatch($"shape {shape} cannot be padded with negative numbers of zeros.");
        for (int k = 0; k < shape.Rank; k++)
            if (shape[k] == Shape.Unknown && !Whole(k))
                throw Mismatch($"the length of axis {k} of shape {shape} is known only when the program runs; it cannot be padded.");
        return new Signature(Result(shape), x[0].DType);
    }

    Shape Result(Shape x) => Shape.Of([.. x.Select((n, k) => n == Shape.Unknown ? n : Low[k] + High[k] + n + Math.Max(0, n - 1) * Interior[k])]);

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var (from, to) = (x[0].Shape, Result(x[0].Shape));
        var places = new int[to.Rank][];
        for (int k = 0; k < places.Length; k++)
        {
            Array.Fill(places[k] = new int[to[k]], -1);
            for (int i = 0; i < from[k]; i++) places[k][Low[k] + i * (Interior[k] + 1)] = i;
        }
        return [x[0].Take(to, Moves.Sources(places, from.Strides()))];
    }

    protected override Tensor Adjoint(Equation z, Tensor λ) =>
        Equation.Solve(new Slice(Low, Sequence.Of(z.Inputs[0].Shape.Lengths), new([.. Interior.Select(n => n + 1)])), λ);

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) =>
        [Equation.Solve(new Pad(Moves.Before(0, Low), Moves.Before(0, High), Moves.Before(0, Interior)), x[0])];

    public Tensor? Simplify(Equation z) => z.Results[0].Shape == z.Inputs[0].Shape && z.Inputs[0].Size > 0 ? z.Inputs[0] : null;

    /// <summary>Two neighbours in zeros, which add up: they are one after the other in zeros. Null if they are no neighbours.</summary>
    internal static Tensor? Join(Tensor x, Tensor y)
    {
        if (x.Equation is not { Operation: Pad a } || y.Equation is not { Operation: Pad b } || !a.Interior.Concat(b.Interior).All(n => n == 0)) return null;
        int[] differing = [.. Enumerable.Range(0, a.Low.Count).Where(k => a.Low[k] != b.Low[k] || a.High[k] != b.High[k])];
        if (differing is not [int axis]) return null;
        if (a.Low[axis] > b.Low[axis]) return Join(y, x);
        var (first, second) = (x.Equation.Inputs[0], y.Equation.Inputs[0]);
        if (a.Low[axis] + first.Shape[axis] != b.Low[axis]) return null;
        IEnumerable<Tensor> Parts(Tensor t) => t.Equation is { Operation: Concatenate inner } && inner.Axis == axis ? t.Equation.Inputs : [t];
        var joined = Equation.Solve(new Concatenate(axis), [.. Parts(first), .. Parts(second)]);
        return b.High.All(n => n == 0) && a.Low.All(n => n == 0) ? joined : Equation.Solve(new Pad(a.Low, b.High, a.Interior), joined);
    }
}
