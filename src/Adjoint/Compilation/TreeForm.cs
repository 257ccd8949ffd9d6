namespace Adjoint;

/// <summary>What a trace depends on: the structure of a tree, and the shapes and element types of its leaves.</summary>
sealed class TreeForm : IEquatable<TreeForm>
{
    readonly TreeStructure structure;
    readonly (Shape Shape, DType Type, bool Weak)[] leaves;
    readonly bool isPlain;
    readonly int hash;

    TreeForm(TreeStructure structure, ReadOnlySpan<Tensor> tensors, bool isPlain)
    {
        (this.structure, this.isPlain, leaves) = (structure, isPlain, new (Shape, DType, bool)[tensors.Length]);
        var h = new HashCode();
        h.Add(structure);
        for (int i = 0; i < leaves.Length; i++)
        {
            var x = tensors[i];
            leaves[i] = (x.Shape, x.DType, x.IsWeak);
            h.Add(x.Shape.Ordinal * 16 + (int)x.DType * 2 + (x.IsWeak ? 1 : 0));
        }
        hash = h.ToHashCode();
    }

    public static TreeForm Of<T>(T tree, ReadOnlySpan<Tensor> leaves) where T : ITree => new(TreeStructure.Of(tree), leaves, Plain<T>.Value);

    public int LeafCount => leaves.Length;

    /// <summary>Whether a tree with these leaves has this form: <c>Equals(Of(tree, leaves))</c>, but cheaper.</summary>
    public bool Fits<T>(T tree, ReadOnlySpan<Tensor> tensors) where T : ITree
    {
        if (tensors.Length != leaves.Length) return false;
        for (int i = 0; i < leaves.Length; i++)
        {
            var x = tensors[i];
            ref readonly var leaf = ref leaves[i];
            if (x.Shape != leaf.Shape || x.DType != leaf.Type || x.IsWeak != leaf.Weak) return false;
        }
        return isPlain || structure.Matches(tree);
    }

    public bool Equals(TreeForm? other) => other is not null && hash == other.hash && leaves.AsSpan().SequenceEqual(other.leaves) && structure.Equals(other.structure);
    public override bool Equals(object? other) => Equals(other as TreeForm);
    public override int GetHashCode() => hash;
}
