namespace Adjoint.Operations;

/// <summary>
/// The Moore–Penrose inverse A⁺ [B…, n, m] of A [B…, m, n]: singular values up to <c>Tolerance</c> times the greatest count as zero. Derivatives hold
/// where the rank does not change.
/// </summary>
public sealed record PseudoInverse(double Tolerance) : MatrixFunction
{
    public override string Name => "pseudo-inverse";
    protected override bool Square => false;
    protected override int[][] Axes(int m, int n) => [[n, m]];

    protected override double[][] Compute(double[] a, int m, int n, string which)
    {
        int k = Math.Min(m, n);
        var (u, s, vt) = Svd.Decompose(a, m, n) is [var first, var second, var third] ? (first, second, third) : throw new System.Diagnostics.UnreachableException();
        var result = new double[n * m];
        for (int r = 0; r < k; r++)
            if (s[r] > Tolerance * s[0])
                for (int i = 0; i < n; i++)
                    for (int j = 0; j < m; j++) result[i * m + j] += vt[r * n + i] / s[r] * u[j * k + r];
        return [result];
    }

    // dZ = −Z dA Z + Z Zᵀ dAᵀ (I − A Z) + (I − Z A) dAᵀ Zᵀ Z        Golub and Pereyra 1973, eq. 4.12
    public override Linearization Linearize(Equation equation, Tensor?[] dx)
    {
        var (a, z, da) = (equation.Inputs[0], equation.Results[0], dx[0]!);
        Tensor zt = z.SwapAxes(), dat = da.SwapAxes();
        Tensor left = z.MatMul(zt).MatMul(dat), right = dat.MatMul(zt).MatMul(z);
        return left - left.MatMul(a).MatMul(z) + right - z.MatMul(a).MatMul(right) - z.MatMul(da).MatMul(z);
    }
}
