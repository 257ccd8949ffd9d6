using System.IO.Compression;
using System.IO.Hashing;

namespace Adjoint.Formats;

/// <summary>NumPy's archive of named arrays: a zip file of .npy files. Checksums are verified.</summary>
public static class Npz
{
    const string Extension = ".npy";

    /// <summary>Reads a file: the arrays by name, in the order of the archive.</summary>
    /// <exception cref="DataFileException">It cannot be opened, or is not a whole and intact zip file of .npy files of supported types.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var stream = FileSource.OpenStream(path);
        return Read(stream, path);
    }

    /// <summary>Reads a stream; errors call it <paramref name="name"/>.</summary>
    /// <exception cref="DataFileException">It does not hold a whole and intact zip file of .npy files of supported types.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, string name)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var tensors = new Dictionary<string, Tensor>();
            foreach (var entry in archive.Entries)
            {
                string inner = $"{name}, entry {DataFileException.Quote(entry.FullName)}";
                if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) throw new DataFileException(inner, "expected a name that ends with .npy");
                using var source = FileSource.Entry(entry.Open(), inner);
                var crc = new Crc32();
                source.Observer = crc.Append;
                var tensor = Npy.Read(source);
                if (crc.GetCurrentHashAsUInt32() != entry.Crc32) throw source.Fail("expected the content that was written, found another: its checksum does not fit");
                if (!tensors.TryAdd(entry.FullName[..^Extension.Length], tensor)) throw new DataFileException(inner, "expected different names, found this one twice");
            }
            return tensors;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or OverflowException or ArgumentException)
        {
            throw new DataFileException(name, "expected an intact npz file (a zip archive of npy files), found one that is damaged", e);
        }
    }

    /// <summary>Writes a file, whole or not at all; uncompressed like <c>numpy.savez</c>, or compressed.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    /// <exception cref="DataFileException">The file exists and is not to be overwritten, or cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false, bool overwrite = false) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, compress), overwrite);

    /// <summary>Writes to a stream; uncompressed like <c>numpy.savez</c>, or compressed. The same tensors give the same bytes.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false)
    {
        var names = new HashSet<string>();
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(name)) throw new ArgumentException($"Npz: two tensors are named {DataFileException.Quote(name)}.", nameof(tensors));
            var entry = archive.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var content = entry.Open();
            Npy.Write(content, tensor);
        }
    }
}
