using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>z = x, taken as a constant: no tangent passes.</summary>
public sealed record StopGradient : ConstantOperation
{
    public static readonly StopGradient Shared = new();
    public override string Name => "stop-gradient";
    public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(x[0].Shape, x[0].DType);
    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0]];
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this, x[0])];
}
