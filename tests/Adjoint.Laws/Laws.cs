namespace Adjoint.Testing;

/// <summary>A law does not hold.</summary>
public sealed class LawException(string message) : Exception(message);

/// <summary>
/// What is true of every differentiable program. Each method checks one law at one point and returns the number of tensors that it compared.
/// </summary>
public static class Laws
{
    /// <summary>What differences are off where numbers of order one cancel: ε over the step.</summary>
    const double DifferenceNoise = 1e-11;

    const int Rows = 3;

    static readonly (string Name, Func<Subject, int> Check)[] all =
    [
        (nameof(JvpAgreesWithDifferences), JvpAgreesWithDifferences),
        (nameof(JvpAndVjpAreAdjoint), JvpAndVjpAreAdjoint),
        (nameof(VectorizingEqualsLooping), VectorizingEqualsLooping),
        (nameof(SimplifyingChangesNothing), SimplifyingChangesNothing),
        (nameof(PrintingIsStable), PrintingIsStable),
        (nameof(StructureIsEqualAfterRebuild), StructureIsEqualAfterRebuild),
        (nameof(Float32AgreesWithFloat64), Float32AgreesWithFloat64),
        (nameof(EvaluationIsDeterministic), EvaluationIsDeterministic),
    ];

    /// <summary>Checks every law for a sample and for its derivatives; returns the number of comparisons.</summary>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static int CheckAll(Sample sample) => Orders.Of(sample).Sum(subject => all.Sum(law => Named(law.Name, subject, law.Check)));

    static int Named(string law, Subject f, Func<Subject, int> check)
    {
        try { return check(f); }
        catch (LawException e) { throw new LawException($"{f.Name}: {law}: {e.Message}\n{f.Trace().System}"); }
        catch (Exception e) when (e is not LawException) { throw new LawException($"{f.Name}: {law}: {e}"); }
    }

    /// <summary>J v = (f(x + h v) − f(x − h v)) / 2h + O(h⁴), extrapolated from two steps.</summary>
    public static int JvpAgreesWithDifferences(Subject f)
    {
        var random = f.Random("differences");
        var v = Array.ConvertAll(f.Inputs, x => x.DType.IsFloat ? Numbers.Direction(x, random) : null);
        if (v.All(d => d is null)) return 0;
        var (results, tangents) = Differentiation.Jvp(f.Build, f.Inputs, v);
        double[][] At(double h) => Array.ConvertAll(f.Build([.. f.Inputs.Select((x, i) => Numbers.Along(x, v[i], h))]), z => z.ToArray());
        const double h = 1e-3;
        double[][] near = At(h / 2), behind = At(-h / 2), far = At(h), farBehind = At(-h);
        int count = 0;
        for (int k = 0; k < results.Length; k++)
        {
            if (!results[k].DType.IsFloat) { Require(tangents[k] is null, $"result {k} is {results[k].DType.Text} and has a tangent"); continue; }
            double[] expected = [.. near[k].Select((_, i) => (4 * (near[k][i] - behind[k][i]) / h - (far[k][i] - farBehind[k][i]) / (2 * h)) / 3)];
            Close($"tangent {k}", (tangents[k] ?? results[k].ZerosLike()).ToArray(), expected, f.Tolerance, Math.Max(1e-9 * Numbers.Greatest(results[k].ToArray()), DifferenceNoise));
            Require(tangents[k] is not { } t || t.Shape == results[k].Shape && t.DType == results[k].DType, $"tangent {k} is {tangents[k]?.DType.Text}{tangents[k]?.Shape}, its result {results[k].DType.Text}{results[k].Shape}");
            count++;
        }
        return count;
    }

