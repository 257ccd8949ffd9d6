using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A multidimensional array of bool, int, long, float or double: data, or one result of an <see cref="Adjoint.Equation"/> that is computed when it is
/// read. Immutable; nothing to dispose. A scalar is a tensor of rank 0.
/// </summary>
[CollectionBuilder(typeof(Create), nameof(Create.FromItems))]
public sealed class Tensor : ITree<Tensor>
{
    /// <summary>A chain of this many unread equations is evaluated, so that endless loops use constant memory.</summary>
    internal const int MaximalPending = 10_000;

    [Flags]
    enum Facts : byte { None = 0, Weak = 1, Literal = 2, Symbolic = 4 }

    readonly Facts facts;
    readonly int pending, hash;
    Equation? equation;
    TensorData? data;

    internal Tensor(Equation equation, int index, Signature signature)
    {
        (this.equation, Index, Shape, DType) = (equation, index, signature.Shape, signature.Type);
        if (equation.Operation is Input input) facts = Facts.Symbolic | (input.Weak ? Facts.Weak : 0);
        else
        {
            bool weak = equation.Inputs.Length > 0 && equation.Operation is not Convert { Strong: true };
            foreach (var x in equation.Inputs)
            {
                weak &= x.IsWeak;
                facts |= x.facts & Facts.Symbolic;
                pending = Math.Max(pending, x.Pending + 1);
            }
            if (weak) facts |= Facts.Weak;
        }
        History = equation.History;
        hash = (int)equation.Id * 4 + index;
    }

    int ITree.LeafCount => 1;
    void ITree.Flatten(Span<Tensor> leaves) => leaves[0] = this;
    Tensor ITree<Tensor>.Rebuild(ReadOnlySpan<Tensor> leaves) => leaves[0];
    void ITree.Describe(TreeVisitor visitor) => visitor.Leaf("", this, LeafRole.Parameter);

    /// <summary>A tensor over data that nobody changes any more.</summary>
    public Tensor(TensorData data) => (this.data, Shape, DType) = (data, data.Shape, data.Type);

    Tensor(TensorData data, Facts facts) : this(data) => this.facts = facts;

    /// <summary>The axis lengths.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The number of axes: 0 for a scalar.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Size => Shape.Size;

    /// <summary>The equation that determines this tensor; null for data, and for a value that was read and need not be differentiated.</summary>
    public Equation? Equation => equation;

    /// <summary>Which of its equation's results this is.</summary>
    public int Index { get; }

    /// <summary>Whether this came from C# numbers only, and so takes the element type of whatever it meets.</summary>
    public bool IsWeak => (facts & Facts.Weak) != 0;

    /// <summary>Whether this stands for an argument of a traced function, and has no value yet.</summary>
    public bool IsSymbolic => (facts & Facts.Symbolic) != 0;

    /// <summary>Whether this is a number written in the program, which stays in it; other data becomes an input.</summary>
    internal bool IsLiteral => (facts & Facts.Literal) != 0;

    /// <summary>Where a <see cref="Walk"/> put it.</summary>
    internal long Mark;

    internal History? History { get; }

    internal bool IsLive => History is { Open: true };

    internal int Pending => data is null ? pending : 0;

    /// <summary>The data, if it was computed.</summary>
    internal TensorData? Cached => data;

    /// <summary>Publishes the computed data; the equation is forgotten unless somebody may still differentiate through it.</summary>
    internal void Publish(TensorData computed)
    {
        Volatile.Write(ref data, computed);
        if (!IsLive) equation = null;
    }

    /// <summary>The elements; computed now if they were not read before.</summary>
    /// <exception cref="InvalidOperationException">The tensor stands for an argument of a function that is being traced.</exception>
    public TensorData Data
    {
        get
        {
            if (data is null) Evaluation.Evaluate([this]);
            return data!;
        }
    }

    /// <summary>
    /// The part at these indices, one for each axis from the first: <c>x[0]</c>, <c>x[^1, 1..]</c>, <c>x[Axis.All, (..).Step(2)]</c>, <c>x[rows, .., Axis.New]</c>.
    /// Numbers drop their axis, ranges keep it, an integer tensor's axes stand in its place, a bool tensor takes the places where it is true. See <see cref="TensorIndex"/>.
    /// </summary>
    /// <exception cref="ShapeException">An index does not fit its axis.</exception>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices] => Indexing.At(this, indices);

    /// <summary>A number written in the program. A weak one takes the element type of the tensor it meets.</summary>
    internal static Tensor Literal(DType type, double value, bool weak)
    {
        var number = TensorData.Scalar(type, value);
        number.Keep();
        return new(number, Facts.Literal | (weak ? Facts.Weak : 0));
    }

    /// <summary>A result of a program that ran.</summary>
    internal static Tensor Evaluated(TensorData data, bool weak) => new(data, weak ? Facts.Weak : Facts.None);

