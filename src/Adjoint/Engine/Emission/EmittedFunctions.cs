using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>How kernels call scalar functions: the formula of the table, in lanes as wide as a kernel's vectors, or for one number.</summary>
static class EmittedFunctions
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Formulas of a few instructions become part of the kernel; the others are compiled once, with an optimization budget of their own.</summary>
    static readonly HashSet<ScalarFunction> light =
    [
        Scalars.Square, Scalars.Reciprocal, Scalars.Sqrt, Scalars.Rsqrt, Scalars.Divide, Scalars.Maximum, Scalars.Minimum, Scalars.Abs, Scalars.Sign, Scalars.Relu,
    ];

    /// <summary>Whether the function can be called for one number of this type.</summary>
    public static bool HasScalar(ScalarFunction f, DType type) => type.IsFloat || (type != DType.Bool && f.OnIntegers);

    /// <summary>Whether it can be called for a vector.</summary>
    public static bool HasVector(ScalarFunction f, DType type) => type.IsFloat;

    /// <summary>The method on numbers or vectors of a floating type.</summary>
    [RequiresDynamicCode("Emits code.")]
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The formula's method is used by the interpreter, and so is kept.")]
    public static MethodInfo Of(ScalarFunction f, DType type, bool isVector)
    {
        string name = (f.Arity == 1 ? "Unary" : "Binary") + (isVector ? "Vector" : "Scalar") + (light.Contains(f) ? "" : "Call");
        return typeof(EmittedFunctions).GetMethod(name, BindingFlags.Public | BindingFlags.Static)!
            .MakeGenericMethod(f.Formula, type == DType.Float32 ? typeof(float) : typeof(double));
    }

    /// <summary>The method on integers, which takes the function first.</summary>
    public static MethodInfo OfIntegers(DType type) => type == DType.Int32
        ? ((Func<ScalarFunction, int, int, int>)Integer).Method : ((Func<ScalarFunction, long, long, long>)Integer).Method;

    // on narrower machines halves or quarters: the same bits, and far faster than 512 bits that the runtime splits step by step
    [MethodImpl(Inline)]
    public static Vector512<T> UnaryVector<TFormula, T>(Vector512<T> x) where TFormula : IUnaryFormula where T : struct
    {
        if (Vector512.IsHardwareAccelerated) return TFormula.Of(new Lanes512<T>(x)).Value;
        return Vector512.Create(UnaryHalf<TFormula, T>(x.GetLower()), UnaryHalf<TFormula, T>(x.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static Vector256<T> UnaryHalf<TFormula, T>(Vector256<T> x) where TFormula : IUnaryFormula where T : struct
    {
        if (Vector256.IsHardwareAccelerated) return TFormula.Of(new Lanes256<T>(x)).Value;
        return Vector256.Create(TFormula.Of(new Lanes128<T>(x.GetLower())).Value, TFormula.Of(new Lanes128<T>(x.GetUpper())).Value);
    }

    [MethodImpl(Inline)]
    public static Vector512<T> BinaryVector<TFormula, T>(Vector512<T> x, Vector512<T> y) where TFormula : IBinaryFormula where T : struct
    {
        if (Vector512.IsHardwareAccelerated) return TFormula.Of(new Lanes512<T>(x), new Lanes512<T>(y)).Value;
        return Vector512.Create(BinaryHalf<TFormula, T>(x.GetLower(), y.GetLower()), BinaryHalf<TFormula, T>(x.GetUpper(), y.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static Vector256<T> BinaryHalf<TFormula, T>(Vector256<T> x, Vector256<T> y) where TFormula : IBinaryFormula where T : struct
    {
        if (Vector256.IsHardwareAccelerated) return TFormula.Of(new Lanes256<T>(x), new Lanes256<T>(y)).Value;
        return Vector256.Create(TFormula.Of(new Lanes128<T>(x.GetLower()), new Lanes128<T>(y.GetLower())).Value,
            TFormula.Of(new Lanes128<T>(x.GetUpper()), new Lanes128<T>(y.GetUpper())).Value);
    }

    [MethodImpl(Inline)]
    public static T UnaryScalar<TFormula, T>(T x) where TFormula : IUnaryFormula where T : struct =>
        TFormula.Of(new Lanes128<T>(Vector128.Create(x))).Value.ToScalar();

    [MethodImpl(Inline)]
    public static T BinaryScalar<TFormula, T>(T x, T y) where TFormula : IBinaryFormula where T : struct =>
        TFormula.Of(new Lanes128<T>(Vector128.Create(x)), new Lanes128<T>(Vector128.Create(y))).Value.ToScalar();

    const MethodImplOptions Call = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Call)]
    public static Vector512<T> UnaryVectorCall<TFormula, T>(Vector512<T> x) where TFormula : IUnaryFormula where T : struct => UnaryVector<TFormula, T>(x);

    [MethodImpl(Call)]
    public static Vector512<T> BinaryVectorCall<TFormula, T>(Vector512<T> x, Vector512<T> y) where TFormula : IBinaryFormula where T : struct => BinaryVector<TFormula, T>(x, y);

    [MethodImpl(Call)]
    public static T UnaryScalarCall<TFormula, T>(T x) where TFormula : IUnaryFormula where T : struct => UnaryScalar<TFormula, T>(x);

    [MethodImpl(Call)]
    public static T BinaryScalarCall<TFormula, T>(T x, T y) where TFormula : IBinaryFormula where T : struct => BinaryScalar<TFormula, T>(x, y);

    static int Integer(ScalarFunction f, int x, int y) => (int)f.OfIntegers(x, y);
    static long Integer(ScalarFunction f, long x, long y) => f.OfIntegers(x, y);
}
