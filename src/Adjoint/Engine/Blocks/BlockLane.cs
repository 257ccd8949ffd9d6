using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>
/// Applies what <see cref="LaneMethods"/> names, by address, to locals in memory, one or many vectors at a time. These are the methods that emitted
/// kernels consist of, so the bits are the same.
/// </summary>
abstract unsafe class BlockLane
{
    static readonly BlockLane
        singles = new BlockLane<Vector512<float>, Vector512<int>, float>(), doubles = new BlockLane<Vector512<double>, Vector512<long>, double>(),
        ints = new BlockLane<Vector512<int>, Vector512<int>, int>(), longs = new BlockLane<Vector512<long>, Vector512<long>, long>(),
        masks = new BlockLane<Vector512<int>, Vector512<int>, bool>(), wideMasks = new BlockLane<Vector512<long>, Vector512<long>, bool>(),
        single = new BlockLane<float, bool, float>(), @double = new BlockLane<double, bool, double>(), @int = new BlockLane<int, bool, int>(),
        @long = new BlockLane<long, bool, long>(), @bool = new BlockLane<bool, bool, bool>();

    /// <summary>The lane of locals like this one.</summary>
    public static BlockLane Of(Local x) => x.IsVector
        ? x.Type switch { DType.Bool => x.Lanes == 16 ? masks : wideMasks, DType.Int32 => ints, DType.Int64 => longs, DType.Float32 => singles, _ => doubles }
        : x.Type switch { DType.Bool => @bool, DType.Int32 => @int, DType.Int64 => @long, DType.Float32 => single, _ => @double };

    /// <summary>zᵢ = f(xᵢ)</summary>
    public abstract void Unary(nint f, in BlockRow row);

    /// <summary>zᵢ = f(xᵢ, yᵢ)</summary>
    public abstract void Binary(nint f, in BlockRow row);

    /// <summary>zᵢ = f(xᵢ, yᵢ, wᵢ)</summary>
    public abstract void Ternary(nint f, in BlockRow row);

    /// <summary>zᵢ = f(xᵢ, yᵢ), a mask</summary>
    public abstract void Compare(nint f, in BlockRow row);

    /// <summary>zᵢ = f(xᵢ, yᵢ, wᵢ), where x is a mask</summary>
    public abstract void Select(nint f, in BlockRow row);

    /// <summary>zᵢ = f(xᵢ), from a mask</summary>
    public abstract void FromMask(nint f, in BlockRow row);

    /// <summary>zᵢ = f(xᵢ), to a mask</summary>
    public abstract void ToMask(nint f, in BlockRow row);

    /// <summary>z = f(x), from one element to all lanes</summary>
    public abstract void Spread(nint f, in BlockRow row);

    /// <summary>z = f(x), from all lanes to one element</summary>
    public abstract void Total(nint f, in BlockRow row);

    /// <summary>z = f(z, xᵢ) for one vector after the other, if z stands still; <paramref name="part"/> is the number of lanes that count, 0 for all.</summary>
    public abstract void Accumulate(nint f, nint select, nint part, in BlockRow row);

    /// <summary>z = f(z, xᵢ, yᵢ)</summary>
    public abstract void MultiplyAdd(nint f, nint select, nint part, in BlockRow row);

    /// <summary>zᵢ = memory, by a method that takes an address and numbers.</summary>
    public abstract void Load(nint f, byte* from, nint step, int numbers, nint first, nint second, in BlockRow row);

    /// <summary>zᵢ = memory at the places xᵢ.</summary>
    public abstract void LoadPlaced(nint f, byte* from, nint step, nint placeStride, nint stride, nint lanes, in BlockRow row);

    /// <summary>memory = xᵢ</summary>
    public abstract void Store(nint f, byte* to, nint step, bool isStrided, nint stride, nint part, in BlockRow row);
}

/// <summary>Operands in memory: <see cref="Count"/> vectors each, or one that stands still where its step is 0.</summary>
unsafe ref struct BlockRow
{
    public byte* Z, X, Y, W;
    public nint StepZ, StepX, StepY, StepW, Count;
}

