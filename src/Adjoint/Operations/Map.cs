using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>The derivative of a scalar function in one argument, from the arguments and the value; for one argument, <c>y</c> is <c>x</c>.</summary>
public delegate Tensor Slope(Tensor x, Tensor y, Tensor z);

/// <summary>
/// A scalar function, a row of the table <see cref="Scalars"/>: its name, its value for each kind of number, its slopes. A slope that is null is zero
/// everywhere. The values come from one generic definition, so results do not depend on who evaluates it.
/// </summary>
public sealed class ScalarFunction
{
    readonly Func<Lane64, Lane64, Lane64> double64;
    readonly Func<Lane32, Lane32, Lane32> float32;
    readonly Func<long, long, long>? integer;
    readonly Slope?[] slopes;

    ScalarFunction(string name, int arity, Func<Lane64, Lane64, Lane64> double64, Func<Lane32, Lane32, Lane32> float32, Func<long, long, long>? integer, Slope?[] slopes)
    {
        (Name, Arity, this.double64, this.float32, this.integer, this.slopes) = (name, arity, double64, float32, integer, slopes);
        Operation = new Map(this).Interned();
    }

    /// <summary>A function of one number.</summary>
    internal ScalarFunction(string name, Func<Lane64, Lane64> double64, Func<Lane32, Lane32> float32, Func<Tensor, Tensor, Tensor>? slope, Func<long, long>? integer = null)
        : this(name, 1, (x, _) => double64(x), (x, _) => float32(x), integer is null ? null : (x, _) => integer(x), [slope is null ? null : (x, _, z) => slope(x, z)]) =>
        (Unary64, Unary32) = (double64, float32);

    /// <summary>A function of two numbers.</summary>
    internal ScalarFunction(string name, Func<Lane64, Lane64, Lane64> double64, Func<Lane32, Lane32, Lane32> float32, Slope? inX, Slope? inY, Func<long, long, long>? integer = null)
        : this(name, 2, double64, float32, integer, [inX, inY]) { }

    /// <summary>The name in printed programs.</summary>
    public string Name { get; }

    /// <summary>The number of arguments: 1 or 2.</summary>
    public int Arity { get; }

    /// <summary>Whether it is defined for integers.</summary>
    public bool OnIntegers => integer is not null;

    internal Func<Lane64, Lane64>? Unary64 { get; }
    internal Func<Lane32, Lane32>? Unary32 { get; }
    internal Operation Operation { get; }

    /// <summary>The slope in argument <paramref name="i"/>, or null where it is zero everywhere.</summary>
    internal Slope? SlopeIn(int i) => slopes[i];

    internal TensorData Apply(TensorData[] x) => x[0].Type switch
    {
        DType.Float64 => Unary64 is { } f ? Each<double, Lane64>(x[0], f) : Each(x, double64, MemoryMarshal.Cast<double, Lane64>(x[0].Span<double>()), MemoryMarshal.Cast<double, Lane64>(x[1].Span<double>()), new double[x[0].Shape.Size]),
        DType.Float32 => Unary32 is { } f ? Each<float, Lane32>(x[0], f) : Each(x, float32, MemoryMarshal.Cast<float, Lane32>(x[0].Span<float>()), MemoryMarshal.Cast<float, Lane32>(x[1].Span<float>()), new float[x[0].Shape.Size]),
        DType.Int32 => Integers<int>(x),
        _ => Integers<long>(x),
    };

    static TensorData<T> Each<T, TLane>(TensorData x, Func<TLane, TLane> f) where T : struct where TLane : struct
    {
        var z = new T[x.Shape.Size];
        var from = MemoryMarshal.Cast<T, TLane>(x.Span<T>());
        var to = MemoryMarshal.Cast<T, TLane>(z.AsSpan());
        for (int i = 0; i < to.Length; i++) to[i] = f(from[i]);
        return new(x.Shape, z);
    }

    static TensorData<T> Each<T, TLane>(TensorData[] data, Func<TLane, TLane, TLane> f, Span<TLane> x, Span<TLane> y, T[] z) where T : struct where TLane : struct
    {
        var to = MemoryMarshal.Cast<T, TLane>(z.AsSpan());
        for (int i = 0; i < to.Length; i++) to[i] = f(x[i], y[i]);
        return new(data[0].Shape, z);
    }

    TensorData<T> Integers<T>(TensorData[] x) where T : IBinaryInteger<T>
    {
        var a = x[0].Span<T>();
        var b = x[^1].Span<T>();
        var z = new T[a.Length];
        for (int i = 0; i < z.Length; i++) z[i] = T.CreateTruncating(integer!(long.CreateTruncating(a[i]), long.CreateTruncating(b[i])));
        return new(x[0].Shape, z);
    }
}

/// <summary>z = f(x) or f(x, y) for every element: a row of <see cref="Scalars"/>.</summary>
public sealed record Map(ScalarFunction Function) : NonlinearOperation
{
    public override string Name => Function.Name;

    /// <summary>The function of these tensors, which have one shape and element type.</summary>
    internal static Tensor Of(ScalarFunction function, params ImmutableArray<Tensor> x) => Equation.Solve(function.Operation, x);

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (x.Length != Function.Arity) throw Mismatch($"takes {Function.Arity} inputs; {x.Length} were given.");
        var signature = Elementwise.SameTypes(Name, x);
        return signature.Type.IsFloat || (Function.OnIntegers && signature.Type != DType.Bool) ? signature
            : throw Mismatch($"is not defined for {signature.Type.Text}. Convert first, for example with To(DType.Float32).");
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [Function.Apply(x)];

    // dz = Σ ∂f/∂xᵢ · dxᵢ
    protected override Tensor? Jvp(Equation z, Tensor?[] dx)
    {
        Tensor? dz = null;
        for (int i = 0; i < dx.Length; i++)
            if (dx[i] is { } d && Function.SlopeIn(i) is { } slope) dz = Linear.Sum(dz, slope(z.Inputs[0], z.Inputs[^1], z.Results[0]) * d);
        return dz;
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(this, x, batched, n);

    public bool Equals(Map? other) => other is not null && ReferenceEquals(Function, other.Function);
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Function);
}
