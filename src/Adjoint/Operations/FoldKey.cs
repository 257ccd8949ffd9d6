using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// A new key for each integer: a step of a loop, a row of a data set. One key may be folded with many integers, and still be drawn from once.
/// The integers have the batch axes of the key.
/// </summary>
public sealed record FoldKey : KeyOperation
{
    public override string Name => "fold-key";

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (x[1].DType != DType.Int64) throw Mismatch($"the data is {x[1].DType.Text}; it must be int64. Convert it with To(DType.Int64).");
        if (x[1].Shape != Batches(x[0])) throw Mismatch($"the data {x[1].Shape} must have the batch axes of the key {x[0].Shape}: one integer for each key. Use Vectorize for several.");
        return new Signature(x[0].Shape, DType.Int64);
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var keys = x[0].Span<long>();
        var data = x[1].Span<long>();
        var words = new long[keys.Length];
        for (int k = 0; k < data.Length; k++)
        {
            var (first, second) = Threefry.Block((ulong)keys[2 * k], (ulong)keys[2 * k + 1], (ulong)data[k], Threefry.ForFolds);
            (words[2 * k], words[2 * k + 1]) = ((long)first, (long)second);
        }
        return [new TensorData<long>(x[0].Shape, words)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) =>
        [Equation.Solve(this, batched[0] ? x[0] : x[0].Repeat(0, n), batched[1] ? x[1] : x[1].Repeat(0, n))];
}
