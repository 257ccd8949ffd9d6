using System.Text.RegularExpressions;
using Xunit;

namespace Adjoint.Tests;

/// <summary>What the documents show is true.</summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Documents => [.. Excerpts.Documents];

    [Theory, MemberData(nameof(Documents))]
    public void Code_is_compiled_code(string document)
    {
        string text = File.ReadAllText(Repository.At(document)).ReplaceLineEndings("\n");
        if (Repository.Expect(document, Excerpts.Fill(text, Excerpts.All())) is { } difference) Assert.Fail(difference);
        Assert.True(Excerpts.Unchecked(text) == 0,
            $"{document} has {Excerpts.Unchecked(text)} C# blocks outside <!-- sample: name --> ... <!-- end -->. Take them from code that a test compiles and asserts.");
    }

    [Theory, MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(Repository.At(document))!;
        var targets = Regex.Matches(File.ReadAllText(Repository.At(document)), @"\]\((?<target>[^)#\s]+)[^)]*\)").Select(m => m.Groups["target"].Value);
        string[] broken = [.. targets.Where(t => !t.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, t)))];
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_excerpt_is_shown()
    {
        string all = string.Concat(Excerpts.Documents.Select(d => File.ReadAllText(Repository.At(d))));
        string[] unused = [.. Excerpts.All().Keys.Where(name => !all.Contains($"<!-- sample: {name} -->", StringComparison.Ordinal))];
        Assert.Empty(unused);
    }
}
