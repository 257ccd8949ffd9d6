using System.Globalization;

namespace Adjoint;

/// <summary>
/// What a tree is, without the values of its tensors: the types inside it, which optional fields are present, the lengths and keys of its collections,
/// the roles of its leaves, and every static field by value. Trees with equal structures can be rebuilt from each other's leaves.
/// </summary>
public sealed class TreeStructure : IEquatable<TreeStructure>
{
    readonly Entry[] entries;
    readonly int hash;

    TreeStructure(Entry[] entries, int leafCount)
    {
        (this.entries, LeafCount) = (entries, leafCount);
        var h = new HashCode();
        foreach (var entry in entries) { h.Add(entry.Kind); h.Add(entry.Value); }
        hash = h.ToHashCode();
    }

    /// <summary>The structure of a tree.</summary>
    public static TreeStructure Of(ITree tree)
    {
        var visitor = new Visitor();
        visitor.Branch("", tree);
        return new([.. visitor.Entries], visitor.Leaves);
    }

    /// <summary>The number of tensors.</summary>
    public int LeafCount { get; }

    /// <summary>The first difference to <paramref name="other"/>, such as <c>Hidden.Units: 128 and 64</c>; null if there is none.</summary>
    public string? DifferenceTo(TreeStructure other)
    {
        var path = new Stack<string>([""]);
        for (int i = 0; i < entries.Length && i < other.entries.Length; i++)
        {
            var (mine, its) = (entries[i], other.entries[i]);
            if (mine != its)
            {
                string name = FieldNames.Join(path.Peek(), mine.Name);
                if (mine.Name != its.Name) return $"{(name == "" ? "the tree" : name)}: {mine} and {FieldNames.Join(path.Peek(), its.Name)}: {its}";
                return $"{(name == "" ? "the tree" : name)}: {mine} and {its}";
            }
            if (mine.Kind == Kind.Branch) path.Push(FieldNames.Join(path.Peek(), mine.Name));
            else if (mine.Kind == Kind.End) path.Pop();
        }
        return null;
    }

    /// <inheritdoc/>
    public bool Equals(TreeStructure? other) => other is not null && hash == other.hash && entries.AsSpan().SequenceEqual(other.entries);

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as TreeStructure);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    enum Kind : byte { Leaf, Branch, End, Static }

    readonly record struct Entry(Kind Kind, string Name, object? Value)
    {
        public override string ToString() => Kind switch
        {
            Kind.Leaf => $"a {Value!.ToString()!.ToLowerInvariant()} tensor",
            Kind.Branch => TypeName((Type)Value!),
            Kind.End => "nothing more",
            _ => Value is null ? "null" : string.Create(CultureInfo.InvariantCulture, $"{Value}"),
        };

        static string TypeName(Type type)
        {
            if (!type.IsGenericType) return type.Name;
            string arguments = string.Join(", ", type.GetGenericArguments().Select(TypeName));
            return type.GetGenericTypeDefinition() == typeof(TreeOf<>) ? arguments : $"{type.Name.Split('`')[0]}<{arguments}>";
        }
    }

    sealed class Visitor : TreeVisitor
    {
        static readonly object[] roles = [LeafRole.Parameter, LeafRole.State, LeafRole.Key];

        public List<Entry> Entries { get; } = [];
        public int Leaves { get; private set; }

        public override void Leaf(string name, Tensor leaf, LeafRole role) { Leaves++; Entries.Add(new(Kind.Leaf, name, roles[(int)role])); }
        public override void Static(string name, object? value) => Entries.Add(new(Kind.Static, name, value));

        public override void Branch(string name, ITree branch)
        {
            Entries.Add(new(Kind.Branch, name, (branch is StateTree state ? state.Tree : branch).GetType()));
            branch.Describe(this);
            Entries.Add(new(Kind.End, "", null));
        }
    }
}
