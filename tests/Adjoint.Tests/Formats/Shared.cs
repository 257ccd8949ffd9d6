namespace Adjoint.Tests.Formats;

/// <summary>Files that are not in the project: in a directory <c>shared</c> beside it or above it, or the one that ADJOINT_SHARED names.</summary>
static class Shared
{
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("ADJOINT_SHARED") is { } given) return File.Exists(Path.Combine(given, name)) ? Path.Combine(given, name) : null;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (Path.Combine(directory.FullName, "shared", name) is var path && File.Exists(path)) return path;
        return null;
    }
}
