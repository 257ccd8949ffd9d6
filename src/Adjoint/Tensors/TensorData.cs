using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>The elements of an evaluated tensor: dense, row-major, immutable once published.</summary>
public abstract class TensorData(DType type, Shape shape)
{
    public DType Type { get; } = type;
    public Shape Shape { get; } = shape;

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
    public Span<T> Span<T>() => this is TensorData<T> data ? data.Elements.Span
        : throw new InvalidOperationException($"The tensor holds {Type.Text}, not {DTypes.Of<T>().Text}. Read it as {Type.Text}, or convert it first with To(DType.{DTypes.Of<T>()}).");

    /// <summary>The same elements under another shape of the same size; nothing is copied.</summary>
    public abstract TensorData WithShape(Shape shape);

    /// <summary>One index of the first axis, without a copy.</summary>
    public abstract TensorData Row(int index);

    /// <summary>Rows of one shape, as the first axis of a new tensor.</summary>
    public static TensorData Stack(DType type, Shape row, IReadOnlyList<TensorData> rows)
    {
        var result = Zeros(type, row.Insert(0, rows.Count));
        for (int i = 0; i < rows.Count; i++) rows[i].CopyTo(result.Row(i));
        return result;
    }

    private protected abstract void CopyTo(TensorData other);

    /// <summary>The first byte of the elements.</summary>
    internal abstract ref byte Start { get; }

    internal abstract long ByteCount { get; }

    /// <summary>The array that the elements are in; null where they are elsewhere.</summary>
    internal abstract object? Array { get; }

    /// <summary>Whether some memory is in both.</summary>
    internal bool Overlaps(TensorData other)
    {
        if (Array is { } own && other.Array is { } others && own != others) return false;
        nint distance = Unsafe.ByteOffset(ref Start, ref other.Start);
        return distance >= 0 ? distance < ByteCount : -distance < other.ByteCount;
    }

    /// <summary>The memory as new data; whoever reads this data, or a part of it, from now on is told that it was given away. Null if it is kept.</summary>
    internal abstract TensorData? Give();

    /// <summary>Keeps the memory from being given away: a program holds it.</summary>
    internal abstract void Keep();

    /// <summary>A copy in memory of its own.</summary>
    internal TensorData Copy()
    {
        var copy = Zeros(Type, Shape);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Element <c>i</c> of the result is element <c>indices[i]</c> of this, or zero where the index is −1.</summary>
    public abstract TensorData Take(Shape shape, ReadOnlySpan<int> indices);

    /// <summary>Element <c>i</c> of this is added to element <c>indices[i]</c> of a zero result, in order; −1 is dropped.</summary>
    public abstract TensorData Scatter(Shape shape, ReadOnlySpan<int> indices);

    /// <summary>New zero-filled elements.</summary>
    public static TensorData Zeros(DType type, Shape shape) => type switch
    {
        DType.Bool => new TensorData<bool>(shape, new bool[shape.Size]),
        DType.Int32 => new TensorData<int>(shape, new int[shape.Size]),
        DType.Int64 => new TensorData<long>(shape, new long[shape.Size]),
        DType.Float32 => new TensorData<float>(shape, new float[shape.Size]),
        _ => new TensorData<double>(shape, new double[shape.Size]),
    };

    /// <summary>A scalar of any numeric type.</summary>
    public static TensorData Scalar(DType type, double value) => type switch
    {
        DType.Bool => new TensorData<bool>(Shape.Scalar, [value != 0]),
        DType.Int32 => new TensorData<int>(Shape.Scalar, [(int)value]),
        DType.Int64 => new TensorData<long>(Shape.Scalar, [(long)value]),
        DType.Float32 => new TensorData<float>(Shape.Scalar, [(float)value]),
        _ => new TensorData<double>(Shape.Scalar, [value]),
    };

    /// <summary>Every element as a double (int64 beyond 2⁵³ is rounded).</summary>
    public double[] ToDoubles() => this switch
    {
        TensorData<double> d => d.Elements.ToArray(),
        TensorData<float> f => System.Array.ConvertAll(f.Elements.ToArray(), x => (double)x),
        TensorData<int> i => System.Array.ConvertAll(i.Elements.ToArray(), x => (double)x),
        TensorData<long> l => System.Array.ConvertAll(l.Elements.ToArray(), x => (double)x),
        TensorData<bool> b => System.Array.ConvertAll(b.Elements.ToArray(), x => x ? 1.0 : 0.0),
        _ => throw new InvalidOperationException($"Unknown element type {Type}."),
    };

    /// <summary>The first element as a double.</summary>
    public double First() => this switch
    {
        TensorData<double> d => d.Elements.Span[0],
        TensorData<float> f => f.Elements.Span[0],
        TensorData<int> i => i.Elements.Span[0],
        TensorData<long> l => l.Elements.Span[0],
        TensorData<bool> b => b.Elements.Span[0] ? 1 : 0,
        _ => throw new InvalidOperationException($"Unknown element type {Type}."),
    };
}

/// <summary>Elements of type <typeparamref name="T"/>.</summary>
public sealed class TensorData<T>(Shape shape, Memory<T> elements) : TensorData(DTypes.Of<T>(), shape)
{
    readonly T[]? array = MemoryMarshal.TryGetArray<T>(elements, out var segment) ? segment.Array : null;
    TensorData<T>? whole;
    bool isGiven, isKept;

