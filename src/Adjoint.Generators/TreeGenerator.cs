using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Generators;

/// <summary>Writes ITree for partial records marked [Tree].</summary>
[Generator(LanguageNames.CSharp)]
public sealed class TreeGenerator : IIncrementalGenerator
{
    /// <summary>The tracked step whose results are what is generated from.</summary>
    public const string Models = "Trees";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var outcomes = context.SyntaxProvider.ForAttributeWithMetadataName("Adjoint.TreeAttribute",
            static (node, _) => node is TypeDeclarationSyntax, static (attributed, stop) => TreeReader.Read(attributed, stop));
        context.RegisterSourceOutput(outcomes.Select(static (outcome, _) => outcome.Model).Where(static model => model is not null).WithTrackingName(Models),
            static (output, model) => output.AddSource(model!.Hint, TreeWriter.Write(model)));
        context.RegisterSourceOutput(outcomes.SelectMany(static (outcome, _) => outcome.Findings),
            static (output, finding) => output.ReportDiagnostic(finding.ToDiagnostic()));
    }
}
