using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// The IDX format of MNIST: two zero bytes, the element type, the number of axes, their lengths as 32-bit integers, the elements row-major; all big-endian.
/// Source: yann.lecun.com/exdb/mnist.
/// </summary>
public static class Idx
{
    /// <summary>
    /// Reads a file, packed with gzip or not. Unsigned and signed bytes, shorts and ints become int32; floats and doubles float32 and float64.
    /// </summary>
    /// <exception cref="DataFileException">It cannot be opened, or is not a whole IDX file.</exception>
    public static Tensor Read(string path)
    {
        using var source = FileSource.Open(path, unpack: true);
        return Read(source);
    }

    /// <summary>Reads a stream to its end; errors call it <paramref name="name"/>.</summary>
    /// <exception cref="DataFileException">It does not hold a whole IDX file.</exception>
    public static Tensor Read(Stream stream, string name)
    {
        using var source = FileSource.Over(stream, name, unpack: true);
        return Read(source);
    }

    static Tensor Read(FileSource source)
    {
        Span<byte> header = stackalloc byte[4];
        source.Exactly(header, "an IDX header");
        if (header[0] != 0 || header[1] != 0) throw source.Fail($"expected an IDX file, which starts with two zero bytes, found {header[0]:x2} {header[1]:x2}");
        var encoding = header[2] switch
        {
            0x08 => ElementFormat.UInt8,
            0x09 => ElementFormat.Int8,
            0x0B => ElementFormat.Int16,
            0x0C => ElementFormat.Int32,
            0x0D => ElementFormat.Float32,
            0x0E => ElementFormat.Float64,
            _ => throw source.Fail($"expected an IDX element type of 08, 09, 0b, 0c, 0d or 0e, found {header[2]:x2}"),
        };
        if (header[3] is 0 or > Elements.MaximalRank) throw source.Fail($"expected 1 to {Elements.MaximalRank} axes, found {header[3]}");
        Span<long> lengths = stackalloc long[header[3]];
        foreach (ref long length in lengths)
        {
            source.Exactly(header, "the axis lengths");
            length = BinaryPrimitives.ReadUInt32BigEndian(header);
        }
        var data = Elements.Read(source, encoding, lengths, bigEndian: true);
        source.RequireEnd($"the elements of shape {data.Shape}");
        return new(data);
    }
}
