using System.Collections.Immutable;

namespace Adjoint;

/// <summary>How a value that is not itself an <see cref="ITree"/>, such as an array or a tuple of trees, is walked. Made by <see cref="TreeCodec"/>.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public abstract class TreeCodec<T>
{
    /// <summary>The number of tensors in it.</summary>
    public abstract int LeafCount(T value);

    /// <summary>Writes its tensors to the front of <paramref name="leaves"/>, and moves it behind them.</summary>
    public abstract void Write(T value, ref Span<Tensor> leaves);

    /// <summary>The structure of <paramref name="like"/> around the first tensors of <paramref name="leaves"/>, which moves behind them.</summary>
    public abstract T Read(T like, ref ReadOnlySpan<Tensor> leaves);

    /// <summary>Names it to <paramref name="visitor"/> as one field. The role of its parameters is <paramref name="role"/>: Parameter or State.</summary>
    public abstract void Describe(string name, T value, TreeVisitor visitor, LeafRole role);

    /// <summary>Names what is in it to <paramref name="visitor"/>.</summary>
    public abstract void DescribeFields(T value, TreeVisitor visitor);

    /// <summary>The value as a tree.</summary>
    public TreeOf<T> Wrap(T value) => new(value, this);
}

/// <summary>A tree around a value that is none by itself, such as a tuple of trees.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class TreeOf<T>(T value, TreeCodec<T> codec) : ITree<TreeOf<T>>
{
    /// <summary>The value.</summary>
    public T Value => value;

    /// <inheritdoc/>
    public int LeafCount => codec.LeafCount(value);

    /// <inheritdoc/>
    public void Flatten(Span<Tensor> leaves) => codec.Write(value, ref leaves);

    /// <inheritdoc/>
    public void Write(ref Span<Tensor> leaves) => codec.Write(value, ref leaves);

    /// <inheritdoc/>
    public TreeOf<T> Rebuild(ReadOnlySpan<Tensor> leaves) => new(codec.Read(value, ref leaves), codec);

    /// <inheritdoc/>
    public TreeOf<T> Read(ref ReadOnlySpan<Tensor> leaves) => new(codec.Read(value, ref leaves), codec);

    /// <inheritdoc/>
    public void Describe(TreeVisitor visitor) => codec.DescribeFields(value, visitor);
}

/// <summary>Codecs of what a <c>[Tree]</c> record may hold. The generated code calls these.</summary>
public static class TreeCodec
{
    static readonly LeafCodec leaf = new();

    /// <summary>A tensor.</summary>
    public static TreeCodec<Tensor> Leaf() => leaf;

    /// <summary>A tree that rebuilds as its own type.</summary>
    public static TreeCodec<T> Tree<T>() where T : ITree<T> => OwnTypeCodec<T>.Instance;

    /// <summary>A tree behind an interface or a base type; it rebuilds as the type it has at run time.</summary>
    public static TreeCodec<T> Interface<T>() where T : ITree => InterfaceCodec<T>.Instance;

    /// <summary>What is neither a tensor nor a tree, as a part of a tuple or collection: compared as <paramref name="comparand"/> of it.</summary>
    public static TreeCodec<T> Static<T>(Func<T, object?> comparand) => new StaticCodec<T>(comparand);

    /// <summary>The elements of a static list, as something that is equal if they are.</summary>
    public static object? Content<T>(IReadOnlyList<T>? items) => items is null or ImmutableArray<T> { IsDefault: true } ? null : new Sequence<T>([.. items]);

    /// <summary>A reference that may be null. Whether it is is part of the structure.</summary>
    public static TreeCodec<T?> Optional<T>(TreeCodec<T> item) => new OptionalCodec<T>(item);

    /// <summary>A value that may be null. Whether it is is part of the structure.</summary>
    public static TreeCodec<T?> OptionalValue<T>(TreeCodec<T> item) where T : struct => new OptionalValueCodec<T>(item);

    /// <summary>A list, whose length is part of the structure: an array, an immutable array, ..., made from its elements by <paramref name="build"/>.</summary>
    public static TreeCodec<TList> List<TList, T>(TreeCodec<T> item, Func<T[], TList> build) where TList : IReadOnlyList<T> => new ListCodec<TList, T>(item, build);

    /// <summary>
    /// A dictionary, whose keys are part of the structure: in the ordinal order of its keys; made from an old one and the new entries by <paramref name="build"/>.
    /// </summary>
    public static TreeCodec<TMap> Dictionary<TMap, T>(TreeCodec<T> item, Func<TMap, KeyValuePair<string, T>[], TMap> build)
        where TMap : IReadOnlyDictionary<string, T> => new DictionaryCodec<TMap, T>(item, build);

    /// <summary>A tuple of these parts.</summary>
    public static TreeCodec<TTuple> Tuple<TTuple>(params ReadOnlySpan<TuplePart<TTuple>> parts) => new TupleCodec<TTuple>(parts.ToArray());

    /// <summary>One part of a tuple: <c>TreeCodec.Part("Mean", TreeCodec.Leaf(), static (ref (Tensor Mean, Tensor Variance) x) => ref x.Mean)</c>.</summary>
    public static TuplePart<TTuple> Part<TTuple, T>(string name, TreeCodec<T> item, Place<TTuple, T> place) => new TuplePart<TTuple, T>(name, item, place);
}

/// <summary>Where a part of a tuple is.</summary>
public delegate ref T Place<TTuple, T>(ref TTuple tuple);
