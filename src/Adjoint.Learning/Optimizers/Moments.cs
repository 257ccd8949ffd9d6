namespace Adjoint.Learning;

/// <summary>Running means of gradients and of their squares.</summary>
static class Moments
{
    /// <summary>m ← β₁ m + (1 − β₁) g  and  v ← β₂ v + (1 − β₂) g², the first two of the memory.</summary>
    public static (Tensor First, Tensor Second) Update(Tensor gradient, Tensor[] memory, double β1, double β2)
    {
        memory[0] = β1 * memory[0] + (1 - β1) * gradient;
        memory[1] = β2 * memory[1] + (1 - β2) * gradient.Square();
        return (memory[0], memory[1]);
    }

    /// <summary>1 − βᵗ, to full precision.</summary>
    public static Tensor Rest(double β, Tensor step) => -(Math.Log(β) * step).ExpM1();

    /// <summary>w − η m̂ / (√v̂ + ε).</summary>
    public static Tensor Step(Adam adam, Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate)
    {
        var (m, v) = Update(gradient, memory, adam.Beta1, adam.Beta2);
        if (adam.Amsgrad) v = memory[2] = memory[2].Maximum(v);
        var root = v.Sqrt() / Rest(adam.Beta2, step).Sqrt() + adam.Epsilon;
        return parameter - rate / Rest(adam.Beta1, step) * (m / root);
    }
}
