namespace Adjoint.Operations;

/// <summary>
/// A = V diag(w) Vᵀ for a symmetric A: eigenvalues w [B…, n] ascending, orthonormal eigenvectors in the columns of V [B…, n, n], each with its
/// component of largest magnitude positive. Derivatives of V exist only where the eigenvalues are distinct.
/// </summary>
public sealed record Eigh : MatrixFunction
{
    const int MaximalSweeps = 60;

    public override string Name => "eigh";
    protected override bool Square => true;
    protected override int[][] Axes(int m, int n) => [[n], [n, n]];

    // Jacobi: rotations make one off-diagonal pair after the other zero        Golub and Van Loan 2013, 8.5
    protected override double[][] Compute(double[] a, int m, int n, string which)
    {
        double scale = Matrices.Scale(a);
        var v = new double[n * n];
        for (int i = 0; i < n; i++) v[i * n + i] = 1;
        for (int sweep = 0; sweep < MaximalSweeps; sweep++)
        {
            bool rotated = false;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) rotated |= Rotate(a, v, n, p, q);
            if (!rotated) break;
        }
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => a[i * n + i])];
        double[] w = new double[n], sorted = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            w[k] = scale * a[order[k] * n + order[k]];
            double sign = SignOf(v, n, n, order[k]);
            for (int i = 0; i < n; i++) sorted[i * n + k] = sign * v[i * n + order[k]];
        }
        return [w, sorted];
    }

    static bool Rotate(double[] a, double[] v, int n, int p, int q)
    {
        double apq = a[p * n + q], app = a[p * n + p], aqq = a[q * n + q];
        if (Math.Abs(apq) <= 1e-17 * Math.Sqrt(Math.Abs(app * aqq)) || Math.Abs(apq) < 1e-300) return false;
        double τ = (aqq - app) / (2 * apq);
        double t = (τ >= 0 ? 1 : -1) / (Math.Abs(τ) + Math.Sqrt(1 + τ * τ)), c = 1 / Math.Sqrt(1 + t * t), s = t * c;
        for (int k = 0; k < n; k++)
        {
            (double x, double y) = (a[k * n + p], a[k * n + q]);
            (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
            (x, y) = (v[k * n + p], v[k * n + q]);
            (v[k * n + p], v[k * n + q]) = (c * x - s * y, s * x + c * y);
        }
        for (int k = 0; k < n; k++)
        {
            (double x, double y) = (a[p * n + k], a[q * n + k]);
            (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
        }
        a[p * n + q] = a[q * n + p] = 0;
        return true;
    }

    /// <summary>The sign of the component of largest magnitude in a column of an m × n matrix; the first of equal ones, up to rounding.</summary>
    internal static double SignOf(double[] v, int m, int n, int column)
    {
        int best = 0;
        for (int i = 1; i < m; i++)
            if (Math.Abs(v[i * n + column]) > Math.Abs(v[best * n + column]) * (1 + 1e-12)) best = i;
        return m > 0 && v[best * n + column] < 0 ? -1 : 1;
    }

    // P = Vᵀ dA V,   dw = diag(P),   dV = V · (F ∘ P) with Fᵢⱼ = 1 / (wⱼ − wᵢ), zero on the diagonal        Giles 2008, 3.1
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var (w, v) = (z.Results[0], z.Results[1]);
        var p = v.SwapAxes().MatMul(dx[0]!).MatMul(v);
        return new Tensor?[] { p.Diagonal(), v.MatMul(Inverted(w.ExpandAxis(-2) - w.ExpandAxis(-1)) * p) };
    }

    /// <summary>1 / x off the diagonal, 0 on it.</summary>
    internal static Tensor Inverted(Tensor x)
    {
        var identity = Matrices.IdentityLike(x);
        return (x + identity).Reciprocal() - identity;
    }
}
