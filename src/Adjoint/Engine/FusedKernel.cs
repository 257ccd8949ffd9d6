namespace Adjoint;

/// <summary>A local of a kernel: one element, or as many as a virtual vector has lanes.</summary>
sealed class Local(int id, DType type, bool isVector)
{
    public int Id { get; } = id;
    public DType Type { get; } = type;
    public bool IsVector { get; } = isVector;

    /// <summary>The lanes of an element type whose masks a bool goes with; 0 for one element.</summary>
    public int Lanes { get; init; }

    public override string ToString() => (IsVector ? "v" : "s") + Id;
}

/// <summary>Where a load or store goes, with the step that each loop makes, in elements.</summary>
sealed record Access(Slot Slot, long Offset, Sequence<(Loop Loop, long Step)> Steps)
{
    /// <summary>A place along an axis, which is added as well.</summary>
    public Local? Place { get; init; }

    /// <summary>The stride of that axis.</summary>
    public long PlaceStride { get; init; }

    /// <summary>How far its last element is from its first.</summary>
    public long PlaceReach { get; init; }

    public long StepOf(Loop loop)
    {
        foreach (var (own, step) in Steps) if (ReferenceEquals(own, loop)) return step;
        return 0;
    }

    /// <summary>The element, as text.</summary>
    public string Index
    {
        get
        {
            var terms = Steps.Select(s => s.Step == 1 ? s.Loop.Name : $"{s.Step}*{s.Loop.Name}").Concat(Place is null ? [] : [PlaceStride == 1 ? $"{Place}" : $"{PlaceStride}*{Place}"]).ToList();
            if (Offset != 0 || terms.Count == 0) terms.Add($"{Offset}");
            return string.Join(" + ", terms);
        }
    }

    public override string ToString() => $"{Slot}[{Index}]";
}

/// <summary>A piece of kernel code.</summary>
abstract class Instruction;

/// <summary>local = memory</summary>
sealed class Load(Local result, Access access) : Instruction
{
    public Local Result { get; } = result;
    public Access Access { get; } = access;
}

/// <summary>memory = local</summary>
sealed class Store(Access access, Local value) : Instruction
{
    public Access Access { get; } = access;
    public Local Value { get; } = value;
}

/// <summary>local = number</summary>
sealed class Number(Local result, Tensor literal) : Instruction
{
    public Local Result { get; } = result;
    public Tensor Literal { get; } = literal;
}

/// <summary>Every lane of a vector = one element.</summary>
sealed class Spread(Local result, Local value) : Instruction
{
    public Local Result { get; } = result;
    public Local Value { get; } = value;
}

/// <summary>local = f(locals)</summary>
sealed class Apply(Local result, Code code, ScalarFunction? function, Local[] operands) : Instruction
{
    public Local Result { get; } = result;
    public Code Code { get; } = code;
    public ScalarFunction? Function { get; } = function;
    public Local[] Operands { get; } = operands;
}

/// <summary>
/// local = where an index is in an axis, counted from its start. An index that is not in it becomes 0 and leaves a mark, for which the program stops after the kernel.
/// </summary>
sealed class Locate(Local result, Local index, int length) : Instruction
{
    public Local Result { get; } = result;
    public Local Index { get; } = index;
    public int Length { get; } = length;
}

/// <summary>An accumulator before its loops.</summary>
sealed class Begin(Local sum, Combine combine) : Instruction
{
    public Local Sum { get; } = sum;
    public Combine Combine { get; } = combine;
}

/// <summary>accumulator = accumulator ∘ x, or accumulator + x · y. In the last, partial vector of a row only its lanes count.</summary>
sealed class Accumulate(Local sum, Combine combine, Local x, Local? y, Loop? along) : Instruction
{
    public Local Sum { get; } = sum;
    public Combine Combine { get; } = combine;
    public Local X { get; } = x;
    public Local? Y { get; } = y;

    /// <summary>The vector loop whose lanes are accumulated; null where each lane is an element of the result.</summary>
    public Loop? Along { get; } = along;
}

/// <summary>One element from the lanes of an accumulator, in a fixed order.</summary>
sealed class Total(Local result, Local sum, Combine combine) : Instruction
{
    public Local Result { get; } = result;
    public Local Sum { get; } = sum;
    public Combine Combine { get; } = combine;
}

/// <summary>A loop. A vector loop takes <see cref="Lanes"/> indices at a time, and what is left at the end as a partial vector.</summary>
sealed class Loop(int id, int length, int lanes) : Instruction
{
    public int Id { get; } = id;
    public int Length { get; } = length;

    /// <summary>How many indices at a time: 1 for plain loops.</summary>
    public int Lanes { get; } = lanes;

    public bool IsVector => Lanes > 1;

    /// <summary>Whether threads may share its indices.</summary>
    public bool IsShared { get; set; }

    public List<Instruction> Body { get; } = [];
    public string Name => "i" + Id;
}

/// <summary>A fused kernel: loops over slots.</summary>
sealed class FusedKernel(List<Instruction> body, Group group)
{
    public List<Instruction> Body { get; } = body;
    public Group Group { get; } = group;

    /// <summary>The loop that threads share; null for a kernel that runs on one.</summary>
    public Loop? Shared => Body.OfType<Loop>().FirstOrDefault(l => l.IsShared);

    /// <summary>Reductions of the whole shared loop, of which every chunk computes its part.</summary>
    public Statement[] Parts { get; init; } = [];

    /// <summary>Whether it meets indices, which may lie outside of their axis.</summary>
    public bool Locates { get; } = group.Statements.Any(s => s.Code == Code.Locate);

    /// <summary>All slots that it touches.</summary>
    public IEnumerable<Slot> Slots => Accesses(Body).Select(a => a.Slot).Distinct();

    public static IEnumerable<Access> Accesses(IEnumerable<Instruction> code) => code.SelectMany(i => i switch
    {
        Load load => [load.Access],
        Store store => [store.Access],
        Loop loop => Accesses(loop.Body),
        _ => Enumerable.Empty<Access>(),
    });

    /// <summary>The number of instructions.</summary>
    public static int Count(List<Instruction> code) => code.Sum(i => i is Loop loop ? 1 + Count(loop.Body) : 1);

    public override string ToString() => KernelText.Of(this);
}
