using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>Which comparison of two numbers.</summary>
public enum Relation { Less, LessOrEqual, Equal, NotEqual }

/// <summary>An operation whose results are piecewise constant: it has no derivative, so no tangent ever passes it.</summary>
public abstract record ConstantOperation : Operation
{
    public sealed override Linearization Linearize(Equation z, Tensor?[] dx) => new(new Tensor?[z.Results.Length]);
    public sealed override bool LinearIn(int i) => false;
    public sealed override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);
}

/// <summary>z = x &lt; y, x ≤ y, x = y or x ≠ y, a bool. NaN is unequal to everything.</summary>
public sealed record Compare(Relation Relation) : ConstantOperation
{
    public override string Name => "compare " + Relation.ToString().ToLowerInvariant();
    public override Signatures Infer(ImmutableArray<Tensor> x) => Elementwise.SameTypes(Name, x) with { Type = DType.Bool };

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Type switch
    {
        DType.Bool => With(x[0].Shape, Array.ConvertAll(x[0].Span<bool>().ToArray(), b => b ? 1 : 0), Array.ConvertAll(x[1].Span<bool>().ToArray(), b => b ? 1 : 0)),
        DType.Int32 => With<int>(x[0].Shape, x[0].Span<int>(), x[1].Span<int>()),
        DType.Int64 => With<long>(x[0].Shape, x[0].Span<long>(), x[1].Span<long>()),
        DType.Float32 => With<float>(x[0].Shape, x[0].Span<float>(), x[1].Span<float>()),
        _ => With<double>(x[0].Shape, x[0].Span<double>(), x[1].Span<double>()),
    }];

    TensorData<bool> With<T>(Shape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : INumber<T>
    {
        var z = new bool[x.Length];
        for (int i = 0; i < z.Length; i++)
            z[i] = Relation switch { Relation.Less => x[i] < y[i], Relation.LessOrEqual => x[i] <= y[i], Relation.Equal => x[i] == y[i], _ => x[i] != y[i] };
        return new(shape, z);
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
}

/// <summary>Which logical combination of two bools.</summary>
public enum Connective { And, Or, ExclusiveOr }

/// <summary>z = x ∧ y, x ∨ y or x ⊕ y on bools, bit by bit on integers.</summary>
public sealed record Logical(Connective Connective) : ConstantOperation
{
    public override string Name => Connective.ToString().ToLowerInvariant();

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var signature = Elementwise.SameTypes(Name, x);
        return !signature.Type.IsFloat ? signature : throw Mismatch($"the operands are {signature.Type.Text}; they must be bool or integers. Compare first, for example x > 0.");
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        switch (x[0].Type)
        {
            case DType.Int32: return [Bits<int>(x)];
            case DType.Int64: return [Bits<long>(x)];
        }
        var a = x[0].Span<bool>();
        var b = x[1].Span<bool>();
        var c = new bool[a.Length];
        for (int i = 0; i < c.Length; i++) c[i] = Connective switch { Connective.And => a[i] & b[i], Connective.Or => a[i] | b[i], _ => a[i] ^ b[i] };
        return [new TensorData<bool>(x[0].Shape, c)];
    }

    TensorData<T> Bits<T>(TensorData[] x) where T : IBinaryInteger<T>
    {
        var a = x[0].Span<T>();
        var b = x[1].Span<T>();
        var c = new T[a.Length];
        for (int i = 0; i < c.Length; i++) c[i] = Connective switch { Connective.And => a[i] & b[i], Connective.Or => a[i] | b[i], _ => a[i] ^ b[i] };
        return new(x[0].Shape, c);
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
}
