using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Adjoint.Formats;

/// <summary>Sees the bytes that pass.</summary>
delegate void Observer(ReadOnlySpan<byte> bytes);

/// <summary>
/// The bytes of a file or stream, in order. Every error becomes a <see cref="DataFileException"/> that names the file, and nothing is allocated because a
/// header claims that it will be needed: where the number of bytes is not known, memory grows as they come.
/// </summary>
sealed class FileSource : IDisposable
{
    /// <summary>The bytes that are read at once, and the least that a growing array holds.</summary>
    public const int ChunkSize = 1 << 16;

    readonly string name;
    readonly bool compressed, owned;
    readonly Stream stream;
    Crc32? crc;
    ulong trailer;
    byte[]? chunk;

    FileSource(Stream stream, string name, bool owned, long? remaining, bool compressed) =>
        (this.stream, this.name, this.owned, Remaining, this.compressed) = (stream, name, owned, remaining, compressed);

    /// <summary>The bytes that are left; null when the data is compressed.</summary>
    public long? Remaining { get; private set; }

    /// <summary>The bytes that were read.</summary>
    public long Position { get; private set; }

    /// <summary>Sees what is read from now on.</summary>
    public Observer? Observer { get; set; }

    /// <summary>Opens a file, unpacking it if it starts like gzip and <paramref name="unpack"/> is set.</summary>
    public static FileSource Open(string path, bool unpack = false)
    {
        var stream = OpenStream(path);
        try
        {
            return Over(stream, path, unpack, owned: true);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file, unbuffered.</summary>
    public static FileStream OpenStream(string path)
    {
        if (Directory.Exists(path)) throw new DataFileException(path, "expected a file, found a directory");
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException(path, "there is no such file", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or ArgumentException or NotSupportedException)
        {
            throw new DataFileException(path, $"the file cannot be opened ({Reason(e)})", e);
        }
    }

    /// <summary>Reads a stream of the caller's, from its position on.</summary>
    public static FileSource Over(Stream stream, string name, bool unpack = false, bool owned = false)
    {
        if (!stream.CanSeek)
        {
            using var whole = new FileSource(stream, name, owned, null, compressed: false);
            var (bytes, count) = whole.All();
            (stream, owned) = (new MemoryStream(bytes, 0, count, writable: false), true);
        }
        long start = stream.Position;
        try
        {
            bool packed = unpack && stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = start;
            return packed ? Unpack(stream, name, owned) : new(stream, name, owned, stream.Length - start, compressed: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(name, $"reading failed ({Reason(e)})", e);
        }
    }

    /// <summary>
    /// GZipStream takes an early end of its input for the end of the data, so the last eight bytes are compared here: checksum and length of the content.
    /// </summary>
    static FileSource Unpack(Stream stream, string name, bool owned)
    {
        long start = stream.Position;
        Span<byte> trailer = stackalloc byte[sizeof(ulong)];
        if (stream.Length - start < 18) throw new DataFileException(name, "expected gzip data of at least 18 bytes, found fewer");
        stream.Position = stream.Length - trailer.Length;
        stream.ReadExactly(trailer);
        stream.Position = start;
        return new(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: !owned), name, owned: true, null, compressed: true)
        {
            crc = new(),
            trailer = BinaryPrimitives.ReadUInt64LittleEndian(trailer),
        };
    }

    /// <summary>An entry of an archive, which is compressed or may be.</summary>
    public static FileSource Entry(Stream stream, string name) => new(stream, name, owned: true, null, compressed: true);

    /// <summary>The error that this file has this problem.</summary>
    public DataFileException Fail(string problem, Exception? inner = null) => new(name, problem, inner);

    /// <summary>Up to a buffer of bytes; 0 at the end.</summary>
    public int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = stream.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw Fail($"expected intact compressed data, found damage or an early end after {Position} bytes of content", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Fail($"reading failed after {Position} bytes ({Reason(e)})", e);
        }
        Position += count;
        Remaining -= count;
        crc?.Append(buffer[..count]);
        if (count == 0 && buffer.Length > 0 && crc is not null && trailer != ((ulong)(uint)Position << 32 | crc.GetCurrentHashAsUInt32()))
            throw Fail($"expected intact gzip data in one piece, found data that is damaged, cut off or followed by more after {Position} bytes of content");
        Observer?.Invoke(buffer[..count]);
        return count;
    }

    /// <summary>Fills a buffer.</summary>
    /// <exception cref="DataFileException">The file ends before.</exception>
    public void Exactly(Span<byte> buffer, string what)
    {
        for (int done = 0; done < buffer.Length;)
        {
            int count = Read(buffer[done..]);
            if (count == 0) throw Ended(what);
            done += count;
        }
    }

    /// <summary>Refuses a claim of more bytes than are left, where that is known.</summary>
    public void Require(long bytes, string what)
    {
        if (bytes > Remaining) throw Fail($"expected {bytes} bytes of {what}, found {Remaining} before the end of the file");
    }

    /// <summary>Refuses what follows the data.</summary>
    public void RequireEnd(string what)
    {
        Span<byte> one = stackalloc byte[1];
        if (Read(one) != 0) throw Fail($"expected the end of the file after {what}, which takes {Position - 1} bytes{(compressed ? " of content" : "")}, found more");
    }

    /// <summary>All bytes that are left, and how many of the array they fill.</summary>
    public (byte[] Bytes, int Count) All()
    {
        var bytes = new byte[Math.Min(Remaining ?? ChunkSize, Array.MaxLength - 1L) + 1];
        for (int done = 0; ;)
        {
            int count = Read(bytes.AsSpan(done));
            if (count == 0) return (bytes, done);
            done += count;
            if (done < bytes.Length) continue;
            if (done == Array.MaxLength) throw Fail($"expected at most {Array.MaxLength} bytes, found more");
            Array.Resize(ref bytes, (int)Math.Min(2L * done, Array.MaxLength));
        }
    }

    /// <summary>This many bytes, allocated as they come.</summary>
    public byte[] Bytes(int count, string what)
    {
        Require(count, what);
        var bytes = new byte[Remaining is null ? Math.Min(count, ChunkSize) : count];
        for (int done = 0; done < count;)
        {
            if (done == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(2L * done, count));
            Exactly(bytes.AsSpan(done), what);
            done = bytes.Length;
        }
        return bytes;
    }

    /// <summary>A buffer to read into.</summary>
    public Span<byte> Chunk(int bytes) => (chunk ??= new byte[Math.Min(ChunkSize, Remaining ?? ChunkSize)]).Length >= bytes ? chunk : chunk = new byte[ChunkSize];

    public void Dispose()
    {
        if (owned) stream.Dispose();
    }

    /// <summary>The cause of an exception of the system, as a part of a sentence.</summary>
    public static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "permission denied",
        DirectoryNotFoundException => "there is no such directory",
        _ => e.Message.TrimEnd('.').Replace(Environment.NewLine, " ", StringComparison.Ordinal),
    };

    DataFileException Ended(string what) => Fail($"expected more bytes of {what}, found the end of the file after {Position} bytes{(compressed ? " of content" : "")}");
}