/// <inheritdoc/>
/// <typeparam name="V">A vector, or one element.</typeparam>
/// <typeparam name="M">The result of comparing them.</typeparam>
/// <typeparam name="T">One element.</typeparam>
sealed unsafe class BlockLane<V, M, T> : BlockLane where V : unmanaged where M : unmanaged where T : unmanaged
{
    public override void Unary(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<V>(r.Z, r.StepZ, i) = ((delegate*<V, V>)f)(At<V>(r.X, r.StepX, i));
    }

    public override void Binary(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<V>(r.Z, r.StepZ, i) = ((delegate*<V, V, V>)f)(At<V>(r.X, r.StepX, i), At<V>(r.Y, r.StepY, i));
    }

    public override void Ternary(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<V>(r.Z, r.StepZ, i) = ((delegate*<V, V, V, V>)f)(At<V>(r.X, r.StepX, i), At<V>(r.Y, r.StepY, i), At<V>(r.W, r.StepW, i));
    }

    public override void Compare(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<M>(r.Z, r.StepZ, i) = ((delegate*<V, V, M>)f)(At<V>(r.X, r.StepX, i), At<V>(r.Y, r.StepY, i));
    }

    public override void Select(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<V>(r.Z, r.StepZ, i) = ((delegate*<M, V, V, V>)f)(At<M>(r.X, r.StepX, i), At<V>(r.Y, r.StepY, i), At<V>(r.W, r.StepW, i));
    }

    public override void FromMask(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<V>(r.Z, r.StepZ, i) = ((delegate*<M, V>)f)(At<M>(r.X, r.StepX, i));
    }

    public override void ToMask(nint f, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++) At<M>(r.Z, r.StepZ, i) = ((delegate*<V, M>)f)(At<V>(r.X, r.StepX, i));
    }

    public override void Spread(nint f, in BlockRow r) => *(V*)r.Z = ((delegate*<T, V>)f)(*(T*)r.X);

    public override void Total(nint f, in BlockRow r) => *(T*)r.Z = ((delegate*<V, T>)f)(*(V*)r.X);

    public override void Accumulate(nint f, nint select, nint part, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++)
        {
            ref V sum = ref At<V>(r.Z, r.StepZ, i);
            V next = ((delegate*<V, V, V>)f)(sum, At<V>(r.X, r.StepX, i));
            sum = part > 0 ? ((delegate*<V, V, nint, V>)select)(next, sum, part) : next;
        }
    }

    public override void MultiplyAdd(nint f, nint select, nint part, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++)
        {
            ref V sum = ref At<V>(r.Z, r.StepZ, i);
            V next = ((delegate*<V, V, V, V>)f)(sum, At<V>(r.X, r.StepX, i), At<V>(r.Y, r.StepY, i));
            sum = part > 0 ? ((delegate*<V, V, nint, V>)select)(next, sum, part) : next;
        }
    }

    public override void Load(nint f, byte* from, nint step, int numbers, nint first, nint second, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++, from += step)
            At<V>(r.Z, r.StepZ, i) = numbers switch
            {
                0 => ((delegate*<byte*, V>)f)(from),
                1 => ((delegate*<byte*, nint, V>)f)(from, first),
                _ => ((delegate*<byte*, nint, nint, V>)f)(from, first, second),
            };
    }

    public override void LoadPlaced(nint f, byte* from, nint step, nint placeStride, nint stride, nint lanes, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++, from += step)
            At<V>(r.Z, r.StepZ, i) = ((delegate*<byte*, M, nint, nint, nint, V>)f)(from, At<M>(r.X, r.StepX, i), placeStride, stride, lanes);
    }

    public override void Store(nint f, byte* to, nint step, bool isStrided, nint stride, nint part, in BlockRow r)
    {
        for (nint i = 0; i < r.Count; i++, to += step)
        {
            V x = At<V>(r.X, r.StepX, i);
            if (isStrided && part > 0) ((delegate*<byte*, nint, V, nint, void>)f)(to, stride, x, part);
            else if (isStrided) ((delegate*<byte*, nint, V, void>)f)(to, stride, x);
            else if (part > 0) ((delegate*<byte*, V, nint, void>)f)(to, x, part);
            else ((delegate*<byte*, V, void>)f)(to, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref TValue At<TValue>(byte* start, nint step, nint i) where TValue : unmanaged => ref *(TValue*)(start + step * i);
}
