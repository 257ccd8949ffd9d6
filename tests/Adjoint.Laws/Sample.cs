namespace Adjoint.Testing;

/// <summary>Draws one input of a sample.</summary>
public delegate Tensor Draw(Random random);

/// <summary>
/// A function on which every law is checked, with inputs drawn from its domain. The inputs are the same in every run: the generator's seed is the name.
/// Floating inputs are float64 and differentiable; integers and bools are not.
/// </summary>
/// <param name="Name">The name, unique in the table.</param>
/// <param name="Build">The function.</param>
/// <param name="Draws">The inputs.</param>
public sealed record Sample(string Name, Func<Tensor[], Tensor[]> Build, params Draw[] Draws)
{
    /// <summary>How far the jvp may be from central differences, relative to the greatest component.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>How far ⟨u, J v⟩ and ⟨Jᵀ u, v⟩ may be apart, relative to the norms.</summary>
    public double AdjointTolerance { get; init; } = 1e-10;

    /// <summary>How far float32 may be from float64, relative to the greatest component.</summary>
    public double SingleTolerance { get; init; } = 1e-4;

    /// <summary>Whether a program over float32 has float32 results: not if the function converts explicitly.</summary>
    public bool KeepsType { get; init; } = true;

    /// <summary>Why the derivative's laws (order 2) do not apply; null where they do.</summary>
    public string? FirstOrderOnly { get; init; }

    /// <summary>The inputs.</summary>
    public Tensor[] Inputs()
    {
        var random = new Random(Seeds.Of(Name));
        return Array.ConvertAll(Draws, draw => draw(random));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A function that must fail, with its exact message.</summary>
/// <param name="Name">The name, unique in the table.</param>
/// <param name="Message">The message.</param>
/// <param name="Build">The function.</param>
/// <param name="Draws">The inputs.</param>
public sealed record FailingSample(string Name, string Message, Func<Tensor[], Tensor[]> Build, params Draw[] Draws)
{
    /// <summary>Runs it, and says what is wrong with the way it failed; null if nothing is.</summary>
    public string? Check()
    {
        var random = new Random(Seeds.Of(Name));
        try
        {
            foreach (var z in Build(Array.ConvertAll(Draws, draw => draw(random)))) _ = z.Data;
        }
        catch (Exception e) when (e is ShapeException or InvalidOperationException or ArgumentException)
        {
            return e.Message == Message ? null : $"{Name}: the message is\n  {e.Message}\ninstead of\n  {Message}";
        }
        return $"{Name}: did not fail with\n  {Message}";
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Seeds that depend on a text only, the same in every process.</summary>
static class Seeds
{
    /// <summary>The 32-bit FNV-1a hash.</summary>
    public static int Of(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        return (int)(hash & int.MaxValue);
    }
}
