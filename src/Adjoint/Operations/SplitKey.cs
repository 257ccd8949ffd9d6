using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Independent new keys, each a result of its own, in place of one key, which counts as used.</summary>
public sealed record SplitKey(int Count) : KeyOperation, IDrawsOnce
{
    public override string Name => $"split-key {Count}";

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (Count < 1) throw Mismatch($"a key cannot be split into {Count} keys; ask for at least one.");
        _ = Batches(x[0]);
        var results = new Signature[Count];
        Array.Fill(results, new(x[0].Shape, DType.Int64));
        return results;
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var keys = x[0].Span<long>();
        var results = new TensorData[Count];
        for (int r = 0; r < Count; r++)
        {
            var words = new long[keys.Length];
            for (int k = 0; k < keys.Length; k += 2)
            {
                var (first, second) = Threefry.Block((ulong)keys[k], (ulong)keys[k + 1], (ulong)r, Threefry.ForSplits);
                (words[k], words[k + 1]) = ((long)first, (long)second);
            }
            results[r] = new TensorData<long>(x[0].Shape, words);
        }
        return results;
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [.. Equation.Of(this, [x[0]]).Results];
}
