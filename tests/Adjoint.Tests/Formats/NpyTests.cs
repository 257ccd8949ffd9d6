using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

public sealed class NpyTests
{
    /// <summary>A file with this header, version 1 to 3, and this data.</summary>
    static byte[] File(string header, byte[] data, byte version = 1)
    {
        byte[] text = System.Text.Encoding.Latin1.GetBytes(header), length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    static Tensor Read(byte[] file) => Npy.Read(new MemoryStream(file), "file");

    static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void Arrays_come_back()
    {
        foreach (var (name, tensor) in SampleFiles.Tensors) Assert.True(SampleFiles.Same(tensor, Read(SampleFiles.Written(s => Npy.Write(s, tensor)))), name);
    }

    /// <summary>The bytes of numpy.save(file, numpy.array([[1, 2, 3]], dtype=numpy.float32)).</summary>
    [Fact]
    public void The_bytes_are_those_of_NumPy()
    {
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }".PadRight(117) + "\n";
        Assert.Equal(File(header, Floats(1, 2, 3)), SampleFiles.Written(s => Npy.Write(s, Tensor.Of([[1f, 2f, 3f]]))));
        Assert.Contains("'shape': (2,), }", System.Text.Encoding.Latin1.GetString(SampleFiles.Written(s => Npy.Write(s, Tensor.Of(1, 2)))), StringComparison.Ordinal);
        Assert.Contains("'descr': '|b1', 'fortran_order': False, 'shape': (), }",
            System.Text.Encoding.Latin1.GetString(SampleFiles.Written(s => Npy.Write(s, Tensor.From<bool>([], [true])))), StringComparison.Ordinal);
    }

