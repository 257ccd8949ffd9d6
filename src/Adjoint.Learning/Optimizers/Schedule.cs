namespace Adjoint.Learning;

/// <summary>
/// A learning rate as a function of the number of steps taken before. It is part of the program: a new rate prepares nothing. All count steps, not epochs.
/// </summary>
public abstract record Schedule
{
    /// <summary>The rate after <paramref name="steps"/> steps (a floating scalar): a scalar of that type.</summary>
    public abstract Tensor At(Tensor steps);

    /// <summary>Always the same rate.</summary>
    public static implicit operator Schedule(double rate) => new ConstantRate(rate);

    private protected static Tensor Constant(double rate, Tensor steps) => Tensor.Scalar(rate, steps.DType);

    // from one rate at share 0 to another at share 1 along half a cosine
    private protected static Tensor HalfCosine(Tensor from, Tensor to, Tensor share) => to + (from - to) * (0.5 * (1 + (Math.PI * share).Cos()));

    private protected static int Positive(int steps, string name) => steps > 0 ? steps
        : throw new ArgumentOutOfRangeException(name, $"schedule: {name} is {steps}; it must be at least 1.");
}

/// <summary>Always the same rate.</summary>
public sealed record ConstantRate(double Rate) : Schedule
{
    public override Tensor At(Tensor steps) => Constant(Rate, steps);
}

/// <summary>η γ^⌊t / n⌋: multiplied with γ every n steps.</summary>
/// <param name="Rate">η.</param>
/// <param name="Every">n.</param>
/// <param name="Factor">γ.</param>
public sealed record StepDecay(double Rate, int Every, double Factor = 0.1) : Schedule
{
    public override Tensor At(Tensor steps) => Rate * ((Tensor)Factor).Pow(steps.To(DType.Int64).FloorDivide(Positive(Every, nameof(Every))).To(steps.DType));
}

/// <summary>η γᵏ, where k milestones were reached.</summary>
/// <param name="Rate">η.</param>
/// <param name="Milestones">Numbers of steps.</param>
/// <param name="Factor">γ.</param>
public sealed record MultiStepDecay(double Rate, Sequence<int> Milestones, double Factor = 0.1) : Schedule
{
    public override Tensor At(Tensor steps)
    {
        var reached = Constant(0, steps);
        foreach (int milestone in Milestones.Span) reached += (steps >= milestone).To(steps.DType);
        return Rate * ((Tensor)Factor).Pow(reached);
    }
}

/// <summary>η γᵗ.</summary>
/// <param name="Rate">η.</param>
/// <param name="Factor">γ, such as 0.999: it counts for every step.</param>
public sealed record ExponentialDecay(double Rate, double Factor) : Schedule
{
    public override Tensor At(Tensor steps) => Rate * ((Tensor)Factor).Pow(steps);
}

/// <summary>η (1 − t / n)ᵖ, and 0 from step n on, or a minimum where that is greater.</summary>
/// <param name="Rate">η.</param>
/// <param name="Steps">n.</param>
/// <param name="Power">p; 1 is linear.</param>
/// <param name="Minimum">The least rate.</param>
public sealed record PolynomialDecay(double Rate, int Steps, double Power = 1, double Minimum = 0) : Schedule
{
    public override Tensor At(Tensor steps) => (Rate * (1 - steps.Minimum(Positive(Steps, nameof(Steps))) / Steps).Pow(Power)).Maximum(Minimum);
}

/// <summary>
/// From η to a minimum along half a cosine of n steps (Loshchilov and Hutter 2017); then the minimum, or with restarts η again, each cycle longer than the one before
/// by a whole factor.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Steps">n, of the first cycle.</param>
/// <param name="Minimum">The least rate.</param>
/// <param name="Restarts">0 for one cycle; otherwise the factor from one cycle's length to the next, 1 for equal cycles.</param>
public sealed record CosineDecay(double Rate, int Steps, double Minimum = 0, int Restarts = 0) : Schedule
{
    public override Tensor At(Tensor steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Restarts);
        Tensor share;
        if (Restarts == 0) share = steps.Minimum(Positive(Steps, nameof(Steps))) / Steps;
        else if (Restarts == 1)
        {
            var whole = steps.To(DType.Int64);
            share = (whole - whole.FloorDivide(Positive(Steps, nameof(Steps))) * Steps).To(steps.DType) / Steps;
        }
        else
        {
            var starts = new List<double> { 0 };
            for (double length = Positive(Steps, nameof(Steps)); starts[^1] < 1L << 53; length *= Restarts) starts.Add(starts[^1] + length);
            var known = Tensor.Of([.. starts]).To(steps.DType);
            var cycle = (known <= steps).Sum() - 1;
            share = (steps - known.Take(cycle)) / (known.Take(cycle + 1) - known.Take(cycle));
        }
        return HalfCosine(Constant(Rate, steps), Constant(Minimum, steps), share);
    }
}

/// <summary>Another schedule after a rise of n steps, from a fraction of its first rate to that rate in equal steps.</summary>
/// <param name="After">The schedule that begins after n steps.</param>
/// <param name="Steps">n.</param>
/// <param name="From">The fraction of the first rate that step 1 takes.</param>
public sealed record WarmUp(Schedule After, int Steps, double From = 1.0 / 3) : Schedule
{
    public override Tensor At(Tensor steps)
    {
        var share = steps.Minimum(Positive(Steps, nameof(Steps))) / Steps;
        return After.At((steps - Steps).Maximum(0)) * (From + (1 - From) * share);
    }
}

/// <summary>
/// One cycle (Smith and Topin 2018), as PyTorch's: half cosines from η / divisor up to η in a share of the steps, and down to η / (divisor · final divisor) in the others.
/// </summary>
/// <param name="Peak">η.</param>
/// <param name="Steps">The number of all steps.</param>
/// <param name="Rise">The share of steps of the rise.</param>
/// <param name="Divisor">Peak / first rate.</param>
/// <param name="FinalDivisor">First rate / last rate.</param>
public sealed record OneCycle(double Peak, int Steps, double Rise = 0.3, double Divisor = 25, double FinalDivisor = 1e4) : Schedule
{
    public override Tensor At(Tensor steps)
    {
        double top = Rise * Positive(Steps, nameof(Steps)) - 1, end = Steps - 1, first = Peak / Divisor;
        if (!(top > 0 && top < end)) throw new ArgumentException($"one cycle: a rise of {Rise} of {Steps} steps leaves no step for rise or fall.");
        var (low, peak, last) = (Constant(first, steps), Constant(Peak, steps), Constant(first / FinalDivisor, steps));
        return Tensor.Select(steps <= top, HalfCosine(low, peak, (steps / top).Minimum(1)), HalfCosine(peak, last, ((steps - top) / (end - top)).Clip(0, 1)));
    }
}
