namespace Adjoint;

/// <summary>Special functions of every element. Integers become float32 first.</summary>
public static class SpecialFunctions
{
    static Tensor Float(ScalarFunction function, Tensor x) => Map.Of(function, Arithmetic.Floating(x));

    extension(Tensor x)
    {
        /// <summary>2/√π ∫₀ˣ e^(−t²) dt.</summary>
        public Tensor Erf() => Float(Scalars.Erf, x);

        /// <summary>1 − erf x, precise where it is small.</summary>
        public Tensor Erfc() => Float(Scalars.Erfc, x);

        /// <summary>The y with erf y = x, for |x| ≤ 1.</summary>
        public Tensor ErfInv() => Float(Scalars.ErfInv, x);

        /// <summary>Φ(x), the probability that a standard normal number is below x.</summary>
        public Tensor NormalCdf() => Float(Scalars.NormalCdf, x);

        /// <summary>The x with Φ(x) = p, for p from 0 to 1.</summary>
        public Tensor NormalQuantile() => Float(Scalars.NormalQuantile, x);

        /// <summary>log(p / (1 − p)), the inverse of the sigmoid.</summary>
        public Tensor Logit() => Float(Scalars.Logit, x);

        /// <summary>log |Γ(x)|.</summary>
        public Tensor LogGamma() => Float(Scalars.LogGamma, x);

        /// <summary>ψ(x), the derivative of log Γ(x).</summary>
        public Tensor Digamma() => Float(Scalars.Digamma, x);

        /// <summary>The derivative of ψ of this order, 0 to 170. NaN for x below −1000 where the order is not 0.</summary>
        public Tensor Polygamma(int order) { var y = Arithmetic.Floating(x); return Map.Of(Scalars.Polygamma, y.ZerosLike() + order, y); }

        /// <summary>sin(πx) / (πx), and 1 at 0.</summary>
        public Tensor Sinc() => Float(Scalars.Sinc, x);
    }
}
