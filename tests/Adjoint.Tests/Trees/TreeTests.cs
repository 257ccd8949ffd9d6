using System.Collections.Frozen;
using System.Collections.Immutable;
using Xunit;

namespace Adjoint.Tests.TreeTypes;

public sealed class TreeTests
{
    static int count;
    static Tensor T() => new(TensorData.Scalar(DType.Float64, ++count));
    static Dense Dense(int units = 3) => new(T(), T(), units);
    static Normalization Normal() => new(T(), T(), (T(), Key.Of(1)), Dense()) { History = [Dense(), new(T(), null)] };

    static Lists Lists() => new([Dense(), new(T(), null)], [T(), T()], [Dense(), Normal()], [T(), null], [[T()], [], [T(), T()]],
        [new(T(), null, Key.Of(2))], [T(), T()], null, [Key.Of(3)]);

    static Maps Maps() => new(new() { ["b"] = Dense(), ["a"] = Dense() }, new Dictionary<string, Tensor[]> { ["B"] = [T()], ["a"] = [T(), T()], ["A"] = [] },
        ImmutableDictionary<string, Tensor>.Empty.Add("x", T()), ImmutableSortedDictionary<string, ILayer>.Empty.Add("y", Dense()),
        new() { ["q"] = null, ["p"] = T() }, new Dictionary<string, Tensor> { ["z"] = T() }.ToFrozenDictionary());

    static Tuples Tuples() => new((T(), T()), (Dense(), null, 3, [1, 2]), (T(), (T(), Key.Of(4))), (T(), T(), T(), T(), T(), T(), T(), T(), T()), (1, "a"));

    static Statics Statics() => new(T(), [3, 3], ["a", "b"], [0.5], null, DType.Float32, "reference".Length, [], [2, 3], [0]);

    public static TheoryData<string> Shapes => [.. samples.Keys];

    static readonly Dictionary<string, (ITree Tree, string[] Paths)> samples = new()
    {
        ["tensor"] = (T(), [""]),
        ["key"] = (Key.Of(5), [""]),
        ["record"] = (new Mlp(Dense(), new(T(), null)), ["Hidden.Weight", "Hidden.Bias", "Output.Weight"]),
        ["state"] = (Normal(), ["Scale", "Mean", "More.Variance", "More.Noise", "Inner.Weight", "Inner.Bias", "History[0].Weight", "History[0].Bias", "History[1].Weight"]),
        ["record struct"] = (new Batch(T(), null, Key.Of(6)), ["Images", "Key"]),
        ["lists"] = (Lists(), ["Array[0].Weight", "Array[0].Bias", "Array[1].Weight", "Immutable[0]", "Immutable[1]", "ReadOnly[0].Weight", "ReadOnly[0].Bias",
            "ReadOnly[1].Scale", "ReadOnly[1].Mean", "ReadOnly[1].More.Variance", "ReadOnly[1].More.Noise", "ReadOnly[1].Inner.Weight", "ReadOnly[1].Inner.Bias",
            "ReadOnly[1].History[0].Weight", "ReadOnly[1].History[0].Bias", "ReadOnly[1].History[1].Weight", "List[0]", "Jagged[0][0]", "Jagged[2][0]", "Jagged[2][1]",
            "Persistent[0].Images", "Persistent[0].Key", "Sequence[0]", "Sequence[1]", "OptionalKeys[0]"]),
        ["dictionaries"] = (Maps(), ["Mutable[\"a\"].Weight", "Mutable[\"a\"].Bias", "Mutable[\"b\"].Weight", "Mutable[\"b\"].Bias", "ReadOnly[\"B\"][0]", "ReadOnly[\"a\"][0]",
            "ReadOnly[\"a\"][1]", "Immutable[\"x\"]", "Sorted[\"y\"].Weight", "Sorted[\"y\"].Bias", "Tree[\"p\"]", "Frozen[\"z\"]"]),
        ["tuples"] = (Tuples(), ["Statistics.Mean", "Statistics.Variance", "Mixed.Item1.Weight", "Mixed.Item1.Bias", "Nested.Item1", "Nested.Item2.A", "Nested.Item2.B",
            "Long.Item1", "Long.Item2", "Long.Item3", "Long.Item4", "Long.Item5", "Long.Item6", "Long.Item7", "Long.Item8", "Long.Last"]),
        ["generic"] = (new Moments<Dense>(Dense(), Dense(), [Dense()], null, 0.1), ["Model.Weight", "Model.Bias", "Mean.Weight", "Mean.Bias", "Past[0].Weight", "Past[0].Bias"]),
        ["generic of tensors"] = (new Moments<Tensor>(T(), T(), [T()], T(), 0.1), ["Model", "Mean", "Past[0]", "Best"]),
        ["generic by an interface"] = (new OfLayer<ILayer, Dense>(Dense(), Dense()), ["Layer.Weight", "Layer.Bias", "Other.Weight", "Other.Bias"]),
        ["statics"] = (Statics(), ["X"]),
        ["derived"] = (new Derived(T(), "a", T()), ["X", "Common"]),
        ["keywords and body"] = (new @event(T(), T()), ["class", "record", "hidden", "Property", "Half", "TreeFields"]),
        ["nothing"] = (new Nothing(), []),
        ["recursive"] = (new Node(T(), null, new(T(), new(T()))), ["Value", "Right.Value", "Right.Left.Value"]),
        ["nested"] = (new Outer<int>.Middle.Inner.Most(new(T())), ["P.X"]),
        ["nested generic"] = (new Outer<int>.Middle.Inner(T(), 3), ["X"]),
        ["namespace that is a keyword"] = (new @namespace.InKeyword(T()), ["X"]),
        ["no namespace"] = (new InNoNamespace(T()), ["X"]),
        ["oblivious"] = (new Oblivious(T(), [T()]), ["X", "Y[0]"]),
        ["by hand"] = (new ByHand(T(), Dense()), ["first", "second.Weight", "second.Bias"]),
    };

