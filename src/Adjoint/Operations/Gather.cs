using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// Elements of an axis by index: z[b, p, i, r] = x[b, p, indices[b, i], r]. Each letter stands for any number of axes: b are the first
/// <c>Leading</c> axes of both inputs, the axis of x is <c>Axis</c>, and the remaining axes i of the indices stand in its place. Negative indices count from the end.
/// </summary>
/// <param name="Axis">The axis of x.</param>
/// <param name="Leading">The number of first axes that both inputs share; at most <c>Axis</c>.</param>
public sealed record Gather(int Axis, int Leading = 0) : LinearOperation
{
    public override string Name => $"gather {Axis}" + (Leading > 0 ? $" leading {Leading}" : "");

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        Moves.CheckIndices(Name, x[1]);
        var (shape, indices) = (x[0].Shape, x[1].Shape);
        if (Leading > Axis || Axis >= shape.Rank || indices.Rank < Leading || !shape.Lengths[..Leading].SequenceEqual(indices.Lengths[..Leading]))
            throw Mismatch($"shape {shape} and indices {indices} must share their first {Leading} axes, and the first have axis {Axis}.");
        return new Signature(Result(shape, indices), x[0].DType);
    }

    Shape Result(Shape x, Shape indices) => Shape.Of([.. x.Lengths[..Axis], .. indices.Lengths[Leading..], .. x.Lengths[(Axis + 1)..]]);

    /// <summary>The flat index in <paramref name="x"/> of every element of the result.</summary>
    internal int[] Sources(string name, Shape x, TensorData indices)
    {
        var (outer, n, inner) = Moves.Split(x, Axis);
        int[] index = Moves.Indices(name, indices, n);
        int shared = 1;
        for (int k = 0; k < Leading; k++) shared *= x[k];
        int rows = shared == 0 ? 0 : index.Length / shared, own = shared == 0 ? 0 : outer / shared, at = 0;
        var sources = new int[outer * rows * inner];
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < rows; i++)
            {
                int start = (o * n + index[o / own * rows + i]) * inner;
                for (int r = 0; r < inner; r++) sources[at++] = start + r;
            }
        return sources;
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Take(Result(x[0].Shape, x[1].Shape), Sources(Name, x[0].Shape, x[1]))];

    protected override Tensor Adjoint(Equation z, Tensor λ) => Equation.Solve(new ScatterAdd(Axis, z.Inputs[0].Shape[Axis], Leading), λ, z.Inputs[1]);

    // one side alone needs no copies where nothing is shared yet
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        if (Leading == 0 && !batched[1]) return [Equation.Solve(new Gather(Axis + 1), x[0], x[1])];
        if (Leading == 0 && !batched[0]) return [Equation.Solve(this, x[0], x[1]).MoveAxis(Axis, 0)];
        return [Equation.Solve(new Gather(Axis + 1, Leading + 1), batched[0] ? x[0] : x[0].Repeat(0, n), batched[1] ? x[1] : x[1].Repeat(0, n))];
    }
}
