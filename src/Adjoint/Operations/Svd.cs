namespace Adjoint.Operations;

/// <summary>
/// A = U diag(s) Vᵀ for A [B…, m, n], thin: with k = min(m, n), U [B…, m, k], singular values s [B…, k] descending, Vᵀ [B…, k, n]. In each column of U
/// the component of largest magnitude is positive. Derivatives of U and V exist only where the singular values are distinct (and, if m ≠ n, not zero).
/// </summary>
public sealed record Svd : MatrixFunction
{
    const int MaximalSweeps = 60;

    public override string Name => "svd";
    protected override bool Square => false;
    protected override int[][] Axes(int m, int n) => Math.Min(m, n) is var k ? [[m, k], [k], [k, n]] : [];
    protected override double[][] Compute(double[] a, int m, int n, string which) => Decompose(a, m, n);

    /// <summary>U, s, Vᵀ of one matrix, whose elements are overwritten.</summary>
    internal static double[][] Decompose(double[] a, int m, int n)
    {
        int k = Math.Min(m, n);
        double scale = Matrices.Scale(a);
        var (u, s, v) = m >= n ? Tall(a, m, n) : Tall(Matrices.Transposed(a, m, n), n, m);
        if (m < n) (u, v) = (v, u);
        for (int j = 0; j < k; j++)
            if (Eigh.SignOf(u, m, k, j) < 0)
            {
                for (int i = 0; i < m; i++) u[i * k + j] = -u[i * k + j];
                for (int i = 0; i < n; i++) v[i * k + j] = -v[i * k + j];
            }
        return [u, Array.ConvertAll(s, x => x * scale), Matrices.Transposed(v, n, k)];
    }

    // one-sided Jacobi: rotations make the columns of A V orthogonal; their norms are s        Demmel and Veselić 1992
    static (double[] U, double[] S, double[] V) Tall(double[] a, int m, int n)
    {
        double[] w = [.. a], v = new double[n * n];
        for (int i = 0; i < n; i++) v[i * n + i] = 1;
        bool rotated = true;
        for (int sweep = 0; sweep < MaximalSweeps && rotated; sweep++)
        {
            rotated = false;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) rotated |= Rotate(w, v, m, n, p, q);
        }
        var norms = new double[n];
        for (int j = 0; j < n; j++)
            for (int i = 0; i < m; i++) norms[j] = double.Hypot(norms[j], w[i * n + j]);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(j => norms[j])];
        double[] u = new double[m * n], s = new double[n], sorted = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            s[k] = norms[order[k]];
            for (int i = 0; i < n; i++) sorted[i * n + k] = v[i * n + order[k]];
            if (s[k] > 1e-300) for (int i = 0; i < m; i++) u[i * n + k] = w[i * n + order[k]] / s[k];
            if (!(s[k] > s[0] * 1e-15)) Complete(u, m, n, k);
        }
        return (u, s, sorted);
    }

    static bool Rotate(double[] w, double[] v, int m, int n, int p, int q)
    {
        double α = 0, β = 0, γ = 0;
        for (int i = 0; i < m; i++)
        {
            (double x, double y) = (w[i * n + p], w[i * n + q]);
            α += x * x; β += y * y; γ += x * y;
        }
        if (!(Math.Abs(γ) > 1e-16 * Math.Sqrt(α * β)) || Math.Abs(γ) < 1e-300) return false;
        double ζ = (β - α) / (2 * γ), t = (ζ >= 0 ? 1 : -1) / (Math.Abs(ζ) + Math.Sqrt(1 + ζ * ζ)), c = 1 / Math.Sqrt(1 + t * t), s = c * t;
        Turn(w, m);
        Turn(v, n);
        return true;

        void Turn(double[] x, int rows)
        {
            for (int i = 0; i < rows; i++)
                (x[i * n + p], x[i * n + q]) = (c * x[i * n + p] - s * x[i * n + q], s * x[i * n + p] + c * x[i * n + q]);
        }
    }

    // a column of U whose singular value is zero: a unit vector orthogonal to the columns before it
    static void Complete(double[] u, int m, int n, int k)
    {
        for (int axis = 0; axis < m; axis++)
        {
            var e = new double[m];
            e[axis] = 1;
            double norm = 1;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < k; j++)
                {
                    double dot = 0;
                    for (int i = 0; i < m; i++) dot += e[i] * u[i * n + j];
                    for (int i = 0; i < m; i++) e[i] -= dot * u[i * n + j];
                }
                norm = 0;
                for (int i = 0; i < m; i++) norm = double.Hypot(norm, e[i]);
                if (norm < 0.5 / Math.Sqrt(m)) break;
                for (int i = 0; i < m; i++) e[i] /= norm;
            }
            if (norm < 0.5 / Math.Sqrt(m)) continue;
            for (int i = 0; i < m; i++) u[i * n + k] = e[i];
            return;
        }
    }

    // P = Uᵀ dA V,   ds = diag(P),   F = 1 / (sⱼ² − sᵢ²) off the diagonal
    // dU = U (F ∘ (P S + S Pᵀ)) + (I − U Uᵀ) dA V S⁻¹,   dV = V (F ∘ (S P + Pᵀ S)) + (I − V Vᵀ) dAᵀ U S⁻¹        Townsend 2016
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var (u, s, vt, da) = (z.Results[0], z.Results[1], z.Results[2], dx[0]!);
        var (ut, v) = (u.SwapAxes(), vt.SwapAxes());
        var (row, column) = (s.ExpandAxis(-2), s.ExpandAxis(-1));
        Tensor dav = da.MatMul(v), p = ut.MatMul(dav), pt = p.SwapAxes();
        var f = Eigh.Inverted((row - column) * (row + column));
        var du = u.MatMul(f * (p * row + column * pt));
        var dv = v.MatMul(f * (column * p + pt * row));
        if (u.Shape[^2] > s.Shape[^1]) du += (dav - u.MatMul(p)) * row.Reciprocal();
        if (v.Shape[^2] > s.Shape[^1]) dv += (da.SwapAxes().MatMul(u) - v.MatMul(pt)) * row.Reciprocal();
        return new Tensor?[] { du, p.Diagonal(), dv.SwapAxes() };
    }
}
