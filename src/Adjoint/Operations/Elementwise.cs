using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>Rules shared by operations that work element by element on inputs of one shape.</summary>
static class Elementwise
{
    /// <summary>The common shape, of which every input must be.</summary>
    public static Shape Same(string name, ImmutableArray<Tensor> x)
    {
        for (int i = 1; i < x.Length; i++)
            if (x[i].Shape != x[0].Shape)
                throw new ShapeException($"{name}: shapes {string.Join(", ", x.Select(t => t.Shape))} differ. Broadcast the smaller operand explicitly, or use the operators.");
        return x[0].Shape;
    }

    /// <summary>The common shape and element type.</summary>
    public static Signature SameTypes(string name, ImmutableArray<Tensor> x)
    {
        for (int i = 1; i < x.Length; i++)
            if (x[i].DType != x[0].DType)
                throw new ShapeException($"{name}: element types {string.Join(", ", x.Select(t => t.DType.Text))} differ. Convert one with To(DType).");
        return new(Same(name, x), x[0].DType);
    }

    /// <summary>The same operation on inputs that all have the batch axis.</summary>
    public static Tensor[] Batch(Operation operation, Tensor[] x, bool[] batched, int n)
    {
        var all = new Tensor[x.Length];
        for (int i = 0; i < all.Length; i++) all[i] = batched[i] ? x[i] : x[i].Repeat(0, n);
        return [Equation.Of(operation, all).Results[0]];
    }
}

/// <summary>Rules shared by operations that are linear in all inputs together and work element by element.</summary>
public abstract record ElementwiseSum : Operation
{
    public sealed override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var signature = Elementwise.SameTypes(Name, x);
        return signature.Type != DType.Bool ? signature : throw Mismatch("bool operands have no sum. Convert them with To(DType.Int32), or use |.");
    }
    public sealed override bool LinearIn(int i) => true;
    public sealed override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
}

/// <summary>z = x + y</summary>
public sealed record Add : ElementwiseSum, ISimplifies
{
    public static readonly Add Shared = new();
    public override string Name => "add";

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [z.Results[0].DType switch
    {
        DType.Int32 => Sum<int>(x), DType.Int64 => Sum<long>(x), DType.Float32 => Sum<float>(x), _ => Sum<double>(x),
    }];

    static TensorData<T> Sum<T>(TensorData[] x) where T : INumber<T>
    {
        var a = x[0].Span<T>();
        var b = x[1].Span<T>();
        var z = new T[a.Length];
        System.Numerics.Tensors.TensorPrimitives.Add(a, b, z);
        return new(x[0].Shape, z);
    }

    public override Linearization Linearize(Equation z, Tensor?[] dx) => Linear.Sum(dx[0], dx[1]);
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => [linear[0] ? λ[0] : null, linear[1] ? λ[0] : null];

    public Tensor? Simplify(Equation z) => z.Inputs[0].IsConstant(0) ? z.Inputs[1] : z.Inputs[1].IsConstant(0) ? z.Inputs[0] : Pad.Join(z.Inputs[0], z.Inputs[1]);
}

/// <summary>z = x − y</summary>
public sealed record Subtract : ElementwiseSum, ISimplifies
{
    public static readonly Subtract Shared = new();
    public override string Name => "subtract";

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [z.Results[0].DType switch
    {
        DType.Int32 => Difference<int>(x), DType.Int64 => Difference<long>(x), DType.Float32 => Difference<float>(x), _ => Difference<double>(x),
    }];

    static TensorData<T> Difference<T>(TensorData[] x) where T : INumber<T>
    {
        var a = x[0].Span<T>();
        var b = x[1].Span<T>();
        var z = new T[a.Length];
        System.Numerics.Tensors.TensorPrimitives.Subtract(a, b, z);
        return new(x[0].Shape, z);
    }

    public override Linearization Linearize(Equation z, Tensor?[] dx) =>
        dx[1] is null ? dx[0] : dx[0] is { } a ? Equation.Solve(this, a, dx[1]!) : dx[1]!.Negate();
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => [linear[0] ? λ[0] : null, linear[1] ? λ[0]?.Negate() : null];

    public Tensor? Simplify(Equation z) => z.Inputs[1].IsConstant(0) ? z.Inputs[0] : z.Inputs[0].IsConstant(0) ? z.Inputs[1].Negate() : null;
}

/// <summary>z = −x</summary>
public sealed record Negate : LinearOperation, ISimplifies
{
    public static readonly Negate Shared = new();
    public override string Name => "negate";
    public override Signatures Infer(ImmutableArray<Tensor> x) =>
        x[0].DType != DType.Bool ? new Signature(x[0].Shape, x[0].DType) : throw Mismatch("a bool has no negative. Use ! for the logical complement.");

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [z.Results[0].DType switch
    {
        DType.Int32 => Negative<int>(x[0]), DType.Int64 => Negative<long>(x[0]), DType.Float32 => Negative<float>(x[0]), _ => Negative<double>(x[0]),
    }];

