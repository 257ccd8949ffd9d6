using System.Diagnostics;
using System.Text;
using Adjoint.Cli;

namespace Adjoint.Tests.Tool;

/// <summary>What a command line gave.</summary>
sealed record Outcome(int Code, string Out, string Error);

/// <summary>An empty folder, in which the tool is run with captured output.</summary>
sealed class Workshop : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("adjoint-tool").FullName;

    /// <summary>A file or folder in it.</summary>
    public string At(string name) => Path.Combine(folder, name);

    /// <summary>A file with this text.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>A file with these bytes.</summary>
    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <summary>Two well separated classes: 60 rows of two features.</summary>
    public string Table(string name = "table.csv")
    {
        var text = new StringBuilder("length,width,kind\n");
        for (int i = 0; i < 60; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i % 7 + i % 2 * 10},{i % 5 - i % 2 * 10},{(i % 2 == 0 ? "left" : "right")}\n");
        return Write(name, text.ToString());
    }

    /// <summary>An IDX file of unsigned bytes.</summary>
    public string Idx(string name, int[] lengths, Func<int, int> value) => Write(name,
        [0, 0, 8, (byte)lengths.Length, .. lengths.SelectMany(n => (byte[])[(byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n]), .. Enumerable.Range(0, lengths.Aggregate((a, b) => a * b)).Select(i => (byte)value(i))]);

    /// <summary>Runs the tool in this process.</summary>
    public static Outcome Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    /// <inheritdoc cref="Run(string[])"/>
    public static Outcome Run(CancellationToken stop, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int code = Cli.Tool.Run(arguments, new Surroundings(output, error, IsTerminal: false, Width: 100, HasColor: false, stop, () => 130));
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>The command that runs the tool in a process of its own.</summary>
    public static string[] Command(params string[] arguments) =>
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "Adjoint.Cli.dll"), .. arguments];

    /// <summary>Starts a process with captured output.</summary>
    public static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>Starts the tool in a process of its own.</summary>
    public static Process Start(params string[] arguments)
    {
        string[] command = Command(arguments);
        return Start(command[0], command[1..]);
    }

    /// <summary>Runs the tool in a process of its own.</summary>
    public static Outcome RunProcess(params string[] arguments)
    {
        string[] command = Command(arguments);
        return RunProcess(command[0], command[1..]);
    }

    /// <summary>Runs a process.</summary>
    public static Outcome RunProcess(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    /// <summary>The names and bytes of all files.</summary>
    public Dictionary<string, string> Content() => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => f, f => System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))));

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
