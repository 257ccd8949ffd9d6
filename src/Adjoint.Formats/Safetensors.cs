using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Adjoint.Formats;

/// <summary>
/// Named tensors and a few texts in a file: the format of huggingface.co/docs/safetensors. Files that are written here carry a checksum of the whole file
/// in their metadata, which other readers pass over; reading verifies it where it is there, so that no changed or missing byte goes unnoticed.
/// </summary>
public sealed class Safetensors
{
    /// <summary>The longest header that is read: as in the reference implementation.</summary>
    public const int MaximalHeader = 100_000_000;

    Safetensors(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata, bool isVerified) =>
        (Tensors, Metadata, IsVerified) = (tensors, metadata, isVerified);

    /// <summary>The tensors by name, in the order of their data. I8, U8 and I16 become int32, F16 and BF16 float32.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The file's own texts, without the checksum.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether the file has a checksum; it was verified then.</summary>
    public bool IsVerified { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFileException">It cannot be opened, or is not a whole and intact safetensors file of supported element types.</exception>
    public static Safetensors Read(string path)
    {
        using var source = FileSource.Open(path);
        return Read(source);
    }

    /// <summary>Reads a stream to its end; errors call it <paramref name="name"/>.</summary>
    /// <exception cref="DataFileException">It does not hold a whole and intact safetensors file of supported element types.</exception>
    public static Safetensors Read(Stream stream, string name)
    {
        using var source = FileSource.Over(stream, name);
        return Read(source);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is reserved.</exception>
    /// <exception cref="DataFileException">The file exists and is not to be overwritten, or cannot be written.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool overwrite = false) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata), overwrite);

    /// <summary>Writes to a stream.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name is reserved.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (entries, data) = Plan(tensors, metadata ??= new Dictionary<string, string>());
        byte[] header = SafetensorsHeader.Write(entries, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(header);
        foreach (var tensor in data) Elements.Visit(tensor, hash.AppendData);
        // Quotes inside of texts are escaped in JSON, so this is the entry and no other place.
        int digits = header.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes($"\"{SafetensorsHeader.ChecksumKey}\":\"")) + SafetensorsHeader.ChecksumKey.Length + 4;
        System.Text.Encoding.ASCII.GetBytes(System.Convert.ToHexStringLower(hash.GetHashAndReset()), header.AsSpan(digits));

        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in data) Elements.Visit(tensor, stream.Write);
    }

    /// <summary>The larger elements first, so that every tensor is aligned; then by name.</summary>
    static (List<SafetensorsEntry>, TensorData[]) Plan(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var ordered = tensors.Select(t => (Name: t.Key, t.Value.Data, Encoding: Elements.Of(t.Value.DType)))
            .OrderByDescending(t => t.Encoding.Size()).ThenBy(t => t.Name, StringComparer.Ordinal).ToArray();
        var names = new HashSet<string>();
        foreach (var (name, _, _) in ordered)
        {
            if (name == SafetensorsHeader.MetadataKey) throw new ArgumentException($"Safetensors: no tensor can be named {name}.", nameof(tensors));
            if (!names.Add(name)) throw new ArgumentException($"Safetensors: two tensors are named {DataFileException.Quote(name)}.", nameof(tensors));
        }
        foreach (string key in metadata.Keys)
            if (key is SafetensorsHeader.FormatKey or SafetensorsHeader.ChecksumKey)
                throw new ArgumentException($"Safetensors: the metadata {key} is written with the checksum and cannot be given.", nameof(metadata));
        var entries = new List<SafetensorsEntry>();
        long at = 0;
        foreach (var (name, data, encoding) in ordered)
            entries.Add(new(name, encoding, [.. data.Shape], at, at += (long)data.Shape.Size * encoding.Size()));
        return (entries, [.. ordered.Select(t => t.Data)]);
    }

    static Safetensors Read(FileSource source)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        source.Exactly(length, "the header's length");
        ulong claim = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (claim > MaximalHeader || (long)claim > source.Remaining)
            throw source.Fail($"expected a header of at most {Math.Min(MaximalHeader, source.Remaining!.Value)} bytes, found a length of {claim}");
        byte[] bytes = source.Bytes((int)claim, "the header");
        var header = SafetensorsHeader.Read(source, bytes);
        var entries = header.CheckLayout(source);

        using var hash = header.ChecksumAt < 0 ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[]? written = hash is null ? null : StartVerifying(hash, source, length, bytes.AsSpan(), header.ChecksumAt);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries) tensors.Add(entry.Name, new Tensor(Elements.Read(source, entry.Encoding, entry.Shape)));
        source.RequireEnd("the tensors");
        if (hash is not null && !hash.GetHashAndReset().AsSpan().SequenceEqual(written))
            throw source.Fail("expected the content that was written, found another: its checksum does not fit, so that the file is damaged");
        return new(tensors, header.Metadata, hash is not null);
    }

    /// <summary>The checksum that the header states; what is hashed is the file with zeros in its place.</summary>
    static byte[] StartVerifying(IncrementalHash hash, FileSource source, ReadOnlySpan<byte> length, Span<byte> header, int at)
    {
        var digits = header.Slice(at, SafetensorsHeader.ChecksumDigits);
        byte[] written = new byte[SafetensorsHeader.ChecksumDigits / 2];
        if (digits.ContainsAnyInRange((byte)'A', (byte)'F') || System.Convert.FromHexString(digits, written, out _, out _) != System.Buffers.OperationStatus.Done)
            throw source.Fail($"expected a checksum of {SafetensorsHeader.ChecksumDigits} hexadecimal digits, found {DataFileException.Quote(digits)}");
        digits.Fill((byte)'0');
        hash.AppendData(length);
        hash.AppendData(header);
        source.Observer = hash.AppendData;
        return written;
    }
}
