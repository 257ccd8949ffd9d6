using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Who owns the memory of a slot.</summary>
enum Residence
{
    /// <summary>The caller: data of an input.</summary>
    Argument,

    /// <summary>The program's text: a number.</summary>
    Literal,

    /// <summary>A result, allocated per call.</summary>
    Result,

    /// <summary>The arena, which is reused from call to call.</summary>
    Arena,

    /// <summary>An object that a fallback made, of a size known only when the program runs.</summary>
    Boxed,

    /// <summary>The program: elements that were computed when it was prepared.</summary>
    Constant,

    /// <summary>Nobody: element i is the number i.</summary>
    Counting,

    /// <summary>The frame: what kernels say went wrong.</summary>
    Fault,
}

/// <summary>A dense piece of memory that holds values of one type.</summary>
sealed class Slot(int index, DType type, long size, Residence residence)
{
    public int Index { get; } = index;
    public DType Type { get; } = type;

    /// <summary>The number of elements.</summary>
    public long Size { get; } = size;

    public Residence Residence { get; set; } = residence;

    /// <summary>Which argument or result this is.</summary>
    public int Position { get; init; } = -1;

    /// <summary>The number that a literal slot holds.</summary>
    public Tensor? Literal { get; set; }

    /// <summary>The memory of a constant, pinned.</summary>
    public byte[]? Memory { get; set; }

    /// <summary>Where a constant's elements begin.</summary>
    public unsafe nint Address
    {
        get
        {
            if (Memory is null) return 0;
            nint start = (nint)Unsafe.AsPointer(ref Memory[0]);
            return start + (-start & (LaneRules.Bytes - 1));
        }
    }

    /// <summary>What writes it, each its own part; empty for arguments and literals.</summary>
    public List<Work> Writers { get; } = [];

    /// <summary>Whether several statements fill it, so that none knows the whole.</summary>
    public bool IsShared { get; init; }

    /// <summary>Where it lies in the arena, in bytes.</summary>
    public long ArenaOffset { get; set; } = -1;

    /// <summary>Whether its elements are in memory; numbers in the program's text and indices are not read from there.</summary>
    public bool IsInMemory => Residence is not (Residence.Literal or Residence.Counting);

    /// <summary>The distance of two elements, in bytes; of two indices 1.</summary>
    public int ElementSize => Residence == Residence.Counting ? 1 : SizeOf(Type);

    public static int SizeOf(DType type) => type switch { DType.Bool => 1, DType.Int32 or DType.Float32 => 4, _ => 8 };

    public override string ToString() => Residence switch
    {
        Residence.Argument => "x" + Position,
        Residence.Literal => Literals.Text(Literal!),
        Residence.Boxed => "o" + Index,
        Residence.Counting => "index",
        _ => "b" + Index,
    };
}

/// <summary>Values in a slot: element (i₀, i₁, …) is at <c>Offset + Σ iₖ · Strides[k]</c>, in elements. A stride may be 0 or negative.</summary>
readonly record struct View(Slot Slot, long Offset, long[] Strides)
{
    /// <summary>A dense, row-major view of a whole slot.</summary>
    public static View Dense(Slot slot, ReadOnlySpan<int> lengths) => new(slot, 0, DenseStrides(lengths));

    public static long[] DenseStrides(ReadOnlySpan<int> lengths)
    {
        var strides = new long[lengths.Length];
        long run = 1;
        for (int k = lengths.Length - 1; k >= 0; k--) { strides[k] = run; run *= lengths[k]; }
        return strides;
    }

    /// <summary>Whether the elements lie one after the other, from the slot's start to its end.</summary>
    public bool IsDense(ReadOnlySpan<int> lengths)
    {
        long run = 1;
        if (Offset != 0) return false;
        for (int k = lengths.Length - 1; k >= 0; run *= lengths[k--])
            if (lengths[k] != 1 && Strides[k] != run) return false;
        return run == Slot.Size;
    }

    /// <summary>The same elements under other axes, if strides can say so; null where a copy is needed.</summary>
    public View? Reshape(ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        if (to.Contains(0)) return this with { Strides = new long[to.Length] };
        var (lengths, strides) = Merged(from);
        var result = new long[to.Length];
        int axis = 0;
        long left = lengths.Count > 0 ? lengths[0] : 1;
        for (int k = 0; k < to.Length; k++)
        {
            if (to[k] == 1) continue;
            if (left == 1)
            {
                if (++axis >= lengths.Count) return null;
                left = lengths[axis];
            }
            if (left % to[k] != 0) return null;
            left /= to[k];
            result[k] = strides[axis] * left;
        }
        return this with { Strides = result };
    }

    // the axes longer than 1, neighbours merged where they walk through memory as one
    (List<long> Lengths, List<long> Strides) Merged(ReadOnlySpan<int> from)
    {
        var lengths = new List<long>();
        var strides = new List<long>();
        for (int k = 0; k < from.Length; k++)
        {
            if (from[k] == 1) continue;
            if (lengths.Count > 0 && strides[^1] == Strides[k] * from[k]) { lengths[^1] *= from[k]; strides[^1] = Strides[k]; }
            else { lengths.Add(from[k]); strides.Add(Strides[k]); }
        }
        return (lengths, strides);
    }
}
