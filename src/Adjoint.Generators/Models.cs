using System.Collections;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Generators;

/// <summary>What is generated for one [Tree] record: text only, so that equal models are recognized and nothing is generated again.</summary>
/// <param name="Hint">The name of the generated file.</param>
/// <param name="Namespace">The namespace; null for the global one.</param>
/// <param name="Declarations">How the containing types and the record itself are declared, from outside to inside.</param>
/// <param name="Type">The record's name with its type parameters.</param>
/// <param name="Holder">The name of the nested class that holds the codecs.</param>
sealed record TreeModel(string Hint, string? Namespace, Items<string> Declarations, string Type, string Holder, Items<FieldModel> Fields);

/// <summary>One field of a tree.</summary>
/// <param name="Identifier">The name in code: a keyword has an @.</param>
/// <param name="Type">The type, fully qualified.</param>
/// <param name="Codec">An expression for its codec; null for a static field.</param>
/// <param name="Comparand">For a static field, an expression for what is compared.</param>
sealed record FieldModel(string Name, string Identifier, string Type, string? Codec, string Comparand, bool IsState);

/// <summary>What one [Tree] attribute leads to.</summary>
sealed record Outcome(TreeModel? Model, Items<Finding> Findings);

/// <summary>A diagnostic, as values.</summary>
sealed record Finding(DiagnosticDescriptor Rule, string Path, TextSpan Span, LinePositionSpan Lines, Items<string> Arguments)
{
    public static Finding Of(DiagnosticDescriptor rule, ISymbol symbol, params string[] arguments)
    {
        var location = symbol.Locations.FirstOrDefault(l => l.IsInSource) ?? Location.None;
        return new(rule, location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span, new(arguments));
    }

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Rule, Location.Create(Path, Span, Lines), Arguments.ToArray<object>());
}

/// <summary>A list that compares by its elements.</summary>
sealed class Items<T>(IEnumerable<T> items) : IReadOnlyList<T>, IEquatable<Items<T>>
{
    readonly T[] items = items.ToArray();

    public int Count => items.Length;
    public T this[int index] => items[index];
    public bool Equals(Items<T>? other) => other is not null && items.SequenceEqual(other.items);
    public override bool Equals(object? other) => Equals(other as Items<T>);
    public override int GetHashCode() => items.Aggregate(items.Length, (hash, item) => unchecked(hash * 31 + (item is null ? 0 : item.GetHashCode())));
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}
