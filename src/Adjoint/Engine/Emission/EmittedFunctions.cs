using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>How kernels call scalar functions.</summary>
static class EmittedFunctions
{
    /// <summary>Whether the function can be called for one number of this type.</summary>
    public static bool HasScalar(ScalarFunction f, DType type) => type.IsFloat && f.Unary64 is not null;

    /// <summary>Whether it can be called for a vector.</summary>
    public static bool HasVector(ScalarFunction f, DType type) => HasScalar(f, type);

    /// <summary>The method, which takes the function and then its arguments.</summary>
    public static MethodInfo Of(DType type, bool isVector) => (isVector, type) switch
    {
        (true, DType.Float32) => ((Func<ScalarFunction, Vector512<float>, Vector512<float>>)Vector32).Method,
        (true, _) => ((Func<ScalarFunction, Vector512<double>, Vector512<double>>)Vector64).Method,
        (_, DType.Float32) => ((Func<ScalarFunction, float, float>)Scalar32).Method,
        _ => ((Func<ScalarFunction, double, double>)Scalar64).Method,
    };

    static double Scalar64(ScalarFunction f, double x) => f.Unary64!(new Lane64(x)).V;
    static float Scalar32(ScalarFunction f, float x) => f.Unary32!(new Lane32(x)).V;

    static Vector512<double> Vector64(ScalarFunction f, Vector512<double> x)
    {
        for (int i = 0; i < 8; i++) x = x.WithElement(i, Scalar64(f, x[i]));
        return x;
    }

    static Vector512<float> Vector32(ScalarFunction f, Vector512<float> x)
    {
        for (int i = 0; i < 16; i++) x = x.WithElement(i, Scalar32(f, x[i]));
        return x;
    }
}
