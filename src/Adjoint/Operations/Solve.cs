using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Which part of a square matrix is read: all of it, or one triangle with the diagonal.</summary>
public enum MatrixKind { General, LowerTriangular, UpperTriangular }

/// <summary>The solution of A z = b, or of Aᵀ z = b, for A [B…, n, n] and b [B…, n, m]; linear in b.</summary>
public sealed record Solve(MatrixKind Kind, bool Transposed = false) : Operation
{
    public override string Name => "solve " + (Kind switch { MatrixKind.General => "general", MatrixKind.LowerTriangular => "lower", _ => "upper" }) + (Transposed ? " transposed" : "");

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var (a, b) = (x[0].Shape, x[1].Shape);
        if (!x[0].DType.IsFloat || x[0].DType != x[1].DType)
            throw Mismatch($"element types {x[0].DType.Text} and {x[1].DType.Text} must be one floating type. Convert with To(DType).");
        if (a.Rank < 2 || a[^1] != a[^2]) throw Mismatch($"the matrix {a} must be square in its last two axes.");
        if (b.Rank != a.Rank || b[^2] != a[^1] || Matrices.Leading(a) != Matrices.Leading(b))
            throw Mismatch($"the right side {b} must have the leading axes of the matrix {a}, and {a[^1]} rows. Give a vector a last axis with ExpandAxis(-1).");
        return new Signature(b, x[1].DType);
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        int n = x[1].Shape[^2], m = x[1].Shape[^1];
        var leading = Matrices.Leading(x[0].Shape);
        var result = new double[x[1].Shape.Size];
        for (int k = 0; k < leading.Size; k++)
        {
            double[] a = Matrices.Read(x[0], k * n * n, n * n), b = Matrices.Read(x[1], k * n * m, n * m);
            One(a, b, n, m, Matrices.Which(leading, k));
            b.CopyTo(result, k * n * m);
        }
        return [Matrices.Write(x[1].Type, x[1].Shape, result)];
    }

    void One(double[] a, double[] b, int n, int m, string which)
    {
        if (Transposed) a = Matrices.Transposed(a, n, n);
        bool lower = Kind == MatrixKind.LowerTriangular != Transposed;
        if (Kind != MatrixKind.General) { Substitute(a, b, n, m, lower, unit: false, which); return; }
        var rows = Lu.Decompose(a, n);
        var permuted = new double[b.Length];
        for (int i = 0; i < n; i++) b.AsSpan(rows[i] * m, m).CopyTo(permuted.AsSpan(i * m));
        permuted.CopyTo(b, 0);
        Substitute(a, b, n, m, lower: true, unit: true, which);
        Substitute(a, b, n, m, lower: false, unit: false, which);
    }

    void Substitute(double[] a, double[] b, int n, int m, bool lower, bool unit, string which)
    {
        for (int step = 0; step < n; step++)
        {
            int i = lower ? step : n - 1 - step;
            var row = b.AsSpan(i * m, m);
            for (int j = lower ? 0 : i + 1; j < (lower ? i : n); j++)
            {
                double factor = a[i * n + j];
                if (factor == 0) continue;
                var other = b.AsSpan(j * m, m);
                for (int c = 0; c < m; c++) row[c] -= factor * other[c];
            }
            if (unit) continue;
            double pivot = a[i * n + i];
            if (pivot == 0)
                throw new SingularMatrixException($"{Name}: pivot {i}{which} ([{n}, {n}]) is zero, so the matrix is singular. Use PseudoInverse for a least-squares solution, or add a multiple of the identity.");
            for (int c = 0; c < m; c++) row[c] /= pivot;
        }
    }

    // A z = b:   dz = A⁻¹ (db − dA z)        Giles 2008, 2.3.1
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var right = dx[1];
        if (dx[0] is { } da)
        {
            da = Kind switch { MatrixKind.LowerTriangular => da.Lower(), MatrixKind.UpperTriangular => da.Upper(), _ => da };
            var product = (Transposed ? da.SwapAxes() : da).MatMul(z.Results[0]);
            right = right is null ? -product : right - product;
        }
        return right is null ? (Tensor?)null : Equation.Solve(this, z.Inputs[0], right);
    }

    public override bool LinearIn(int i) => i == 1;

    // ⟨λ, A⁻¹ b⟩ = ⟨A⁻ᵀ λ, b⟩
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) =>
        [null, λ[0] is { } g ? Equation.Solve(new Solve(Kind, !Transposed), z.Inputs[0], g) : null];

    // one matrix for all rows: the rows become columns of one right side
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        if (batched[0]) return Equation.Of(this, [x[0], batched[1] ? x[1] : x[1].Repeat(0, n)]).Results.ToArray();
        var b = x[1].MoveAxis(0, -2);
        var merged = b.Reshape(Matrices.Append(Matrices.Leading(z.Inputs[1].Shape), b.Shape[^3], b.Shape[^2] * b.Shape[^1]));
        return [Equation.Solve(this, x[0], merged).Reshape(b.Shape).MoveAxis(-2, 0)];
    }
}