    [Fact]
    public void Fortran_order_is_transposed()
    {
        var matrix = Read(File("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", Floats(1, 4, 2, 5, 3, 6)));
        Assert.Equal([2, 3], matrix.Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], matrix.ToArray<float>());
        var cube = Read(File("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }", Floats([.. Enumerable.Range(0, 24).Select(i => (float)i)])));
        Assert.Equal(Tensor.FromFunction([2, 3, 4], i => (float)(i[0] + 2 * i[1] + 6 * i[2])).ToArray<float>(), cube.ToArray<float>());
        Assert.Equal([0, 3], Read(File("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 3), }", [])).Shape);
    }

    [Theory]
    [InlineData("'>f8'", new byte[] { 0x3F, 0xF8, 0, 0, 0, 0, 0, 0 }, 1.5, DType.Float64)]
    [InlineData("'<f2'", new byte[] { 0x00, 0x3E }, 1.5, DType.Float32)]
    [InlineData("'>f2'", new byte[] { 0x3E, 0x00 }, 1.5, DType.Float32)]
    [InlineData("\"|u1\"", new byte[] { 200 }, 200, DType.Int32)]
    [InlineData("'|i1'", new byte[] { 200 }, -56, DType.Int32)]
    [InlineData("'>i2'", new byte[] { 1, 2 }, 258, DType.Int32)]
    [InlineData("'=i4'", new byte[] { 1, 2, 0, 0 }, 513, DType.Int32)]
    [InlineData("'>i8'", new byte[] { 255, 255, 255, 255, 255, 255, 255, 254 }, -2, DType.Int64)]
    [InlineData("'|b1'", new byte[] { 1 }, 1, DType.Bool)]
    public void Types_and_byte_orders_are_read(string descr, byte[] data, double value, DType type)
    {
        foreach (byte version in new byte[] { 1, 2, 3 })
        {
            var tensor = Read(File($"{{'shape':( 1L , ), 'descr' : {descr},\t'fortran_order':False}}\n", data, version));
            Assert.Equal((type, value), (tensor.DType, tensor.ToScalar()));
        }
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 7, "file: expected 8 bytes of elements of shape [2], found 7 before the end of the file.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9, "file: expected the end of the file after the elements of shape [2], which takes 75 bytes, found more.")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", 16, "file: expected an element type b1, i1, u1, i2, i4, i8, f2, f4, f8, found \"<c8\".")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8, "file: expected a quoted text at byte 11 of the npy header, found \"[('a', '<f4'\".")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8, "file: expected True or False at byte 35 of the npy header, found \"0, 'shape': \".")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", 8, "file: expected ',' at byte 53 of the npy header, found \"), }\".")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8, "file: expected an axis length at byte 52 of the npy header, found \"-2,), }\".")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", 8, "file: expected descr, fortran_order and shape in the npy header, found no shape.")]
    [InlineData("{'descr': '<f4', 'descr': '<f4'}", 8, "file: expected descr, fortran_order and shape once each in the npy header, found \"descr\".")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", 8, "file: expected its end at byte 59 of the npy header, found \"x\".")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,", 8, "file: expected an axis length at byte 54 of the npy header, found its end.")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", 3, "file: expected bools of 0 or 1, found 2 at byte 69.")]
    public void Wrong_headers_are_explained(string header, int data, string message) =>
        Assert.Equal(message, SampleFiles.Error(Npy.Read, File(header, [.. Enumerable.Range(0, data).Select(i => (byte)i)])));

    [Fact]
    public void Other_files_are_explained()
    {
        Assert.Equal("file: expected a npy file, which starts with \\x93NUMPY, found another start.", SampleFiles.Error(Npy.Read, new byte[20]));
        Assert.Equal("file: expected npy version 1.0, 2.0 or 3.0, found 4.0.", SampleFiles.Error(Npy.Read, File("{}", [], version: 4)));
        Assert.Equal("file: expected a npy header of at most 1048576 bytes, found a length of 4294967295.",
            SampleFiles.Error(Npy.Read, [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Archives_come_back(bool compress)
    {
        byte[] file = SampleFiles.Written(s => Npz.Write(s, SampleFiles.Tensors, compress));
        Assert.True(SampleFiles.Same(SampleFiles.Tensors, Npz.Read(new MemoryStream(file), "file")));
        Assert.Equal(file, SampleFiles.Written(s => Npz.Write(s, SampleFiles.Tensors, compress)));
    }

    [Fact]
    public void Damage_to_an_archives_data_is_noticed()
    {
        byte[] file = SampleFiles.Written(s => Npz.Write(s, [new("x", Tensor.Of(1.0, 2.0))]));
        int data = file.AsSpan().IndexOf(BitConverter.GetBytes(2.0));
        file[data] ^= 1;
        Assert.Equal("file, entry \"x.npy\": expected the content that was written, found another: its checksum does not fit.", SampleFiles.Error(Npz.Read, file));
        for (int n = 0; n < file.Length; n++) SampleFiles.Error(Npz.Read, file[..n]);
    }

    [Fact]
    public void Files_are_written_whole_and_read()
    {
        string directory = Directory.CreateTempSubdirectory("adjoint").FullName, npy = Path.Combine(directory, "x.npy"), npz = Path.Combine(directory, "x.npz");
        Npy.Write(npy, Tensor.Of(1.0, 2.0));
        Npz.Write(npz, SampleFiles.Tensors);
        Assert.Throws<DataFileException>(() => Npz.Write(npz, []));
        Assert.Throws<ArgumentException>(() => Npz.Write(npz, [new("a", Tensor.Of(1)), new("a", Tensor.Of(1))], overwrite: true));
        Assert.Equal([1.0, 2.0], Npy.Read(npy).ToArray<double>());
        Assert.True(SampleFiles.Same(SampleFiles.Tensors, Npz.Read(npz)));
        Assert.Equal($"{npy}: expected an intact npz file (a zip archive of npy files), found one that is damaged.", Assert.Throws<DataFileException>(() => Npz.Read(npy)).Message);
        Assert.Equal($"{npz}x: there is no such file.", Assert.Throws<DataFileException>(() => Npz.Read(npz + "x")).Message);
        Assert.Equal(2, Directory.GetFiles(directory).Length);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void A_compressed_claim_allocates_no_more_than_there_is()
    {
        byte[] inner = File("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000,), }", new byte[8]), file = SampleFiles.Written(stream =>
        {
            using var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true);
            using var entry = archive.CreateEntry("x.npy").Open();
            entry.Write(inner);
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("file, entry \"x.npy\": expected more bytes of elements of shape [200000000]", SampleFiles.Error(Npz.Read, file), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 400_000);
    }
}
