namespace Adjoint.Learning;

/// <summary>Why training stopped.</summary>
public abstract record StopReason
{
    private protected StopReason() { }

    /// <summary>The loss no longer changes: from an epoch to the next by no more than the tolerance.</summary>
    public sealed record Converged(double Change) : StopReason
    {
        public override string ToString() => FormattableString.Invariant($"converged: the loss changed by {Change:G3} in the last epoch");
    }

    /// <summary>All epochs were done.</summary>
    public sealed record EpochBudget(int Epochs) : StopReason
    {
        public override string ToString() => $"all {Epochs} epochs done";
    }

    /// <summary>All steps were done.</summary>
    public sealed record StepBudget(long Steps) : StopReason
    {
        public override string ToString() => $"all {Steps} steps done";
    }

    /// <summary>The loss has not become better for some epochs.</summary>
    public sealed record NoImprovement(int Epochs, double Best) : StopReason
    {
        public override string ToString() => FormattableString.Invariant($"no better loss than {Best:G6} in {Epochs} epochs");
    }

    /// <summary>Somebody asked to stop.</summary>
    public sealed record Cancelled : StopReason
    {
        public override string ToString() => "cancelled";
    }
}

/// <summary>
/// Stops when the loss has not improved for some epochs. The loss is that of validation if there is one, else of training. What was seen is all it depends on, so it has no state.
/// </summary>
/// <param name="Patience">How many epochs without improvement are too many.</param>
/// <param name="Threshold">How much lower than the best a loss must be to count as better.</param>
public sealed record EarlyStopping(int Patience = 10, double Threshold = 0)
{
    /// <summary>The reason to stop after these losses, one an epoch; null to go on.</summary>
    public StopReason.NoImprovement? Judge(ReadOnlySpan<double> losses)
    {
        var (best, waiting) = (double.PositiveInfinity, 0);
        foreach (double loss in losses)
        {
            if (loss < best - Threshold || double.IsPositiveInfinity(best)) (best, waiting) = (loss, 0);
            else waiting++;
        }
        return waiting >= Math.Max(1, Patience) ? new(waiting, best) : null;
    }
}

/// <summary>
/// Lowers the learning rate when the loss has not improved for some epochs, as PyTorch's ReduceLROnPlateau: it multiplies the learner's rate factor. What was seen is all it
/// depends on, so it has no state.
/// </summary>
/// <param name="Factor">What the rate is multiplied with.</param>
/// <param name="Patience">How many epochs without improvement are tolerated.</param>
/// <param name="Threshold">How much lower than the best a loss must be to count as better, relative to the best.</param>
/// <param name="Cooldown">How many epochs after a reduction do not count.</param>
/// <param name="Minimum">The least product of factors.</param>
public sealed record ReduceOnPlateau(double Factor = 0.1, int Patience = 10, double Threshold = 1e-4, int Cooldown = 0, double Minimum = 0)
{
    /// <summary>The rate factor after these losses, one an epoch, and the epochs (from 1) after which it was lowered.</summary>
    public (double Factor, IReadOnlyList<int> Reductions) Judge(ReadOnlySpan<double> losses)
    {
        var (best, waiting, cooling, factor) = (double.PositiveInfinity, 0, 0, 1.0);
        var reductions = new List<int>();
        for (int i = 0; i < losses.Length; i++)
        {
            if (losses[i] < best - Math.Abs(best) * Threshold || double.IsPositiveInfinity(best)) (best, waiting) = (losses[i], 0);
            else waiting++;
            if (cooling > 0) (cooling, waiting) = (cooling - 1, 0);
            if (waiting <= Patience) continue;
            (waiting, cooling) = (0, Cooldown);
            if (factor <= Minimum) continue;
            factor = Math.Max(factor * Factor, Minimum);
            reductions.Add(i + 1);
        }
        return (factor, reductions);
    }
}

/// <summary>The loss, a gradient or a parameter became NaN or infinite. The message says where, and what may help.</summary>
public sealed class TrainingDivergedException(string message, Exception? cause = null) : ArithmeticException(message, cause);
