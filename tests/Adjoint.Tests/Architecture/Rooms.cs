using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests;

/// <summary>One use, in a file of one room, of something declared in another.</summary>
sealed record Reference(string From, string To, string Name, string File, int Line, string Target)
{
    public override string ToString() => $"{From} -> {To}: {File}({Line}) uses {Name} of {Target}";
}

/// <summary>
/// The folders of src/Adjoint. All types share one namespace, so the compiler does not keep the folders apart: the sources are compiled here and every
/// name is looked up.
/// </summary>
static class Rooms
{
    public const string Language = "src/Adjoint";

    /// <summary>The folder of a file: <c>Tensors</c> for src/Adjoint/Tensors/Shape.cs.</summary>
    public static string Of(string file) => Path.GetRelativePath(Repository.At(Language), file).Replace('\\', '/').Split('/')[0];

    /// <summary>Every use across folders.</summary>
    public static List<Reference> References()
    {
        var compilation = Compile();
        var references = new List<Reference>();
        foreach (var tree in compilation.SyntaxTrees.Where(t => t.FilePath.Length > 0))
        {
            var model = compilation.GetSemanticModel(tree);
            string from = Of(tree.FilePath);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var info = model.GetSymbolInfo(name);
                if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is not { } symbol || symbol is INamespaceSymbol) continue;
                foreach (var target in symbol.OriginalDefinition.DeclaringSyntaxReferences.Select(r => r.SyntaxTree.FilePath).Distinct())
                    if (target.Length > 0 && Of(target) is { } to && to != from)
                        references.Add(new(from, to, name.Identifier.Text, Repository.Name(tree.FilePath), name.GetLocation().GetLineSpan().StartLinePosition.Line + 1, Repository.Name(target)));
            }
        }
        return references;
    }

    static CSharpCompilation Compile()
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        string[] implicitUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks", "Adjoint.Operations"];
        var trees = Repository.Sources(Language).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(string.Concat(implicitUsings.Select(u => $"global using {u};")) + "global using Convert = Adjoint.Operations.Convert;", options));
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var libraries = platform.Split(Path.PathSeparator).Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Adjoint", trees, libraries, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Take(5).ToArray();
        return errors.Length == 0 ? compilation
            : throw new InvalidOperationException("The sources of src/Adjoint do not compile by themselves:\n" + string.Join('\n', errors.Select(e => e.ToString())));
    }
}
