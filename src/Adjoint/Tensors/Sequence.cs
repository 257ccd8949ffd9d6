using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>An immutable list that compares by its elements, for the attributes of operations.</summary>
[CollectionBuilder(typeof(Sequence), nameof(Sequence.Of))]
public readonly struct Sequence<T>(T[] items) : IReadOnlyList<T>, IEquatable<Sequence<T>>
{
    readonly T[]? items = items;

    public int Count => items?.Length ?? 0;
    public T this[int index] => items![index];
    public ReadOnlySpan<T> Span => items;

    public bool Equals(Sequence<T> other) => Span.SequenceEqual(other.Span, EqualityComparer<T>.Default);
    public override bool Equals(object? other) => other is Sequence<T> sequence && Equals(sequence);
    public override int GetHashCode() { var h = new HashCode(); foreach (var item in Span) h.Add(item); return h.ToHashCode(); }
    public static implicit operator Sequence<T>(T item) => new([item]);
    public override string ToString() => $"[{string.Join(", ", items ?? [])}]";
    public static bool operator ==(Sequence<T> a, Sequence<T> b) => a.Equals(b);
    public static bool operator !=(Sequence<T> a, Sequence<T> b) => !a.Equals(b);
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Builds sequences from collection expressions.</summary>
public static class Sequence
{
    public static Sequence<T> Of<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
