using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Mistakes, with the messages that explain them.</summary>
static class FailingSamples
{
    public static readonly FailingSample[] All =
    [
        new("matmul shapes", "matmul: the last axis of the first input [3, 4] must equal the second-to-last of the second [2, 4]. Did you mean a.MatMul(b.T)?",
            x => [x[0].MatMul(x[1])], Real(3, 4), Real(2, 4)),
        new("matmul of a scalar", "matmul: the operands have shapes [] and [2, 4]; scalars multiply with *.", x => [x[0].MatMul(x[1])], Real(), Real(2, 4)),
        new("dot of matrices", "dot: the operands have shapes [2, 2] and [2, 2]; they must be vectors of one length. For matrices use MatMul.", x => [x[0].Dot(x[0])], Real(2, 2)),
        new("reshape size", "reshape [4]: shape [2, 3] has 6 elements, [4] has 4; the numbers must be equal.", x => [x[0].Reshape([4])], Real(2, 3)),
        new("reshape free axis", "reshape: 6 elements of shape [2, 3] do not divide into [4, ?].", x => [x[0].Reshape([4, -1])], Real(2, 3)),
        new("squeeze a longer axis", "squeeze: axis 1 of shape [2, 3] has length 3; only axes of length 1 can be dropped.", x => [x[0].Squeeze(1)], Real(2, 3)),
        new("permute", "permute: the order [0, 0] must name each of the 2 axes of shape [2, 3] once.", x => [x[0].Permute(0, 0)], Real(2, 3)),
        new("broadcast", "broadcast: shape [2, 3] does not broadcast to [3].", x => [x[0].BroadcastTo([3])], Real(2, 3)),
        new("logic on floats", "and: the operands are float64; they must be bool or integers. Compare first, for example x > 0.", x => [x[0] & x[0]], Real(3)),
        new("negative of a bool", "negate: a bool has no negative. Use ! for the logical complement.", x => [-x[0]], Bools(3)),
        new("sum of two bools", "add: bool operands have no sum. Convert them with To(DType.Int32), or use |.", x => [x[0] + x[0]], Bools(3)),
        new("select needs a bool", "select: the condition is float64; it must be bool. Compare first, for example x > 0.", x => [Tensor.Select(x[0], x[0], x[0])], Real(3)),
        new("exp of an integer", "exp: is not defined for int32. Convert first, for example with To(DType.Float32).", x => [Map.Of(Scalars.Exp, x[0])], Integers(0, 3, 3)),
        new("strict broadcasting", "add: shapes [2, 3] and [3] differ, and the Strict scope refuses implicit broadcasting. Use BroadcastTo([2, 3]).",
            x => { using (Strict.Scope()) return [x[0] + x[1]]; }, Real(2, 3), Real(3)),
        new("gradient of a vector", "gradient: the result has shape [3]; a gradient needs a scalar. Reduce it, for example with Sum() or Mean(), or use Vjp with a cotangent, or Jacobian.",
            x => Differentiation.Gradient("gradient", y => [y[0].Sin()], x).Gradient, Real(3)),
        new("gradient of an integer", "gradient: the result is int32, which has no derivative. Compute the loss in float32 or float64.",
            x => Differentiation.Gradient("gradient", y => [y[0].To(DType.Int32).Sum()], x).Gradient, Real(3)),
        new("einsum operand count", "einsum 'ij,jk->ik': 2 operands are labelled, but 1 were given.", x => [Tensor.Einsum("ij,jk->ik", x[0])], Real(2, 3)),
        new("einsum rank", "einsum 'ij->i': operand 0 has shape [3], but 2 labels 'ij'.", x => [Tensor.Einsum("ij->i", x[0])], Real(3)),
        new("einsum lengths", "einsum 'ij,jk->ik': axis 'j' has length 3 in one operand and 2 in operand 1 [2, 3].", x => [Tensor.Einsum("ij,jk->ik", x[0], x[0])], Real(2, 3)),
        new("einsum output", "einsum 'i->j': the output's label 'j' is in no operand.", x => [Tensor.Einsum("i->j", x[0])], Real(3)),
        new("toscalar of a vector", "ToScalar: a tensor of shape [3] has 3 elements. Reduce it first, for example with Sum() or Mean().", x => [x[0].ToScalar()], Real(3)),
    ];
}
