namespace Adjoint;

/// <summary>
/// Linear systems, factorizations and functions of matrices. The last two axes are the matrix, the axes before them batches. All of it is
/// differentiable, to any order.
/// </summary>
public static class LinearAlgebra
{
    extension(Tensor a)
    {
        /// <summary>
        /// The solution x of A x = b, for this as A [B…, n, n]. <paramref name="b"/> is a vector [n], or a matrix [B…, n, m] of right sides; batch axes broadcast.
        /// </summary>
        /// <exception cref="ShapeException">A is not square, or b has another number of rows.</exception>
        /// <exception cref="SingularMatrixException">A pivot is zero; thrown when the value is computed.</exception>
        public Tensor Solve(Tensor b) => Solution(new(MatrixKind.General), a, b);

        /// <summary>The solution of A x = b, or of Aᵀ x = b, for a triangular A: the other triangle is not read.</summary>
        /// <exception cref="ShapeException">A is not square, or b has another number of rows.</exception>
        /// <exception cref="SingularMatrixException">A diagonal entry is zero; thrown when the value is computed.</exception>
        public Tensor SolveTriangular(Tensor b, bool lower, bool transposed = false) =>
            Solution(new(lower ? MatrixKind.LowerTriangular : MatrixKind.UpperTriangular, transposed), a, b);

        /// <summary>A⁻¹. To solve equations use <c>Solve</c>, which is faster and more accurate.</summary>
        /// <exception cref="SingularMatrixException">A is singular; thrown when the value is computed.</exception>
        public Tensor Inverse() => Solution(new(MatrixKind.General), a, Matrices.IdentityLike(Matrix("inverse", a)));

        /// <summary>det A. Its derivative needs an invertible A.</summary>
        public Tensor Determinant() => Equation.Solve(new Determinant(Logarithm: false), Arithmetic.Floating(a));

        /// <summary>The sign of det A (0 if A is singular) and log |det A|, without overflow.</summary>
        public (Tensor Sign, Tensor Logarithm) LogDeterminant() => Two(new Determinant(Logarithm: true), a);

        /// <summary>The lower triangular L with A = L Lᵀ, for a positive definite A; what is factored is (A + Aᵀ) / 2.</summary>
        /// <exception cref="NotPositiveDefiniteException">A is not positive definite; thrown when the value is computed.</exception>
        public Tensor Cholesky() => Equation.Solve(new Cholesky(), Symmetric("cholesky", a));

        /// <summary>A = P L U: a permutation matrix, a lower triangle with ones on the diagonal, an upper triangle.</summary>
        public (Tensor P, Tensor L, Tensor U) Lu() => Three(new Lu(), a);

        /// <summary>A = Q R for A [B…, m, n], m ≥ n: Q [B…, m, n] with orthonormal columns, R [B…, n, n] an upper triangle with a positive diagonal.</summary>
        public (Tensor Q, Tensor R) Qr() => Two(new Qr(), a);

        /// <summary>
        /// Eigenvalues (ascending) and eigenvectors (columns, the greatest component positive) of a symmetric A; what is factored is (A + Aᵀ) / 2.
        /// Derivatives of the vectors exist where the values are distinct; elsewhere they are not finite.
        /// </summary>
        public (Tensor Values, Tensor Vectors) Eigh() => Two(new Eigh(), Symmetric("eigh", a));

        /// <summary>The eigenvalues of a symmetric matrix, ascending.</summary>
        public Tensor EigenvaluesSymmetric() => a.Eigh().Values;

        /// <summary>
        /// A = U diag(s) Vᵀ for A [B…, m, n]: thin, with k = min(m, n) singular values, descending. Derivatives of U and V exist where those are
        /// distinct and not zero; elsewhere they are not finite.
        /// </summary>
        public (Tensor U, Tensor S, Tensor Vt) Svd() => Three(new Svd(), a);

        /// <summary>The singular values, descending.</summary>
        public Tensor SingularValues() => a.Svd().S;

        /// <summary>The Moore–Penrose inverse [B…, n, m] of A [B…, m, n]: singular values up to <paramref name="tolerance"/> times the greatest count as zero.</summary>
        public Tensor PseudoInverse(double tolerance = 1e-13) => Equation.Solve(new PseudoInverse(tolerance), Arithmetic.Floating(a));

        /// <summary>A multiplied with itself, in about 2 log₂ |power| products; a negative power takes the inverse.</summary>
        public Tensor MatrixPower(int power)
        {
            if (power < 0) return a.Inverse().MatrixPower(-power);
            Tensor square = Matrix("matrix-power", a);
            Tensor? result = null;
            for (; power > 0; power >>= 1)
            {
                if ((power & 1) == 1) result = result is null ? square : result.MatMul(square);
                if (power > 1) square = square.MatMul(square);
            }
            return result ?? Matrices.IdentityLike(square).BroadcastTo(square.Shape);
        }
    }

    static (Tensor, Tensor) Two(Operation operation, Tensor a) => new Equation(operation, [Arithmetic.Floating(a)]).Results is [var x, var y] ? (x, y) : default;
    static (Tensor, Tensor, Tensor) Three(Operation operation, Tensor a) => new Equation(operation, [Arithmetic.Floating(a)]).Results is [var x, var y, var z] ? (x, y, z) : default;

    static Tensor Matrix(string name, Tensor a)
    {
        a = Arithmetic.Floating(a);
        return a.Rank >= 2 && a.Shape[^1] == a.Shape[^2] ? a
            : throw new ShapeException($"{name}: the matrix {a.Shape} must be square in its last two axes.");
    }

    static Tensor Symmetric(string name, Tensor a)
    {
        a = Matrix(name, a);
        return 0.5 * (a + a.SwapAxes());
    }

    static Tensor Solution(Solve solve, Tensor a, Tensor b)
    {
        (a, b) = Broadcasting.Promote(Matrix(solve.Name, a), Arithmetic.Floating(b));
        if (b.Rank == 1) return Solution(solve, a, b.ExpandAxis(-1)).Squeeze(-1);
        if (b.Rank == 0) throw new ShapeException($"{solve.Name}: the right side is a scalar; it must be a vector [{a.Shape[^1]}] or a matrix [{a.Shape[^1]}, m].");
        var leading = Shape.Broadcast(solve.Name, Matrices.Leading(a.Shape), Matrices.Leading(b.Shape));
        return Equation.Solve(solve, a.BroadcastTo(Matrices.Append(leading, a.Shape[^2], a.Shape[^1])), b.BroadcastTo(Matrices.Append(leading, b.Shape[^2], b.Shape[^1])));
    }
}
