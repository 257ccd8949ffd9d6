using Microsoft.CodeAnalysis;

namespace Adjoint.Generators;

/// <summary>Finds the codec of a field's type.</summary>
/// <param name="field">The field, for messages.</param>
/// <param name="findings">Takes what is wrong with the type.</param>
sealed class Codecs(ISymbol field, ICollection<Finding> findings)
{
    const string Codec = "global::Adjoint.TreeCodec";

    /// <summary>An expression for the codec of the type; null if it is static.</summary>
    public string? Of(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Of(nullable.TypeArguments[0]) is { } value ? $"{Codec}.OptionalValue({value})" : null;
        if (type.NullableAnnotation == NullableAnnotation.Annotated && !type.IsValueType)
            return Of(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)) is { } reference ? $"{Codec}.Optional({reference})" : null;
        if (type.IsTensor()) return $"{Codec}.Leaf()";
        if (type.IsOwnTree()) return $"{Codec}.Tree<{type.Qualified()}>()";
        if (type.IsTree()) return $"{Codec}.Interface<{type.Qualified()}>()";
        if (type is ITypeParameterSymbol { HasUnmanagedTypeConstraint: false }) return Report(Rules.OpenParameter, type);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple) return Tuple(tuple);
        if (type.Element() is { } element) return List(type, element);
        if (type is INamedTypeSymbol { Arity: 2 } map && map.TypeArguments[0].SpecialType == SpecialType.System_String
            && TypeFacts.DictionaryBuilds.TryGetValue(map.MetadataName(), out string? build)) return Dictionary(map, map.TypeArguments[1], build);
        if (type.MentionsTrees()) return Report(Rules.UnknownShape, type);
        if (type.HoldsTrees()) return Report(Rules.HoldsTensors, type);
        return null;
    }

    /// <summary>An expression for what a static field with this value is compared by.</summary>
    public string Comparand(ITypeSymbol type, string value)
    {
        if (type.Element() is { } element && !IsCollection(element))
            return type.MetadataName() == "Adjoint.Sequence`1" ? value : $"{Codec}.Content<{element.Qualified()}>({value})";
        if (IsCollection(type)) Report(Rules.ByReference, type);
        return value;
    }

    static bool IsCollection(ITypeSymbol type) => type is IArrayTypeSymbol
        || (type is INamedTypeSymbol { SpecialType: SpecialType.None } && type.MetadataName() != "Adjoint.Sequence`1"
            && type.ContainingNamespace?.ToDisplayString() is { } space && space.StartsWith("System.Collections", StringComparison.Ordinal)
            && type.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable));

    string? List(ITypeSymbol type, ITypeSymbol element)
    {
        if (Of(element) is not { } item) return null;
        string build = TypeFacts.ListBuilds.TryGetValue(type.MetadataName(), out string? known) ? string.Format(known, element.Qualified()) : "items";
        return $"{Codec}.List<{type.Qualified()}, {element.Qualified()}>({item}, static items => {build})";
    }

    string? Dictionary(ITypeSymbol type, ITypeSymbol element, string build) => Of(element) is not { } item ? null
        : $"{Codec}.Dictionary<{type.Qualified()}, {element.Qualified()}>({item}, static (like, entries) => {string.Format(build, element.Qualified())})";

    string? Tuple(INamedTypeSymbol type)
    {
        var items = type.TupleElements.Select(element => Of(element.Type)).ToArray();
        if (items.All(item => item is null)) return null;
        var parts = type.TupleElements.Select((element, i) =>
            $"{Codec}.Part<{type.Qualified()}, {element.Type.Qualified()}>(\"{element.Name}\", {items[i] ?? Static(element.Type)}, "
            + $"static (ref {type.Qualified()} x) => ref x.Item{i + 1})");
        return $"{Codec}.Tuple<{type.Qualified()}>({string.Join(", ", parts)})";
    }

    string Static(ITypeSymbol type) => $"{Codec}.Static<{type.Qualified()}>(static x => {Comparand(type, "x")})";

    string? Report(DiagnosticDescriptor rule, ITypeSymbol type)
    {
        findings.Add(Finding.Of(rule, field, field.Name, type.Short()));
        return null;
    }
}