    static TensorData<T> Negative<T>(TensorData x) where T : INumber<T>
    {
        var z = new T[x.Shape.Size];
        System.Numerics.Tensors.TensorPrimitives.Negate(x.Span<T>(), z);
        return new(x.Shape, z);
    }

    protected override Tensor Adjoint(Equation z, Tensor λ) => λ.Negate();
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
    public Tensor? Simplify(Equation z) => z.Inputs[0].Equation is { Operation: Negate } inner ? inner.Inputs[0] : null;
}

/// <summary>z = condition ? x : y, linear in its branches: a branch that is not taken never touches the other, not even as 0 · ∞.</summary>
public sealed record Select : Operation, ISimplifies
{
    public static readonly Select Shared = new();
    public override string Name => "select";

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (x[0].DType != DType.Bool) throw Mismatch($"the condition is {x[0].DType.Text}; it must be bool. Compare first, for example x > 0.");
        if (x[1].DType != x[2].DType) throw Mismatch($"the branches are {x[1].DType.Text} and {x[2].DType.Text}; they must have one element type.");
        return new Signature(Elementwise.Same(Name, x), x[1].DType);
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [z.Results[0].DType switch
    {
        DType.Bool => Choose<bool>(x), DType.Int32 => Choose<int>(x), DType.Int64 => Choose<long>(x), DType.Float32 => Choose<float>(x), _ => Choose<double>(x),
    }];

    static TensorData<T> Choose<T>(TensorData[] x)
    {
        var condition = x[0].Span<bool>();
        var a = x[1].Span<T>();
        var b = x[2].Span<T>();
        var z = new T[a.Length];
        for (int i = 0; i < z.Length; i++) z[i] = condition[i] ? a[i] : b[i];
        return new(x[1].Shape, z);
    }

    public override Linearization Linearize(Equation z, Tensor?[] dx) => dx[1] is null && dx[2] is null ? (Tensor?)null
        : Equation.Solve(this, z.Inputs[0], dx[1] ?? z.Inputs[1].ZerosLike(), dx[2] ?? z.Inputs[2].ZerosLike());

    public override bool LinearIn(int i) => i > 0;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => λ[0] is not { } g ? [null, null, null] :
        [null, linear[1] ? Equation.Solve(this, z.Inputs[0], g, g.ZerosLike()) : null, linear[2] ? Equation.Solve(this, z.Inputs[0], g.ZerosLike(), g) : null];

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
    public Tensor? Simplify(Equation z) => ReferenceEquals(z.Inputs[1], z.Inputs[2]) ? z.Inputs[1] : null;
}

/// <summary>z = x in another element type: to an integer truncates toward zero, to bool asks for ≠ 0. Linear between the floating types.</summary>
/// <param name="To">The element type.</param>
/// <param name="Strong">Whether the result holds its type against other operands, though it comes from C# numbers only.</param>
public sealed record Convert(DType To, bool Strong = false) : Operation, ISimplifies
{
    public override string Name => "convert " + To.Text;
    public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(x[0].Shape, To);
    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0] switch
    {
        TensorData<bool> b => From(b.Shape, Array.ConvertAll(b.Elements.ToArray(), v => v ? 1 : 0)),
        TensorData<int> i => From<int>(i.Shape, i.Elements.Span),
        TensorData<long> l => From<long>(l.Shape, l.Elements.Span),
        TensorData<float> f => From<float>(f.Shape, f.Elements.Span),
        _ => From<double>(x[0].Shape, x[0].Span<double>()),
    }];

    TensorData From<T>(Shape shape, ReadOnlySpan<T> x) where T : INumber<T> => To switch
    {
        DType.Bool => new TensorData<bool>(shape, Array.ConvertAll(x.ToArray(), v => !T.IsZero(v))),
        DType.Int32 => new TensorData<int>(shape, Cast<T, int>(x)),
        DType.Int64 => new TensorData<long>(shape, Cast<T, long>(x)),
        DType.Float32 => new TensorData<float>(shape, Cast<T, float>(x)),
        _ => new TensorData<double>(shape, Cast<T, double>(x)),
    };

    static TTo[] Cast<TFrom, TTo>(ReadOnlySpan<TFrom> x) where TFrom : INumber<TFrom> where TTo : INumber<TTo>
    {
        var z = new TTo[x.Length];
        for (int i = 0; i < z.Length; i++) z[i] = TTo.CreateSaturating(x[i]);
        return z;
    }

    public override Linearization Linearize(Equation z, Tensor?[] dx) => To.IsFloat && dx[0] is { } d ? Equation.Solve(this, d) : null;
    public override bool LinearIn(int i) => true;
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => [λ[0] is { } g ? Equation.Solve(new Convert(z.Inputs[0].DType), g) : null];
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);
    public Tensor? Simplify(Equation z) => z.Inputs[0].DType == To && z.Inputs[0].IsWeak == z.Results[0].IsWeak ? z.Inputs[0] : null;
}

/// <summary>An operation that sometimes knows a simpler form of its own equation.</summary>
public interface ISimplifies
{
    /// <summary>An equal tensor that costs less, or null.</summary>
    Tensor? Simplify(Equation z);
}
