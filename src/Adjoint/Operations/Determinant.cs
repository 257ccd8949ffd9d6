namespace Adjoint.Operations;

/// <summary>det A; or, with <c>Logarithm</c>, two results: its sign (0 for a singular matrix) and log |det A|, which never overflow.</summary>
public sealed record Determinant(bool Logarithm) : MatrixFunction
{
    public override string Name => Logarithm ? "log-determinant" : "determinant";
    protected override bool Square => true;
    protected override int[][] Axes(int m, int n) => Logarithm ? [[], []] : [[]];

    protected override double[][] Compute(double[] a, int m, int n, string which)
    {
        double value = Parity(Lu.Decompose(a, n)), sign = value, log = 0;
        for (int i = 0; i < n; i++)
        {
            double u = a[i * n + i];
            value *= u;
            sign *= double.IsNaN(u) ? u : Math.Sign(u);
            log += Math.Log(Math.Abs(u));
        }
        return Logarithm ? [[sign], [log]] : [[value]];
    }

    static int Parity(int[] permutation)
    {
        int parity = 1;
        for (int i = 0; i < permutation.Length; i++)
            while (permutation[i] != i)
            {
                int j = permutation[i];
                (permutation[i], permutation[j]) = (permutation[j], j);
                parity = -parity;
            }
        return parity;
    }

    // d log |det A| = tr(A⁻¹ dA),   d det A = det A · tr(A⁻¹ dA)        Giles 2008, 2.2.4
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var trace = Equation.Solve(new Solve(MatrixKind.General), z.Inputs[0], dx[0]!).Trace();
        return Logarithm ? new Tensor?[] { null, trace } : z.Results[0] * trace;
    }
}