    public TensorData(Shape shape, T[] elements) : this(shape, elements.AsMemory()) { }

    /// <summary>The elements, row-major.</summary>
    /// <exception cref="InvalidOperationException">The memory was given away, for the results of a call.</exception>
    public Memory<T> Elements => !(whole ?? this).isGiven ? elements : throw new InvalidOperationException(
        $"The memory of this {Type.Text}{Shape} was given away to Into, for the results of a call. Read the tensors that the call returned.");

    public override TensorData WithShape(Shape shape) => new TensorData<T>(shape, Elements) { whole = whole ?? this };

    internal override object? Array => array;
    internal override ref byte Start => ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(Elements.Span));
    internal override long ByteCount => (long)elements.Length * Unsafe.SizeOf<T>();

    internal override void Keep() => isKept = true;

    internal override TensorData? Give()
    {
        var from = whole ?? this;
        var given = from.isKept ? null : new TensorData<T>(Shape, Elements);
        from.isGiven = given is not null;
        return given;
    }

    public override TensorData Row(int index)
    {
        var row = Shape.Remove(0);
        return new TensorData<T>(row, Elements.Slice(index * row.Size, row.Size)) { whole = whole ?? this };
    }

    private protected override void CopyTo(TensorData other) => Elements.Span.CopyTo(other.Span<T>());

    public override TensorData Take(Shape shape, ReadOnlySpan<int> indices)
    {
        var result = new T[shape.Size];
        var source = Elements.Span;
        for (int i = 0; i < result.Length; i++) result[i] = indices[i] < 0 ? default! : source[indices[i]];
        return new TensorData<T>(shape, result);
    }

    public override TensorData Scatter(Shape shape, ReadOnlySpan<int> indices)
    {
        switch (this)
        {
            case TensorData<double> d: return new TensorData<double>(shape, Add<double>(d.Elements.Span, indices, shape.Size));
            case TensorData<float> f: return new TensorData<float>(shape, Add<float>(f.Elements.Span, indices, shape.Size));
            case TensorData<int> i: return new TensorData<int>(shape, Add<int>(i.Elements.Span, indices, shape.Size));
            case TensorData<long> l: return new TensorData<long>(shape, Add<long>(l.Elements.Span, indices, shape.Size));
            default: throw new InvalidOperationException("scatter: bool elements cannot be added. Convert them first, for example with To(DType.Int32).");
        }
    }

    static TNumber[] Add<TNumber>(ReadOnlySpan<TNumber> source, ReadOnlySpan<int> indices, int size) where TNumber : INumber<TNumber>
    {
        var result = new TNumber[size];
        for (int i = 0; i < indices.Length; i++)
            if (indices[i] >= 0) result[indices[i]] += source[i];
        return result;
    }
}