    /// <summary>⟨u, J v⟩ = ⟨Jᵀ u, v⟩, relative to ‖u‖ ‖J v‖ + ‖Jᵀ u‖ ‖v‖.</summary>
    public static int JvpAndVjpAreAdjoint(Subject f)
    {
        var random = f.Random("adjoint");
        var v = Array.ConvertAll(f.Inputs, x => x.DType.IsFloat ? Numbers.Direction(x, random) : null);
        if (v.All(d => d is null)) return 0;
        var (results, tangents) = Differentiation.Jvp(f.Build, f.Inputs, v);
        var u = Array.ConvertAll(results, z => z.DType.IsFloat ? Numbers.Direction(z, random) : null);
        if (u.All(d => d is null)) return 0;
        var (values, pullback) = Differentiation.Vjp(f.Build, f.Inputs);
        var λ = pullback(u);
        for (int i = 0; i < λ.Length; i++)
            Require(λ[i] is not { } c || f.Inputs[i].DType.IsFloat && c.Shape == f.Inputs[i].Shape && c.DType == f.Inputs[i].DType, $"cotangent {i} is {λ[i]?.DType.Text}{λ[i]?.Shape}, its input {f.Inputs[i].DType.Text}{f.Inputs[i].Shape}");
        double forward = Numbers.Dot(u, tangents), reverse = Numbers.Dot(λ, v);
        double scale = Numbers.Norm(u) * Numbers.Norm(tangents) + Numbers.Norm(λ) * Numbers.Norm(v);
        Require(Math.Abs(forward - reverse) <= f.AdjointTolerance * scale, $"⟨u, Jv⟩ = {forward:R}, ⟨Jᵀu, v⟩ = {reverse:R}");
        for (int k = 0; k < values.Length; k++) Close($"result {k} of vjp and of jvp", values[k].ToArray(), results[k].ToArray(), 1e-12);
        return values.Length + λ.Count(c => c is not null);
    }

