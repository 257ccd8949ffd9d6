using System.Buffers.Binary;
using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

public sealed class SafetensorsTests
{
    /// <summary>A file as others write it: this header, without a checksum, and this many bytes of data.</summary>
    static byte[] File(string header, int data = 0)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. Enumerable.Range(0, data).Select(i => (byte)i)];
    }

    static string Error(string header, int data = 0) => SampleFiles.Error(Safetensors.Read, File(header, data));

    [Fact]
    public void Tensors_and_metadata_come_back()
    {
        var read = Safetensors.Read(new MemoryStream(SampleFiles.Safetensors), "model");
        Assert.True(read.IsVerified);
        Assert.True(SampleFiles.Same(SampleFiles.Tensors, read.Tensors));
        Assert.Equal(SampleFiles.Metadata.OrderBy(m => m.Key), read.Metadata.OrderBy(m => m.Key));
    }

    [Fact]
    public void Nothing_at_all_comes_back()
    {
        var read = Safetensors.Read(new MemoryStream(SampleFiles.Written(s => Safetensors.Write(s, []))), "model");
        Assert.True(read.IsVerified);
        Assert.Empty(read.Tensors);
        Assert.Empty(read.Metadata);
    }

    [Fact]
    public void The_bytes_are_the_formats()
    {
        byte[] file = SampleFiles.Written(s => Safetensors.Write(s, new Dictionary<string, Tensor> { ["b"] = Tensor.Of(1f), ["a"] = Tensor.Of(true), ["c"] = Tensor.Of(2.0, 3.0) }));
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        using var json = System.Text.Json.JsonDocument.Parse(file.AsMemory(8, length));
        Assert.Equal(["__metadata__", "c", "b", "a"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("""{"dtype":"F32","shape":[1],"data_offsets":[16,20]}""", json.RootElement.GetProperty("b").GetRawText());
        Assert.Equal([.. BitConverter.GetBytes(2.0), .. BitConverter.GetBytes(3.0), .. BitConverter.GetBytes(1f), 1], file[(8 + length)..]);
    }

    [Fact]
    public void The_checksum_is_the_sha256_of_the_file_with_zeros_in_its_place()
    {
        string text = System.Text.Encoding.Latin1.GetString(SampleFiles.Safetensors);
        string digits = text.Substring(text.IndexOf("\"adjoint.sha256\":\"", StringComparison.Ordinal) + 18, 64);
        byte[] zeroed = System.Text.Encoding.Latin1.GetBytes(text.Replace(digits, new string('0', 64), StringComparison.Ordinal));
        Assert.Equal(digits, System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(zeroed)));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        byte[] file = SampleFiles.Safetensors;
        foreach (byte flip in new byte[] { 0x01, 0x20, 0x80, 0xFF })
            for (int i = 0; i < file.Length; i++)
            {
                file[i] ^= flip;
                SampleFiles.Error(Safetensors.Read, file);
                file[i] ^= flip;
            }
    }

    [Fact]
    public void Every_cut_and_every_addition_is_noticed()
    {
        byte[] file = SampleFiles.Safetensors;
        for (int n = 0; n < file.Length; n++) SampleFiles.Error(Safetensors.Read, file[..n]);
        SampleFiles.Error(Safetensors.Read, [.. file, 0]);
    }

    [Fact]
    public void Files_of_others_are_read_and_narrow_types_widened()
    {
        byte[] file = File("""
            {"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"g":{"shape":[2],"data_offsets":[4,8],"dtype":"BF16"},
             "u":{"dtype":"U8","shape":[1,2],"data_offsets":[8,10]},"i":{"dtype":"I8","shape":[],"data_offsets":[10,11]},
             "s":{"dtype":"I16","shape":[1],"data_offsets":[11,13]},"e":{"dtype":"F64","shape":[0],"data_offsets":[4,4]},"__metadata__":{"format":"pt"}}
            """);
        file = [.. file, .. BitConverter.GetBytes((Half)1.5), .. BitConverter.GetBytes(Half.NegativeInfinity), 0x80, 0x3F, 0x49, 0x40, 200, 3, 0xFF, 0xFE, 0xFF];
        var read = Safetensors.Read(new MemoryStream(file), "model");
        Assert.False(read.IsVerified);
        Assert.Equal("pt", read.Metadata["format"]);
        Assert.Equal([1.5f, float.NegativeInfinity], read.Tensors["h"].ToArray<float>());
        Assert.Equal([1f, 3.140625f], read.Tensors["g"].ToArray<float>());
        Assert.Equal([200, 3], read.Tensors["u"].ToArray<int>());
        Assert.Equal(-1, read.Tensors["i"].ToScalar<int>());
        Assert.Equal([-2], read.Tensors["s"].ToArray<int>());
        Assert.Equal([0], read.Tensors["e"].Shape);
    }

    [Fact]
    public void Large_tensors_come_back()
    {
        var tensors = new Dictionary<string, Tensor> { ["x"] = Tensor.FromFunction([300, 1001], i => i[0] * 1001.0 + i[1]), ["y"] = Tensor.Arange(100_003) };
        Assert.True(SampleFiles.Same(tensors, Safetensors.Read(new MemoryStream(SampleFiles.Written(s => Safetensors.Write(s, tensors))), "model").Tensors));
    }

    [Theory]
    [InlineData("[]", 0, "file: expected a JSON header that starts with {.")]
    [InlineData("{\"a\":1}", 0, "file: expected an object for tensor \"a\" in the header, found Number.")]
    [InlineData("{} {}", 0, "file: expected a JSON header, found malformed JSON near line 1, byte 4 of it.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "file: expected different names, found \"a\" twice.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 8,
        "file: tensor \"b\": expected data that starts at offset 4, where the one before ends, found an overlap: offset 2.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "file: tensor \"a\": expected data that starts at offset 0, where the one before ends, found a gap: offset 4.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "file: expected 8 bytes of data after the header, found 7: the file is cut off.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "file: expected 8 bytes of data after the header, found 9: the file is too long.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "file: tensor \"a\": expected 12 bytes for its shape [3], found data_offsets 0 and 8.")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1,
        "file: tensor \"a\": expected dtype BOOL, I8, U8, I16, I32, I64, F16, BF16, F32, F64, found \"F8_E4M3\".")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "file: tensor \"a\": expected dtype, shape and two data_offsets, found no two data_offsets.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "file: tensor \"a\": expected axis lengths as at most 64 integers from 0, found \"-1\".")]
    [InlineData("""{"a":{"dtype":"F32","shape":[100000,100000],"data_offsets":[0,4]}}""", 4, "file: expected a shape of at most 2147483591 elements, found [100000, 100000].")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}""", 4,
        "file: expected a shape of at most 2147483591 elements, found [9223372036854775807, 9223372036854775807].")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}""", 4, "file: expected bools of 0 or 1, found 2 at byte 65.")]
    [InlineData("""{"__metadata__":{"n":1}}""", 0, "file: expected a text for the metadata \"n\" in the header, found Number.")]
    [InlineData("""{"__metadata__":{"n":"1","n":"2"}}""", 0, "file: expected different metadata, found \"n\" twice.")]
    [InlineData("""{"__metadata__":{"adjoint.sha256":"0"}}""", 0, "file: expected a checksum in the metadata adjoint.sha256 and adjoint.format, found one that is damaged.")]
    [InlineData("""{"\ud800":{}}""", 0, "file: expected a JSON header in UTF-8, found text that is not.")]
    public void Wrong_headers_are_explained(string header, int data, string message) => Assert.Equal(message, Error(header, data));

    [Fact]
    public void A_claim_of_a_long_header_allocates_nothing()
    {
        byte[] file = File("{}");
        BinaryPrimitives.WriteInt64LittleEndian(file, 99_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("file: expected a header of at most 2 bytes, found a length of 99000000.", SampleFiles.Error(Safetensors.Read, file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Names_that_cannot_be_written_are_refused_and_leave_no_file()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("adjoint").FullName, "model.safetensors");
        KeyValuePair<string, Tensor> a = new("a", Tensor.Of(1f)), reserved = new("__metadata__", Tensor.Of(1f));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [a, a]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [reserved]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [a], new Dictionary<string, string> { ["adjoint.sha256"] = "" }));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
        Safetensors.Write(path, [a]);
        Assert.Equal(1f, Safetensors.Read(path).Tensors["a"].ToScalar<float>());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
