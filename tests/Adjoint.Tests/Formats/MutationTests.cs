using System.Diagnostics;
using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

/// <summary>
/// Every reader meets 10,000 damaged files, or as many as the environment variable ADJOINT_FUZZ says. It gives what the file holds, or one clear sentence,
/// and allocates no more than the file's size warrants.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    static int Count => int.TryParse(Environment.GetEnvironmentVariable("ADJOINT_FUZZ"), out int n) ? Math.Max(n, 10_000) : 10_000;

    /// <summary>A reader; a valid file for it; the size of its content; whether a result is right for a file.</summary>
    sealed record Reader(byte[] File, long Content, Func<Stream, string, object> Read, Func<byte[], object, bool> IsRight);

    static readonly Dictionary<string, Reader> readers = new()
    {
        ["safetensors"] = new(SampleFiles.Safetensors, SampleFiles.Safetensors.Length, Safetensors.Read, (_, x) =>
            SampleFiles.Same(((Safetensors)x).Tensors, SampleFiles.Tensors) && ((Safetensors)x).Metadata.OrderBy(m => m.Key).SequenceEqual(SampleFiles.Metadata.OrderBy(m => m.Key))),
        ["idx"] = new(SampleFiles.Idx, SampleFiles.Idx.Length, Idx.Read, (file, x) => IdxOf(file, (Tensor)x).AsSpan().SequenceEqual(file)),
        ["idx.gz"] = new(SampleFiles.Gzip(SampleFiles.Idx), SampleFiles.Idx.Length, Idx.Read, (file, x) => IdxOf(Unpacked(file, SampleFiles.Idx), (Tensor)x).AsSpan().SequenceEqual(Unpacked(file, SampleFiles.Idx))),
        ["csv"] = new(SampleFiles.Csv, SampleFiles.Csv.Length, (s, n) => Csv.Read(s, n), IsSplit),
        ["csv.gz"] = new(SampleFiles.Gzip(SampleFiles.Csv), SampleFiles.Csv.Length, (s, n) => Csv.Read(s, n), (file, x) => IsSplit(Unpacked(file, SampleFiles.Csv), x)),
        ["npy"] = new(SampleFiles.Npy, SampleFiles.Npy.Length, Npy.Read, IsTail),
        ["npz"] = new(SampleFiles.Npz, 4 * SampleFiles.Npz.Length, Npz.Read, (_, x) =>
            ((IReadOnlyDictionary<string, Tensor>)x).Values.All(t => SampleFiles.Tensors.Values.Any(o => SampleFiles.Same(t, o)))),
    };

    public static TheoryData<string> Readers => [.. readers.Keys];

    [Theory, MemberData(nameof(Readers))]
    public void Damaged_files_are_read_rightly_or_refused_clearly(string name)
    {
        var reader = readers[name];
        Assert.True(reader.IsRight(reader.File, reader.Read(new MemoryStream(reader.File), name)));
        var clock = Stopwatch.StartNew();
        var messages = new Dictionary<string, int>();
        int read = 0;
        long most = 0;
        for (int seed = 0; seed < Count; seed++)
        {
            byte[] file = Mutations.Apply(reader.File, new Random(seed));
            using var stream = new MemoryStream(file);
            long before = GC.GetAllocatedBytesForCurrentThread();
            object? result = null;
            string? message = null;
            try
            {
                result = reader.Read(stream, name);
            }
            catch (DataFileException e)
            {
                message = e.Message;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before, bound = 16 * Math.Max(file.Length, reader.Content) + (1 << 20);
            most = Math.Max(most, allocated);
            Assert.True(allocated <= bound, $"seed {seed}: {allocated} bytes were allocated for a file of {file.Length}");
            if (message is not null)
            {
                Assert.True(message.StartsWith(name, StringComparison.Ordinal) && message.EndsWith('.') && !message.Contains('\n'), $"seed {seed}: {message}");
                messages[message] = messages.GetValueOrDefault(message) + 1;
                continue;
            }
            read++;
            Assert.True(reader.IsRight(file, result!), $"seed {seed}: the result is not what the file holds: {System.Convert.ToBase64String(file)}");
        }
        Assert.True(messages.Count > 5, "The damage has no effect.");
        output.WriteLine($"{name}: {Count} damaged files, {read} read, {messages.Values.Sum()} refused with {messages.Count} messages, at most {most} bytes allocated, {clock.ElapsedMilliseconds} ms");
        foreach (var (text, n) in messages.OrderByDescending(m => m.Value).Take(12)) output.WriteLine($"{n,6}  {text}");
    }

    /// <summary>What a damaged gzip file that is read holds: as before; or itself, if it does not look like gzip any more.</summary>
    static byte[] Unpacked(byte[] file, byte[] content) => file is [0x1F, 0x8B, ..] ? content : file;

    /// <summary>What an IDX file with this one's element type would be for these elements.</summary>
    static byte[] IdxOf(byte[] file, Tensor tensor)
    {
        byte[] elements = file[2] switch
        {
            8 or 9 => [.. tensor.ToArray<int>().Select(i => (byte)i)],
            11 => [.. tensor.ToArray<int>().SelectMany(i => BitConverter.GetBytes((short)i).Reverse())],
            12 => [.. tensor.ToArray<int>().SelectMany(i => BitConverter.GetBytes(i).Reverse())],
            13 => [.. tensor.ToArray<float>().SelectMany(i => BitConverter.GetBytes(i).Reverse())],
            _ => [.. tensor.ToArray<double>().SelectMany(i => BitConverter.GetBytes(i).Reverse())],
        };
        return SampleFiles.IdxFile(file[2], [.. tensor.Shape], elements);
    }

    /// <summary>Whether a table's cells are those of a plain split of the text, where no quotes complicate that.</summary>
    static bool IsSplit(byte[] file, object result)
    {
        var table = (Table)result;
        string text = System.Text.Encoding.UTF8.GetString(file).TrimStart('\uFEFF');
        if (text.Contains('"', StringComparison.Ordinal)) return table.RowCount > 0;
        string[] lines = text.Split(["\r\n", "\n", "\r"], StringSplitOptions.RemoveEmptyEntries);
        if (table.HasHeader || table.ClassNames is not null) lines = lines[1..];
        return lines.Length == table.RowCount && new[] { ',', ';', '\t' }.Any(separator => lines.Index().All(line =>
            line.Item.Split(separator).Select(cell => cell.Trim(' ', '\t')).SequenceEqual(table.Columns.Select(c => c.Text(line.Index)))));
    }

    /// <summary>Whether the elements' bits are the end of the file, which holds for the types that are not widened, in their usual order.</summary>
    static bool IsTail(byte[] file, object result)
    {
        var tensor = (Tensor)result;
        string header = System.Text.Encoding.Latin1.GetString(file, 0, Math.Min(128, file.Length));
        bool plain = header.Contains("'<f8", StringComparison.Ordinal) && header.Contains("False", StringComparison.Ordinal);
        return plain ? file.AsSpan().EndsWith(SampleFiles.Bytes(tensor)) && tensor.Size * 8 + 80 <= file.Length : tensor.Size <= file.Length;
    }
}
