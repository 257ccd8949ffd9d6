using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// The solution of <c>A(k) z = b</c> for a linear program A: inputs are its residuals k and the right sides b, results the z, which have the shapes of
/// the b. The first <c>Rows</c> axes of all b hold independent systems. The reference forms the matrix, one column a run, and eliminates.
/// </summary>
/// <param name="Operator">The program: residuals, then the unknowns, in which it is linear; it returns <c>A z</c>, shaped like z.</param>
/// <param name="Residuals">The number of residuals.</param>
/// <param name="Rows">How many leading axes hold independent systems.</param>
public sealed record LinearSolve(EquationSystem Operator, int Residuals, int Rows = 0) : Operation, IContainsSystems
{
    public override string Name => $"solve operator unknowns={Operator.Results.Length}";
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("operator", Operator)];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Operator = rewrite(Operator) };

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        Calls.CheckInputs(Name, Operator, x);
        return x.Skip(Residuals).Select(b => new Signature(b.Shape, b.DType)).ToArray();
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var image = Operator.Executable.Run([.. x[..Residuals], .. x[Residuals..].Select(b => TensorData.Zeros(b.Type, b.Shape))]);
        if (Array.Exists(image, y => Array.Exists(y.ToDoubles(), v => v is not (0 or double.NaN))))
            throw new InvalidOperationException($"{Name}: the operator takes 0 to something else, so it is not linear. Move its constant part to the right side.");
        var b = DenseSystems.Pack(x[Residuals..], Rows);
        var matrices = DenseSystems.Matrices(Operator, x[..Residuals], x[Residuals..], Rows);
        for (int row = 0; row < b.Length; row++) b[row] = DenseSystems.Solve(matrices[row], b[row], Name);
        return DenseSystems.Unpack(b, x[Residuals..], Rows);
    }

    // A z = b:   dz = A⁻¹ (db − dA z)
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var right = dx[Residuals..];
        Tensor[] arguments = [.. z.Inputs.Take(Residuals), .. z.Results];
        var seeds = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < Residuals; i++) if (dx[i] is { } d) seeds[Operator.Inputs[i]] = d;
        if (seeds.Count > 0)
        {
            var inputs = Operator.Inputs.Take(Residuals).Where(seeds.ContainsKey).ToArray();
            var formal = inputs.ToDictionary(x => x, x => Input.Like(x, "d"));
            var (_, dA) = Adjoint.Linearize.Apply(Operator.Results, formal);
            var system = EquationSystem.Of([.. Operator.Inputs, .. inputs.Select(x => formal[x])], [.. dA.Select((d, k) => d ?? Operator.Results[k].ZerosLike())]);
            var product = system.Inline([.. arguments, .. inputs.Select(x => seeds[x])]);
            for (int k = 0; k < right.Length; k++) right[k] = right[k] is { } db ? db - product[k] : -product[k];
        }
        if (Array.TrueForAll(right, r => r is null)) return right;
        return new([.. Equation.Of(this, [.. z.Inputs.Take(Residuals), .. right.Select((r, k) => r ?? z.Results[k].ZerosLike())]).Results]);
    }

    public override bool LinearIn(int i) => i >= Residuals;

    // ⟨λ, A⁻¹ b⟩ = ⟨A⁻ᵀ λ, b⟩
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        Tensor[] all = [.. λ.Select((g, k) => g ?? z.Results[k].ZerosLike())];
        var adjoint = new LinearSolve(Calls.Transposed(Operator, Residuals, [.. Enumerable.Range(Residuals, all.Length)], all), Residuals, Rows);
        var below = Equation.Of(adjoint, [.. z.Inputs.Take(Residuals), .. all]).Results;
        return [.. new Tensor?[Residuals], .. below.Select((g, k) => linear[Residuals + k] ? g : null)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        bool[] mask = [.. batched.Take(Residuals), .. Enumerable.Repeat(true, x.Length - Residuals)];
        Tensor[] inputs = [.. x.Select((value, i) => mask[i] && !batched[i] ? value.Repeat(0, n) : value)];
        return [.. Equation.Of(new LinearSolve(Calls.Batched(Operator, mask, n), Residuals, Rows + 1), inputs).Results];
    }
}

/// <summary>Linear systems as matrices: the unknowns of one row, end to end, are one vector.</summary>
static class DenseSystems
{
    /// <summary>The unknowns of each row as a vector.</summary>
    public static double[][] Pack(IReadOnlyList<TensorData> x, int rows)
    {
        int count = Count(x[0].Shape, rows);
        double[][] values = [.. x.Select(t => t.ToDoubles())];
        return [.. Enumerable.Range(0, count).Select(row => values.SelectMany(v => v.Skip(row * (v.Length / count)).Take(v.Length / count)).ToArray())];
    }

    /// <summary>The reverse: data like <paramref name="like"/>.</summary>
    public static TensorData[] Unpack(double[][] vectors, IReadOnlyList<TensorData> like, int rows)
    {
        var result = new TensorData[like.Count];
        for (int k = 0, start = 0; k < result.Length; k++)
        {
            int size = vectors.Length == 0 ? 0 : like[k].Shape.Size / vectors.Length, from = start;
            result[k] = Operations.Matrices.Write(like[k].Type, like[k].Shape, [.. vectors.SelectMany(v => v.AsSpan(from, size).ToArray())]);
            start += size;
        }
        return result;
    }

    /// <summary>The matrix of each row, row-major: the program's results at the unit vectors.</summary>
    public static double[][] Matrices(EquationSystem linear, TensorData[] residuals, TensorData[] like, int rows)
    {
        int count = Count(like[0].Shape, rows), n = count == 0 ? 0 : like.Sum(x => x.Shape.Size) / count;
        double[][] matrices = [.. Enumerable.Range(0, count).Select(_ => new double[n * n])];
        for (int column = 0; column < n; column++)
        {
            var unit = new double[n];
            unit[column] = 1;
            var image = Pack(linear.Executable.Run([.. residuals, .. Unpack([.. Enumerable.Repeat(unit, count)], like, rows)]), rows);
            for (int row = 0; row < count; row++)
                for (int i = 0; i < n; i++) matrices[row][i * n + column] = image[row][i];
        }
        return matrices;
    }

    /// <summary>The solution of one system. A row that holds no number stays without one.</summary>
    /// <exception cref="SingularMatrixException">The matrix has no inverse.</exception>
    public static double[] Solve(double[] matrix, double[] b, string name)
    {
        int n = b.Length;
        if (!Array.TrueForAll(matrix, double.IsFinite) || !Array.TrueForAll(b, double.IsFinite)) return [.. Enumerable.Repeat(double.NaN, n)];
        var data = new TensorData<double>(Shape.Of([n, n]), matrix);
        var right = new TensorData<double>(Shape.Of([n, 1]), b);
        try { return new Solve(MatrixKind.General).Evaluate(null!, [data, right])[0].ToDoubles(); }
        catch (SingularMatrixException error) { throw new SingularMatrixException($"{name}: the linearized equations are singular, so the unknowns are not determined by them. ({error.Message})"); }
    }

    static int Count(Shape shape, int rows) => Shape.Of(shape.Lengths[..rows]).Size;
}
