namespace Adjoint.Formats;

/// <summary>
/// Files that are whole or not there. What is written goes to a temporary file in the same directory, is flushed to the disk, and then takes the file's
/// name in one step: a process killed at any moment, a full disk or a failing writer leave the earlier file as it was. After a power failure either the
/// earlier or the new file is there. Temporary files that killed processes left are removed by the next write of the same file.
/// </summary>
public static class AtomicFile
{
    const string Suffix = ".unfinished";

    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The file; the directory must exist. A symbolic link keeps pointing to the file that it points to.</param>
    /// <param name="write">Writes the content. What it throws, this throws, and the file stays as it was.</param>
    /// <param name="overwrite">Whether an existing file is replaced; if not, it is an error that there is one.</param>
    /// <exception cref="DataFileException">The file exists, is protected or a directory, or cannot be written: no directory, no permission, a full disk.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = false) => Write(path, write, overwrite, Create);

    /// <summary>Writes a text in UTF-8.</summary>
    /// <exception cref="DataFileException">The file exists, is protected or a directory, or cannot be written.</exception>
    public static void WriteText(string path, string text, bool overwrite = false) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), overwrite);

    /// <summary>Makes a directory and those above it, where they are missing.</summary>
    /// <exception cref="DataFileException">That is not possible.</exception>
    public static void CreateDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DataFileException(path, $"the directory cannot be made ({(File.Exists(path) ? "there is a file of this name" : FileSource.Reason(e))})", e);
        }
    }

    internal static void Write(string path, Action<Stream> write, bool overwrite, Func<string, UnixFileMode?, FileStream> create)
    {
        string? temporary = null;
        bool existed = false;
        try
        {
            string target = Target(path, overwrite);
            existed = File.Exists(target);
            RemoveLeftovers(target);
            using var stream = Open(target, create, out temporary);
            write(stream);
            stream.Flush(flushToDisk: true);
            // Moved while open: until then the lock tells other processes that this is no leftover.
            File.Move(temporary, target, overwrite);
            temporary = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException { ParamName: "path" } or ArgumentOutOfRangeException { ParamName: "value" } or NotSupportedException)
        {
            string reason = IsDiskFull(e) ? "the disk is full" : e is ArgumentOutOfRangeException ? "it would be larger than the system allows" : !overwrite && !existed && File.Exists(path) ? "it exists now" : FileSource.Reason(e);
            throw new DataFileException(path, $"the file cannot be written ({reason}){(existed ? "; the earlier file is unchanged" : "")}", e);
        }
        finally
        {
            if (temporary is not null) Remove(temporary);
        }
    }

    /// <summary>The file that is to be replaced, if it may be.</summary>
    static string Target(string path, bool overwrite)
    {
        string target = Path.GetFullPath(path);
        if (Directory.Exists(target)) throw new DataFileException(path, "expected the name of a file to write, found a directory");
        if (new FileInfo(target).LinkTarget is not null) target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        // Renaming over a device would replace the device.
        if (Path.GetDirectoryName(target) is "/dev" or "/dev/fd") throw new DataFileException(path, "expected the name of a file to write, found a device");
        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory)) throw new DataFileException(path, $"the file cannot be written (there is no directory {directory})");
        if (!File.Exists(target)) return target;
        if (!overwrite) throw new DataFileException(path, "the file exists already and is not overwritten");
        if (File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly)) throw new DataFileException(path, "the file is read-only and is not overwritten");
        return target;
    }

    /// <summary>
    /// A new temporary file, locked. Another process may take it for a leftover between its creation and the lock; then the lock fails, or the file is
    /// gone once the lock is held, and the next name is tried.
    /// </summary>
    static FileStream Open(string target, Func<string, UnixFileMode?, FileStream> create, out string temporary)
    {
        UnixFileMode? mode = !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : null;
        for (int attempt = 1; ; attempt++)
        {
            temporary = $"{Prefix(target)}{Path.GetRandomFileName()}{Suffix}";
            FileStream stream;
            try
            {
                stream = create(temporary, mode);
            }
            catch (IOException e) when (attempt < 10 && e.GetType() == typeof(IOException) && !IsDiskFull(e))
            {
                continue;
            }
            if (File.Exists(temporary)) return stream;
            stream.Dispose();
            if (attempt == 10) throw new IOException("temporary files disappear");
        }
    }

    static FileStream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 1 << 16 };
        if (mode is not null && !OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        return new(path, options);
    }

    /// <summary>Removes temporary files of this target that no process holds.</summary>
    static void RemoveLeftovers(string target)
    {
        string prefix = Prefix(target);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, ".*" + Suffix))
        {
            if (!file.StartsWith(prefix, StringComparison.Ordinal)) continue;
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                Remove(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody is writing it, or it belongs to another user.
            }
        }
    }

    /// <summary>Removes a temporary file. One that cannot be removed is a leftover for the next write.</summary>
    static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing reads it.
        }
    }

    static string Prefix(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.");

    /// <summary>ENOSPC and EDQUOT, or the two disk-full errors of Windows.</summary>
    static bool IsDiskFull(Exception e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 0x27 or 0x70 : e.HResult is 28 or 122 || (OperatingSystem.IsMacOS() && e.HResult == 69);
}
