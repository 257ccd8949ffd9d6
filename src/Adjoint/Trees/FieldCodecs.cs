namespace Adjoint;

sealed class LeafCodec : TreeCodec<Tensor>
{
    public override int LeafCount(Tensor value) => 1;
    public override void Write(Tensor value, ref Span<Tensor> leaves) { leaves[0] = value; leaves = leaves[1..]; }
    public override Tensor Read(Tensor like, ref ReadOnlySpan<Tensor> leaves) { var leaf = leaves[0]; leaves = leaves[1..]; return leaf; }
    public override void Describe(string name, Tensor value, TreeVisitor visitor, LeafRole role) => visitor.Leaf(name, value, role);
    public override void DescribeFields(Tensor value, TreeVisitor visitor) => visitor.Leaf("", value, LeafRole.Parameter);
}

sealed class OwnTypeCodec<T> : TreeCodec<T> where T : ITree<T>
{
    public static readonly OwnTypeCodec<T> Instance = new();
    public override int LeafCount(T value) => value.LeafCount;
    public override void Write(T value, ref Span<Tensor> leaves) => value.Write(ref leaves);
    public override T Read(T like, ref ReadOnlySpan<Tensor> leaves) => like.Read(ref leaves);
    public override void Describe(string name, T value, TreeVisitor visitor, LeafRole role) => visitor.Describe(name, value, role);
    public override void DescribeFields(T value, TreeVisitor visitor) => value.Describe(visitor);
}

sealed class InterfaceCodec<T> : TreeCodec<T> where T : ITree
{
    public static readonly InterfaceCodec<T> Instance = new();
    public override int LeafCount(T value) => value.LeafCount;
    public override void Write(T value, ref Span<Tensor> leaves) => value.Write(ref leaves);
    public override T Read(T like, ref ReadOnlySpan<Tensor> leaves) => (T)like.Read(ref leaves);
    public override void Describe(string name, T value, TreeVisitor visitor, LeafRole role) => visitor.Describe(name, value, role);
    public override void DescribeFields(T value, TreeVisitor visitor) => value.Describe(visitor);
}

sealed class StaticCodec<T>(Func<T, object?> comparand) : TreeCodec<T>
{
    public override int LeafCount(T value) => 0;
    public override void Write(T value, ref Span<Tensor> leaves) { }
    public override T Read(T like, ref ReadOnlySpan<Tensor> leaves) => like;
    public override void Describe(string name, T value, TreeVisitor visitor, LeafRole role) => visitor.Static(name, comparand(value));
    public override void DescribeFields(T value, TreeVisitor visitor) => visitor.Static("", comparand(value));
}

sealed class OptionalCodec<T>(TreeCodec<T> item) : TreeCodec<T?>
{
    public override int LeafCount(T? value) => value is null ? 0 : item.LeafCount(value);

    public override void Write(T? value, ref Span<Tensor> leaves)
    {
        if (value is not null) item.Write(value, ref leaves);
    }

    public override T? Read(T? like, ref ReadOnlySpan<Tensor> leaves) => like is null ? like : item.Read(like, ref leaves);

    public override void Describe(string name, T? value, TreeVisitor visitor, LeafRole role)
    {
        if (value is null) visitor.Static(name, null);
        else item.Describe(name, value, visitor, role);
    }

    public override void DescribeFields(T? value, TreeVisitor visitor)
    {
        if (value is null) visitor.Static("", null);
        else item.DescribeFields(value, visitor);
    }
}

sealed class OptionalValueCodec<T>(TreeCodec<T> item) : TreeCodec<T?> where T : struct
{
    public override int LeafCount(T? value) => value is { } x ? item.LeafCount(x) : 0;

    public override void Write(T? value, ref Span<Tensor> leaves)
    {
        if (value is { } x) item.Write(x, ref leaves);
    }

    public override T? Read(T? like, ref ReadOnlySpan<Tensor> leaves) => like is { } x ? item.Read(x, ref leaves) : null;

    public override void Describe(string name, T? value, TreeVisitor visitor, LeafRole role)
    {
        if (value is { } x) item.Describe(name, x, visitor, role);
        else visitor.Static(name, null);
    }

    public override void DescribeFields(T? value, TreeVisitor visitor)
    {
        if (value is { } x) item.DescribeFields(x, visitor);
        else visitor.Static("", null);
    }
}
