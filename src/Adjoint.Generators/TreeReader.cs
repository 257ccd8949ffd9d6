using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Generators;

/// <summary>Reads from the symbol of a [Tree] record what is to be generated, and what is wrong with it.</summary>
static class TreeReader
{
    public static Outcome Read(GeneratorAttributeSyntaxContext attributed, CancellationToken stop)
    {
        var type = (INamedTypeSymbol)attributed.TargetSymbol;
        var findings = new System.Collections.Generic.List<Finding>();
        if (!IsFirst(attributed, type) || !CanBeTree(type, findings)) return new(null, new(findings));
        var fields = new System.Collections.Generic.List<FieldModel>();
        foreach (var member in Members(type))
        {
            stop.ThrowIfCancellationRequested();
            if (Field(member, type, attributed.SemanticModel.Compilation, findings) is { } field) fields.Add(field);
        }
        string holder = "TreeFields";
        while (type.GetMembers(holder).Length > 0) holder += "_";
        var chain = Chain(type).Reverse().ToArray();
        string? space = type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat
            .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted));
        string hint = string.Join(".", chain.Select(t => t.MetadataName.Replace('`', '_')));
        hint = (space is null ? hint : $"{space}.{hint}").Replace("@", "");
        return new(new($"{hint}.g.cs", space, new(chain.Select(Declaration)), Name(type), holder, new(fields)), new(findings));
    }

    /// <summary>Whether this is the only attribute, or the first of several, which the compiler reports.</summary>
    static bool IsFirst(GeneratorAttributeSyntaxContext attributed, INamedTypeSymbol type) =>
        type.GetAttributes().First(a => a.AttributeClass?.MetadataName() == "Adjoint.TreeAttribute").ApplicationSyntaxReference is { } first
        && first.SyntaxTree == attributed.TargetNode.SyntaxTree && attributed.TargetNode.Span.Contains(first.Span);

    static bool CanBeTree(INamedTypeSymbol type, ICollection<Finding> findings)
    {
        int before = findings.Count;
        if (!type.IsRecord) findings.Add(Finding.Of(Rules.NotRecord, type, type.Name, Keyword(type)));
        else if (!IsPartial(type)) findings.Add(Finding.Of(Rules.NotPartial, type, type.Name, Keyword(type)));
        if (type is { IsRecord: true, IsAbstract: true }) findings.Add(Finding.Of(Rules.Abstract, type, type.Name));
        foreach (var container in Chain(type).Skip(1))
            if (!IsPartial(container)) findings.Add(Finding.Of(Rules.ContainerNotPartial, container, container.Name, type.Name, Keyword(container)));
        if (Chain(type).Any(t => t.IsFileLocal)) findings.Add(Finding.Of(Rules.FileLocal, type, type.Name));
        if (Bases(type).FirstOrDefault(b => b.IsTree()) is { } tree) findings.Add(Finding.Of(Rules.DerivedTree, type, type.Name, tree.Name));
        return findings.Count == before;
    }

    static FieldModel? Field(ISymbol member, INamedTypeSymbol type, Compilation compilation, ICollection<Finding> findings)
    {
        var fieldType = member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;
        if (!compilation.IsSymbolAccessibleWithin(member, type))
        {
            findings.Add(Finding.Of(Rules.Inaccessible, type, member.Name, member.ContainingType.Name, type.Name));
            return null;
        }
        var codecs = new Codecs(member, findings);
        int before = findings.Count;
        bool forced = Marked(member, "StaticAttribute"), state = Marked(member, "StateAttribute");
        string? codec = forced ? null : codecs.Of(fieldType);
        bool sound = findings.Count == before;
        if (codec is not null && !CanSet(member, type, compilation))
        {
            findings.Add(Finding.Of(Rules.ReadOnly, member, member.Name));
            codec = null;
        }
        else if (codec is null && state && sound) findings.Add(Finding.Of(Rules.NoState, member, member.Name));
        string identifier = Escape(member.Name), value = $"this.{identifier}";
        return new(member.Name, identifier, fieldType.Qualified(), codec, forced || codec is not null || !sound ? value : codecs.Comparand(fieldType, value), state);
    }

    static bool CanSet(ISymbol member, INamedTypeSymbol type, Compilation compilation) => member switch
    {
        IPropertySymbol property => property.SetMethod is { } set && compilation.IsSymbolAccessibleWithin(set, type),
        IFieldSymbol field => !field.IsReadOnly,
        _ => false,
    };

    /// <summary>What a record stores: positional parameters, then the other fields as they are declared, then what its bases store.</summary>
    static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        var names = new HashSet<string>();
        foreach (var owner in Bases(type).Prepend(type))
        {
            var stored = owner.DeclaringSyntaxReferences.Length > 0
                ? owner.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic).Select(f => f.AssociatedSymbol ?? (f.IsImplicitlyDeclared ? null : f))
                : owner.GetMembers().Where(m => m is IPropertySymbol { IsStatic: false, IsIndexer: false, SetMethod: not null }
                    or IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false });
            foreach (var member in stored.Where(m => m is IPropertySymbol or IFieldSymbol).OrderBy(m => Parameter(m!)?.Ordinal ?? int.MaxValue))
                if (names.Add(member!.Name)) yield return member;
        }
    }

    static IParameterSymbol? Parameter(ISymbol member) => member.ContainingType.InstanceConstructors
        .Where(c => c.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is RecordDeclarationSyntax))
        .SelectMany(c => c.Parameters).FirstOrDefault(p => p.Name == member.Name);

    static bool Marked(ISymbol member, string attribute) => member.Has(attribute) || Parameter(member).Has(attribute)
        || (member is IPropertySymbol && member.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(f =>
            SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, member) && f.Has(attribute)));

    static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var b = type.BaseType; b is { SpecialType: SpecialType.None }; b = b.BaseType) yield return b;
    }

    static IEnumerable<INamedTypeSymbol> Chain(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType) yield return t;
    }

    static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(r =>
        r.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    static string Declaration(INamedTypeSymbol type) => $"partial {Keyword(type)} {Name(type)}";

    static string Keyword(INamedTypeSymbol type) => (type.IsRecord, type.TypeKind) switch
    {
        (true, TypeKind.Struct) => "record struct",
        (true, _) => "record",
        (_, TypeKind.Struct) => "struct",
        (_, TypeKind.Interface) => "interface",
        _ => "class",
    };

    static string Name(INamedTypeSymbol type) =>
        Escape(type.Name) + (type.Arity == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(p => Escape(p.Name)))}>");

    static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? $"@{name}" : name;
}