    sealed record ByHand(Tensor First, Dense Second) : ITree<ByHand>
    {
        public int LeafCount => 1 + Trees.Leaves(Second).Length;
        public void Flatten(Span<Tensor> leaves) { leaves[0] = First; ((ITree)Second).Flatten(leaves[1..]); }
        public ByHand Rebuild(ReadOnlySpan<Tensor> leaves) => new(leaves[0], ((ITree<Dense>)Second).Rebuild(leaves[1..]));
        public void Describe(TreeVisitor visitor) { visitor.Leaf("first", First, LeafRole.Parameter); visitor.Branch("second", Second); }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Leaves_have_paths_and_rebuild(string shape)
    {
        var (tree, paths) = samples[shape];
        Assert.Equal(paths, Trees.Paths(tree));
        var leaves = Trees.Leaves(tree);
        Assert.Equal(paths.Length, leaves.Length);
        Assert.Equal(leaves.Length, leaves.Distinct().Count());
        Assert.Equal(leaves.Length, TreeStructure.Of(tree).LeafCount);
        Tensor[] others = [.. leaves.Select(_ => T())];
        var other = tree.Rebuild(others);
        Assert.Equal(tree.GetType(), other.GetType());
        Assert.Equal(others, Trees.Leaves(other));
        Assert.Equal(leaves, Trees.Leaves(tree));
        Assert.Equal(TreeStructure.Of(tree), TreeStructure.Of(other));
        Assert.Equal(TreeStructure.Of(tree).GetHashCode(), TreeStructure.Of(other).GetHashCode());
        Assert.True(TreeStructure.Of(tree).Matches(other));
        Assert.Null(TreeStructure.Of(tree).DifferenceTo(TreeStructure.Of(other)));
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_tree_reads_and_writes_its_own_part_of_the_leaves(string shape)
    {
        var tree = samples[shape].Tree;
        Tensor before = T(), after = T();
        var written = new Tensor[tree.LeafCount + 2];
        (written[0], written[^1]) = (before, after);
        var rest = written.AsSpan(1);
        tree.Write(ref rest);
        Assert.Equal(1, rest.Length);
        Assert.Equal([before, .. Trees.Leaves(tree), after], written);
        ReadOnlySpan<Tensor> read = written.AsSpan(1);
        Assert.Equal(Trees.Leaves(tree), Trees.Leaves(tree.Read(ref read)));
        Assert.Equal(1, read.Length);
    }

    [Fact]
    public void All_shapes_have_different_structures()
    {
        var structures = samples.Values.Select(sample => TreeStructure.Of(sample.Tree)).ToArray();
        Assert.Equal(structures.Length, structures.Distinct().Count());
        foreach (var structure in structures) Assert.Single(samples.Values, sample => structure.Matches(sample.Tree));
    }

    [Fact]
    public void Rebuilding_keeps_everything_else()
    {
        var statics = Trees.Map(Statics(), x => x + 1);
        Assert.Equal([0.5], statics.Rates);
        Assert.Equal(DType.Float32, statics.Type);
        var maps = Maps() with { Mutable = new(StringComparer.OrdinalIgnoreCase) { ["a"] = Dense() } };
        Assert.True(Trees.Map(maps, x => x).Mutable.ContainsKey("A"));
        Assert.Equal("label", Trees.Map(new Derived(T(), "label", T()), x => x).Label);
        Assert.IsType<Normalization>(Trees.Map(Lists(), x => x).ReadOnly[1]);
    }

    [Fact]
    public void Roles_pass_through_branches()
    {
        const LeafRole p = LeafRole.Parameter, s = LeafRole.State, k = LeafRole.Key;
        Assert.Equal([p, s, s, k, s, s, s, s, s], Trees.Roles(Normal()));
        Assert.Equal([p, k], Trees.Roles(new Batch(T(), null, Key.Of(1))));
        Assert.Equal([p, p, p, s, s, k, s, s, s, s, s], Trees.Roles(new Lists([], [], [Dense(), Normal()], [], [], [], [], null, null)));
    }

    static string? Difference(ITree a, ITree b)
    {
        Assert.NotEqual(TreeStructure.Of(a), TreeStructure.Of(b));
        Assert.False(TreeStructure.Of(a).Matches(b));
        Assert.False(TreeStructure.Of(b).Matches(a));
        return TreeStructure.Of(a).DifferenceTo(TreeStructure.Of(b));
    }

    [Fact]
    public void Differences_are_named()
    {
        var mlp = new Mlp(Dense(128), Dense(10));
        Assert.Equal("Hidden.Units: 128 and 64", Difference(mlp, mlp with { Hidden = Dense(64) }));
        Assert.Equal("Output.Bias: a parameter tensor and null", Difference(mlp, mlp with { Output = mlp.Output with { Bias = null } }));
        Assert.Equal("the tree: Mlp and Dense", Difference(mlp, Dense()));
        Assert.Equal("the tree: Moments<Dense> and Moments<Tensor>", Difference(new Moments<Dense>(Dense(), Dense(), [], null, 1), new Moments<Tensor>(T(), T(), [], null, 1)));
        var lists = Lists();
        Assert.Equal("Array.Length: 2 and 1", Difference(lists, lists with { Array = [Dense()] }));
        Assert.Equal("ReadOnly[1]: Normalization and Dense", Difference(lists, lists with { ReadOnly = [Dense(), Dense()] }));
        Assert.Equal("Array[1].Units: 0 and 5", Difference(lists, lists with { Array = [lists.Array[0], new(T(), null, 5)] }));
        Assert.Equal("Jagged[1].Length: 0 and 1", Difference(lists, lists with { Jagged = [[T()], [T()], [T(), T()]] }));
        Assert.Equal("Optional: null and Tensor[]", Difference(lists, lists with { Optional = [] }));
        var maps = Maps();
        Assert.Equal("Mutable.Keys: [a, b] and [a]", Difference(maps, maps with { Mutable = new() { ["a"] = Dense() } }));
        Assert.Equal("ReadOnly[\"a\"].Length: 2 and 0", Difference(maps, maps with { ReadOnly = new Dictionary<string, Tensor[]> { ["B"] = [T()], ["a"] = [], ["A"] = [] } }));
        var tuples = Tuples();
        Assert.Equal("Mixed.Count: 3 and 4", Difference(tuples, tuples with { Mixed = tuples.Mixed with { Count = 4 } }));
        Assert.Equal("Mixed.Sizes: [1, 2] and [1, 3]", Difference(tuples, tuples with { Mixed = tuples.Mixed with { Sizes = [1, 3] } }));
        Assert.Equal("Plain: (1, a) and (1, b)", Difference(tuples, tuples with { Plain = (1, "b") }));
        var normal = Normal();
        Assert.Equal("Inner.Units: 3 and 4", Difference(normal, normal with { Inner = normal.Inner! with { Units = 4 } }));
    }

    [Fact]
    public void Static_fields_compare_by_value()
    {
        var statics = Statics();
        Assert.Equal(TreeStructure.Of(statics), TreeStructure.Of(statics with { Kernel = [3, 3], Names = ["a", "b"], Rates = [0.5], Axes = [0], Shape = [2, 3], X = T() }));
        Assert.Equal("Kernel: [3, 3] and [3, 5]", Difference(statics, statics with { Kernel = [3, 5] }));
        Assert.Equal("Names: [a, b] and null", Difference(statics, statics with { Names = default }));
        Assert.Equal("Rates: [0.5] and [0.25]", Difference(statics, statics with { Rates = [0.25] }));
        Assert.Equal("Text: null and x", Difference(statics, statics with { Text = "x" }));
        Assert.Equal("Missing: null and []", Difference(statics, statics with { Missing = [] }));
        Assert.Equal("Shape: [2, 3] and [3, 2]", Difference(statics, statics with { Shape = [3, 2] }));
        Assert.NotNull(Difference(statics, statics with { Reference = T() }));
        Assert.Equal("Label: a and b", Difference(new Derived(T(), "a", T()), new Derived(T(), "b", T())));
    }

    [Fact]
    public void A_static_array_that_changes_later_is_another_structure()
    {
        var statics = Statics();
        var before = TreeStructure.Of(statics);
        statics.Kernel[0] = 7;
        Assert.Equal("Kernel: [3, 3] and [7, 3]", before.DifferenceTo(TreeStructure.Of(statics)));
    }

    [Fact]
    public void Maps_go_over_leaves()
    {
        Tensor a = 2.0, b = 3.0;
        var x = new Mlp(new(a, b), new(b, null));
        static double[] Values(ITree tree) => [.. Trees.Leaves(tree).Select(leaf => leaf.ToScalar())];
        Assert.Equal([4, 9, 9], Values(Trees.Map(x, leaf => leaf * leaf)));
        var y = Trees.Map(x, leaf => leaf + 1);
        Assert.Equal([6, 12, 12], Values(Trees.Map(x, y, (p, q) => p * q)));
        Assert.Equal([8, 15, 15], Values(Trees.Map(x, y, x, (p, q, r) => p * q + r)));
    }

    [Fact]
    public void Maps_of_different_trees_say_where()
    {
        var x = new Mlp(Dense(2), Dense(3));
        string message = Assert.Throws<ArgumentException>(() => Trees.Map(x, x with { Output = Dense(4) }, (a, b) => a + b)).Message;
        Assert.Equal("map: the trees differ in Output.Units: 3 and 4. They must have the same structure: types, static fields, lengths, and what is absent.", message);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Trees.MapParameters(x, x, x with { Output = Dense(4) }, (a, b, c) => a)).Message);
    }

