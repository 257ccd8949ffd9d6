namespace Adjoint;

/// <summary>A tree whose parameters are state.</summary>
sealed class StateTree(ITree tree) : ITree
{
    public ITree Tree => tree;
    public int LeafCount => tree.LeafCount;
    public void Flatten(Span<Tensor> leaves) => tree.Flatten(leaves);
    public ITree Rebuild(ReadOnlySpan<Tensor> leaves) => new StateTree(tree.Rebuild(leaves));
    public void Describe(TreeVisitor visitor) => tree.Describe(new Visitor(visitor));

    sealed class Visitor(TreeVisitor visitor) : TreeVisitor
    {
        public override void Leaf(string name, Tensor leaf, LeafRole role) => visitor.Leaf(name, leaf, role == LeafRole.Parameter ? LeafRole.State : role);
        public override void Branch(string name, ITree branch) => visitor.State(name, branch);
        public override void Static(string name, object? value) => visitor.Static(name, value);
    }
}
