using System.Text.RegularExpressions;

namespace Adjoint.Tests;

/// <summary>
/// Code in README.md and docs is code that was compiled and asserted: a block between <c>&lt;!-- sample: name --&gt;</c> and <c>&lt;!-- end --&gt;</c>
/// equals what stands between <c>// sample: name</c> and <c>// end</c> in tests/Adjoint.Tests/Documentation or samples.
/// </summary>
static partial class Excerpts
{
    static readonly string[] folders = ["tests/Adjoint.Tests/Documentation", "samples"];

    [GeneratedRegex(@"^[ \t]*// sample: (?<name>[\w-]+)[ \t]*\n(?<code>.*?)^[ \t]*// end[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Source { get; }

    [GeneratedRegex(@"<!-- sample: (?<name>[\w-]+) -->\n(?<block>.*?)<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Target { get; }

    /// <summary>The documents.</summary>
    public static string[] Documents =>
        [.. new[] { "README.md", "CONTRIBUTING.md" }.Concat(Directory.EnumerateFiles(Repository.At("docs"), "*.md").Select(Repository.Name)).Order(StringComparer.Ordinal)];

    /// <summary>The excerpts, by name.</summary>
    public static Dictionary<string, string> All() => folders.SelectMany(Repository.Sources)
        .SelectMany(file => Source.Matches(File.ReadAllText(file).ReplaceLineEndings("\n")))
        .ToDictionary(m => m.Groups["name"].Value, m => Dedent(m.Groups["code"].Value));

    /// <summary>A document with the excerpts that it names.</summary>
    /// <exception cref="KeyNotFoundException">There is no excerpt of a name.</exception>
    public static string Fill(string document, Dictionary<string, string> excerpts) => Target.Replace(document, m =>
    {
        string name = m.Groups["name"].Value;
        return excerpts.TryGetValue(name, out string? code) ? $"<!-- sample: {name} -->\n```csharp\n{code}```\n<!-- end -->"
            : throw new KeyNotFoundException($"No source below {string.Join(" or ", folders)} has // sample: {name} ... // end.");
    });

    /// <summary>The C# blocks of a document that come from nowhere.</summary>
    public static int Unchecked(string document) => Regex.Count(Target.Replace(document, ""), @"^\s*```(csharp|cs|c#)\b", RegexOptions.Multiline | RegexOptions.IgnoreCase);

    static string Dedent(string code)
    {
        string[] lines = code.TrimEnd('\n', ' ', '\t').Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Concat(lines.Select(line => (line.Trim().Length > 0 ? line[indent..].TrimEnd() : "") + "\n"));
    }
}
