using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Small programs in which several operations meet.</summary>
static class CompositeSamples
{
    public static readonly Sample[] All =
    [
        new("Vieira's program", x => [Programs.Vieira(x[0])], In(-0.8, 0.4, 3)),
        new("repeated squaring", x => { var z = x[0]; for (int i = 0; i < 4; i++) z *= z; return [z]; }, In(0.8, 1.1, 2)),
        new("mlp", x => [((x[0].MatMul(x[1]) + x[2]).Tanh().MatMul(x[3]) + x[4]).Square().Mean()], Real(4, 3), Real(3, 5), Real(5), Real(5, 2), Real(2)),
        new("softmax by hand", x => { var e = x[0].Exp(); return [e / e.Sum(-1, keepAxes: true)]; }, Real(2, 4)),
        new("log-sum-exp by hand", x => [x[0].Exp().Sum(-1).Log()], Real(2, 4)),
        new("standardize", x => { var d = x[0] - x[0].Mean(-1, keepAxes: true); return [d / (d.Square().Mean(-1, keepAxes: true) + 1e-3).Sqrt()]; }, Real(3, 4)),
        new("matrix norm", x => [(x[0].MatMul(x[1]).MatMul(x[2]) - x[3]).Square().Sum() * 0.5], Real(3, 2), Real(2, 3), Real(3, 2), Real(3, 2)),
        new("attention by hand", x => { var e = (x[0].MatMul(x[1].T) * 0.5).Exp(); return [(e / e.Sum(-1, keepAxes: true)).MatMul(x[2])]; }, Real(3, 4), Real(5, 4), Real(5, 2)),
        new("captured constant", x => [x[0] * Tensor.Of(1.0, 2.0, 3.0) + Tensor.Of(0.5, 0.25, 0.125).Sin()], Real(3)) { KeepsType = false },
        new("gradient inside", x => [x[0] + Differentiation.Gradient("gradient", y => [(y[0].Sin() * x[0]).Sum()], [x[0]]).Gradient[0]], Real(3)),
        new("jvp inside", x => [Differentiation.Jvp(y => [y[0].Exp() * x[0]], [x[0]], [x[1]]).Tangents[0]!], Real(3), Real(3)),
        new("two results, one shared", x => { var e = x[0].Exp(); return [e * x[1], e.Sum() + x[1].Sum()]; }, Real(3), Real(3)),
    ];
}
