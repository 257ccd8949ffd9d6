using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// NumPy's file of one array, versions 1 to 3. Reads bool, int8, uint8, int16 (as int32), int32, int64, float16 (as float32), float32 and float64 of either
/// byte order, in C or Fortran order; writes little-endian C order as NumPy does.
/// </summary>
public static class Npy
{
    /// <summary>The longest header that is read.</summary>
    public const int MaximalHeader = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFileException">It cannot be opened, or is not a whole .npy file of a supported type.</exception>
    public static Tensor Read(string path)
    {
        using var source = FileSource.Open(path);
        return Read(source);
    }

    /// <summary>Reads a stream to its end; errors call it <paramref name="name"/>.</summary>
    /// <exception cref="DataFileException">It does not hold a whole .npy file of a supported type.</exception>
    public static Tensor Read(Stream stream, string name)
    {
        using var source = FileSource.Over(stream, name);
        return Read(source);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="DataFileException">The file exists and is not to be overwritten, or cannot be written.</exception>
    public static void Write(string path, Tensor tensor, bool overwrite = false) => AtomicFile.Write(path, stream => Write(stream, tensor), overwrite);

    /// <summary>Writes to a stream.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        var data = tensor.Data;
        // The data starts at a multiple of 64 bytes; the header ends with a line feed.
        string text = NpyHeader.Write(data.Type, data.Shape);
        int length = (10 + text.Length + 1 + 63) / 64 * 64 - 10;
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8), .. System.Text.Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n")];
        stream.Write(start);
        Elements.Visit(data, stream.Write);
    }

    internal static Tensor Read(FileSource source)
    {
        Span<byte> start = stackalloc byte[8];
        source.Exactly(start, "a npy header");
        if (start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8))
            throw source.Fail("expected a npy file, which starts with \\x93NUMPY, found another start");
        if (start[6] is 0 or > 3 || start[7] != 0) throw source.Fail($"expected npy version 1.0, 2.0 or 3.0, found {start[6]}.{start[7]}");
        var field = start[..(start[6] == 1 ? 2 : 4)];
        source.Exactly(field, "the npy header's length");
        uint length = field.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(field) : BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (length > MaximalHeader) throw source.Fail($"expected a npy header of at most {MaximalHeader} bytes, found a length of {length}");
        var header = NpyHeader.Read(source, source.Bytes((int)length, "the npy header"));
        // In Fortran order the first index runs fastest: the elements are those of the transpose, row-major.
        var data = header.FortranOrder && header.Shape.Length > 1
            ? Transpose(Elements.Read(source, header.Encoding, [.. Enumerable.Reverse(header.Shape)], header.BigEndian))
            : Elements.Read(source, header.Encoding, header.Shape, header.BigEndian);
        source.RequireEnd($"the elements of shape {data.Shape}");
        return new(data);
    }

    static TensorData Transpose(TensorData data)
    {
        var shape = Shape.Of([.. data.Shape.Reverse()]);
        int[] strides = data.Shape.Strides(), indices = new int[shape.Size], index = new int[shape.Rank];
        Array.Reverse(strides);
        for (int i = 0, from = 0; i < indices.Length; i++)
        {
            indices[i] = from;
            for (int k = shape.Rank - 1; k >= 0; k--)
            {
                from += strides[k];
                if (++index[k] < shape[k]) break;
                from -= strides[k] * shape[k];
                index[k] = 0;
            }
        }
        return data.Take(shape, indices);
    }
}
