using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>The derivative of a scalar function in one argument, from the arguments and the value; for one argument, <c>y</c> is <c>x</c>.</summary>
public delegate Tensor Slope(Tensor x, Tensor y, Tensor z);

/// <summary>
/// A scalar function, a row of the table <see cref="Scalars"/>: its name, its formula, its slopes. A slope that is null is zero everywhere. Every
/// evaluation uses the one formula, in lanes of some width, so results do not depend on who evaluates it.
/// </summary>
public sealed class ScalarFunction
{
    readonly Kernel kernel;
    readonly Func<long, long, long>? integer;
    readonly Slope?[] slopes;

    ScalarFunction(string name, Type formula, Kernel kernel, Func<long, long, long>? integer, Slope?[] slopes)
    {
        (Name, Formula, this.kernel, this.integer, this.slopes) = (name, formula, kernel, integer, slopes);
        Operation = new Map(this).Interned();
    }

    /// <summary>A function of one number; <paramref name="slope"/> takes the argument and the value.</summary>
    internal static ScalarFunction Unary<TFormula>(string name, Func<Tensor, Tensor, Tensor>? slope, Func<long, long>? integer = null) where TFormula : IUnaryFormula =>
        new(name, typeof(TFormula), new UnaryKernel<TFormula>(), integer is null ? null : (x, _) => integer(x), [slope is null ? null : (x, _, z) => slope(x, z)]);

    /// <summary>A function of two numbers.</summary>
    internal static ScalarFunction Binary<TFormula>(string name, Slope? inX, Slope? inY, Func<long, long, long>? integer = null) where TFormula : IBinaryFormula =>
        new(name, typeof(TFormula), new BinaryKernel<TFormula>(), integer, [inX, inY]);

    /// <summary>The name in printed programs.</summary>
    public string Name { get; }

    /// <summary>The number of arguments: 1 or 2.</summary>
    public int Arity => slopes.Length;

    /// <summary>The type whose generic method <c>Of</c> computes the value in lanes: an <see cref="IUnaryFormula"/> or <see cref="IBinaryFormula"/>.</summary>
    public Type Formula { get; }

    /// <summary>Whether it is defined for integers.</summary>
    public bool OnIntegers => integer is not null;

    internal Operation Operation { get; }

    /// <summary>The value for integers, where it is defined for them.</summary>
    internal long OfIntegers(long x, long y) => integer!(x, y);

    /// <summary>The slope in argument <paramref name="i"/>, or null where it is zero everywhere.</summary>
    internal Slope? SlopeIn(int i) => slopes[i];

    /// <summary>z = f(x, y) for float64 numbers; a function of one argument ignores y, which may be x. The spans may be the same, and must not overlap otherwise.</summary>
    public void Apply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z) => kernel.Run(x, y, z, Kernel.Width);

    /// <summary>z = f(x, y) for float32 numbers.</summary>
    public void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z) => kernel.Run(x, y, z, Kernel.Width);

    /// <summary>f(x) or f(x, y) of single numbers.</summary>
    public double Value(double x, double y = 0)
    {
        double z = 0;
        kernel.Run(new ReadOnlySpan<double>(ref x), new ReadOnlySpan<double>(ref y), new Span<double>(ref z), 128);
        return z;
    }

    /// <summary>The formula on lanes of one's own; a function of one argument ignores y.</summary>
    internal TLane Of<TLane>(TLane x, TLane y) where TLane : struct, ILane<TLane> => kernel.Of(x, y);

    internal void Apply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, int width) => kernel.Run(x, y, z, width);
    internal void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z, int width) => kernel.Run(x, y, z, width);

    internal TensorData Apply(TensorData[] x)
    {
        var (first, last, shape) = (x[0], x[^1], x[0].Shape);
        switch (first.Type)
        {
            case DType.Float64:
                var doubles = new double[shape.Size];
                Apply(first.Span<double>(), last.Span<double>(), doubles);
                return new TensorData<double>(shape, doubles);
            case DType.Float32:
                var singles = new float[shape.Size];
                Apply(first.Span<float>(), last.Span<float>(), singles);
                return new TensorData<float>(shape, singles);
            case DType.Int32: return Integers<int>(first, last);
            default: return Integers<long>(first, last);
        }
    }

    TensorData<T> Integers<T>(TensorData x, TensorData y) where T : IBinaryInteger<T>
    {
        var a = x.Span<T>();
        var b = y.Span<T>();
        var z = new T[a.Length];
        for (int i = 0; i < z.Length; i++) z[i] = T.CreateTruncating(integer!(long.CreateTruncating(a[i]), long.CreateTruncating(b[i])));
        return new(x.Shape, z);
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
