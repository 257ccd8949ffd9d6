namespace Adjoint.Learning;

/// <summary>
/// A loss that meets the two conditions under which backpropagation over examples is gradient descent on all of them: it is a mean, E = mean E_x, of a function E_x of the outputs for
/// one example x. The type enforces them: the function sees one example only, and the mean is taken here. So the gradient is the mean of the examples' gradients, and that of a batch the
/// mean of those of its parts, weighted with their sizes.
/// </summary>
/// <param name="OfExample">E_x: a scalar, from the output for one example and its target.</param>
public sealed record MeanLoss<TOutput, TTarget>(Func<TOutput, TTarget, Tensor> OfExample) where TOutput : ITree<TOutput> where TTarget : ITree<TTarget>
{
    /// <summary>E_x for every example: the first axis of outputs and targets is the batch.</summary>
    /// <exception cref="ShapeException">The batches differ in length, or E_x is not a scalar.</exception>
    public Tensor PerExample(TOutput outputs, TTarget targets) => Functions.Vectorize<TOutput, TTarget, Tensor>((output, target) =>
    {
        var loss = OfExample(output, target);
        return loss.Rank == 0 ? loss : throw new ShapeException($"mean loss: the loss of an example has shape {loss.Shape}; it must be a scalar. Reduce it, for example with Sum() or Mean().");
    })(outputs, targets);

    /// <summary>E.</summary>
    /// <inheritdoc cref="PerExample" path="/exception"/>
    public Tensor Of(TOutput outputs, TTarget targets) => PerExample(outputs, targets).Mean();
}
