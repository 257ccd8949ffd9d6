namespace Adjoint;

/// <summary>Two trees as one: how functions of several arguments, and functions with several results, are functions of one tree. Pairs nest.</summary>
readonly record struct Pair<TFirst, TSecond>(TFirst First, TSecond Second) : ITree<Pair<TFirst, TSecond>>, IPair
    where TFirst : ITree<TFirst> where TSecond : ITree<TSecond>
{
    public bool IsPlain => Plain<TFirst>.Value && Plain<TSecond>.Value;
    public int LeafCount => First.LeafCount + Second.LeafCount;

    public void Flatten(Span<Tensor> leaves)
    {
        First.Flatten(leaves[..First.LeafCount]);
        Second.Flatten(leaves[First.LeafCount..]);
    }

    public Pair<TFirst, TSecond> Rebuild(ReadOnlySpan<Tensor> leaves) => new(First.Rebuild(leaves[..First.LeafCount]), Second.Rebuild(leaves[First.LeafCount..]));

    public void Describe(TreeVisitor visitor)
    {
        visitor.Branch("0", First);
        visitor.Branch("1", Second);
    }
}

/// <summary>Trees of one kind as one: functions of an array.</summary>
readonly record struct Several<T>(T[] Items) : ITree<Several<T>> where T : ITree<T>
{
    public int LeafCount
    {
        get
        {
            int count = 0;
            foreach (var item in Items) count += item.LeafCount;
            return count;
        }
    }

    public void Flatten(Span<Tensor> leaves)
    {
        int start = 0;
        foreach (var item in Items) { item.Flatten(leaves.Slice(start, item.LeafCount)); start += item.LeafCount; }
    }

    public Several<T> Rebuild(ReadOnlySpan<Tensor> leaves)
    {
        var items = new T[Items.Length];
        for (int i = 0, start = 0; i < items.Length; start += Items[i++].LeafCount) items[i] = Items[i].Rebuild(leaves.Slice(start, Items[i].LeafCount));
        return new(items);
    }

    public void Describe(TreeVisitor visitor)
    {
        visitor.Static("Length", Items.Length);
        for (int i = 0; i < Items.Length; i++) visitor.Branch($"[{i}]", Items[i]);
    }
}

/// <summary>A pair of trees of any types.</summary>
interface IPair
{
    /// <summary>Whether all such pairs have one structure.</summary>
    bool IsPlain { get; }
}

/// <summary>Whether all trees of a type have one structure: tensors, and pairs of such.</summary>
static class Plain<T>
{
    public static readonly bool Value = typeof(T) == typeof(Tensor) || default(T) is IPair { IsPlain: true };
}
