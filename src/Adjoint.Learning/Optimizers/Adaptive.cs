namespace Adjoint.Learning;

/// <summary>
/// RMSprop (Hinton 2012), as PyTorch's:  v ← α v + (1 − α) g²,  u ← μ u + g / (√v + ε),  w ← w − η u.  Centered, v − m² with m ← α m + (1 − α) g stands in place of v.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Alpha">α.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ, added to g as λ w.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Centered">Whether to divide by the estimated deviation instead of the root mean square.</param>
public sealed record RmsProp(Schedule Rate, double Alpha = 0.99, double Epsilon = 1e-8, double WeightDecay = 0, double Momentum = 0, bool Centered = false) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, 1 + (Momentum != 0 ? 1 : 0) + (Centered ? 1 : 0));

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        var spread = memory[0] = Alpha * memory[0] + (1 - Alpha) * gradient.Square();
        if (Centered)
        {
            var mean = memory[^1] = Alpha * memory[^1] + (1 - Alpha) * gradient;
            // a mean of squares is at least the square of the mean, but for rounding
            spread = (spread - mean.Square()).Maximum(0);
        }
        var direction = gradient / (spread.Sqrt() + Epsilon);
        if (Momentum != 0) direction = memory[1] = Momentum * memory[1] + direction;
        return parameter - rate * direction;
    }
}

/// <summary>Adagrad (Duchi and others 2011):  s ← s + g²,  w ← w − η / (1 + (t − 1) δ) · g / (√s + ε).</summary>
/// <param name="Rate">η.</param>
/// <param name="RateDecay">δ.</param>
/// <param name="WeightDecay">λ, added to g as λ w.</param>
/// <param name="InitialSum">The first s.</param>
/// <param name="Epsilon">ε.</param>
public sealed record Adagrad(Schedule Rate, double RateDecay = 0, double WeightDecay = 0, double InitialSum = 0, double Epsilon = 1e-10) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => [Tensor.Full(parameter.Shape, InitialSum, parameter.DType)];

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        if (RateDecay != 0) rate /= 1 + (step - 1) * RateDecay;
        var sum = memory[0] += gradient.Square();
        return parameter - rate * (gradient / (sum.Sqrt() + Epsilon));
    }
}

/// <summary>Adadelta (Zeiler 2012):  v ← ρ v + (1 − ρ) g²,  d = √((u + ε) / (v + ε)) g,  u ← ρ u + (1 − ρ) d²,  w ← w − η d.</summary>
/// <param name="Rate">η; 1 in the paper.</param>
/// <param name="Rho">ρ.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ, added to g as λ w.</param>
public sealed record Adadelta(Schedule Rate, double Rho = 0.9, double Epsilon = 1e-6, double WeightDecay = 0) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, 2);

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        var v = memory[0] = Rho * memory[0] + (1 - Rho) * gradient.Square();
        var change = (memory[1] + Epsilon).Sqrt() / (v + Epsilon).Sqrt() * gradient;
        memory[1] = Rho * memory[1] + (1 - Rho) * change.Square();
        return parameter - rate * change;
    }
}
