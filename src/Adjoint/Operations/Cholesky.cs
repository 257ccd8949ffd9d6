namespace Adjoint.Operations;

/// <summary>A = L Lᵀ for a symmetric positive definite A: L is lower triangular with a positive diagonal. Reads the lower triangle.</summary>
public sealed record Cholesky : MatrixFunction
{
    public override string Name => "cholesky";
    protected override bool Square => true;
    protected override int[][] Axes(int m, int n) => [[n, n]];

    protected override double[][] Compute(double[] a, int m, int n, string which)
    {
        var l = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
                if (j < i) l[i * n + j] = sum / l[j * n + j];
                else if (sum <= 0)
                    throw new NotPositiveDefiniteException($"cholesky: the leading minor of order {i + 1}{which} ([{n}, {n}]) is not positive, so the matrix is not positive definite. Add a multiple of the identity, or use Eigh.");
                else l[i * n + i] = Math.Sqrt(sum);
            }
        return [l];
    }

    // S = L⁻¹ dA L⁻ᵀ,   dL = L · Φ(S):  Φ takes the lower triangle, with half of the diagonal        Murray 2016, eq. 7
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var l = z.Results[0];
        var solve = new Solve(MatrixKind.LowerTriangular);
        var s = Equation.Solve(solve, l, Equation.Solve(solve, l, dx[0]!).SwapAxes());
        return l.MatMul(0.5 * (s.Lower() + s.Lower(diagonal: false)));
    }
}
