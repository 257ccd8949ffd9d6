using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

public sealed class IdxTests
{
    public static TheoryData<byte, byte[], double[], DType> Types => new()
    {
        { 0x08, [0, 200, 255], [0, 200, 255], DType.Int32 },
        { 0x09, [0, 200, 255], [0, -56, -1], DType.Int32 },
        { 0x0B, [0x01, 0x02, 0xFF, 0xFE, 0, 0], [258, -2, 0], DType.Int32 },
        { 0x0C, [0x01, 0x02, 0x03, 0x04, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 0], [0x01020304, -2, 0], DType.Int32 },
        { 0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0, 0, 0, 0, 0], [1, -2.5, 0], DType.Float32 },
        { 0x0E, [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, -2.5, 0], DType.Float64 },
    };

    [Theory, MemberData(nameof(Types))]
    public void All_element_types_are_read_packed_or_not(byte type, byte[] elements, double[] values, DType expected)
    {
        byte[] file = SampleFiles.IdxFile(type, [3, 1], elements);
        foreach (byte[] bytes in new[] { file, SampleFiles.Gzip(file) })
        {
            var tensor = Idx.Read(new MemoryStream(bytes), "file");
            Assert.Equal(expected, tensor.DType);
            Assert.Equal([3, 1], tensor.Shape);
            Assert.Equal(values, tensor.ToArray());
        }
    }

    [Theory]
    [InlineData(new byte[] { }, "file: expected more bytes of an IDX header, found the end of the file after 0 bytes.")]
    [InlineData(new byte[] { 1, 0, 8, 1 }, "file: expected an IDX file, which starts with two zero bytes, found 01 00.")]
    [InlineData(new byte[] { 0, 0, 0x0A, 1 }, "file: expected an IDX element type of 08, 09, 0b, 0c, 0d or 0e, found 0a.")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "file: expected 1 to 64 axes, found 0.")]
    [InlineData(new byte[] { 0, 0, 8, 255 }, "file: expected 1 to 64 axes, found 255.")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0 }, "file: expected more bytes of the axis lengths, found the end of the file after 7 bytes.")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2 }, "file: expected 3 bytes of elements of shape [3], found 2 before the end of the file.")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 1, 2 }, "file: expected the end of the file after the elements of shape [1], which takes 9 bytes, found more.")]
    [InlineData(new byte[] { 0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255 }, "file: expected a shape of at most 2147483591 elements, found [4294967295, 4294967295].")]
    public void Wrong_files_are_explained(byte[] file, string message) => Assert.Equal(message, SampleFiles.Error(Idx.Read, file));

    [Fact]
    public void Every_cut_of_a_packed_file_is_noticed()
    {
        byte[] file = SampleFiles.Gzip(SampleFiles.Idx);
        for (int n = 0; n < file.Length; n++) SampleFiles.Error(Idx.Read, file[..n]);
        Assert.Equal("file: expected intact gzip data in one piece, found data that is damaged, cut off or followed by more after 226 bytes of content.",
            SampleFiles.Error(Idx.Read, [.. file, 0]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_claim_of_many_elements_allocates_no_more_than_there_is(bool packed)
    {
        byte[] file = SampleFiles.IdxFile(0x0E, [200_000_000], new byte[80]);
        if (packed) file = SampleFiles.Gzip(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = SampleFiles.Error(Idx.Read, file);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 300_000);
        Assert.Equal(packed ? "file: expected more bytes of elements of shape [200000000], found the end of the file after 88 bytes of content."
            : "file: expected 1600000000 bytes of elements of shape [200000000], found 80 before the end of the file.", message);
    }

    [Fact]
    public void A_packed_file_that_grows_beyond_its_claim_is_not_unpacked_to_the_end()
    {
        byte[] file = SampleFiles.Gzip(SampleFiles.IdxFile(0x08, [10], new byte[100_000_000]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("file: expected the end of the file after the elements of shape [10], which takes 18 bytes of content, found more.", SampleFiles.Error(Idx.Read, file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 300_000);
    }

    [Fact]
    public void Large_packed_files_are_read()
    {
        byte[] elements = [.. Enumerable.Range(0, 300_007).Select(i => (byte)(i % 251))];
        var tensor = Idx.Read(new MemoryStream(SampleFiles.Gzip(SampleFiles.IdxFile(0x08, [300_007], elements))), "file");
        Assert.Equal(elements.Select(b => (int)b), tensor.ToArray<int>());
    }

    [Fact]
    public void Missing_files_and_directories_are_explained()
    {
        string directory = Directory.CreateTempSubdirectory("adjoint").FullName, missing = Path.Combine(directory, "absent", "x.gz");
        Assert.Equal($"{missing}: there is no such file.", Assert.Throws<DataFileException>(() => Idx.Read(missing)).Message);
        Assert.Equal($"{directory}: expected a file, found a directory.", Assert.Throws<DataFileException>(() => Idx.Read(directory)).Message);
        Directory.Delete(directory);
    }

    [Fact]
    public void The_digits_of_mnist_are_read()
    {
        Assert.SkipUnless(Shared.Find("data/mnist/t10k-images-idx3-ubyte.gz") is { } images && Shared.Find("data/mnist/t10k-labels-idx1-ubyte.gz") is not null,
            "The MNIST files are not here: shared/data/mnist is not beside the project.");
        var pixels = Idx.Read(Shared.Find("data/mnist/t10k-images-idx3-ubyte.gz")!);
        var labels = Idx.Read(Shared.Find("data/mnist/t10k-labels-idx1-ubyte.gz")!);
        Assert.Equal([10_000, 28, 28], pixels.Shape);
        Assert.Equal([7, 2, 1, 0, 4], labels.ToArray<int>()[..5]);
        Assert.Equal((0, 255), (pixels.ToArray<int>().Min(), pixels.ToArray<int>().Max()));
    }
}
