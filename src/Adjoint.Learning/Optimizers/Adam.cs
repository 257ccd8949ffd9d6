namespace Adjoint.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015):  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  w ← w − η m̂ / (√v̂ + ε)  with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ: of Adam it adds λ w to g; of AdamW (<paramref name="Decoupled"/>) it shrinks w by η λ first.</param>
/// <param name="Decoupled">AdamW (Loshchilov and Hutter 2019).</param>
public sealed record Adam(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, bool Decoupled = false) : Optimizer(Rate)
{
    public override Tensor[] Start(Tensor parameter) => [parameter.ZerosLike(), parameter.ZerosLike()];

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0 && !Decoupled) gradient += WeightDecay * parameter;
        if (WeightDecay != 0 && Decoupled) parameter *= 1 - rate * WeightDecay;
        var m = memory[0] = Beta1 * memory[0] + (1 - Beta1) * gradient;
        var v = memory[1] = Beta2 * memory[1] + (1 - Beta2) * gradient.Square();
        var root = v.Sqrt() / Rest(Beta2, step).Sqrt() + Epsilon;
        return parameter - rate / Rest(Beta1, step) * (m / root);
    }

    /// <summary>1 − βᵗ, to full precision.</summary>
    internal static Tensor Rest(double beta, Tensor step) => -(Math.Log(beta) * step).ExpM1();
}
