namespace Adjoint.Tests;

/// <summary>The files of the project, for tests that read them.</summary>
static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>Whether snapshots and documents are rewritten instead of compared: ADJOINT_ACCEPT=1.</summary>
    public static bool Accepts => Environment.GetEnvironmentVariable("ADJOINT_ACCEPT") == "1";

    /// <summary>A file or folder, by its path from the root.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>The path from the root, with forward slashes.</summary>
    public static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>The C# files below a folder that people wrote, in order of their names.</summary>
    public static string[] Sources(string folder) =>
    [
        .. Directory.EnumerateFiles(At(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Name(file).Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What a file must be: with ADJOINT_ACCEPT=1 it is written; otherwise the answer is a description of the difference, or null.</summary>
    public static string? Expect(string path, string text)
    {
        string file = At(path);
        string known = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (known == text) return null;
        if (Accepts) { File.WriteAllText(file, text); return null; }
        string[] before = known.Split('\n'), after = text.Split('\n');
        var removed = before.Except(after).Select(line => "- " + line);
        var added = after.Except(before).Select(line => "+ " + line);
        string difference = string.Join('\n', removed.Concat(added).Take(60));
        return $"{path} is not what the code says it should be:\n{(difference.Length > 0 ? difference : "(the same lines in another order)")}\n" +
            "If the change is intended, run the tests with ADJOINT_ACCEPT=1 and commit the file.";
    }

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Adjoint.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Adjoint.slnx.");
    }
}
