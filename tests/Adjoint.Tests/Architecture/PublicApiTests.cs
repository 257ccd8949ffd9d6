using Xunit;

namespace Adjoint.Tests;

/// <summary>A change of the public interface is a change of a file, so that a review sees it.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Assemblies => [.. Shipped.Assemblies.Select(a => a.GetName().Name!)];

    [Theory, MemberData(nameof(Assemblies))]
    public void Public_interface_is_as_recorded(string assembly)
    {
        string text = PublicApi.Print(Shipped.Assemblies.Single(a => a.GetName().Name == assembly));
        if (Repository.Expect($"tests/Adjoint.Tests/Architecture/PublicApi.{assembly}.txt", text) is { } difference) Assert.Fail(difference);
    }

    [Fact]
    public void Every_library_is_looked_at()
    {
        string[] projects = [.. Directory.GetDirectories(Repository.At("src")).Where(d => Directory.EnumerateFiles(d, "*.csproj").Any()).Select(Path.GetFileName).OfType<string>()];
        string[] known = [.. Shipped.Assemblies.Select(a => a.GetName().Name!), .. Shipped.WithoutInterface];
        Assert.Empty(projects.Except(known));
    }
}
