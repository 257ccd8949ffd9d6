namespace Adjoint;

/// <summary>What can be done with any tree: list its leaves, and map over them.</summary>
public static class Trees
{
    /// <summary>The tensors of a tree, in the order of its fields.</summary>
    public static Tensor[] Leaves<T>(T tree) where T : ITree
    {
        var leaves = new Tensor[tree.LeafCount];
        tree.Flatten(leaves);
        return leaves;
    }

    /// <summary>The same structure around other tensors.</summary>
    /// <exception cref="ArgumentException">There are more or fewer tensors than the tree has leaves.</exception>
    public static T Rebuild<T>(T tree, params ReadOnlySpan<Tensor> leaves) where T : ITree<T> => leaves.Length == tree.LeafCount ? tree.Rebuild(leaves)
        : throw new ArgumentException($"rebuild: the tree has {tree.LeafCount} leaves ({string.Join(", ", Paths(tree))}), but there are {leaves.Length} tensors. "
            + "Each leaf needs one.");

    /// <summary>Where each leaf is: <c>Hidden.Weight</c>, <c>Layers[2].Bias</c>, <c>Scale["a"]</c>. A tree that is a tensor has the path "".</summary>
    public static string[] Paths(ITree tree)
    {
        var visitor = new LeafVisitor();
        visitor.Branch("", tree);
        return [.. visitor.Paths];
    }

    /// <summary>What each leaf is for.</summary>
    public static LeafRole[] Roles(ITree tree)
    {
        var visitor = new RoleVisitor();
        visitor.Branch("", tree);
        return [.. visitor.Roles];
    }

    /// <summary>The same structure around <paramref name="f"/> of every leaf.</summary>
    public static T Map<T>(T tree, Func<Tensor, Tensor> f) where T : ITree<T> => tree.Rebuild(Array.ConvertAll(Leaves(tree), leaf => f(leaf)));

    /// <summary>The same structure around <paramref name="f"/> of every two leaves at the same place.</summary>
    /// <exception cref="ArgumentException">The structures differ.</exception>
    public static T Map<T>(T tree, T other, Func<Tensor, Tensor, Tensor> f) where T : ITree<T>
    {
        Check(tree, other);
        Tensor[] leaves = Leaves(tree), others = Leaves(other);
        for (int i = 0; i < leaves.Length; i++) leaves[i] = f(leaves[i], others[i]);
        return tree.Rebuild(leaves);
    }

    /// <summary>The same structure around <paramref name="f"/> of every three leaves at the same place.</summary>
    /// <exception cref="ArgumentException">The structures differ.</exception>
    public static T Map<T>(T tree, T second, T third, Func<Tensor, Tensor, Tensor, Tensor> f) where T : ITree<T>
    {
        Check(tree, second);
        Check(tree, third);
        Tensor[] leaves = Leaves(tree), seconds = Leaves(second), thirds = Leaves(third);
        for (int i = 0; i < leaves.Length; i++) leaves[i] = f(leaves[i], seconds[i], thirds[i]);
        return tree.Rebuild(leaves);
    }

    /// <summary>For each leaf, whether it is learned: a parameter, of a floating type.</summary>
    public static bool[] Learned<T>(T tree) where T : ITree
    {
        var (leaves, roles) = (Leaves(tree), Roles(tree));
        var learned = new bool[leaves.Length];
        for (int i = 0; i < learned.Length; i++) learned[i] = roles[i] == LeafRole.Parameter && leaves[i].DType.IsFloat;
        return learned;
    }

    /// <summary>The same tree with <paramref name="f"/> of every floating parameter; integers, state and keys stay.</summary>
    public static T MapParameters<T>(T tree, Func<Tensor, Tensor> f) where T : ITree<T>
    {
        var (leaves, learned) = (Leaves(tree), Learned(tree));
        for (int i = 0; i < leaves.Length; i++)
            if (learned[i]) leaves[i] = f(leaves[i]);
        return tree.Rebuild(leaves);
    }

    /// <summary>The same tree with <paramref name="f"/> of every two floating parameters at the same place; integers, state and keys are the first tree's.</summary>
    /// <exception cref="ArgumentException">The structures differ.</exception>
    public static T MapParameters<T>(T tree, T other, Func<Tensor, Tensor, Tensor> f) where T : ITree<T>
    {
        var learned = Learned(tree);
        int i = 0;
        return Map(tree, other, (a, b) => learned[i++] ? f(a, b) : a);
    }

    /// <summary>The same tree with <paramref name="f"/> of every three floating parameters at the same place; integers, state and keys are the first tree's.</summary>
    /// <exception cref="ArgumentException">The structures differ.</exception>
    public static T MapParameters<T>(T tree, T second, T third, Func<Tensor, Tensor, Tensor, Tensor> f) where T : ITree<T>
    {
        var learned = Learned(tree);
        int i = 0;
        return Map(tree, second, third, (a, b, c) => learned[i++] ? f(a, b, c) : a);
    }

    /// <summary>The same tree with zeros for every floating parameter: where moments and sums of gradients start. Integers, state and keys stay.</summary>
    public static T ZerosLike<T>(T tree) where T : ITree<T> => MapParameters(tree, leaf => Tensor.Zeros(leaf.Shape, leaf.DType));

    /// <summary>The same tree with every floating parameter as a <see cref="Tensor.Variable"/>: for <c>loss.Gradient(tree)</c>. Call it anew after each step.</summary>
    public static T Variables<T>(T tree) where T : ITree<T> => MapParameters(tree, Tensor.Variable);

    static void Check(ITree tree, ITree other)
    {
        var structure = TreeStructure.Of(tree);
        if (!structure.Matches(other)) throw new ArgumentException($"map: the trees differ in {structure.DifferenceTo(TreeStructure.Of(other))}. "
            + "They must have the same structure: types, static fields, lengths, and what is absent.");
    }

    sealed class LeafVisitor : TreeVisitor
    {
        string path = "";
        public List<string> Paths { get; } = [];
        public override void Leaf(string name, Tensor leaf, LeafRole role) => Paths.Add(FieldNames.Join(path, name));
        public override void Static(string name, object? value) { }

        public override void Branch(string name, ITree branch)
        {
            string outer = path;
            path = FieldNames.Join(path, name);
            branch.Describe(this);
            path = outer;
        }
    }

    sealed class RoleVisitor : TreeVisitor
    {
        public List<LeafRole> Roles { get; } = [];
        public override void Leaf(string name, Tensor leaf, LeafRole role) => Roles.Add(role);
        public override void Branch(string name, ITree branch) => branch.Describe(this);
        public override void Static(string name, object? value) { }
    }
}
