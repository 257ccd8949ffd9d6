namespace Adjoint.Operations;

/// <summary>
/// A = P L U with partial pivoting: P a permutation, L lower triangular with ones on its diagonal, U upper triangular. A zero column leaves a zero on
/// the diagonal of U; only derivatives then fail.
/// </summary>
public sealed record Lu : MatrixFunction
{
    public override string Name => "lu";
    protected override bool Square => true;
    protected override int[][] Axes(int m, int n) => [[n, n], [n, n], [n, n]];

    protected override double[][] Compute(double[] a, int m, int n, string which)
    {
        var rows = Decompose(a, n);
        double[] p = new double[n * n], l = new double[n * n], u = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            p[rows[i] * n + i] = 1;
            for (int j = 0; j < n; j++) (j < i ? l : u)[i * n + j] = a[i * n + j];
            l[i * n + i] = 1;
        }
        return [p, l, u];
    }

    /// <summary>Factors a matrix in place: L below the diagonal, U on and above it. Row i of the factored matrix is row <c>result[i]</c> of the given one.</summary>
    internal static int[] Decompose(double[] a, int n)
    {
        int[] rows = [.. Enumerable.Range(0, n)];
        for (int k = 0; k < n; k++)
        {
            int best = k;
            for (int i = k + 1; i < n; i++)
                if (Math.Abs(a[i * n + k]) > Math.Abs(a[best * n + k])) best = i;
            if (best != k)
            {
                (rows[k], rows[best]) = (rows[best], rows[k]);
                for (int j = 0; j < n; j++) (a[k * n + j], a[best * n + j]) = (a[best * n + j], a[k * n + j]);
            }
            double pivot = a[k * n + k];
            if (pivot == 0) continue;
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i * n + k] /= pivot;
                if (factor == 0) continue;
                for (int j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
            }
        }
        return rows;
    }

    // F = L⁻¹ Pᵀ dA U⁻¹;   dL = L · lower(F) without the diagonal,   dU = upper(F) · U        de Hoog et al. 2011
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var (p, l, u) = (z.Results[0], z.Results[1], z.Results[2]);
        var x = Equation.Solve(new Solve(MatrixKind.LowerTriangular), l, p.SwapAxes().MatMul(dx[0]!));
        var f = Equation.Solve(new Solve(MatrixKind.UpperTriangular, Transposed: true), u, x.SwapAxes()).SwapAxes();
        return new Tensor?[] { null, l.MatMul(f.Lower(diagonal: false)), f.Upper().MatMul(u) };
    }
}
