using Microsoft.CodeAnalysis;

namespace Adjoint.Generators;

/// <summary>Questions about types.</summary>
static class TypeFacts
{
    static readonly SymbolDisplayFormat qualified = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The type as generated code names it.</summary>
    public static string Qualified(this ITypeSymbol type) => type.ToDisplayString(qualified);

    /// <summary>The type as messages name it.</summary>
    public static string Short(this ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>The namespace and name without type parameters, such as <c>System.Collections.Generic.List`1</c>.</summary>
    public static string MetadataName(this ITypeSymbol type) => $"{type.ContainingNamespace?.ToDisplayString()}.{type.MetadataName}";

    public static bool Has(this ISymbol? symbol, string attribute) =>
        symbol is not null && symbol.GetAttributes().Any(a => a.AttributeClass is { } c && c.MetadataName() == $"Adjoint.{attribute}");

    public static bool IsTensor(this ITypeSymbol type) => type.MetadataName() == "Adjoint.Tensor";

    /// <summary>Whether the type rebuilds as itself.</summary>
    public static bool IsOwnTree(this ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => Constraints(parameter).Any(constraint => Rebuilds(constraint, type)),
        _ => type.OriginalDefinition.Has("TreeAttribute") || Rebuilds(type, type),
    };

    /// <summary>Whether the type is a tree, perhaps behind an interface.</summary>
    public static bool IsTree(this ITypeSymbol type) => IsOwnTree(type) || type switch
    {
        ITypeParameterSymbol parameter => Constraints(parameter).Any(IsTree),
        _ => IsInterface(type) || type.AllInterfaces.Any(IsInterface),
    };

    static bool IsInterface(ITypeSymbol type) => type.MetadataName() is "Adjoint.ITree" or "Adjoint.ITree`1";

    static bool Rebuilds(ITypeSymbol type, ITypeSymbol self) => type.AllInterfaces.Concat(type is INamedTypeSymbol own ? [own] : []).Any(i =>
        i.MetadataName() == "Adjoint.ITree`1" && SymbolEqualityComparer.Default.Equals(i.TypeArguments[0], self));

    static IEnumerable<ITypeSymbol> Constraints(ITypeParameterSymbol parameter) =>
        parameter.ConstraintTypes.SelectMany(type => type is ITypeParameterSymbol other ? Constraints(other).Prepend(type) : [type]);

    /// <summary>Whether trees occur in the type: as elements or type arguments, but not as what a delegate takes or returns.</summary>
    public static bool MentionsTrees(this ITypeSymbol type) => type.IsTree() || type switch
    {
        IArrayTypeSymbol array => MentionsTrees(array.ElementType),
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate } named => named.TypeArguments.Any(MentionsTrees),
        _ => false,
    };

    /// <summary>Whether this is a class or struct with fields in which trees occur.</summary>
    public static bool HoldsTrees(this ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None }
        && !IsSystem(type)
        && type.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && field.Type.MentionsTrees());

    static bool IsSystem(ITypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    /// <summary>The element type of a list that codecs can rebuild; null for others.</summary>
    public static ITypeSymbol? Element(this ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { IsSZArray: true } array => array.ElementType,
        INamedTypeSymbol { Arity: 1 } list when ListBuilds.ContainsKey(list.MetadataName()) => list.TypeArguments[0],
        _ => null,
    };

    /// <summary>How lists are made from an array of their elements; {0} is the element type.</summary>
    public static readonly Dictionary<string, string> ListBuilds = new()
    {
        ["System.Collections.Generic.IReadOnlyList`1"] = "items",
        ["System.Collections.Generic.List`1"] = "new global::System.Collections.Generic.List<{0}>(items)",
        ["System.Collections.Immutable.ImmutableArray`1"] = "global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items)",
        ["System.Collections.Immutable.ImmutableList`1"] = "global::System.Collections.Immutable.ImmutableList.Create(items)",
        ["System.Collections.Immutable.IImmutableList`1"] = "global::System.Collections.Immutable.ImmutableList.Create(items)",
        ["Adjoint.Sequence`1"] = "new global::Adjoint.Sequence<{0}>(items)",
    };

    /// <summary>How dictionaries are made from an old one and the new entries; {0} is the type of the values.</summary>
    public static readonly Dictionary<string, string> DictionaryBuilds = new()
    {
        ["System.Collections.Generic.IReadOnlyDictionary`2"] = "new global::System.Collections.Generic.Dictionary<string, {0}>(entries)",
        ["System.Collections.Generic.Dictionary`2"] = "new global::System.Collections.Generic.Dictionary<string, {0}>(entries, like.Comparer)",
        ["System.Collections.Generic.SortedDictionary`2"] =
            "new global::System.Collections.Generic.SortedDictionary<string, {0}>("
            + "new global::System.Collections.Generic.Dictionary<string, {0}>(entries), like.Comparer)",
        ["System.Collections.Frozen.FrozenDictionary`2"] =
            "global::System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(entries, like.Comparer)",
        ["System.Collections.Immutable.ImmutableDictionary`2"] = "like.SetItems(entries)",
        ["System.Collections.Immutable.IImmutableDictionary`2"] = "like.SetItems(entries)",
        ["System.Collections.Immutable.ImmutableSortedDictionary`2"] = "like.SetItems(entries)",
    };
}
