using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Sizes and habits that keep the code readable.</summary>
public sealed partial class BudgetTests(ITestOutputHelper output)
{
    const int LinesPerFile = 400;
    const int MembersPerType = 25;

    /// <summary>What can be read in an afternoon: everything in src/Adjoint but the engine. 12,000 before steps owned their state.</summary>
    const int LinesOfLanguage = 12_150;

    static readonly string[] folders = ["src", "tests", "benchmarks", "samples"];

    [GeneratedRegex(@"^\s*#region\b|NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|/home/|/root/|/tmp/|/wor[k]/|[A-Z]:\\", RegexOptions.CultureInvariant)]
    private static partial Regex Unwanted { get; }

    [Fact]
    public void No_file_is_long()
    {
        var long_ = Sources().Select(file => (Name: Repository.Name(file), Lines: File.ReadLines(file).Count())).Where(f => f.Lines > LinesPerFile);
        Assert.Empty(long_.Select(f => $"{f.Name} has {f.Lines} lines; the budget is {LinesPerFile}"));
    }

    [Fact]
    public void The_language_is_readable_in_an_afternoon()
    {
        var rooms = Repository.Sources(Rooms.Language).GroupBy(Rooms.Of).ToDictionary(g => g.Key, g => g.Sum(file => File.ReadLines(file).Count()));
        int total = rooms.Where(room => room.Key != "Engine").Sum(room => room.Value);
        string line = $"The language has {total} lines ({string.Join(", ", rooms.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"))})";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.InRange(total, 1, LinesOfLanguage);
    }

    [Fact]
    public void No_type_has_many_public_members()
    {
        var wide = Shipped.Assemblies.SelectMany(PublicApi.Types).Select(type => (type.Name, Members: Names(type))).Where(t => t.Members.Length > MembersPerType);
        Assert.Empty(wide.Select(t => $"{t.Name} has {t.Members.Length} public members; the budget is {MembersPerType}: {string.Join(", ", t.Members)}"));
    }

    [Fact]
    public void Types_are_abstract_or_sealed()
    {
        var open = Shipped.Assemblies.SelectMany(a => a.GetTypes()).Where(t => t is { IsClass: true, IsAbstract: false, IsSealed: false } && !t.Name.Contains('<', StringComparison.Ordinal));
        Assert.Empty(open.Select(t => $"{t.Name} is neither abstract nor sealed"));
    }

    [Fact]
    public void Nothing_is_left_for_later_and_no_machine_is_named()
    {
        string own = $"{nameof(BudgetTests)}.cs";
        var found = from file in Sources()
                    where Path.GetFileName(file) != own
                    from line in File.ReadLines(file).Select((text, i) => (Text: text.Trim(), Number: i + 1))
                    where Unwanted.IsMatch(line.Text)
                    select $"{Repository.Name(file)}({line.Number}): {line.Text}";
        Assert.Empty(found);
    }

    static IEnumerable<string> Sources() => folders.Where(f => Directory.Exists(Repository.At(f))).SelectMany(Repository.Sources);

    /// <summary>
    /// The names that a reader of the type must learn. Operators are one, constructors are one, the rows of a table of scalar functions are one,
    /// and the values of an enumeration are not members.
    /// </summary>
    static string[] Names(Type type) => type.IsEnum ? [] :
    [
        .. PublicApi.Members(type)
            .Select(m => m is FieldInfo { FieldType.Name: nameof(ScalarFunction) } ? "rows" : m is ConstructorInfo ? "new" : m.Name.StartsWith("op_", StringComparison.Ordinal) ? "operators" : m.Name)
            .Distinct().Order(StringComparer.Ordinal),
    ];
}
