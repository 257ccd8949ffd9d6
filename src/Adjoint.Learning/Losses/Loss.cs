namespace Adjoint.Learning;

/// <summary>
/// How far outputs are from targets: one number, the mean over all examples (and, where each output counts for itself, over all outputs). All are differentiable with respect to both,
/// and precise for large logits. <see cref="MeanLoss{TOutput, TTarget}"/> makes a loss of a function of one example.
/// </summary>
public static class Loss
{
    /// <summary>
    /// −Σ q log softmax(logits) along the last axis, mean over the others. Integer labels [B…] name the class: q is 1 − s for it, plus s / C for every class, where s is the smoothing.
    /// Floating labels of the shape of the logits are probabilities.
    /// </summary>
    /// <param name="logits">[B…, C].</param>
    /// <param name="labels">[B…], integers from 0 to C − 1; or [B…, C].</param>
    /// <param name="labelSmoothing">s, from 0 to 1.</param>
    /// <exception cref="ShapeException">The labels do not fit the logits.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing is not between 0 and 1; or a label names no class, thrown when the value is computed.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, double labelSmoothing = 0)
    {
        const string name = "cross-entropy";
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) throw new ArgumentOutOfRangeException(nameof(labelSmoothing), $"{name}: the label smoothing is {labelSmoothing}; it must be from 0 to 1.");
        if (logits.Rank == 0) throw new ShapeException($"{name}: the logits are a scalar; their last axis must be the classes.");
        var logProbabilities = logits.LogSoftmax();
        if (labels.DType.IsFloat)
        {
            if (labels.Shape != logits.Shape) throw Unfit(name, logits, labels, $"floating labels are probabilities and must have the shape {logits.Shape}; labels that name classes must be integers");
            var q = labelSmoothing == 0 ? labels : labels * (1 - labelSmoothing) + labelSmoothing / logits.Shape[^1];
            return -(q * logProbabilities).Sum(-1).Mean();
        }
        var expected = Shape.Of(logits.Shape.Lengths[..^1]);
        if (labels.DType == DType.Bool || labels.Shape != expected) throw Unfit(name, logits, labels, $"labels that name classes must be integers of shape {expected}");
        // an index from the end would take a class for a label that names none
        var strict = Tensor.Select(labels < 0, labels - logits.Shape[^1], labels);
        var chosen = logProbabilities.TakeAlongAxis(strict.ExpandAxis(-1), -1).Squeeze(-1);
        return labelSmoothing == 0 ? -chosen.Mean() : -((1 - labelSmoothing) * chosen + labelSmoothing * logProbabilities.Mean(-1)).Mean();
    }

    /// <summary>The mean of (output − target)².</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Mse(Tensor outputs, Tensor targets) => Difference("mse", outputs, targets).Square().Mean();

    /// <summary>The mean of |output − target|.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor L1(Tensor outputs, Tensor targets) => Difference("l1", outputs, targets).Abs().Mean();

    /// <summary>The mean of ½ d² where |d| ≤ δ, else δ (|d| − ½ δ), for d = output − target (Huber 1964).</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Huber(Tensor outputs, Tensor targets, double delta = 1)
    {
        if (!(delta > 0)) throw new ArgumentOutOfRangeException(nameof(delta), $"huber: δ is {delta}; it must be positive.");
        // ½ c² + δ (|d| − c) with c = min(|d|, δ)
        var size = Difference("huber", outputs, targets).Abs();
        var isNear = size <= delta;
        return Tensor.Select(isNear, 0.5 * size.Square(), delta * (size - 0.5 * delta)).Mean();
    }

    /// <summary>The mean of −(t log σ(z) + (1 − t) log(1 − σ(z))) = softplus(z) − t z, for logits z and targets t from 0 to 1; bools are 0 and 1.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor targets)
    {
        Same("binary-cross-entropy", logits, targets);
        var t = targets.DType.IsFloat ? targets : targets.To(logits.DType);
        return (logits.Softplus() - t * logits).Mean();
    }

    /// <summary>
    /// KL(P ‖ Q) = Σ P (log P − log Q) along the last axis, mean over the others, for P = softmax(<paramref name="targetLogits"/>) and Q = softmax(<paramref name="logits"/>).
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor KlDivergence(Tensor logits, Tensor targetLogits)
    {
        Same("kl-divergence", logits, targetLogits);
        var (p, q) = (targetLogits.LogSoftmax(), logits.LogSoftmax());
        return (p.Exp() * (p - q)).Sum(-1).Mean();
    }

    /// <summary>The mean of 1 − cosine of the angle between output and target along the last axis.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor CosineDistance(Tensor outputs, Tensor targets)
    {
        Same("cosine-distance", outputs, targets);
        return 1 - outputs.CosineSimilarity(targets).Mean();
    }

    static Tensor Difference(string name, Tensor outputs, Tensor targets)
    {
        Same(name, outputs, targets);
        return outputs - targets;
    }

    // broadcasting [n] against [n, 1] to [n, n] is the classical silent mistake of losses
    static void Same(string name, Tensor outputs, Tensor targets)
    {
        if (outputs.Shape != targets.Shape)
            throw Unfit(name, outputs, targets, "they must have one shape" + (outputs.Size == targets.Size ? $". Reshape the targets with Reshape({outputs.Shape})" : ""));
    }

    static ShapeException Unfit(string name, Tensor outputs, Tensor targets, string rule) =>
        new($"{name}: outputs {outputs.DType.Text}{outputs.Shape} and targets {targets.DType.Text}{targets.Shape}: {rule}.");
}
