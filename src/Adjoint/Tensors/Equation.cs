using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>
/// One equation of a program: <c>results = operation(inputs)</c>. Building it checks shapes and element types and computes nothing.
/// </summary>
public sealed class Equation
{
    static long count;

    /// <summary>Builds the equation, and its results.</summary>
    /// <exception cref="ShapeException">The inputs do not fit the operation.</exception>
    public Equation(Operation operation, ImmutableArray<Tensor> inputs) : this(operation, inputs, null)
    {
        if (Results[0].Pending > Tensor.MaximalPending && !Results[0].IsSymbolic) Evaluation.Evaluate(Results);
    }

    Equation(Operation operation, ImmutableArray<Tensor> inputs, string? site)
    {
        Operation = operation.Interned();
        Inputs = inputs;
        Site = site ?? (FiniteCheck.Current is null ? null : FiniteCheck.UserLine());
        Id = Interlocked.Increment(ref count);
        Results = Operation.Infer(inputs).Results(this);
    }

    /// <summary>What computes the results from the inputs.</summary>
    public Operation Operation { get; }

    /// <summary>The operands.</summary>
    public ImmutableArray<Tensor> Inputs { get; }

    /// <summary>The unknowns that this equation determines.</summary>
    public ImmutableArray<Tensor> Results { get; }

    /// <summary>Grows with time: an equation's inputs always come from equations with smaller numbers.</summary>
    internal long Id { get; }

    /// <summary>The user's line that built the equation, known only while a <see cref="FiniteCheck"/> is on.</summary>
    internal string? Site { get; }

    /// <summary>Where a <see cref="Walk"/> put it.</summary>
    internal long Mark;

    /// <summary>The newest number given so far: equations with greater numbers are built later.</summary>
    internal static long Newest => Volatile.Read(ref count);

    /// <summary>The history of the results; an alias opens one of its own.</summary>
    internal History? History
    {
        get
        {
            if (Operation is Alias alias) return History.Both(alias.History, Inputs[0].History);
            History? history = null;
            foreach (var x in Inputs) history = History.Both(history, x.History);
            return history;
        }
    }

    /// <summary>The only result of an operation applied to its inputs.</summary>
    public static Tensor Solve(Operation operation, params ImmutableArray<Tensor> inputs) => new Equation(operation, inputs).Results[0];

    /// <summary>The same, for an array that the caller gives away.</summary>
    internal static Equation Of(Operation operation, Tensor[] inputs) => new(operation, ImmutableCollectionsMarshal.AsImmutableArray(inputs));

    /// <summary>The same equation over other inputs, as a part of a program: it is never evaluated early.</summary>
    internal Equation With(Tensor[] inputs) => With(Operation, inputs);

    /// <summary>The same with another operation, which does the same.</summary>
    internal Equation With(Operation operation, Tensor[] inputs) => new(operation, ImmutableCollectionsMarshal.AsImmutableArray(inputs), Site);

    /// <summary>Follows from the number: graphs keep equations in sets.</summary>
    public override int GetHashCode() => (int)Id;

    /// <summary>Reference equality.</summary>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override string ToString() => Operation.Name + " " + string.Join(", ", Inputs.Select(x => $"{x.DType.Text}{x.Shape}"));
}

/// <summary>Shape and element type of one result.</summary>
public readonly record struct Signature(Shape Shape, DType Type)
{
    public override string ToString() => Type.Text + Shape;
}

/// <summary>The signatures of an equation's results: usually one.</summary>
public readonly struct Signatures
{
    readonly Signature one;
    readonly Signature[]? several;

    Signatures(Signature one, Signature[]? several) => (this.one, this.several) = (one, several);

    public static implicit operator Signatures(Signature one) => new(one, null);
    public static implicit operator Signatures(Signature[] several) => new(default, several);

    internal ImmutableArray<Tensor> Results(Equation equation)
    {
        if (several is null) return ImmutableCollectionsMarshal.AsImmutableArray(new[] { new Tensor(equation, 0, one) });
        var results = new Tensor[several.Length];
        for (int i = 0; i < results.Length; i++) results[i] = new Tensor(equation, i, several[i]);
        return ImmutableCollectionsMarshal.AsImmutableArray(results);
    }
}