    [Fact]
    public void Rebuilding_needs_a_tensor_for_each_leaf()
    {
        Tensor a = T(), b = T();
        var rebuilt = Trees.Rebuild(Dense(5), a, b);
        Assert.Equal((a, b, 5), (rebuilt.Weight, rebuilt.Bias, rebuilt.Units));
        Assert.Equal("rebuild: the tree has 2 leaves (Weight, Bias), but there are 1 tensors. Each leaf needs one.",
            Assert.Throws<ArgumentException>(() => Trees.Rebuild(Dense(), a)).Message);
        Assert.Throws<ArgumentException>(() => Trees.Rebuild(Dense(), a, b, a));
    }

    [Fact]
    public void Parameters_are_floating_and_learned()
    {
        Tensor integer = Tensor.Of(1, 2);
        var x = new OfLayer<ILayer, Dense>(new Normalization(Tensor.Of(1.0, 2.0), T(), (T(), Key.Of(1))) { History = [Dense()] }, new(Tensor.Of(3f), integer));
        Assert.Equal([true, false, false, false, false, false, true, false], Trees.Learned(x));
        var before = Trees.Leaves(x);
        var zeros = Trees.Leaves(Trees.ZerosLike(x));
        Assert.Equal([0, 0], zeros[0].ToArray());
        Assert.Equal((DType.Float32, new Shape[] { [1] }[0]), (zeros[6].DType, zeros[6].Shape));
        foreach (int i in new[] { 1, 2, 3, 4, 5, 7 }) Assert.Same(before[i], zeros[i]);
        var sum = Trees.Leaves(Trees.MapParameters(x, Trees.Map(x, leaf => leaf), x, (a, b, c) => a + b + c));
        Assert.Equal([3, 6], sum[0].ToArray());
        Assert.Equal([9], sum[6].ToArray());
        foreach (int i in new[] { 1, 2, 3, 4, 5, 7 }) Assert.Same(before[i], sum[i]);
        Assert.Equal([-1, -2], Trees.Leaves(Trees.MapParameters(x, leaf => -leaf))[0].ToArray());
        Assert.Equal([2, 4], Trees.Leaves(Trees.MapParameters(x, x, (a, b) => a + b))[0].ToArray());
    }

