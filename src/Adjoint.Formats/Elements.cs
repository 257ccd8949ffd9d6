using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Adjoint.Formats;

/// <summary>How one element stands in a file.</summary>
enum ElementFormat : byte { Bool, Int8, UInt8, Int16, Int32, Int64, Float16, BFloat16, Float32, Float64 }

/// <summary>Elements from and to files. What a tensor does not hold is widened: small integers to int32, half precision to float32.</summary>
static class Elements
{
    /// <summary>The most axes that a file may claim.</summary>
    public const int MaximalRank = 64;

    delegate void Convert<T>(ReadOnlySpan<byte> bytes, Span<T> elements);

    /// <summary>The bytes of one element.</summary>
    public static int Size(this ElementFormat encoding) => encoding switch
    {
        ElementFormat.Bool or ElementFormat.Int8 or ElementFormat.UInt8 => 1,
        ElementFormat.Int16 or ElementFormat.Float16 or ElementFormat.BFloat16 => 2,
        ElementFormat.Int32 or ElementFormat.Float32 => 4,
        _ => 8,
    };

    /// <summary>How elements of a type are written.</summary>
    public static ElementFormat Of(DType type) => type switch
    {
        DType.Bool => ElementFormat.Bool,
        DType.Int32 => ElementFormat.Int32,
        DType.Int64 => ElementFormat.Int64,
        DType.Float32 => ElementFormat.Float32,
        _ => ElementFormat.Float64,
    };

    /// <summary>The number of elements of a shape that a file claims, if a tensor can have it.</summary>
    public static long SizeOf(FileSource source, ReadOnlySpan<long> lengths)
    {
        if (lengths.Length > MaximalRank) throw source.Fail($"expected at most {MaximalRank} axes, found {lengths.Length}");
        long size = 1;
        foreach (long n in lengths)
            if (n < 0 || n > Array.MaxLength || (size *= Math.Max(1, n)) > Array.MaxLength)
                throw source.Fail($"expected a shape of at most {Array.MaxLength} elements, found [{string.Join(", ", lengths.ToArray())}]");
        return lengths.Contains(0) ? 0 : size;
    }

    /// <summary>The next elements, row-major. Shapes are kept for ever, so the shape is made when the file turns out to hold its elements.</summary>
    public static TensorData Read(FileSource source, ElementFormat encoding, ReadOnlySpan<long> shape, bool bigEndian = false)
    {
        bool swap = bigEndian == BitConverter.IsLittleEndian;
        return encoding switch
        {
            ElementFormat.Bool => Read<bool>(source, encoding, shape, swap, (bytes, elements) =>
            {
                int wrong = bytes.IndexOfAnyExcept((byte)0, (byte)1);
                if (wrong >= 0) throw source.Fail($"expected bools of 0 or 1, found {bytes[wrong]} at byte {source.Position - bytes.Length + wrong}");
                bytes.CopyTo(MemoryMarshal.AsBytes(elements));
            }),
            ElementFormat.Int8 => Read<int>(source, encoding, shape, swap, static (bytes, elements) => { for (int i = 0; i < elements.Length; i++) elements[i] = (sbyte)bytes[i]; }),
            ElementFormat.UInt8 => Read<int>(source, encoding, shape, swap, static (bytes, elements) => { for (int i = 0; i < elements.Length; i++) elements[i] = bytes[i]; }),
            ElementFormat.Int16 => Read<int>(source, encoding, shape, swap, static (bytes, elements) =>
            {
                var values = MemoryMarshal.Cast<byte, short>(bytes);
                for (int i = 0; i < elements.Length; i++) elements[i] = values[i];
            }),
            ElementFormat.Float16 => Read<float>(source, encoding, shape, swap, static (bytes, elements) =>
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), elements)),
            // A bfloat16 is the upper half of a float32.
            ElementFormat.BFloat16 => Read<float>(source, encoding, shape, swap, static (bytes, elements) =>
            {
                var values = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < elements.Length; i++) elements[i] = BitConverter.UInt32BitsToSingle((uint)values[i] << 16);
            }),
            ElementFormat.Int32 => Read<int>(source, encoding, shape, swap, Copy),
            ElementFormat.Int64 => Read<long>(source, encoding, shape, swap, Copy),
            ElementFormat.Float32 => Read<float>(source, encoding, shape, swap, Copy),
            _ => Read<double>(source, encoding, shape, swap, Copy),
        };
    }

    /// <summary>The bytes of all elements, little-endian, piece by piece.</summary>
    public static void Visit(TensorData data, Observer observer)
    {
        switch (data.Type)
        {
            case DType.Bool: Visit(data.Span<bool>(), observer); break;
            case DType.Int32: Visit(data.Span<int>(), observer); break;
            case DType.Int64: Visit(data.Span<long>(), observer); break;
            case DType.Float32: Visit(data.Span<float>(), observer); break;
            default: Visit(data.Span<double>(), observer); break;
        }
    }

    static void Visit<T>(ReadOnlySpan<T> elements, Observer observer) where T : unmanaged
    {
        for (int i = 0; i < elements.Length; i += FileSource.ChunkSize)
        {
            var piece = elements.Slice(i, Math.Min(FileSource.ChunkSize, elements.Length - i));
            var bytes = MemoryMarshal.AsBytes(piece);
            if (BitConverter.IsLittleEndian) observer(bytes);
            else
            {
                byte[] swapped = bytes.ToArray();
                Swap(swapped, bytes.Length / piece.Length);
                observer(swapped);
            }
        }
    }

    static TensorData<T> Read<T>(FileSource source, ElementFormat encoding, ReadOnlySpan<long> shape, bool swap, Convert<T> convert)
    {
        int size = encoding.Size(), count = (int)SizeOf(source, shape), block = FileSource.ChunkSize / size;
        string what = $"elements of shape [{string.Join(", ", shape.ToArray())}]";
        source.Require((long)count * size, what);
        var elements = new T[source.Remaining is null ? Math.Min(count, block) : count];
        for (int done = 0, n; done < count; done += n)
        {
            n = Math.Min(block, count - done);
            if (done + n > elements.Length) Array.Resize(ref elements, (int)Math.Min(2L * elements.Length, count));
            var bytes = source.Chunk(n * size)[..(n * size)];
            source.Exactly(bytes, what);
            if (swap) Swap(bytes, size);
            convert(bytes, elements.AsSpan(done, n));
        }
        Span<int> lengths = stackalloc int[shape.Length];
        for (int k = 0; k < lengths.Length; k++) lengths[k] = (int)shape[k];
        return new(Shape.Of(lengths), elements);
    }

    static void Copy<T>(ReadOnlySpan<byte> bytes, Span<T> elements) where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes).CopyTo(elements);

    static void Swap(Span<byte> bytes, int size)
    {
        var two = MemoryMarshal.Cast<byte, ushort>(bytes);
        var four = MemoryMarshal.Cast<byte, uint>(bytes);
        var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
        if (size == 2) BinaryPrimitives.ReverseEndianness(two, two);
        if (size == 4) BinaryPrimitives.ReverseEndianness(four, four);
        if (size == 8) BinaryPrimitives.ReverseEndianness(eight, eight);
    }
}
