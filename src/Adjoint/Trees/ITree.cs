namespace Adjoint;

/// <summary>What a leaf of a tree is for: gradients and optimizers touch parameters only.</summary>
public enum LeafRole
{
    /// <summary>Learned: has a gradient if it is floating.</summary>
    Parameter,

    /// <summary>Carried along, such as running statistics: a field marked <c>[State]</c>.</summary>
    State,

    /// <summary>A random key.</summary>
    Key,
}

/// <summary>
/// A structure of tensors: a model, its gradient, an optimizer's state, a batch. What is not a tensor or a tree is static: it selects the program,
/// and is the same in everything that has the same structure. <c>[Tree]</c> on a partial record writes these members; by hand works as well.
/// </summary>
public interface ITree
{
    /// <summary>The number of tensors in it.</summary>
    int LeafCount { get; }

    /// <summary>Writes its <see cref="LeafCount"/> tensors to <paramref name="leaves"/>, in the order of the fields.</summary>
    void Flatten(Span<Tensor> leaves);

    /// <summary>The same structure around other tensors, in the order of <see cref="Flatten"/>.</summary>
    ITree Rebuild(ReadOnlySpan<Tensor> leaves);

    /// <summary>Writes its tensors to the front of <paramref name="leaves"/>, and moves it behind them. Generated code does so in one pass.</summary>
    void Write(ref Span<Tensor> leaves)
    {
        int count = LeafCount;
        Flatten(leaves[..count]);
        leaves = leaves[count..];
    }

    /// <summary>The same structure around the first tensors of <paramref name="leaves"/>, which moves behind them. Generated code does so in one pass.</summary>
    ITree Read(ref ReadOnlySpan<Tensor> leaves)
    {
        int count = LeafCount;
        var tree = Rebuild(leaves[..count]);
        leaves = leaves[count..];
        return tree;
    }

    /// <summary>Names every leaf, branch and static field to <paramref name="visitor"/>, in the order of the fields.</summary>
    void Describe(TreeVisitor visitor);
}

/// <summary>A structure of tensors that rebuilds as its own type.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface ITree<TSelf> : ITree where TSelf : ITree<TSelf>
{
    /// <inheritdoc cref="ITree.Rebuild"/>
    new TSelf Rebuild(ReadOnlySpan<Tensor> leaves);

    /// <inheritdoc cref="ITree.Read"/>
    new TSelf Read(ref ReadOnlySpan<Tensor> leaves)
    {
        int count = LeafCount;
        var tree = Rebuild(leaves[..count]);
        leaves = leaves[count..];
        return tree;
    }

    ITree ITree.Rebuild(ReadOnlySpan<Tensor> leaves) => Rebuild(leaves);
    ITree ITree.Read(ref ReadOnlySpan<Tensor> leaves) => Read(ref leaves);
}

/// <summary>
/// Is told the fields of a tree. A collection is a branch, whose fields are named <c>[2]</c> or <c>["key"]</c>; what stands for a whole tree has the name "".
/// </summary>
public abstract class TreeVisitor
{
    /// <summary>A tensor.</summary>
    public abstract void Leaf(string name, Tensor leaf, LeafRole role);

    /// <summary>A tree; the visitor decides whether to go into it.</summary>
    public abstract void Branch(string name, ITree branch);

    /// <summary>A tree whose parameters are state: as <see cref="Branch"/>, with the role <see cref="LeafRole.State"/> for the leaves in it.</summary>
    public void State(string name, ITree branch) => Branch(name, branch as StateTree ?? new StateTree(branch));

    internal void Describe(string name, ITree branch, LeafRole role)
    {
        if (role == LeafRole.State) State(name, branch);
        else Branch(name, branch);
    }

    /// <summary>A field that is neither: part of the structure, compared with <see cref="object.Equals(object)"/>.</summary>
    public abstract void Static(string name, object? value);
}
