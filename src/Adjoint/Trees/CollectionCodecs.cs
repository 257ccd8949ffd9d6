using System.Collections.Concurrent;

namespace Adjoint;

sealed class ListCodec<TList, T>(TreeCodec<T> item, Func<T[], TList> build) : TreeCodec<TList> where TList : IReadOnlyList<T>
{
    public override int LeafCount(TList value)
    {
        int count = 0;
        for (int i = 0; i < value.Count; i++) count += item.LeafCount(value[i]);
        return count;
    }

    public override void Write(TList value, ref Span<Tensor> leaves)
    {
        for (int i = 0; i < value.Count; i++) item.Write(value[i], ref leaves);
    }

    public override TList Read(TList like, ref ReadOnlySpan<Tensor> leaves)
    {
        var items = new T[like.Count];
        for (int i = 0; i < items.Length; i++) items[i] = item.Read(like[i], ref leaves);
        return build(items);
    }

    public override void Describe(string name, TList value, TreeVisitor visitor, LeafRole role) => visitor.Describe(name, Wrap(value), role);

    public override void DescribeFields(TList value, TreeVisitor visitor)
    {
        visitor.Static("Length", value.Count);
        for (int i = 0; i < value.Count; i++) item.Describe(FieldNames.At(i), value[i], visitor, LeafRole.Parameter);
    }
}

sealed class DictionaryCodec<TMap, T>(TreeCodec<T> item, Func<TMap, KeyValuePair<string, T>[], TMap> build) : TreeCodec<TMap>
    where TMap : IReadOnlyDictionary<string, T>
{
    static KeyValuePair<string, T>[] Sorted(TMap map)
    {
        var entries = map.ToArray();
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return entries;
    }

    public override int LeafCount(TMap value)
    {
        int count = 0;
        foreach (var (_, x) in value) count += item.LeafCount(x);
        return count;
    }

    public override void Write(TMap value, ref Span<Tensor> leaves)
    {
        foreach (var (_, x) in Sorted(value)) item.Write(x, ref leaves);
    }

    public override TMap Read(TMap like, ref ReadOnlySpan<Tensor> leaves)
    {
        var entries = Sorted(like);
        foreach (ref var entry in entries.AsSpan()) entry = new(entry.Key, item.Read(entry.Value, ref leaves));
        return build(like, entries);
    }

    public override void Describe(string name, TMap value, TreeVisitor visitor, LeafRole role) => visitor.Describe(name, Wrap(value), role);

    public override void DescribeFields(TMap value, TreeVisitor visitor)
    {
        var entries = Sorted(value);
        visitor.Static("Keys", new Sequence<string>(Array.ConvertAll(entries, static entry => entry.Key)));
        foreach (var (key, x) in entries) item.Describe(FieldNames.At(key), x, visitor, LeafRole.Parameter);
    }
}

sealed class TupleCodec<TTuple>(TuplePart<TTuple>[] parts) : TreeCodec<TTuple>
{
    public override int LeafCount(TTuple value)
    {
        int count = 0;
        foreach (var part in parts) count += part.LeafCount(ref value);
        return count;
    }

    public override void Write(TTuple value, ref Span<Tensor> leaves)
    {
        foreach (var part in parts) part.Write(ref value, ref leaves);
    }

    public override TTuple Read(TTuple like, ref ReadOnlySpan<Tensor> leaves)
    {
        foreach (var part in parts) part.Read(ref like, ref leaves);
        return like;
    }

    public override void Describe(string name, TTuple value, TreeVisitor visitor, LeafRole role) => visitor.Describe(name, Wrap(value), role);

    public override void DescribeFields(TTuple value, TreeVisitor visitor)
    {
        foreach (var part in parts) part.Describe(ref value, visitor);
    }
}

/// <summary>One part of a tuple of trees. Made by <see cref="TreeCodec.Part"/>.</summary>
public abstract class TuplePart<TTuple>
{
    private protected TuplePart() { }
    internal abstract int LeafCount(ref TTuple tuple);
    internal abstract void Write(ref TTuple tuple, ref Span<Tensor> leaves);
    internal abstract void Read(ref TTuple tuple, ref ReadOnlySpan<Tensor> leaves);
    internal abstract void Describe(ref TTuple tuple, TreeVisitor visitor);
}

sealed class TuplePart<TTuple, T>(string name, TreeCodec<T> item, Place<TTuple, T> place) : TuplePart<TTuple>
{
    internal override int LeafCount(ref TTuple tuple) => item.LeafCount(place(ref tuple));
    internal override void Write(ref TTuple tuple, ref Span<Tensor> leaves) => item.Write(place(ref tuple), ref leaves);
    internal override void Describe(ref TTuple tuple, TreeVisitor visitor) => item.Describe(name, place(ref tuple), visitor, LeafRole.Parameter);

    internal override void Read(ref TTuple tuple, ref ReadOnlySpan<Tensor> leaves)
    {
        ref var x = ref place(ref tuple);
        x = item.Read(x, ref leaves);
    }
}

/// <summary>The names of the elements of collections, made once.</summary>
static class FieldNames
{
    const int Most = 10_000;
    static readonly ConcurrentDictionary<int, string> places = new();
    static readonly ConcurrentDictionary<string, string> keys = new();

    public static string At(int index) => places.TryGetValue(index, out string? name) ? name : Keep(places, index, FormattableString.Invariant($"[{index}]"));

    public static string At(string key) => keys.TryGetValue(key, out string? name) ? name : Keep(keys, key, $"[\"{key}\"]");

    static string Keep<TKey>(ConcurrentDictionary<TKey, string> names, TKey key, string name) where TKey : notnull
    {
        if (names.Count < Most) names.TryAdd(key, name);
        return name;
    }

    /// <summary>Where the field <paramref name="name"/> of what is at <paramref name="path"/> is: <c>Layers[2].Bias</c>.</summary>
    public static string Join(string path, string name) =>
        path == "" ? name : name == "" || name[0] == '[' ? path + name : $"{path}.{name}";
}
