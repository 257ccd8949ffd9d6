namespace Adjoint;

/// <summary>Turns the phases of a group into loops. What does not change in a loop is computed before it.</summary>
sealed class Lower
{
    readonly Group group;
    readonly Func<Slot, bool> isStored;
    int loops, locals;

    Lower(Group group, Func<Slot, bool> isStored) => (this.group, this.isStored) = (group, isStored);

    /// <summary>The kernel of a group; <paramref name="isStored"/> says which slots somebody reads from memory.</summary>
    public static FusedKernel Of(Group group, Func<Slot, bool> isStored) => new Lower(group, isStored).Build();

    FusedKernel Build()
    {
        var code = new List<Instruction>();
        var inner = code;
        var outer = new Loop[group.Prefix];
        for (int k = 0; k < outer.Length; k++)
        {
            outer[k] = Loop(group.Phases[0].Lengths[k], 1);
            inner.Add(outer[k]);
            inner = outer[k].Body;
        }
        bool startsKept = outer.Length > 0, isSplit = false, isSequential = false;
        foreach (var phase in group.Phases)
        {
            var loops = new LowerPhase(this, phase, outer, isStored);
            loops.Write(inner);
            startsKept |= group.Phases.Count == 1 && loops.StartsKept;
            isSequential |= loops.StartsSequential;
            isSplit |= group.Phases.Count == 1 && phase.IsSplit;
        }
        // what stands before the only loop is repeated by every thread
        if (startsKept && !isSequential && code.OfType<Loop>().Count() == 1 && code[^1] is Loop shared && !code.Exists(i => i is Store)) shared.IsShared = true;
        else if (isSplit) code.OfType<Loop>().Single().IsShared = true;
        return new(code, group) { Parts = isSplit ? [.. group.Statements.Where(s => s.IsReduction)] : [] };
    }

    public Loop Loop(int length, int lanes) => new(loops++, length, lanes);

    public Local Local(DType type, bool isVector, int lanes) => new(locals++, type, isVector) { Lanes = isVector ? lanes : 0 };
}
