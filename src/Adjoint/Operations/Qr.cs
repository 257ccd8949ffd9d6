namespace Adjoint.Operations;

/// <summary>A = Q R for A [B…, m, n] with m ≥ n: the columns of Q [B…, m, n] are orthonormal, R [B…, n, n] is upper triangular with a diagonal ≥ 0.</summary>
public sealed record Qr : MatrixFunction
{
    public override string Name => "qr";
    protected override bool Square => false;
    protected override int[][] Axes(int m, int n) => m >= n ? [[m, n], [n, n]]
        : throw Mismatch($"the matrix [{m}, {n}] has more columns than rows. Factor its transpose, or its first {m} columns.");

    // Householder: Q = H₁ H₂ … applied to the first n columns of the identity
    protected override double[][] Compute(double[] a, int m, int n, string which)
    {
        var v = new double[n][];
        for (int k = 0; k < n; k++)
        {
            v[k] = new double[m];
            double norm = 0;
            for (int i = k; i < m; i++) norm = double.Hypot(norm, v[k][i] = a[i * n + k]);
            if (norm == 0) continue;
            v[k][k] += v[k][k] < 0 ? -norm : norm;
            double length = 0;
            for (int i = k; i < m; i++) length = double.Hypot(length, v[k][i]);
            for (int i = k; i < m; i++) v[k][i] /= length;
            Reflect(a, v[k], k, m, n);
        }
        double[] q = new double[m * n], r = new double[n * n];
        for (int k = 0; k < n; k++) q[k * n + k] = 1;
        for (int k = n - 1; k >= 0; k--) Reflect(q, v[k], k, m, n);
        for (int i = 0; i < n; i++)
        {
            int sign = a[i * n + i] < 0 ? -1 : 1;
            for (int j = i; j < n; j++) r[i * n + j] = sign * a[i * n + j];
            if (sign < 0) for (int row = 0; row < m; row++) q[row * n + i] = -q[row * n + i];
        }
        return [q, r];
    }

    static void Reflect(double[] a, double[] v, int from, int m, int n)
    {
        for (int j = 0; j < n; j++)
        {
            double dot = 0;
            for (int i = from; i < m; i++) dot += v[i] * a[i * n + j];
            for (int i = from; i < m; i++) a[i * n + j] -= 2 * dot * v[i];
        }
    }

    // C = dA R⁻¹,   M = Qᵀ C = Ω + dR R⁻¹ with Ω = Qᵀ dQ antisymmetric:   T = dR R⁻¹ = upper(M) + lower(M)ᵀ without its diagonal
    // dQ = C − Q T,   dR = T R        Walter and Lehmann 2018
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var (q, r) = (z.Results[0], z.Results[1]);
        var c = Equation.Solve(new Solve(MatrixKind.UpperTriangular, Transposed: true), r, dx[0]!.SwapAxes()).SwapAxes();
        var mixed = q.SwapAxes().MatMul(c);
        var t = mixed.Upper() + mixed.Lower(diagonal: false).SwapAxes();
        return new Tensor?[] { c - q.MatMul(t), t.MatMul(r) };
    }
}