    /// <summary>Row r of the vectorized program is the program of row r; with all inputs batched, and with each one alone.</summary>
    public static int VectorizingEqualsLooping(Subject f)
    {
        int n = f.Inputs.Length;
        var random = f.Random("rows");
        var rows = Array.ConvertAll(f.Inputs, x => Enumerable.Range(0, Rows).Select(r => Numbers.Nearby(x.Data, r, random)).ToArray());
        var (system, captured) = f.Trace();
        var subsets = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(k => k == i).ToArray()).Append([.. Enumerable.Repeat(true, n)]);
        int count = 0;
        foreach (bool[] batched in n == 1 ? subsets.Take(1) : n == 0 ? [] : subsets)
        {
            Tensor[] arguments = [.. f.Inputs.Select((x, i) => batched[i] ? Input.Like(x) : x), .. captured];
            var map = new Dictionary<Tensor, Tensor>();
            for (int i = 0; i < n; i++) if (batched[i]) map[arguments[i]] = Numbers.Stack(rows[i]);
            var together = Vectorization.Apply(system.Inline(arguments), map, Rows);
            for (int r = 0; r < Rows; r++)
            {
                var alone = f.Build([.. f.Inputs.Select((x, i) => batched[i] ? new Tensor(rows[i][r]) : x)]);
                for (int k = 0; k < alone.Length; k++)
                {
                    Require(together[k].Shape == alone[k].Shape.Insert(0, Rows) && together[k].DType == alone[k].DType, $"result {k} is {together[k].DType.Text}{together[k].Shape} for {Rows} rows of {alone[k].DType.Text}{alone[k].Shape}");
                    Close($"row {r} of result {k}, batched [{string.Join(", ", batched)}]", Numbers.Row(together[k].ToArray(), r, Rows), alone[k].ToArray(), 1e-11, 1e-13);
                    count++;
                }
            }
        }
        return count;
    }

    /// <summary>The simplified program computes the same, with no more equations.</summary>
    public static int SimplifyingChangesNothing(Subject f)
    {
        var (system, captured) = f.Trace();
        var simple = Simplification.Simplify(system);
        Require(simple.Equations.Length <= system.Equations.Length, $"{system.Equations.Length} equations became {simple.Equations.Length}:\n{simple}");
        var (expected, actual) = (Run(system, f.Inputs, captured), Run(simple, f.Inputs, captured));
        for (int k = 0; k < expected.Length; k++)
        {
            Require(expected[k].Type == actual[k].Type && expected[k].Shape == actual[k].Shape, $"result {k} was {expected[k].Type.Text}{expected[k].Shape}, is {actual[k].Type.Text}{actual[k].Shape}");
            Close($"result {k} of\n{simple}\n", actual[k].ToDoubles(), expected[k].ToDoubles(), 1e-12, 1e-13);
        }
        return expected.Length;
    }

    /// <summary>A program that is inlined and closed again prints as before.</summary>
    public static int PrintingIsStable(Subject f)
    {
        var (system, _) = f.Trace();
        Tensor[] inputs = [.. system.Inputs.Select(x => Input.Like(x))];
        string again = EquationSystem.Of(inputs, system.Inline(inputs)).ToString();
        Require(again == system.ToString(), $"printed again:\n{again}\n");
        return system.Results.Length;
    }

    /// <summary>Two traces of one function are equal programs.</summary>
    public static int StructureIsEqualAfterRebuild(Subject f)
    {
        var (a, b) = (f.Trace().System, f.Trace().System);
        Require(a.Equals(b) && a.GetHashCode() == b.GetHashCode(), $"traced again it is another program:\n{b}\n");
        return a.Results.Length;
    }

    /// <summary>The program over float32 computes what that over float64 does, less precisely, and in float32.</summary>
    public static int Float32AgreesWithFloat64(Subject f)
    {
        if (f.SingleTolerance == 0 || !f.Inputs.Any(x => x.DType.IsFloat)) return 0;
        var rounded = Array.ConvertAll(f.Inputs, x => x.DType.IsFloat ? new Tensor(x.To(DType.Float32).Data) : x);
        var expected = f.Build(Array.ConvertAll(rounded, x => x.DType.IsFloat ? new Tensor(x.To(DType.Float64).Data) : x));
        var actual = f.Build(rounded);
        for (int k = 0; k < expected.Length; k++)
        {
            Require(!f.KeepsType || !expected[k].DType.IsFloat || actual[k].DType == DType.Float32, $"result {k} is {actual[k].DType.Text} for float32 inputs");
            Close($"result {k}", actual[k].ToArray(), expected[k].ToArray(), f.SingleTolerance, f.SingleTolerance);
        }
        return expected.Length;
    }

    /// <summary>The same bits each time; by the script's door, where sums may be taken in another order, the same to rounding.</summary>
    public static int EvaluationIsDeterministic(Subject f)
    {
        var (system, captured) = f.Trace();
        var (first, second) = (Run(system, f.Inputs, captured), Run(system, f.Inputs, captured));
        var script = f.Build(f.Inputs);
        for (int k = 0; k < first.Length; k++)
        {
            double[] expected = first[k].ToDoubles();
            Require(Numbers.SameBits(expected, second[k].ToDoubles()), $"result {k} differs between two runs");
            Close($"result {k} as a script and as a program", script[k].ToArray(), expected, 1e-12, 1e-13);
        }
        return first.Length;
    }

    internal static TensorData[] Run(EquationSystem system, Tensor[] inputs, Tensor[] captured) =>
        Executor.Default.Prepare(system).Run([.. inputs.Concat(captured).Select(x => x.Data)]);

    internal static void Close(string what, double[] actual, double[] expected, double relative, double absolute = 0)
    {
        Require(actual.Length == expected.Length, $"{what} has {actual.Length} elements instead of {expected.Length}");
        double distance = Numbers.Distance(actual, expected), scale = Math.Max(Numbers.Greatest(actual), Numbers.Greatest(expected));
        Require(distance <= relative * scale + absolute, $"{what} is {Numbers.Text(actual)} instead of {Numbers.Text(expected)}, {distance / scale:0.0e0} relative");
    }

    internal static void Require(bool holds, string message)
    {
        if (!holds) throw new LawException(message);
    }
}
