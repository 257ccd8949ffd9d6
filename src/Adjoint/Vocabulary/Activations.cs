namespace Adjoint;

/// <summary>Nonlinear functions of neural networks, on every element. Slopes stay finite for all finite x.</summary>
public static class Activations
{
    static Tensor Float(ScalarFunction function, Tensor x) => Map.Of(function, Arithmetic.Floating(x));

    extension(Tensor x)
    {
        /// <summary>1 / (1 + e⁻ˣ).</summary>
        public Tensor Sigmoid() => Float(Scalars.Sigmoid, x);

        /// <summary>log sigmoid x = −softplus(−x).</summary>
        public Tensor LogSigmoid() => -(-x).Softplus();

        /// <summary>log(1 + eˣ).</summary>
        public Tensor Softplus() => Float(Scalars.Softplus, x);

        /// <summary>max(x, 0), with the derivative 0 at 0.</summary>
        public Tensor Relu() => Map.Of(Scalars.Relu, x);

        /// <summary>x where positive, else slope · x.</summary>
        public Tensor LeakyRelu(double slope = 0.01) => Tensor.Select(x > 0, x, slope * x);

        /// <summary>x where positive, else scale · (eˣ − 1) (Clevert and others 2015).</summary>
        public Tensor Elu(double scale = 1) { var isPositive = x > 0; return Tensor.Select(isPositive, x, scale * Tensor.Select(isPositive, 0, x).ExpM1()); }

        /// <summary>1.0507 · elu(x, 1.6733), which keeps mean 0 and variance 1 (Klambauer and others 2017).</summary>
        public Tensor Selu() => 1.0507009873554805 * x.Elu(1.6732632423543772);

        /// <summary>x · sigmoid x, also called swish.</summary>
        public Tensor Silu() => Float(Scalars.Silu, x);

        /// <summary>x · Φ(x) (Hendrycks and Gimpel 2016); approximately ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
        public Tensor Gelu(bool approximate = false)
        {
            if (!approximate) return Float(Scalars.Gelu, x);
            var inner = x.Clip(-30, 30);
            return x * (1.5957691216057308 * (inner + 0.044715 * inner * inner.Square())).Sigmoid();
        }

        /// <summary>x · tanh(softplus x) (Misra 2019).</summary>
        public Tensor Mish() => x * x.Softplus().Tanh();

        /// <summary>x / (1 + |x|).</summary>
        public Tensor Softsign() => x / (1 + x.Abs());

        /// <summary>x/6 + ½, limited to [0, 1].</summary>
        public Tensor HardSigmoid() => (x / 6 + 0.5).Clip(0, 1);

        /// <summary>x · hardsigmoid x.</summary>
        public Tensor HardSwish() => x * x.HardSigmoid();
    }
}
