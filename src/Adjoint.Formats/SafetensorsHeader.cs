using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Adjoint.Formats;

/// <summary>What a safetensors header says of one tensor: its bytes are <c>Start … End</c> of the data that follows the header.</summary>
sealed record SafetensorsEntry(string Name, ElementFormat Encoding, long[] Shape, long Start, long End);

/// <summary>The JSON header of a safetensors file. <c>ChecksumAt</c> is where in the header the digits of the checksum stand, or −1.</summary>
sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, int ChecksumAt)
{
    public const string MetadataKey = "__metadata__";

    /// <summary>
    /// The two metadata entries that files of ours have. Either name and either half of the format's text show that there must be a checksum, so that damage
    /// to some of them does not make the file look like one without.
    /// </summary>
    public const string FormatKey = "adjoint.format", ChecksumKey = "adjoint.sha256";

    public const string Format = "safetensors, the sha256 is of the whole file with zeros for its digits";

    /// <summary>The hexadecimal digits of a SHA-256.</summary>
    public const int ChecksumDigits = 64;

    static readonly (string Name, ElementFormat Encoding)[] types =
    [
        ("BOOL", ElementFormat.Bool), ("I8", ElementFormat.Int8), ("U8", ElementFormat.UInt8), ("I16", ElementFormat.Int16), ("I32", ElementFormat.Int32), ("I64", ElementFormat.Int64),
        ("F16", ElementFormat.Float16), ("BF16", ElementFormat.BFloat16), ("F32", ElementFormat.Float32), ("F64", ElementFormat.Float64),
    ];

    /// <summary>A header with zeros for the checksum, padded with spaces so that the data starts at a multiple of 8.</summary>
    public static byte[] Write(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            json.WriteString(FormatKey, Format);
            json.WriteString(ChecksumKey, new string('0', ChecksumDigits));
            foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
            foreach (var entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", types.First(t => t.Encoding == entry.Encoding).Name);
                json.WriteStartArray("shape");
                foreach (long n in entry.Shape) json.WriteNumberValue(n);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(entry.Start);
                json.WriteNumberValue(entry.End);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        byte[] header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    /// <summary>Reads a header. Names must differ; the tensors' bytes are checked by <see cref="CheckLayout"/>.</summary>
    /// <exception cref="DataFileException">It is not JSON, or does not say what it must.</exception>
    public static SafetensorsHeader Read(FileSource source, byte[] header)
    {
        if (header.Length == 0 || header[0] != '{') throw source.Fail("expected a JSON header that starts with {");
        try
        {
            return Read(source, new Utf8JsonReader(header));
        }
        catch (JsonException e)
        {
            throw source.Fail($"expected a JSON header, found malformed JSON near line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it", e);
        }
        catch (InvalidOperationException e)
        {
            // Documented of GetString: the text is not valid UTF-8 or has half a surrogate pair.
            throw source.Fail("expected a JSON header in UTF-8, found text that is not", e);
        }
    }

    static SafetensorsHeader Read(FileSource source, Utf8JsonReader json)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>();
        var metadata = new Dictionary<string, string>();
        int checksumAt = -1;
        Expect(source, ref json, JsonTokenType.StartObject, "an object");
        while (NextName(source, ref json) is { } name)
        {
            if (!names.Add(name)) throw source.Fail($"expected different names, found {DataFileException.Quote(name)} twice");
            if (name == MetadataKey) checksumAt = ReadMetadata(source, ref json, metadata);
            else entries.Add(ReadEntry(source, ref json, name));
        }
        if (json.Read()) throw source.Fail("expected the end of the header after its object, found more");
        return new(entries, metadata, checksumAt);
    }

    static int ReadMetadata(FileSource source, ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        int checksumAt = -1;
        Expect(source, ref json, JsonTokenType.StartObject, "the metadata as an object");
        while (NextName(source, ref json) is { } key)
        {
            Expect(source, ref json, JsonTokenType.String, $"a text for the metadata {DataFileException.Quote(key)}");
            if (!metadata.TryAdd(key, json.GetString()!)) throw source.Fail($"expected different metadata, found {DataFileException.Quote(key)} twice");
            if (key == ChecksumKey && json.ValueSpan.Length == ChecksumDigits) checksumAt = (int)json.TokenStartIndex + 1;
        }
        bool ours = metadata.Values.Any(IsOurs);
        if (ours | metadata.Remove(FormatKey, out string? format) | metadata.Remove(ChecksumKey) && (format != Format || checksumAt < 0))
            throw source.Fail($"expected a checksum in the metadata {ChecksumKey} and {FormatKey}, found one that is damaged");
        return checksumAt;
    }

    /// <summary>Whether a text is that of our format, of which one end may be damaged.</summary>
    static bool IsOurs(string text) =>
        text.StartsWith(Format[..(Format.Length / 2)], StringComparison.Ordinal) || text.EndsWith(Format[(Format.Length / 2)..], StringComparison.Ordinal);

    static SafetensorsEntry ReadEntry(FileSource source, ref Utf8JsonReader json, string name)
    {
        string quoted = DataFileException.Quote(name);
        ElementFormat? encoding = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(source, ref json, JsonTokenType.StartObject, $"an object for tensor {quoted}");
        while (NextName(source, ref json) is { } key)
        {
            if (key == "dtype" && encoding is null)
            {
                Expect(source, ref json, JsonTokenType.String, $"a dtype for tensor {quoted}");
                string text = json.GetString()!;
                encoding = Array.Find(types, t => t.Name == text) is (not null, var found) ? found : throw source.Fail(
                    $"tensor {quoted}: expected dtype {string.Join(", ", types.Select(t => t.Name))}, found {DataFileException.Quote(text)}");
            }
            else if (key == "shape" && shape is null) shape = Integers(source, ref json, "axis lengths", quoted, Elements.MaximalRank);
            else if (key == "data_offsets" && offsets is null) offsets = Integers(source, ref json, "two data offsets", quoted, 2);
            else throw source.Fail($"tensor {quoted}: expected dtype, shape and data_offsets once each, found {DataFileException.Quote(key)}");
        }
        if (encoding is null || shape is null || offsets is not { Count: 2 }) throw source.Fail(
            $"tensor {quoted}: expected dtype, shape and two data_offsets, found no {(encoding is null ? "dtype" : shape is null ? "shape" : "two data_offsets")}");
        long size = Elements.SizeOf(source, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shape)) * encoding.Value.Size();
        // In this order nothing overflows: both offsets are at least 0.
        if (offsets[1] - offsets[0] != size) throw source.Fail(string.Create(CultureInfo.InvariantCulture,
            $"tensor {quoted}: expected {size} bytes for its shape [{string.Join(", ", shape)}], found data_offsets {offsets[0]} and {offsets[1]}"));
        return new(name, encoding.Value, [.. shape], offsets[0], offsets[1]);
    }

    /// <summary>The tensors in the order of their bytes, which must follow each other without gap or overlap and fill the rest of the file.</summary>
    /// <exception cref="DataFileException">They do not.</exception>
    public IReadOnlyList<SafetensorsEntry> CheckLayout(FileSource source)
    {
        SafetensorsEntry[] ordered = [.. Entries.OrderBy(e => e.Start).ThenBy(e => e.End)];
        long at = 0;
        foreach (var entry in ordered)
        {
            if (entry.Start != at) throw source.Fail(string.Create(CultureInfo.InvariantCulture,
                $"tensor {DataFileException.Quote(entry.Name)}: expected data that starts at offset {at}, where the one before ends, found " +
                $"{(entry.Start < at ? "an overlap" : "a gap")}: offset {entry.Start}"));
            at = entry.End;
        }
        return at == source.Remaining ? ordered
            : throw source.Fail($"expected {at} bytes of data after the header, found {source.Remaining}: the file is {(at > source.Remaining ? "cut off" : "too long")}");
    }

    static string? NextName(FileSource source, ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName ? json.GetString() : json.TokenType == JsonTokenType.EndObject ? null
            : throw source.Fail($"expected a name in the header, found {json.TokenType}");
    }

    static List<long> Integers(FileSource source, ref Utf8JsonReader json, string what, string name, int most)
    {
        var result = new List<long>();
        Expect(source, ref json, JsonTokenType.StartArray, $"{what} for tensor {name}");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long n) || n < 0 || result.Count == most)
                throw source.Fail($"tensor {name}: expected {what} as at most {most} integers from 0, found {DataFileException.Quote(json.ValueSpan)}");
            result.Add(n);
        }
        return result;
    }

    static void Expect(FileSource source, ref Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (!json.Read() || json.TokenType != type) throw source.Fail($"expected {what} in the header, found {json.TokenType}");
    }
}
