namespace Adjoint.Testing;

/// <summary>A program of random steps, determined by three numbers, so that it shrinks.</summary>
/// <param name="Seed">Which steps and operands.</param>
/// <param name="Size">How many steps, at least 10.</param>
/// <param name="IsSmooth">Whether only smooth steps are taken.</param>
public sealed record RandomProgram(int Seed, int Size, bool IsSmooth)
{
    static readonly RandomStep[] smooth = [.. RandomSteps.All.Where(s => s.IsSmooth)];

    /// <summary>The arguments: a scalar, a vector, two matrices.</summary>
    public Tensor[] Inputs()
    {
        var random = new Random(Seed);
        return [Domain.Real()(random), Domain.Real(3)(random), Domain.Real(2, 3)(random), Domain.Real(3, 3)(random)];
    }

    /// <summary>The names of the steps that the program takes.</summary>
    public IReadOnlyList<string> Steps()
    {
        var names = new List<string>();
        Build(Inputs(), names);
        return names;
    }

    /// <summary>The program: a scalar in which every step counts, and the last step's tensor.</summary>
    public Tensor[] Build(Tensor[] inputs) => Build(inputs, null);

    Tensor[] Build(Tensor[] inputs, List<string>? names)
    {
        var random = new Random(Seed ^ 0x5EED);
        var pool = new RandomPool(random, inputs);
        var steps = IsSmooth ? smooth : RandomSteps.All;
        while (pool.Computed.Count() < Size)
        {
            var step = steps[random.Next(steps.Count)];
            if (step.Build(pool) is { } made && pool.Add(made)) names?.Add(step.Name);
        }
        Tensor total = pool.Computed.First().Mean();
        double weight = 1;
        foreach (var x in pool.Computed.Skip(1)) total += x.Mean() * (weight = -0.9 * weight);
        return [total, pool.Reals[^1]];
    }

    /// <inheritdoc/>
    public override string ToString() => $"random program (seed {Seed}, size {Size}, {(IsSmooth ? "smooth" : "with kinks")})";
}

/// <summary>The laws that random programs obey.</summary>
public static class RandomPrograms
{
    /// <summary>Checks the laws, at second order too; returns the number of comparisons. Adds the program's operations to <paramref name="coverage"/>.</summary>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static int Check(RandomProgram program, Coverage coverage)
    {
        var f = new Subject(program.ToString(), program.Build, program.Inputs());
        var system = f.Trace().System;
        try
        {
            Laws.Require(system.Equations.Length >= 10, $"has only {system.Equations.Length} equations");
            lock (coverage) coverage.Add(system);
            return Laws.JvpAndVjpAreAdjoint(f) + Laws.VectorizingEqualsLooping(f) + Laws.SimplifyingChangesNothing(f) + Laws.EvaluationIsDeterministic(f)
                + (program.IsSmooth ? Laws.JvpAgreesWithDifferences(f) : 0) + HessianIsSymmetric(f)
                + Laws.SimplifyingChangesNothing(Orders.Reverse(f)) + Laws.VectorizingEqualsLooping(Orders.Reverse(f));
        }
        catch (LawException e) { throw new LawException($"{f.Name}: {e.Message}\n{system}"); }
        catch (Exception e) when (e is not LawException) { throw new LawException($"{f.Name}: {e}\n{system}"); }
    }

    /// <summary>H v by forward over reverse is H v by reverse over forward, and ⟨u, H v⟩ = ⟨H u, v⟩; H is the first result's.</summary>
    public static int HessianIsSymmetric(Subject f)
    {
        var random = f.Random("hessian");
        Tensor[] Loss(Tensor[] x) => [f.Build(x)[0]];
        Tensor[] Slope(Tensor[] x) => Differentiation.Gradient("hessian", Loss, x).Gradient;
        Tensor[] Directions() => Array.ConvertAll(f.Inputs, x => Numbers.Direction(x, random));
        var (u, v) = (Directions(), Directions());
        Tensor?[] Along(Tensor[] d) => Differentiation.Jvp(Slope, f.Inputs, d).Tangents;
        var (hu, hv) = (Along(u), Along(v));
        var other = Differentiation.Gradient("hessian", x => [Differentiation.Jvp(Loss, x, v).Tangents[0] ?? x[0].Sum() * 0], f.Inputs).Gradient;
        double scale = Numbers.Norm(u) * Numbers.Norm(hv) + Numbers.Norm(hu) * Numbers.Norm(v);
        double forward = Numbers.Dot(u, hv), reverse = Numbers.Dot(hu, v);
        Laws.Require(Math.Abs(forward - reverse) <= 1e-9 * scale, $"⟨u, Hv⟩ = {forward:R}, ⟨Hu, v⟩ = {reverse:R}");
        for (int i = 0; i < other.Length; i++)
            Laws.Close($"Hv in input {i}, reverse over forward", other[i].ToArray(), (hv[i] ?? f.Inputs[i].ZerosLike()).ToArray(), 1e-9, 1e-9 * Numbers.Norm(hv));
        return 1 + other.Length;
    }
}
