namespace Adjoint.Learning;

/// <summary>How good outputs are. Scalars and vectors that are tensors, so that they can be part of a program; none but the errors has a derivative.</summary>
public static class Metrics
{
    /// <summary>The share of examples whose greatest output is that of their class; the first of equals counts.</summary>
    /// <param name="outputs">Logits or probabilities [B…, C].</param>
    /// <param name="labels">Integers [B…].</param>
    /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
    public static Tensor Accuracy(Tensor outputs, Tensor labels)
    {
        Classes("accuracy", outputs, labels);
        return outputs.ArgMax(-1).EqualTo(labels).To(DType.Float32).Mean();
    }

    /// <summary>The share of examples whose class is among the k greatest outputs; of equal outputs those of lower number come first.</summary>
    /// <inheritdoc cref="Accuracy"/>
    public static Tensor TopK(Tensor outputs, Tensor labels, int k)
    {
        Classes("top-k", outputs, labels);
        return outputs.TopK(k).Indices.EqualTo(labels.ExpandAxis(-1)).Any(-1).To(DType.Float32).Mean();
    }

    /// <summary>√ of the mean of (output − target)².</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Rmse(Tensor outputs, Tensor targets)
    {
        Same("rmse", outputs, targets);
        return (outputs - targets).Square().Mean().Sqrt();
    }

    /// <summary>
    /// R² = 1 − Σ (target − output)² / Σ (target − mean target)²: 1 is perfect, 0 as good as the mean. If all targets are equal, 1 if the outputs equal them and else 0.
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor R2(Tensor outputs, Tensor targets)
    {
        Same("r²", outputs, targets);
        Tensor residual = (targets - outputs).Square().Sum(), total = (targets - targets.Mean()).Square().Sum();
        return Tensor.Select(total > 0, 1 - residual / Tensor.Select(total > 0, total, 1), residual.EqualTo(0).To(residual.DType));
    }

    /// <summary>
    /// The area under the receiver operating characteristic: the probability that a positive example scores above a negative one, ties counting half (Mann and Whitney 1947).
    /// Computed from data; NaN if there are no positive or no negative examples.
    /// </summary>
    /// <param name="scores">[B], greater for positive.</param>
    /// <param name="labels">[B]: bool, or numbers that are 0 for negative.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static double RocAuc(Tensor scores, Tensor labels)
    {
        Same("roc auc", scores, labels);
        double[] s = scores.ToArray(), l = labels.ToArray();
        Array.Sort(s, l);
        // A = (Σ ranks of positives − P (P + 1) / 2) / (P N), equal scores sharing the mean of their ranks
        double ranks = 0, positives = 0;
        for (int i = 0, end; i < s.Length; i = end)
        {
            for (end = i + 1; end < s.Length && s[end] == s[i];) end++;
            int found = l.AsSpan(i..end).ToArray().Count(x => x != 0);
            ranks += found * (i + 1 + end) / 2.0;
            positives += found;
        }
        return (ranks - positives * (positives + 1) / 2) / (positives * (s.Length - positives));
    }

    static void Classes(string name, Tensor outputs, Tensor labels)
    {
        if (outputs.Rank == 0 || labels.DType.IsFloat || labels.Shape != Shape.Of(outputs.Shape.Lengths[..^1]))
            throw new ShapeException($"{name}: outputs {outputs.DType.Text}{outputs.Shape} and labels {labels.DType.Text}{labels.Shape}: labels must be integers of the shape of the outputs without its last axis.");
    }

    static void Same(string name, Tensor outputs, Tensor targets)
    {
        if (outputs.Shape != targets.Shape) throw new ShapeException($"{name}: outputs {outputs.Shape} and targets {targets.Shape} must have the same shape.");
    }
}
