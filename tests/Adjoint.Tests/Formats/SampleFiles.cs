using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Adjoint.Formats;

namespace Adjoint.Tests.Formats;

/// <summary>Valid files of every format, small, and what it takes to make and compare them.</summary>
static class SampleFiles
{
    public static Dictionary<string, Tensor> Tensors { get; } = new()
    {
        ["dense.weight"] = Tensor.From<float>([3, 4], [.. Enumerable.Range(0, 12).Select(i => i / 7f)]),
        ["dense.bias"] = Tensor.From<double>([3], [1, double.NaN, double.NegativeInfinity]),
        ["mask"] = Tensor.From<bool>([2, 3], [true, false, true, true, false, false]),
        ["steps"] = Tensor.From<long>([], [long.MinValue]),
        ["labels, \"quoted\" é"] = Tensor.From<int>([2, 1, 2], [1, -2, int.MaxValue, int.MinValue]),
        ["empty"] = Tensor.From<float>([0, 3], []),
        ["noise"] = Tensor.From<double>([20, 5], [.. Noise(100)]),
    };

    public static Dictionary<string, string> Metadata { get; } = new() { ["architecture"] = "dense 4 → 3", ["classes"] = "[\"a\",\"b\"]", ["adjoint.note"] = "\"adjoint.sha256\":\"" };

    public static byte[] Safetensors => Written(s => Adjoint.Formats.Safetensors.Write(s, Tensors, Metadata));
    public static byte[] Npz => Written(s => Adjoint.Formats.Npz.Write(s, Tensors, compress: true));
    public static byte[] Npy => Written(s => Adjoint.Formats.Npy.Write(s, Tensors["noise"]));
    public static byte[] Idx => IdxFile(0x08, [7, 6, 5], [.. Enumerable.Range(0, 210).Select(i => (byte)(i * 37))]);

    public static byte[] Csv => System.Text.Encoding.UTF8.GetBytes(
        "length,width,kind\r\n" + string.Concat(Noise(120).Chunk(2).Select((p, i) => FormattableString.Invariant($"{p[0]:g6},{p[1]:g6},{(i % 3 == 0 ? "setosa" : "virginica")}\r\n"))));

    public static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal)) gzip.Write(bytes);
        return stream.ToArray();
    }

    public static byte[] IdxFile(byte type, int[] lengths, byte[] elements)
    {
        byte[] header = new byte[4 + 4 * lengths.Length];
        (header[2], header[3]) = (type, (byte)lengths.Length);
        for (int k = 0; k < lengths.Length; k++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * k), lengths[k]);
        return [.. header, .. elements];
    }

    public static byte[] Bytes(Tensor tensor) => tensor.DType switch
    {
        DType.Bool => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()).ToArray(),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()).ToArray(),
        DType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()).ToArray(),
        DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()).ToArray(),
        _ => MemoryMarshal.AsBytes(tensor.AsSpan<double>()).ToArray(),
    };

    /// <summary>Whether two tensors have one type, one shape and the same bits.</summary>
    public static bool Same(Tensor a, Tensor b) => a.DType == b.DType && a.Shape == b.Shape && Bytes(a).AsSpan().SequenceEqual(Bytes(b));

    public static bool Same(IReadOnlyDictionary<string, Tensor> a, IReadOnlyDictionary<string, Tensor> b) =>
        a.Count == b.Count && a.All(t => b.TryGetValue(t.Key, out var other) && Same(t.Value, other));

    /// <summary>The error of reading these bytes.</summary>
    public static string Error(Func<Stream, string, object> read, byte[] bytes) => Xunit.Assert.Throws<DataFileException>(() => read(new MemoryStream(bytes), "file")).Message;

    static IEnumerable<double> Noise(int count)
    {
        var random = new Random(3);
        return Enumerable.Range(0, count).Select(_ => random.NextDouble() * 10);
    }
}
