namespace Adjoint;

/// <summary>What a statement does with the elements of its operands.</summary>
enum Code
{
    Copy, Add, Subtract, Negate, Multiply, Select, Convert, Less, LessOrEqual, Equal, NotEqual, And, Or, ExclusiveOr, Map,

    /// <summary>A random word of a key's two words: of a position, or of a key that is made from this one and a number.</summary>
    Draw, SplitFirst, SplitSecond, FoldFirst, FoldSecond, ShiftRight,

    /// <summary>An index of an axis of <see cref="Statement.AxisLength"/> elements, counted from its start; one that is not in it is a fault.</summary>
    Locate,

    /// <summary>An element of the first operand, which the second locates along its axis.</summary>
    Gather,

    /// <summary>The first operand becomes an element of the target, which the second locates along its axis.</summary>
    Scatter,

    /// <summary>The first operand is added to it.</summary>
    ScatterAdd,
}

/// <summary>How a statement combines the elements along its reduced axes.</summary>
enum Combine { None, Sum, Maximum, Minimum, Product }

/// <summary>A piece of a program for the scheduler: a statement, or an equation that is run whole.</summary>
abstract class Work(Equation? equation)
{
    /// <summary>The equation that it belongs to; null for copies that the engine needs.</summary>
    public Equation? Equation { get; } = equation;

    /// <summary>The slots that it reads.</summary>
    public abstract IEnumerable<Slot> Reads { get; }

    /// <summary>The slots that it writes.</summary>
    public abstract IEnumerable<Slot> Writes { get; }

    /// <summary>The group that runs it, after scheduling.</summary>
    public int Group { get; set; } = -1;
}

/// <summary>
/// For every point of a domain: an operand of each view, one scalar operation, and a target. Reduced axes are combined; the target does not have them.
/// The target is dense over the other axes, in their order, or a part of a slot that others fill too.
/// </summary>
sealed class Statement(Equation? equation, Code code, View[] operands, int[] lengths, Slot target) : Work(equation)
{
    public Code Code { get; } = code;
    public ScalarFunction? Function { get; init; }
    public Combine Combine { get; init; }

    /// <summary>The operands, with one stride for each axis of the domain.</summary>
    public View[] Operands { get; } = operands;

    /// <summary>The lengths of the domain's axes, none of which is 1.</summary>
    public int[] Lengths { get; } = lengths;

    /// <summary>Which axes are combined.</summary>
    public bool[] Reduced { get; init; } = new bool[lengths.Length];

    public Slot Target { get; } = target;

    /// <summary>The loops that it is in, after scheduling, and whether it is in their epilogue.</summary>
    public Phase? Phase { get; set; }

    /// <inheritdoc cref="Phase"/>
    public bool IsEpilogue { get; set; }

    /// <summary>The length of the axis that is indexed.</summary>
    public int AxisLength { get; init; }

    /// <summary>Its stride, in the first operand of a <see cref="Code.Gather"/> or in the target.</summary>
    public long AxisStride { get; init; }

    /// <summary>Whether places are written in the order of the points.</summary>
    public bool IsScatter => Code is Code.Scatter or Code.ScatterAdd;

    /// <summary>Whether an operand is read at places that other operands name.</summary>
    public bool IsTable(int operand) => Code == Code.Gather && operand == 0;

    /// <summary>Where in the target the statement's part begins.</summary>
    public long TargetOffset { get; init; }

    /// <summary>Whether it writes over what others wrote there before.</summary>
    public bool Overwrites { get; init; }

    /// <summary>The target's strides for the axes of the domain: 0 for the reduced ones. Dense, unless the target is shared.</summary>
    public long[] TargetStrides { get => field ??= Targeted(); init; }

    /// <summary>The number of points of the domain.</summary>
    public long Points { get; } = lengths.Aggregate(1L, (n, length) => n * length);

    public bool IsReduction => Combine != Combine.None;

    /// <summary>How many lanes fit its element types: 16 of 4 bytes, 8 of 8 bytes, 0 where it is computed one by one; −1 if any number will do.</summary>
    public int Lanes => field != 0 ? field - 2 : (field = LaneRules.Of(this) + 2) - 2;

    public override IEnumerable<Slot> Reads => Operands.Select(o => o.Slot);
    public override IEnumerable<Slot> Writes => [Target];

    long[] Targeted()
    {
        var strides = new long[Lengths.Length];
        long run = 1;
        for (int k = Lengths.Length - 1; k >= 0; k--)
            if (!Reduced[k]) { strides[k] = run; run *= Lengths[k]; }
        return strides;
    }

    public string Name => (IsReduction ? Combine.ToString().ToLowerInvariant() + " of " : "") + (Function?.Name ?? Code.ToString().ToLowerInvariant());
}

/// <summary>An equation that its reference <c>Evaluate</c> computes.</summary>
sealed class Fallback(Equation equation, Slot[] inputs, Slot[] results) : Work(equation)
{
    public Slot[] Inputs { get; } = inputs;
    public Slot[] Results { get; } = results;
    public override IEnumerable<Slot> Reads => Inputs;
    public override IEnumerable<Slot> Writes => Results;
}

/// <summary>A contraction with a plan of its own: matrix products over packed panels.</summary>
sealed class Product(Equation equation, ContractionPlan plan, View left, View right, Slot target) : Work(equation)
{
    public ContractionPlan Plan { get; } = plan;
    public View Left { get; } = left;
    public View Right { get; } = right;
    public Slot Target { get; } = target;
    public override IEnumerable<Slot> Reads => [Left.Slot, Right.Slot];
    public override IEnumerable<Slot> Writes => [Target];
}
