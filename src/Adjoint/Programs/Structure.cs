using System.Collections.Immutable;

namespace Adjoint;

/// <summary>What a program is, as numbers: operations, who is whose input, shapes and element types of the inputs, and the literals.</summary>
readonly struct Structure : IEquatable<Structure>
{
    readonly int[] code;
    readonly long[] literals;
    readonly Operation[] operations;
    readonly int hash;

    Structure(int[] code, long[] literals, Operation[] operations)
    {
        (this.code, this.literals, this.operations) = (code, literals, operations);
        var h = new HashCode();
        foreach (int c in code) h.Add(c);
        foreach (long l in literals) h.Add(l);
        foreach (var operation in operations) h.Add(operation);
        hash = h.ToHashCode();
    }

    public static Structure Of(ImmutableArray<Tensor> inputs, ImmutableArray<Equation> equations, ImmutableArray<Tensor> results)
    {
        var slots = new Dictionary<Tensor, int>();
        var code = new List<int> { inputs.Length };
        var literals = new List<long>();
        void Type(Tensor x) { code.Add((int)x.DType * 2 + (x.IsWeak ? 1 : 0)); code.Add(x.Rank); foreach (int n in x.Shape.Lengths) code.Add(n); }
        void Use(Tensor x)
        {
            if (slots.TryGetValue(x, out int slot)) code.Add(slot);
            else { code.Add(-1); Type(x); literals.Add(Literals.Bits(x)); }
        }
        foreach (var x in inputs) { slots.TryAdd(x, slots.Count); Type(x); }
        foreach (var equation in equations)
        {
            code.Add(equation.Inputs.Length);
            foreach (var x in equation.Inputs) Use(x);
            foreach (var x in equation.Results) slots.Add(x, slots.Count);
        }
        code.Add(-2);
        foreach (var x in results) Use(x);
        return new([.. code], [.. literals], [.. equations.Select(e => e.Operation)]);
    }

    /// <summary>Whether two programs differ in the numbers written in them only.</summary>
    public bool EqualsButNumbers(Structure other) => code.AsSpan().SequenceEqual(other.code) && operations.AsSpan().SequenceEqual(other.operations);

    public bool Equals(Structure other) => hash == other.hash && code.AsSpan().SequenceEqual(other.code) && literals.AsSpan().SequenceEqual(other.literals)
        && operations.AsSpan().SequenceEqual(other.operations);
    public override bool Equals(object? other) => other is Structure structure && Equals(structure);
    public override int GetHashCode() => hash;
}

/// <summary>The rule of random keys: a key is used once.</summary>
static class Draws
{
    /// <summary>Whether a program draws, or a program inside it.</summary>
    public static bool In(EquationSystem system) => system.Equations.Any(In);

    /// <summary>Whether an equation draws, or a program inside it.</summary>
    public static bool In(Equation equation) => equation.Operation is IDrawsOnce || equation.Operation is IContainsSystems c && c.Systems.Any(s => In(s.System));

    /// <exception cref="InvalidOperationException">Two equations of the program draw random bits from one key.</exception>
    public static void Check(EquationSystem system)
    {
        HashSet<Tensor>? keys = null;
        foreach (var equation in system.Equations)
            if (equation.Operation is IDrawsOnce && !(keys ??= []).Add(equation.Inputs[0]))
                throw new InvalidOperationException("random: two draws use one key, so their numbers are not independent. Split the key: var (a, b) = key.Split().");
    }
}
