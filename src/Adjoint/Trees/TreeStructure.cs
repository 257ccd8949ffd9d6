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

    TreeStructure(Entry[] entries)
    {
        this.entries = entries;
        int h = entries.Length;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            h = unchecked(h * 31 + entry.GetHashCode());
            if (entry.Kind <= Kind.Key) LeafCount++;
        }
        hash = h;
    }

    /// <summary>The structure of a tree.</summary>
    public static TreeStructure Of(ITree tree) => new(Recorder.Record(tree));

    /// <summary>The number of tensors.</summary>
    public int LeafCount { get; }

    /// <summary>Whether <paramref name="tree"/> has this structure: <c>Equals(Of(tree))</c>, but cheaper, since nothing is stored.</summary>
    public bool Matches<T>(T tree) where T : ITree => Matcher.Match(entries, tree);

    /// <summary>The first difference to <paramref name="other"/>, such as <c>Hidden.Units: 128 and 64</c>; null if there is none.</summary>
    public string? DifferenceTo(TreeStructure other)
    {
        var path = new Stack<string>([""]);
        for (int i = 0; i < entries.Length && i < other.entries.Length; i++)
        {
            var (mine, its) = (entries[i], other.entries[i]);
            string Place(string name) => FieldNames.Join(path.Peek(), name) is { Length: > 0 } place ? place : "the tree";
            if (!mine.Equals(its)) return $"{Place(mine.Name)}: {mine} and {(mine.Name == its.Name ? "" : $"{Place(its.Name)}: ")}{its}";
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

    enum Kind : byte { Parameter = LeafRole.Parameter, State = LeafRole.State, Key = LeafRole.Key, Branch, End, Static }

    readonly struct Entry(Kind kind, string name, object? value) : IEquatable<Entry>
    {
        public Kind Kind => kind;
        public string Name => name;

        /// <summary>The type of a branch, or the value of a static field.</summary>
        public object? Value => value;

        public static Entry Leaf(string name, LeafRole role) => new((Kind)role, name, null);
        public static Entry Branch(string name, Type type) => new(Kind.Branch, name, type);
        public static Type TypeOf(ITree branch) => (branch is StateTree state ? state.Tree : branch).GetType();
        public static Entry End => new(Kind.End, "", null);
        public static Entry Static(string name, object? value) => new(Kind.Static, name, value);

        public bool Equals(Entry other) => kind == other.Kind && name == other.Name
            && (ReferenceEquals(value, other.Value) || (value is not null && value.Equals(other.Value)));
        public override bool Equals(object? other) => other is Entry entry && Equals(entry);
        public override int GetHashCode() => unchecked((int)kind * 0x2545F491 + (value is null ? 0 : value.GetHashCode()));

        public override string ToString() => kind switch
        {
            Kind.Branch => TypeName((Type)value!),
            Kind.End => "nothing more",
            Kind.Static => value is null ? "null" : string.Create(CultureInfo.InvariantCulture, $"{value}"),
            _ => $"a {kind.ToString().ToLowerInvariant()} tensor",
        };

        static string TypeName(Type type)
        {
            if (!type.IsGenericType) return type.Name;
            string arguments = string.Join(", ", type.GetGenericArguments().Select(TypeName));
            return type.GetGenericTypeDefinition() == typeof(TreeOf<>) ? arguments : $"{type.Name.Split('`')[0]}<{arguments}>";
        }
    }

    sealed class Recorder : TreeVisitor
    {
        [ThreadStatic] static Recorder? idle;

        readonly List<Entry> entries = new(64);

        public static Entry[] Record(ITree tree)
        {
            var recorder = idle ?? new();
            idle = null;
            recorder.Branch("", tree);
            Entry[] recorded = [.. recorder.entries];
            recorder.entries.Clear();
            idle = recorder;
            return recorded;
        }

        public override void Leaf(string name, Tensor leaf, LeafRole role) => entries.Add(Entry.Leaf(name, role));
        public override void Static(string name, object? value) => entries.Add(Entry.Static(name, value));

        public override void Branch(string name, ITree branch)
        {
            entries.Add(Entry.Branch(name, Entry.TypeOf(branch)));
            branch.Describe(this);
            entries.Add(Entry.End);
        }
    }

    sealed class Matcher : TreeVisitor
    {
        [ThreadStatic] static Matcher? idle;

        Entry[] entries = [];
        int next;
        bool matches;

        public static bool Match<T>(Entry[] entries, T tree) where T : ITree
        {
            var matcher = idle ?? new();
            idle = null;
            (matcher.entries, matcher.next, matcher.matches) = (entries, 0, true);
            matcher.Expect(Entry.Branch("", typeof(T).IsValueType ? typeof(T) : Entry.TypeOf(tree)));
            if (matcher.matches) tree.Describe(matcher);
            matcher.Expect(Entry.End);
            idle = matcher;
            return matcher.matches && matcher.next == entries.Length;
        }

        void Expect(in Entry entry) => matches = matches && next < entries.Length && entries[next++].Equals(entry);

        public override void Leaf(string name, Tensor leaf, LeafRole role) => Expect(Entry.Leaf(name, role));
        public override void Static(string name, object? value) => Expect(Entry.Static(name, value));

        public override void Branch(string name, ITree branch)
        {
            Expect(Entry.Branch(name, Entry.TypeOf(branch)));
            if (!matches) return;
            branch.Describe(this);
            Expect(Entry.End);
        }
    }
}
