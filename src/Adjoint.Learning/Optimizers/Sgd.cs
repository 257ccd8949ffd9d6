namespace Adjoint.Learning;

/// <summary>
/// Stochastic gradient descent: v ← μ v + (1 − d) g,  w ← w − η v, or with Nesterov's look-ahead w ← w − η (g + μ v). As in PyTorch v starts as the first
/// gradient, and weight decay adds λ w to g.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Nesterov">Whether to look ahead.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Dampening">d.</param>
public sealed record Sgd(Schedule Rate, double Momentum = 0, bool Nesterov = false, double WeightDecay = 0, double Dampening = 0) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Momentum == 0 ? [] : [parameter.ZerosLike()];

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        if (Momentum == 0) return parameter - rate * gradient;
        var share = Dampening == 0 ? gradient : Tensor.Select(step.EqualTo(1), gradient, (1 - Dampening) * gradient);
        var velocity = memory[0] = Momentum * memory[0] + share;
        return parameter - rate * (Nesterov ? gradient + Momentum * velocity : velocity);
    }
}
