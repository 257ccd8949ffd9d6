using System.Collections.Immutable;
using Adjoint.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Adjoint.Tests.TreeTypes;

public sealed class GeneratorTests
{
    static readonly CSharpParseOptions options = new(LanguageVersion.CSharp14);

    static readonly ImmutableArray<MetadataReference> references = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System", StringComparison.Ordinal) || name is "Adjoint.dll" or "netstandard.dll"))
        .Select(path => MetadataReference.CreateFromFile(path))];

    static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(
        "using System; using System.Collections.Generic; using System.Collections.Immutable; using Adjoint;\n" + source, options, path, cancellationToken: default);

    static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create("Test", sources.Select((source, i) => Parse(source, $"{i}.cs")), references,
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    static GeneratorDriver Driver() => CSharpGeneratorDriver.Create([new TreeGenerator().AsSourceGenerator()], parseOptions: options,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the generator reports about a source, and what the compiler says about what was generated.</summary>
    static (string[] Reported, string[] Compiled) Run(params string[] sources)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile(sources), out var compilation, out var reported);
        return ([.. reported.Select(d => $"{d.Id}: {d.GetMessage(null)}")],
            [.. compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString())]);
    }

    [Theory]
    [InlineData("[Tree] public record A(Tensor X);", "ADJ001: 'A' is marked [Tree], so it must be partial: declare it as 'partial record A'")]
    [InlineData("[Tree] public record struct A(Tensor X);", "ADJ001: 'A' is marked [Tree], so it must be partial: declare it as 'partial record struct A'")]
    [InlineData("class Outer { [Tree] public partial record A(Tensor X); }", "ADJ002: 'Outer' contains the tree 'A', so it must be partial: declare it as 'partial class Outer'")]
    [InlineData("[Tree] public partial class A { }", "ADJ003: 'A' is marked [Tree], but is a class; a tree must be a record or a record struct, because it is rebuilt with 'with'")]
    [InlineData("[Tree] public struct A { }", "ADJ003: 'A' is marked [Tree], but is a struct; a tree must be a record or a record struct, because it is rebuilt with 'with'")]
    [InlineData("[Tree] public abstract partial record A;",
        "ADJ004: 'A' is marked [Tree], but is abstract; mark the records that derive from it, and hold them through an interface that derives from ITree")]
    [InlineData("[Tree] public partial record A(Tensor X); [Tree] public partial record B(Tensor X, Tensor Y) : A(X);",
        "ADJ005: 'B' derives from 'A', which is a tree already; derive from an abstract record that is not a tree, or hold a 'A' in a field")]
    [InlineData("file class C; [Tree] file partial record A(Tensor X);", "ADJ013: 'A' is local to its file, where generated code cannot reach it; remove 'file'")]
    public void What_cannot_be_a_tree_is_reported(string source, string message) => Assert.Equal([message], Run(source).Reported);

    const string Remedy = "which contains trees but cannot be walked; use an array, a list, a dictionary with string keys or a tuple, or mark it [Static]";

    [Theory]
    [InlineData("Tensor[,]", "Tensor[*,*]", "ADJ006")]
    [InlineData("IEnumerable<Tensor>", "IEnumerable<Tensor>", "ADJ006")]
    [InlineData("Dictionary<int, Tensor>", "Dictionary<int, Tensor>", "ADJ006")]
    [InlineData("IDictionary<string, Tensor>", "IDictionary<string, Tensor>", "ADJ006")]
    [InlineData("IList<Inner>", "IList<Inner>", "ADJ006")]
    [InlineData("HashSet<Tensor>?", "HashSet<Tensor>", "ADJ006")]
    [InlineData("Lazy<Tensor[]>[]", "Lazy<Tensor[]>", "ADJ006")]
    [InlineData("Tuple<Tensor, int>", "Tuple<Tensor, int>", "ADJ006")]
    [InlineData("(int, List<Tensor[,]>)", "Tensor[*,*]", "ADJ006")]
    [InlineData("Plain", "Plain", "ADJ007")]
    [InlineData("Plain?[]", "Plain", "ADJ007")]
    public void Fields_that_look_like_a_mistake_are_reported(string type, string shown, string id)
    {
        string models = "[Tree] public partial record Inner(Tensor X); public record Plain(Tensor[] Xs);";
        string expected = id == "ADJ006" ? $"ADJ006: 'Field' has the type '{shown.Replace("*", "")}', {Remedy}"
            : $"ADJ007: 'Field' has the type '{shown}', which holds tensors but is not a tree; mark '{shown}' as [Tree], or this field as [Static]";
        var (reported, compiled) = Run($"{models} [Tree] public partial record A({type} Field);");
        Assert.Equal([expected], reported);
        Assert.Empty(compiled);
        (reported, compiled) = Run($"{models} [Tree] public partial record A([Static] {type} Field);");
        Assert.Empty(reported);
        Assert.Empty(compiled);
    }

    [Theory]
    [InlineData("[Tree] public partial record A(Tensor X) { readonly Tensor y = X; public Tensor Get() => y; }",
        "ADJ008: 'y' contains tensors but cannot be set; give it an init accessor ('{ get; init; }'), or mark it [Static]")]
    [InlineData("[Tree] public partial record A { public Tensor[] Xs { get; } = []; }",
        "ADJ008: 'Xs' contains tensors but cannot be set; give it an init accessor ('{ get; init; }'), or mark it [Static]")]
    [InlineData("[Tree] public readonly partial record struct A(Tensor X) { readonly Tensor? y = null; public Tensor? Get() => y; }",
        "ADJ008: 'y' contains tensors but cannot be set; give it an init accessor ('{ get; init; }'), or mark it [Static]")]
    [InlineData("[Tree] public partial record A<T>(T X);", "ADJ009: 'X' has the type 'T', which may or may not be a tree; add 'where T : ITree<T>', or mark it [Static]")]
    [InlineData("[Tree] public partial record A<T>(Dictionary<string, T[]> X) where T : class;",
        "ADJ009: 'X' has the type 'T', which may or may not be a tree; add 'where T : ITree<T>', or mark it [Static]")]
    [InlineData("[Tree] public partial record A(int[,] X);",
        "ADJ010: 'X' is static, but two equal values of 'int[,]' count as different structures; use an array, a list or a record, or mark it [Static] to compare references")]
    [InlineData("[Tree] public partial record A(Dictionary<string, int> X);",
        "ADJ010: 'X' is static, but two equal values of 'Dictionary<string, int>' count as different structures; use an array, a list or a record, or mark it [Static] to compare references")]
    [InlineData("[Tree] public partial record A(int[][] X);",
        "ADJ010: 'X' is static, but two equal values of 'int[][]' count as different structures; use an array, a list or a record, or mark it [Static] to compare references")]
    [InlineData("public abstract record B { private int x = 1; public int Get() => x; } [Tree] public partial record A(Tensor X) : B;",
        "ADJ011: 'x' of the base 'B' cannot be reached from the tree 'A'; make it protected or public")]
    [InlineData("[Tree] public partial record A([State] int X);", "ADJ012: 'X' is marked [State], but is static; remove [State], which is for tensors and trees")]
    [InlineData("[Tree] public partial record A([State, Static] Tensor X);", "ADJ012: 'X' is marked [State], but is static; remove [State], which is for tensors and trees")]
    public void Fields_are_checked(string source, string message)
    {
        var (reported, compiled) = Run(source);
        Assert.Equal([message], reported);
        Assert.Empty(compiled);
    }

    [Theory]
    [InlineData("[Tree] public partial record A(Func<Tensor, Tensor> F, object? Any, Type Type, Shape Shape, EquationSystem? None = null);")]
    [InlineData("[Tree] public partial record A<T>(T Number, T[] Numbers) where T : unmanaged;")]
    [InlineData("[Tree] public partial record struct A<T, U>(U X, T? Y, IReadOnlyList<T?> Z) where T : ITree<T> where U : T;")]
    [InlineData("[Tree] public partial record A(B? X); [Tree] public partial record B(A? X, Tensor? Y);")]
    [InlineData("interface I { } partial interface J { [Tree] public partial record A(Tensor X) : I; }")]
    [InlineData("[Tree] public sealed partial record A { public required Tensor X { get; init; } [Obsolete(\"old\")] public Tensor? Y { get; set; } }")]
    [InlineData("public abstract record B(Tensor Y) { protected Tensor? Z { get; init; } public abstract Tensor? W { get; init; } } "
        + "[Tree] public sealed partial record A(Tensor X, Tensor Y) : B(Y) { public override Tensor? W { get; init; } }")]
    public void Sound_trees_compile_without_a_warning(string source)
    {
        var (reported, compiled) = Run(source);
        Assert.Empty(reported);
        Assert.Empty(compiled);
    }

    [Fact]
    public void Programs_that_do_not_compile_do_no_harm()
    {
        foreach (string source in new[] { "[Tree] public partial record A<T, U>(T X) where T : U where U : T;", "[Tree] public partial record A(Missing X, Missing<Tensor>[] Y);",
            "[Tree] public partial record A(Tensor X); [Tree] public partial record A;", "[Tree] public partial record A(Tensor X, A Y, Tensor X) : A;" })
        {
            var result = Driver().RunGenerators(Compile(source)).GetRunResult();
            Assert.Null(result.Results.Single().Exception);
        }
    }

    [Fact]
    public void Trees_of_other_assemblies_are_trees()
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile("[Tree] public partial record Inner(Tensor X); public abstract record Base(Inner Shared, int Level);"), out var library, out _);
        using var image = new MemoryStream();
        Assert.True(library.Emit(image, cancellationToken: default).Success);
        var client = Compile("[Tree] public partial record A(Inner X, Inner Shared, int Level) : Base(Shared, Level);")
            .AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        var result = Driver().RunGeneratorsAndUpdateCompilation(client, out var compilation, out var reported).GetRunResult();
        Assert.Empty(reported);
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity >= DiagnosticSeverity.Warning);
        string text = result.GeneratedTrees.Single().ToString();
        Assert.Contains("Shared = TreeFields.Shared.Read(this.Shared, ref leaves),", text);
        Assert.Contains("visitor.Static(\"Level\", this.Level);", text);
    }

    [Fact]
    public void A_diagnostic_points_at_the_field()
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile("\n[Tree] public partial record A(\n    Tensor[,] Field);"), out _, out var reported);
        Assert.Equal("0.cs: (3,14)-(3,19)", Assert.Single(reported).Location.GetLineSpan().ToString());
    }

    static IncrementalStepRunReason Reason(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().TrackedSteps[TreeGenerator.Models].Single().Outputs.Single().Reason;

    [Fact]
    public void Unrelated_edits_generate_nothing_again()
    {
        const string model = "[Tree] public partial record A(Tensor X, Tensor[] Ys, int Units) { public int Twice => 2 * Units; }";
        var compilation = Compile(model, "class Other { }");
        var driver = Driver().RunGenerators(compilation);
        Assert.Equal(IncrementalStepRunReason.New, Reason(driver));
        compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Parse("class Other { int x; }", "1.cs"));
        driver = driver.RunGenerators(compilation);
        Assert.Contains(Reason(driver), new[] { IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached });
        compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Parse("// moved\n" + model.Replace("2 * Units", "Units + Units"), "0.cs"));
        driver = driver.RunGenerators(compilation);
        Assert.Contains(Reason(driver), new[] { IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached });
        Assert.All(driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Parse(model.Replace("Tensor X", "Tensor Z"), "0.cs"));
        driver = driver.RunGenerators(compilation);
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(driver));
    }
}
