using System.Numerics;

namespace Adjoint;

/// <summary>The element type of a tensor, in promotion order: a mixed operation takes the later of its operands' types.</summary>
public enum DType : byte { Bool, Int32, Int64, Float32, Float64 }

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    extension(DType type)
    {
        /// <summary>Whether values of this type have derivatives: integers and bools never do.</summary>
        public bool IsFloat => type >= DType.Float32;

        /// <summary>The name in printed programs: <c>float32</c>, <c>int64</c>, <c>bool</c>.</summary>
        public string Text => type.ToString().ToLowerInvariant();
    }

    /// <summary>The element type that holds values of <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is not bool, int, long, float or double.</exception>
    public static DType Of<T>() =>
        typeof(T) == typeof(double) ? DType.Float64 : typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(int) ? DType.Int32 : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(bool) ? DType.Bool
        : throw new NotSupportedException($"A tensor cannot hold {typeof(T).Name}: elements are bool, int, long, float or double.");

    /// <summary>
    /// The type of a mixed operation. Strong types promote along bool, int32, int64, float32, float64. A weak operand (a C# number, or what was
    /// computed from C# numbers only) takes the strong operand's type, unless it is floating and the other is not: then float32, the default.
    /// </summary>
    public static DType Promote(DType a, bool weakA, DType b, bool weakB)
    {
        if (weakA == weakB) return a > b ? a : b;
        var (strong, weak) = weakA ? (b, a) : (a, b);
        if (strong.IsFloat || (!weak.IsFloat && strong != DType.Bool) || weak == DType.Bool) return strong;
        return weak.IsFloat ? DType.Float32 : weak;
    }
}