    /// <summary>
    /// The same values with a new history: derivatives with respect to the result can be asked for with <c>loss.Gradient(x)</c>, also after values
    /// that depend on it were read. In a loop wrap the new value, <c>w = Tensor.Variable(w - rate * loss.Gradient(w))</c>, or the history goes on and every step is slower.
    /// </summary>
    public static Tensor Variable(Tensor value) => Equation.Solve(new Alias(History.Variable), value.IsSymbolic ? value : new Tensor(value.Data));

    public static implicit operator Tensor(double value) => Literal(DType.Float64, value, weak: true);
    public static implicit operator Tensor(float value) => Literal(DType.Float32, value, weak: true);
    public static implicit operator Tensor(int value) => Literal(DType.Int32, value, weak: true);
    public static implicit operator Tensor(long value) => Literal(DType.Int64, value, weak: true);
    public static implicit operator Tensor(bool value) => Literal(DType.Bool, value ? 1 : 0, weak: true);
    public static implicit operator Tensor(double[] values) => Create.From(values);
    public static implicit operator Tensor(float[] values) => Create.From(values);
    public static implicit operator Tensor(int[] values) => Create.From(values);
    public static implicit operator Tensor(long[] values) => Create.From(values);
    public static implicit operator Tensor(bool[] values) => Create.From(values);
    public static implicit operator Tensor(double[,] values) => Create.From<double>(values);
    public static implicit operator Tensor(float[,] values) => Create.From<float>(values);

    public static Tensor operator +(Tensor a, Tensor b) => Arithmetic.Add(a, b);
    public static Tensor operator -(Tensor a, Tensor b) => Arithmetic.Subtract(a, b);
    public static Tensor operator *(Tensor a, Tensor b) => Arithmetic.Multiply(a, b);
    public static Tensor operator /(Tensor a, Tensor b) => Arithmetic.Divide(a, b);
    public static Tensor operator %(Tensor a, Tensor b) => Arithmetic.Remainder(a, b);
    public static Tensor operator -(Tensor a) => Arithmetic.Negate(a);
    public static Tensor operator +(Tensor a) => a;
    public static Tensor operator <(Tensor a, Tensor b) => Comparison.Less(a, b);
    public static Tensor operator >(Tensor a, Tensor b) => Comparison.Less(b, a);
    public static Tensor operator <=(Tensor a, Tensor b) => Comparison.LessOrEqual(a, b);
    public static Tensor operator >=(Tensor a, Tensor b) => Comparison.LessOrEqual(b, a);
    public static Tensor operator &(Tensor a, Tensor b) => Comparison.And(a, b);
    public static Tensor operator |(Tensor a, Tensor b) => Comparison.Or(a, b);
    public static Tensor operator ^(Tensor a, Tensor b) => Comparison.ExclusiveOr(a, b);
    public static Tensor operator !(Tensor a) => Comparison.Not(a);
    public static Tensor operator ~(Tensor a) => Comparison.Not(a);

    [Obsolete("A tensor is not a bool. Use Select for a choice per element, Cond for one that is traced, or (x < y).ToScalar<bool>() to read the value now; & and | for && and ||.", error: true)]
    public static bool operator true(Tensor a) => a.Data.First() != 0;

    [Obsolete("A tensor is not a bool. Use Select for a choice per element, Cond for one that is traced, or (x < y).ToScalar<bool>() to read the value now; & and | for && and ||.", error: true)]
    public static bool operator false(Tensor a) => a.Data.First() == 0;

    /// <summary>The only element.</summary>
    /// <exception cref="InvalidOperationException">There are more.</exception>
    public static explicit operator double(Tensor x) => x.ToScalar();

    [Obsolete("== would compare references. Use a.EqualTo(b) for an elementwise comparison, or ReferenceEquals.", error: true)]
    public static bool operator ==(Tensor? a, Tensor? b) => ReferenceEquals(a, b);

    [Obsolete("!= would compare references. Use !a.EqualTo(b) for an elementwise comparison, or ReferenceEquals.", error: true)]
    public static bool operator !=(Tensor? a, Tensor? b) => !ReferenceEquals(a, b);

    /// <summary>Reference equality: a tensor is the unknown of one equation. For elementwise comparison use <c>a.EqualTo(b)</c>.</summary>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => hash != 0 ? hash : RuntimeHelpers.GetHashCode(this);

    /// <summary>The indices of the first axis, one after the other.</summary>
    /// <exception cref="ShapeException">This is a scalar.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (Rank == 0) throw new ShapeException($"foreach: a scalar {DType.Text} has no axis to go along.");
        for (int i = 0; i < Shape[0]; i++) yield return this[i];
    }

    /// <summary>The values, printed like NumPy's; a symbolic tensor prints its type and shape.</summary>
    public override string ToString() => IsSymbolic ? $"{DType.Text}{Shape}" : Printing.Print(Data);
}
