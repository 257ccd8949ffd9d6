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
        /// <exception cref="InvalidOperationException"><paramref name="x"/> is neither a variable nor computed from one: nobody remembers what depends on it.</exception>
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
            return tree.Rebuild(zeros.With(places, Of(loss, leaves.Pick(places), total: true, i => Trees.Paths(tree)[places[i]])));
        }
    }

    static Tensor[] Of(Tensor loss, Tensor[] x, bool total, Func<int, string>? name = null)
    {
        Differentiation.CheckScalar("gradient", loss);
        for (int i = 0; i < x.Length; i++)
            if (!x[i].IsLive && !x[i].IsSymbolic)
                throw new InvalidOperationException(
                    $"gradient: {name?.Invoke(i) ?? (x.Length == 1 ? "the tensor" : $"tensor {i}")}, {x[i].DType.Text}{x[i].Shape}, is not a variable, nor computed from one, so what depends on it is forgotten when it is read. " +
                    "Start from x = Tensor.Variable(x), or for a tree Trees.Variables(tree), before computing the loss; or use Gradient(f)(x).");
        return Differentiation.Filled(Differentiation.Pull([loss], x, [loss.OnesLike()], total), x);
    }
}