    [Fact]
    public void Deep_trees_cost_as_much_as_they_have_nodes()
    {
        Counted.Asked = 0;
        var tree = new Wrapped(new Wrapped(new Wrapped(new Wrapped(new Counted(T()), null), null), null), null);
        Span<Tensor> leaves = new Tensor[1];
        ((ITree)tree).Flatten(leaves);
        ((ITree)tree).Rebuild(leaves);
        Assert.Equal(2, Counted.Asked);
    }

    [Fact]
    public void Codecs_make_trees_of_tuples()
    {
        var codec = TreeCodec.Tuple<(Dense Model, Tensor Loss)>(
            TreeCodec.Part("Model", TreeCodec.Tree<Dense>(), static (ref (Dense Model, Tensor Loss) x) => ref x.Model),
            TreeCodec.Part("Loss", TreeCodec.Leaf(), static (ref (Dense Model, Tensor Loss) x) => ref x.Loss));
        var tree = codec.Wrap((Dense(), T()));
        Assert.Equal(["Model.Weight", "Model.Bias", "Loss"], Trees.Paths(tree));
        Tensor[] others = [T(), T(), T()];
        var other = tree.Rebuild(others).Value;
        Assert.Equal(others, [other.Model.Weight, other.Model.Bias!, other.Loss]);
        Assert.Equal("Model.Units: 3 and 4", Difference(tree, codec.Wrap((Dense(4), T()))));
    }
}

[Tree] sealed partial record Wrapped(ITree Inner, Tensor? Extra);

sealed record Counted(Tensor X) : ITree<Counted>
{
    public static int Asked;
    public int LeafCount { get { Asked++; return 1; } }
    public void Flatten(Span<Tensor> leaves) => leaves[0] = X;
    public Counted Rebuild(ReadOnlySpan<Tensor> leaves) => new(leaves[0]);
    public void Describe(TreeVisitor visitor) => visitor.Leaf("X", X, LeafRole.Parameter);
}
