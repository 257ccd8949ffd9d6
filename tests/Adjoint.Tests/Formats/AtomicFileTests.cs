using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("adjoint").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    string Named(string name) => Path.Combine(directory, name);

    string[] Entries => [.. Directory.GetFileSystemEntries(directory).Select(e => Path.GetFileName(e)!).Order()];

    static string Error(Action action) => Assert.Throws<DataFileException>(action).Message;

    [Fact]
    public void A_file_is_written_and_replaced_only_when_asked()
    {
        string path = Named("metrics.json");
        AtomicFile.WriteText(path, "één");
        Assert.Equal($"{path}: the file exists already and is not overwritten.", Error(() => AtomicFile.WriteText(path, "2")));
        Assert.Equal("één", File.ReadAllText(path));
        AtomicFile.WriteText(path, "2", overwrite: true);
        Assert.Equal("2", File.ReadAllText(path));
        Assert.Equal(["metrics.json"], Entries);
    }

    [Fact]
    public void A_file_that_appears_while_another_is_written_is_kept()
    {
        string path = Named("x");
        Assert.Equal($"{path}: the file cannot be written (it exists now).", Error(() => AtomicFile.Write(path, _ => File.WriteAllText(path, "theirs"))));
        Assert.Equal("theirs", File.ReadAllText(path));
        Assert.Equal(["x"], Entries);
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_earlier_file()
    {
        string path = Named("x");
        AtomicFile.WriteText(path, "earlier");
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1_000_000]);
            throw new OperationCanceledException();
        }, overwrite: true));
        Assert.Equal("earlier", File.ReadAllText(path));
        Assert.Equal(["x"], Entries);
    }

    [Fact]
    public void A_full_disk_is_one_sentence_and_leaves_the_earlier_file()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        string path = Named("x");
        AtomicFile.WriteText(path, "earlier");
        string message = Error(() => AtomicFile.Write(path, stream => stream.Write(new byte[100_000]), overwrite: true, (temporary, _) =>
        {
            File.WriteAllText(temporary, "");
            return new("/dev/full", FileMode.Open, FileAccess.Write);
        }));
        Assert.Equal($"{path}: the file cannot be written (the disk is full); the earlier file is unchanged.", message);
        Assert.Equal("earlier", File.ReadAllText(path));
        Assert.Equal(["x"], Entries);
    }

    [Fact]
    public void What_cannot_be_written_is_explained()
    {
        AtomicFile.WriteText(Named("file"), "");
        Assert.Equal($"{Named("absent/x")}: the file cannot be written (there is no directory {Named("absent")}).", Error(() => AtomicFile.WriteText(Named("absent/x"), "")));
        Assert.Equal($"{Named("file/x")}: the file cannot be written (there is no directory {Named("file")}).", Error(() => AtomicFile.WriteText(Named("file/x"), "")));
        Assert.Equal($"{directory}: expected the name of a file to write, found a directory.", Error(() => AtomicFile.WriteText(directory, "")));
        Assert.Equal($"{Named("file")}: the directory cannot be made (there is a file of this name).", Error(() => AtomicFile.CreateDirectory(Named("file"))));
        Assert.StartsWith(": the file cannot be written (", Error(() => AtomicFile.WriteText("", "")), StringComparison.Ordinal);
        File.SetAttributes(Named("file"), FileAttributes.ReadOnly);
        Assert.Equal($"{Named("file")}: the file is read-only and is not overwritten.", Error(() => AtomicFile.WriteText(Named("file"), "", overwrite: true)));
        AtomicFile.CreateDirectory(Named("a/b"));
        AtomicFile.WriteText(Named("a/b/x"), "");
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal("/dev/null: expected the name of a file to write, found a device.", Error(() => AtomicFile.WriteText("/dev/null", "", overwrite: true)));
            Assert.Equal("/sys/x.json: the file cannot be written (permission denied).", Error(() => AtomicFile.WriteText("/sys/x.json", "")));
        }
    }

    [Fact]
    public void Links_and_permissions_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Links need a privilege on Windows.");
            return;
        }
        AtomicFile.WriteText(Named("x"), "1");
        File.SetUnixFileMode(Named("x"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Named("link"), "x");
        AtomicFile.WriteText(Named("link"), "2", overwrite: true);
        Assert.Equal("x", new FileInfo(Named("link")).LinkTarget);
        Assert.Equal("2", File.ReadAllText(Named("x")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Named("x")));
    }

    [Fact]
    public void Many_writers_of_one_file_leave_one_whole_file()
    {
        string path = Named("x");
        Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 8 }, i => AtomicFile.WriteText(path, new string((char)('a' + i % 26), 10_000), overwrite: true));
        Assert.Single(File.ReadAllText(path).Distinct());
        Assert.Equal(["x"], Entries);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_temporary_file_taken_for_a_leftover_is_made_again(bool locked)
    {
        int attempts = 0;
        AtomicFile.Write(Named("x"), stream => stream.Write("1"u8), overwrite: false, (temporary, _) =>
        {
            var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
            if (++attempts > 3) return stream;
            File.Delete(temporary);
            if (!locked) return stream;
            stream.Dispose();
            throw new IOException("The process cannot access the file because it is being used by another process.");
        });
        Assert.Equal((4, "1"), (attempts, File.ReadAllText(Named("x"))));
        Assert.Equal(["x"], Entries);
    }

    [Fact]
    public void Leftovers_of_this_file_are_removed_and_no_others()
    {
        File.WriteAllText(Named(".x.abc.unfinished"), "half");
        File.WriteAllText(Named(".xy.abc.unfinished"), "half of another");
        using (new FileStream(Named(".x.def.unfinished"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete)) AtomicFile.WriteText(Named("x"), "");
        Assert.Equal([".x.def.unfinished", ".xy.abc.unfinished", "x"], Entries);
    }
}
