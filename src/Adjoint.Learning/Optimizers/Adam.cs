namespace Adjoint.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015):  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  w ← w − η m̂ / (√v̂ + ε)  with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
/// Weight decay adds λ w to g; <see cref="AdamW"/> decays apart from the gradient.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Amsgrad">Divide by the greatest v so far (Reddi and others 2018).</param>
public sealed record Adam(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, bool Amsgrad = false) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, Amsgrad ? 3 : 2);

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        return Moments.Step(this, parameter, gradient, memory, step, rate);
    }
}

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): w ← (1 − η λ) w first, then Adam's step without decay.</summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Amsgrad">Divide by the greatest v so far.</param>
public sealed record AdamW(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01, bool Amsgrad = false) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, Amsgrad ? 3 : 2);

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate) =>
        Moments.Step(new(Rate, Beta1, Beta2, Epsilon, 0, Amsgrad), parameter * (1 - rate * WeightDecay), gradient, memory, step, rate);
}

/// <summary>
/// Adam with Nesterov momentum (Dozat 2016), as in PyTorch 1.13: μₜ = β₁ (1 − ½ 0.96^(t ψ)), Πₜ = μ₁ ⋯ μₜ,
/// w ← w − η ((1 − μₜ) g / (1 − Πₜ) + μₜ₊₁ m / (1 − Πₜ μₜ μₜ₊₁)) / (√v̂ + ε), whose last denominator has a factor μₜ more than Dozat's.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ, added to g as λ w.</param>
/// <param name="MomentumDecay">ψ.</param>
public sealed record NAdam(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, double MomentumDecay = 4e-3) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => [parameter.ZerosLike(), parameter.ZerosLike(), Tensor.Scalar(1, parameter.DType)];

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        var (m, v) = Moments.Update(gradient, memory, Beta1, Beta2);
        Tensor Momentum(Tensor t) => Beta1 * (1 - 0.5 * (Math.Log(0.96) * MomentumDecay * t).Exp());
        var (now, next) = (Momentum(step), Momentum(step + 1));
        var product = memory[2] *= now;
        var direction = (1 - now) / (1 - product) * gradient + next / (1 - product * now * next) * m;
        return parameter - rate * direction / ((v / Moments.Rest(Beta2, step)).Sqrt() + Epsilon);
    }
}

/// <summary>
/// Rectified Adam (Liu and others 2020): with ρ∞ = 2 / (1 − β₂) − 1 and ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ), while ρₜ ≤ 5  w ← w − η m̂, then
/// w ← w − η r m̂ / √v̂  with r² = (ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ).
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε, added to √v.</param>
/// <param name="WeightDecay">λ, added to g as λ w.</param>
public sealed record RAdam(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, 2);

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        if (WeightDecay != 0) gradient += WeightDecay * parameter;
        var (m, v) = Moments.Update(gradient, memory, Beta1, Beta2);
        // ρₜ is a small difference of large numbers: in float64 whatever the parameters are
        double ρ = 2 / (1 - Beta2) - 1;
        var t = step.To(DType.Float64);
        var rest = Moments.Rest(Beta2, t);
        var ρt = ρ - 2 * t * (1 - rest) / rest;
        var known = ρt.Maximum(5);
        var r = ((known - 4) * (known - 2) * ρ / ((ρ - 4) * (ρ - 2) * known) * rest).Sqrt().To(parameter.DType);
        return parameter - rate / Moments.Rest(Beta1, step) * m * Tensor.Select(ρt > 5, r / (v.Sqrt() + Epsilon), 1);
    }
}

/// <summary>
/// LAMB (You and others 2020): Adam's direction r = m̂ / (√v̂ + ε) + λ w, with a step as long as the parameter: w ← w − η (‖w‖ / ‖r‖) r, the ratio 1 where a norm is 0.
/// </summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ.</param>
public sealed record Lamb(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-6, double WeightDecay = 0.01) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, 2);

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        var (m, v) = Moments.Update(gradient, memory, Beta1, Beta2);
        var r = m / Moments.Rest(Beta1, step) / ((v / Moments.Rest(Beta2, step)).Sqrt() + Epsilon) + WeightDecay * parameter;
        var (size, length) = (parameter.Square().Sum().Sqrt(), r.Square().Sum().Sqrt());
        var ratio = Tensor.Select((size > 0) & (length > 0), size / Tensor.Select(length > 0, length, 1), 1);
        return parameter - rate * ratio * r;
    }
}

/// <summary>Lion (Chen and others 2023): w ← w − η (sign(β₁ m + (1 − β₁) g) + λ w),  m ← β₂ m + (1 − β₂) g.</summary>
/// <param name="Rate">η.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="WeightDecay">λ.</param>
public sealed record Lion(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.99, double WeightDecay = 0) : Optimizer(Rate)
{
    public override Tensor[] Memory(Tensor parameter) => Zeros(parameter, 1);

    public override Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        var direction = (Beta1 * memory[0] + (1 - Beta1) * gradient).Sign();
        memory[0] = Beta2 * memory[0] + (1 - Beta2) * gradient;
        return parameter - rate * (WeightDecay == 0 ? direction : direction + WeightDecay * parameter);
    }
}
