using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>The methods that kernels are made of, by element type and name.</summary>
static class LaneMethods
{
    const DynamicallyAccessedMemberTypes Methods = DynamicallyAccessedMemberTypes.PublicMethods;

    /// <summary>The .NET type of a local.</summary>
    public static Type TypeOf(Local x) => !x.IsVector ? Element(x.Type) : x.Type switch
    {
        DType.Bool => x.Lanes == 16 ? typeof(Vector512<int>) : typeof(Vector512<long>),
        DType.Int32 => typeof(Vector512<int>),
        DType.Int64 => typeof(Vector512<long>),
        DType.Float32 => typeof(Vector512<float>),
        _ => typeof(Vector512<double>),
    };

    public static Type Element(DType type) => type switch
    {
        DType.Bool => typeof(bool),
        DType.Int32 => typeof(int),
        DType.Int64 => typeof(long),
        DType.Float32 => typeof(float),
        _ => typeof(double),
    };

    /// <summary>A method on locals like this one.</summary>
    public static MethodInfo Of(Local like, string name) => Find(Class(like), name) ?? Find(Bits(like.Type), name) ?? Find(like.IsVector ? typeof(RandomLanes) : typeof(RandomLane), name)
        ?? throw new InvalidOperationException($"engine: {name} is not defined for {like.Type.Text}.");

    /// <summary>The method of <see cref="Adjoint.Locate"/>.</summary>
    public static MethodInfo Locate => Find(typeof(ScalarLane<long>), nameof(Locate))!;

    /// <summary>One number in another element type.</summary>
    [RequiresDynamicCode("Emits code.")]
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type argument is a primitive number.")]
    public static MethodInfo Conversion(Local from, DType to) => Of(from, "To").MakeGenericMethod(Element(to));

    static MethodInfo? Find([DynamicallyAccessedMembers(Methods)] Type type, string name) => type.GetMethod(name, BindingFlags.Public | BindingFlags.Static);

    [return: DynamicallyAccessedMembers(Methods)]
    static Type Class(Local x) => x.IsVector ? x.Type switch
    {
        DType.Bool => x.Lanes == 16 ? typeof(MaskLane<int>) : typeof(MaskLane<long>),
        DType.Int32 => typeof(VectorLane<int, int>),
        DType.Int64 => typeof(VectorLane<long, long>),
        DType.Float32 => typeof(VectorLane<float, int>),
        _ => typeof(VectorLane<double, long>),
    } : x.Type switch
    {
        DType.Bool => typeof(BoolLane),
        DType.Int32 => typeof(ScalarLane<int>),
        DType.Int64 => typeof(ScalarLane<long>),
        DType.Float32 => typeof(ScalarLane<float>),
        _ => typeof(ScalarLane<double>),
    };

    [return: DynamicallyAccessedMembers(Methods)]
    static Type Bits(DType type) => type == DType.Int32 ? typeof(BitLane<int>) : typeof(BitLane<long>);
}
