using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Linear systems and factorizations; where signs and orders are free, what is sampled does not depend on them.</summary>
static class LinearAlgebraSamples
{
    public static readonly Sample[] All =
    [
        new("solve", x => [x[0].Solve(x[1])], Invertible(3, 3), Real(3, 2)),
        new("solve of a vector", x => [x[0].Solve(x[1])], Invertible(3, 3), Real(3)),
        new("solve with batches", x => [x[0].Solve(x[1])], Invertible(2, 2, 2), Real(2, 2, 1)),
        new("solve with one matrix for all batches", x => [x[0].Solve(x[1])], Invertible(2, 2), Real(3, 2, 1)),
        new("solve triangular", x => [x[0].SolveTriangular(x[1], lower: true), x[0].SolveTriangular(x[1], lower: false)], Invertible(3, 3), Real(3, 2)),
        new("solve transposed triangular", x => [x[0].SolveTriangular(x[1], lower: true, transposed: true), x[0].SolveTriangular(x[1], lower: false, transposed: true)], Invertible(3, 3), Real(3)),
        new("inverse", x => [x[0].Inverse()], Invertible(3, 3)),
        new("determinant", x => [x[0].Determinant()], Invertible(3, 3)),
        new("log-determinant", x => { var (sign, logarithm) = x[0].LogDeterminant(); return [sign, logarithm]; }, Invertible(2, 3, 3)),
        new("cholesky", x => [x[0].Cholesky()], PositiveDefinite(3)),
        new("lu", x => { var (p, l, u) = x[0].Lu(); return [p, l, u]; }, Invertible(3, 3)),
        new("qr", x => { var (q, r) = x[0].Qr(); return [q, r]; }, Invertible(3, 3)),
        new("qr of a tall matrix", x => { var (q, r) = x[0].Qr(); return [q, r]; }, Real(4, 2)) { Tolerance = 1e-5 },
        new("eigh", x => { var (values, vectors) = x[0].Eigh(); return [values, vectors]; }, PositiveDefinite(3)) { Tolerance = 1e-5, SingleTolerance = 1e-3 },
        new("svd", x => { var (u, s, vt) = x[0].Svd(); return [s, u.MatMul(vt), u.Square(), vt.Square()]; }, PositiveDefinite(3)) { Tolerance = 1e-5, SingleTolerance = 1e-3 },
        new("singular values of a wide matrix", x => [x[0].SingularValues()], Real(2, 4)) { Tolerance = 1e-5 },
        new("pseudo-inverse", x => [x[0].PseudoInverse(1e-6)], Invertible(3, 3)),
        new("pseudo-inverse of a tall matrix", x => [x[0].PseudoInverse(1e-6)], Real(4, 2)) { Tolerance = 1e-5, SingleTolerance = 1e-3 },
        new("matrix power", x => [x[0].MatrixPower(5), x[0].MatrixPower(-2), x[0].MatrixPower(0)], Invertible(2, 2)),
        new("gaussian log-likelihood", x => { var l = x[0].Cholesky(); return [l.SolveTriangular(x[1], lower: true).Square().Sum() + 2 * l.Diagonal().Log().Sum()]; }, PositiveDefinite(3), Real(3)),
        new("draws from a categorical", x => [Key.Of(3).Categorical(x[0]), x[0].Sin()], Real(4, 3)),
    ];
}
