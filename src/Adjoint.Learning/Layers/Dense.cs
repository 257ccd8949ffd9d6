namespace Adjoint.Learning;

/// <summary>x Wᵀ + b: an affine function of the last axis.</summary>
/// <param name="Weight">W, [outputs, inputs].</param>
/// <param name="Bias">b, [outputs], or none.</param>
[Tree]
public sealed partial record Dense(Tensor Weight, Tensor? Bias) : IPlainLayer
{
    /// <summary>A new layer; by default weights and bias are uniform in ±1/√inputs, as PyTorch's.</summary>
    /// <param name="key">Used once.</param>
    /// <param name="inputs">The length of the last axis of the input.</param>
    /// <param name="outputs">The length of the last axis of the output.</param>
    /// <param name="bias">Whether there is one.</param>
    /// <param name="weights">The distribution of the weights; if it is given, the bias starts at 0.</param>
    /// <param name="type">The element type of the parameters.</param>
    public static Dense Create(Key key, int inputs, int outputs, bool bias = true, Initializer? weights = null, DType type = DType.Float32)
    {
        var (forWeight, forBias) = key.Split();
        var fans = new Fans(inputs, outputs);
        return new((weights ?? Initializer.Default).Draw(forWeight, [outputs, inputs], fans, type), bias ? NewBias(forBias, outputs, fans, weights, type) : null);
    }

    internal static Tensor NewBias(Key key, int outputs, Fans fans, Initializer? weights, DType type) =>
        weights is null ? Initializer.Default.Draw(key, [outputs], fans, type) : Tensor.Zeros([outputs], type);

    /// <summary>[…, inputs] ↦ […, outputs].</summary>
    public Tensor Apply(Tensor x)
    {
        var z = x.MatMul(Weight.T);
        return Bias is null ? z : z + Bias;
    }
}
