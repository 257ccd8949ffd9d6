namespace Adjoint;

/// <summary>Derivatives of values that a script has computed, as in PyTorch: <c>loss.Gradient(parameters)</c>.</summary>
public static class ScalarGradients
{
    extension(Tensor loss)
    {
        /// <summary>
        /// The gradient of this scalar with respect to a tensor that it was computed from: a variable, an argument of a function that is being
        /// differentiated, or any value between.
        /// </summary>
        /// <exception cref="ShapeException">This is not a floating scalar.</exception>
        /// <exception cref="InvalidOperationException">This does not depend on <paramref name="x"/>, as far as is remembered.</exception>
        public Tensor Gradient(Tensor x) => Of(loss, [x], total: true)[0];

        /// <summary>The gradients with respect to several tensors: total derivatives, where one depends on another.</summary>
        public Tensor[] Gradient(params ReadOnlySpan<Tensor> x) => Of(loss, x.ToArray(), total: true);

        /// <summary>The partial derivatives with respect to several tensors, each with the others held fixed, though one may depend on another.</summary>
        public Tensor[] PartialGradient(params ReadOnlySpan<Tensor> x) => Of(loss, x.ToArray(), total: false);

        /// <summary>The gradient with respect to the floating parameters of a tree; zeros elsewhere.</summary>
        public T Gradient<T>(T tree) where T : ITree<T>
        {
            var leaves = Trees.Leaves(tree);
            int[] places = TreeFunctions.Differentiable(tree, leaves);
            Tensor[] zeros = Array.ConvertAll(leaves, x => x.ZerosLike());
            return tree.Rebuild(zeros.With(places, Of(loss, leaves.Pick(places), total: true)));
        }
    }

    static Tensor[] Of(Tensor loss, Tensor[] x, bool total)
    {
        Differentiation.CheckScalar("gradient", loss);
        var λ = Differentiation.Pull([loss], x, [loss.OnesLike()], total);
        for (int i = 0; i < λ.Length; i++)
            if (λ[i] is null && !x[i].IsLive && x[i].DType.IsFloat)
                throw new InvalidOperationException(
                    $"gradient: the result does not depend on tensor {i}, {x[i].DType.Text}{x[i].Shape}, as far as is remembered: values that were read are forgotten. " +
                    "Start from x = Tensor.Variable(x) before computing the loss, or use Gradient(f)(x).");
        return Differentiation.Filled(λ, x);
    }
}
