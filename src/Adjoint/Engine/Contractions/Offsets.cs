namespace Adjoint;

/// <summary>
/// Where the positions of a group of labels stand in one operand: a stride, or a table when the labels do not fuse into one. Positions whose offsets rise
/// by 1 form runs, which packing copies as blocks. Tables are pinned.
/// </summary>
readonly unsafe struct Offsets
{
    readonly int[]? table, ends;
    readonly int* offsets, runs;

    public Offsets(int count, nint stride) => (Count, Stride) = (count, stride);

    Offsets(int[] table, int[] ends)
    {
        (Count, Stride) = (table.Length, 0);
        (this.table, this.ends) = (table, ends);
        offsets = (int*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(table, 0);
        runs = (int*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(ends, 0);
    }

    public int Count { get; }

    /// <summary>The step from one position to the next, where there is one.</summary>
    public nint Stride { get; }

    public bool IsTable => offsets != null;

    /// <summary>The table, or null where a stride says it all.</summary>
    public int* Table => offsets;

    /// <summary>Whether neighbours are adjacent in memory throughout.</summary>
    public bool IsUnit => offsets == null && (Stride == 1 || Count == 1);

    public nint this[int i] => offsets == null ? i * Stride : offsets[i];

    /// <summary>The end of the run of adjacent elements that begins at or before i.</summary>
    public int RunEnd(int i) => offsets != null ? runs[i] : Stride == 1 ? Count : i + 1;

    /// <summary>The offsets of all positions of nested axes, outer to inner.</summary>
    public static Offsets Of(ReadOnlySpan<(int Length, nint Stride)> axes)
    {
        if (axes.Length == 0) return new(1, 0);
        if (axes.Length == 1) return new(axes[0].Length, axes[0].Stride);
        int count = 1;
        foreach (var (length, _) in axes) count = checked(count * length);
        var table = GC.AllocateUninitializedArray<int>(count, pinned: true);
        int filled = 1;
        if (count > 0) table[0] = 0;
        for (int k = axes.Length - 1; k >= 0 && count > 0; k--)
        {
            var (length, stride) = axes[k];
            for (int i = 1; i < length; i++)
                for (int j = 0; j < filled; j++) table[i * filled + j] = checked((int)(table[j] + i * stride));
            filled *= length;
        }
        return Of(table);
    }

    /// <summary>Any offsets; the array must be pinned.</summary>
    public static Offsets Of(int[] table)
    {
        var ends = GC.AllocateUninitializedArray<int>(table.Length, pinned: true);
        bool uniform = true;
        for (int i = table.Length - 1; i >= 0; i--)
        {
            ends[i] = i + 1 < table.Length && table[i + 1] == table[i] + 1 ? ends[i + 1] : i + 1;
            uniform &= i == 0 || table[i] - table[i - 1] == table[1] - table[0];
        }
        return uniform && table.Length > 1 && table[0] == 0 ? new(table.Length, table[1]) : new(table, ends);
    }
}
