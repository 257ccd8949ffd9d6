namespace Adjoint;

/// <summary>Adds a first axis, the batch, to some inputs of a program, and to everything that depends on them.</summary>
static class Vectorization
{
    /// <summary>The results for <paramref name="n"/> rows; <paramref name="batched"/> maps tensors to theirs with the batch axis. A result without a batch is repeated.</summary>
    public static Tensor[] Apply(IReadOnlyList<Tensor> results, IReadOnlyDictionary<Tensor, Tensor> batched, int n) =>
        [.. Rows(results, batched, n).Select((row, k) => row.Batched ? row.Value : row.Value.Repeat(0, n))];

    /// <summary>The same, leaving results that do not depend on the batch as they are.</summary>
    public static (Tensor Value, bool Batched)[] Rows(IReadOnlyList<Tensor> results, IReadOnlyDictionary<Tensor, Tensor> batched, int n)
    {
        var rows = new Dictionary<Tensor, Tensor>(batched);
        long oldest = batched.Keys.Min(x => x.Equation?.Id ?? 0);
        foreach (var z in Graph.Order(results, x => x.Equation!.Id < oldest || batched.ContainsKey(x)))
        {
            var mask = new bool[z.Inputs.Length];
            var x = new Tensor[mask.Length];
            for (int i = 0; i < x.Length; i++)
            {
                mask[i] = rows.TryGetValue(z.Inputs[i], out var row);
                x[i] = row ?? z.Inputs[i];
            }
            if (!mask.Contains(true)) continue;
            var together = z.Operation.Batch(z, x, mask, n);
            for (int k = 0; k < together.Length; k++) rows.TryAdd(z.Results[k], together[k]);
        }
        return [.. results.Select(z => rows.TryGetValue(z, out var row) ? (row, true) : (z, false))];
    }
}
