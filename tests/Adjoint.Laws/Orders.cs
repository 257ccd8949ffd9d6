namespace Adjoint.Testing;

/// <summary>A function and a point: what laws are about.</summary>
/// <param name="Name">The sample's name and the order.</param>
/// <param name="Build">The function.</param>
/// <param name="Inputs">The point.</param>
public sealed record Subject(string Name, Func<Tensor[], Tensor[]> Build, Tensor[] Inputs)
{
    /// <summary>How far the jvp may be from central differences.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>How far ⟨u, J v⟩ and ⟨Jᵀ u, v⟩ may be apart.</summary>
    public double AdjointTolerance { get; init; } = 1e-10;

    /// <summary>How far float32 may be from float64; 0 where the function does not take float32.</summary>
    public double SingleTolerance { get; init; } = 1e-4;

    /// <summary>Whether a program over float32 has float32 results.</summary>
    public bool KeepsType { get; init; } = true;

    /// <summary>A generator for directions, the same in every run.</summary>
    public Random Random(string law) => new(Seeds.Of(Name + law));

    /// <summary>The program, over inputs without values, and what it captured.</summary>
    public (EquationSystem System, Tensor[] Captured) Trace()
    {
        Tensor[] inputs = Array.ConvertAll(Inputs, x => Input.Like(x));
        var system = EquationSystem.Close(inputs, Build(inputs), out var captured);
        return (system, captured);
    }
}

/// <summary>Derivatives as functions of tensors, of which the laws hold again.</summary>
public static class Orders
{
    /// <summary>The function itself, and where it has any, its derivatives (x, v) ↦ jvp and (x, u) ↦ vjp.</summary>
    public static IEnumerable<Subject> Of(Sample sample)
    {
        var first = new Subject(sample.Name, sample.Build, sample.Inputs())
        {
            Tolerance = sample.Tolerance, AdjointTolerance = sample.AdjointTolerance, SingleTolerance = sample.SingleTolerance, KeepsType = sample.KeepsType,
        };
        yield return first;
        if (sample.FirstOrderOnly is not null || !IsDifferentiable(first)) yield break;
        yield return Forward(first);
        yield return Reverse(first);
    }

    /// <summary>Whether some input and some result are floating.</summary>
    public static bool IsDifferentiable(Subject f) => f.Inputs.Any(x => x.DType.IsFloat) && f.Build(f.Inputs).Any(z => z.DType.IsFloat);

    /// <summary>(x, v) ↦ the tangents of the floating results.</summary>
    public static Subject Forward(Subject f)
    {
        int n = f.Inputs.Length;
        bool[] floating = Array.ConvertAll(f.Inputs, x => x.DType.IsFloat);
        var random = f.Random("forward");
        return Derived(f, "jvp of ", arguments =>
        {
            var directions = Spread(arguments[n..], floating);
            var (results, tangents) = Differentiation.Jvp(f.Build, arguments[..n], directions);
            return [.. results.Zip(tangents).Where(p => p.First.DType.IsFloat).Select(p => p.Second ?? p.First.ZerosLike())];
        }, [.. f.Inputs, .. f.Inputs.Where(x => x.DType.IsFloat).Select(x => Numbers.Direction(x, random))]);
    }

    /// <summary>(x, u) ↦ the cotangents of the floating inputs.</summary>
    public static Subject Reverse(Subject f)
    {
        int n = f.Inputs.Length;
        var values = f.Build(f.Inputs);
        bool[] floating = Array.ConvertAll(values, z => z.DType.IsFloat);
        var random = f.Random("reverse");
        return Derived(f, "vjp of ", arguments =>
        {
            var (_, pullback) = Differentiation.Vjp(f.Build, arguments[..n]);
            var λ = Differentiation.Filled(pullback(Spread(arguments[n..], floating)), arguments[..n]);
            return [.. λ.Where((_, i) => arguments[i].DType.IsFloat)];
        }, [.. f.Inputs, .. values.Where(z => z.DType.IsFloat).Select(z => Numbers.Direction(z, random))]);
    }

    static Subject Derived(Subject f, string prefix, Func<Tensor[], Tensor[]> build, Tensor[] inputs) =>
        f with { Name = prefix + f.Name, Build = build, Inputs = inputs, Tolerance = 10 * f.Tolerance, SingleTolerance = f.KeepsType ? 10 * f.SingleTolerance : 0 };

    static Tensor?[] Spread(Tensor[] values, bool[] present)
    {
        var next = new Queue<Tensor>(values);
        return Array.ConvertAll(present, p => p ? next.Dequeue() : null);
    }
}
