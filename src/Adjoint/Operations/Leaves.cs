using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>An argument of a program: it has no value until the program is run or inlined.</summary>
public sealed record Input(string Label, Signature Signature, bool Weak = false) : Operation
{
    public override string Name => "input " + Label;
    public override Signatures Infer(ImmutableArray<Tensor> x) => Signature;
    public override TensorData[] Evaluate(Equation z, TensorData[] x) =>
        throw new InvalidOperationException($"{Label} has no value: it stands for an argument of a program.");
    public override Linearization Linearize(Equation z, Tensor?[] dx) => (Tensor?)null;
    public override bool LinearIn(int i) => false;
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => [];
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) =>
        throw new InvalidOperationException($"vectorize: the input {Label} was given no batch.");

    /// <summary>A new argument.</summary>
    public static Tensor Of(string label, Signature signature, bool weak = false) => Equation.Solve(new Input(label, signature, weak));

    /// <summary>A new argument that fits where <paramref name="x"/> does.</summary>
    public static Tensor Like(Tensor x, string label = "x") => Of(label, new(x.Shape, x.DType), x.IsWeak);
}

/// <summary>Another name for a tensor, with a history of its own: transforms pass aliases to the functions that they differentiate.</summary>
sealed record Alias(History? History) : LinearOperation
{
    public override string Name => "alias";
    public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(x[0].Shape, x[0].DType);
    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0]];
    protected override Tensor Adjoint(Equation z, Tensor λ) => λ;
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [x[0]];
}
