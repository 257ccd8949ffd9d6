using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// A kind of equation, with everything the transforms need to know about it. Operations are immutable values: two with the same attributes are equal,
/// and equations hold one object per value. Transforms know no operation by name; every rule stands here.
/// </summary>
public abstract record Operation
{
    const int MaximalTable = 1 << 16;

    static readonly ConcurrentDictionary<Operation, Operation> table = new();
    static int ordinals;

    /// <summary>A new kind of operation.</summary>
    protected Operation() { }

    /// <summary>A copy, which <c>with</c> changes: another value, with a number of its own.</summary>
    protected Operation(Operation original) => ArgumentNullException.ThrowIfNull(original);

    /// <summary>The name in printed programs, with the attributes.</summary>
    public abstract string Name { get; }

    /// <summary>A number that only this value of the operation has; 0 until it is interned.</summary>
    internal int Ordinal { get; private set; }

    /// <summary>Shapes and element types of the results; throws a <see cref="ShapeException"/> where the inputs do not fit.</summary>
    public abstract Signatures Infer(ImmutableArray<Tensor> x);

    /// <summary>The results of equation <paramref name="z"/>, from the data of its inputs: the definition of what the operation means.</summary>
    public abstract TensorData[] Evaluate(Equation z, TensorData[] x);

    /// <summary>
    /// The tangents of the results, given tangents of some inputs, in terms of operations that are linear in them. A tangent that is zero is absent
    /// (null). May also give results that supersede the equation's own, where the tangents need more than it computes.
    /// </summary>
    public abstract Linearization Linearize(Equation z, Tensor?[] dx);

    /// <summary>Whether the results are linear in input <paramref name="i"/> (jointly in those of which <see cref="Transpose"/> is asked).</summary>
    public abstract bool LinearIn(int i);

    /// <summary>
    /// The cotangents of the inputs marked in <paramref name="linear"/>, given the cotangents of the results. Absent means zero.
    /// </summary>
    public abstract Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ);

    /// <summary>The results for <paramref name="n"/> rows at once: batched inputs and all results have the batch as a new first axis.</summary>
    public abstract Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n);

    /// <summary>The one object that stands for this value; an alias, of which no two are equal, is its own. The table is bounded: a program that makes operations without end starts it over.</summary>
    internal Operation Interned()
    {
        if (Ordinal != 0 || this is Alias) return this;
        if (table.TryGetValue(this, out var known)) return known;
        if (table.Count > MaximalTable) table.Clear();
        Ordinal = Interlocked.Increment(ref ordinals);
        return table.GetOrAdd(this, this);
    }

    /// <summary>Equality of the kind; derived records add their attributes.</summary>
    public virtual bool Equals(Operation? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>What the operation is called, for error messages that name operands: <c>add: ...</c>.</summary>
    protected ShapeException Mismatch(string rule) => new($"{Name}: {rule}");
}

/// <summary>The tangents of an equation's results, and results that supersede its own.</summary>
public readonly record struct Linearization(Tensor?[] Tangents, Tensor[]? Results = null)
{
    public static implicit operator Linearization(Tensor? tangent) => new([tangent]);
    public static implicit operator Linearization(Tensor?[] tangents) => new(tangents);
}

/// <summary>An operation with one result, given by its jvp; it is linear in nothing.</summary>
public abstract record NonlinearOperation : Operation
{
    /// <summary>The tangent of the result.</summary>
    protected abstract Tensor? Jvp(Equation z, Tensor?[] dx);

    public sealed override Linearization Linearize(Equation z, Tensor?[] dx) => Jvp(z, dx);

    public sealed override bool LinearIn(int i) => false;

    public sealed override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);
}

/// <summary>An operation with one result that is linear in its first input; the others (indices) carry no derivative.</summary>
public abstract record LinearOperation : Operation
{
    /// <summary>The cotangent of the first input.</summary>
    protected abstract Tensor Adjoint(Equation z, Tensor λ);

    public sealed override Linearization Linearize(Equation z, Tensor?[] dx) =>
        dx[0] is { } d ? Equation.Solve(this, z.Inputs.SetItem(0, d)) : null;

    public sealed override bool LinearIn(int i) => i == 0;

    public sealed override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var result = new Tensor?[z.Inputs.Length];
        if (λ[0] is { } cotangent) result[0] = Adjoint(z, cotangent);
        return result;
    }
}

/// <summary>Whether any use of the results in one program may be the only one: two draws with one key are a mistake.</summary>
public interface IDrawsOnce;

/// <summary>Sums and errors that rules share.</summary>
public static class Linear
{
    /// <summary>The sum of two tangents or cotangents, of which either may be absent.</summary>
    public static Tensor? Sum(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : Equation.Solve(Operations.Add.Shared, a, b);

    /// <summary>The error for a transposition that is asked of an operation that is not linear.</summary>
    public static InvalidOperationException NotLinear(Equation z) =>
        new($"transpose: {z} is not linear in the inputs asked for. This is a fault of the rule that emitted it, not of your program.");
}
