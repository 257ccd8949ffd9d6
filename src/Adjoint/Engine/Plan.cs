namespace Adjoint;

/// <summary>Gives every slot that is read from memory a place in the arena; places are used again when nobody reads a slot any more.</summary>
sealed class Plan
{
    const long Alignment = 64;

    readonly List<(long Start, long End)> free = [];
    readonly HashSet<Slot> stored = [];

    /// <summary>The size of the arena, in bytes.</summary>
    public long ArenaSize { get; private set; }

    /// <summary>What the slots would take without reuse, in bytes.</summary>
    public long TotalSize { get; private set; }

    /// <summary>Whether a slot is read from memory: by other loops than those that write it, or by the caller.</summary>
    public bool IsStored(Slot slot) => stored.Contains(slot);

    public static Plan Of(Works works, FusionSchedule schedule)
    {
        var plan = new Plan();
        var phases = new Dictionary<Work, Phase>();
        foreach (var group in schedule.Groups)
            foreach (var phase in group.Phases)
                foreach (var s in phase.Statements) phases[s] = phase;
        var last = new Dictionary<Slot, int>();
        foreach (var work in works.Items)
            foreach (var slot in work.Reads)
            {
                if (slot.Writers.Count == 0) continue;
                if (phases.TryGetValue(work, out var here) && slot.Writers.All(w => phases.TryGetValue(w, out var there) && here == there)) continue;
                plan.stored.Add(slot);
                last[slot] = Math.Max(last.GetValueOrDefault(slot), work.Group);
            }
        foreach (var slot in works.Slots)
            if (slot.Residence == Residence.Result) plan.stored.Add(slot);
            else if (slot.Size == 0 && slot.Residence == Residence.Arena) slot.ArenaOffset = 0;
        // what a product reads is there until the kernel has run that may follow it row by row
        for (int g = 0; g + 1 < schedule.Groups.Count; g++)
            if (schedule.Groups[g].Single is Product product && FusionSchedule.Follows(schedule.Groups[g + 1], product))
                foreach (var slot in product.Reads) if (last.TryGetValue(slot, out int end) && end == g) last[slot] = g + 1;
        var dying = last.Where(p => p.Key.Residence == Residence.Arena && p.Key.Size > 0).ToLookup(p => p.Value, p => p.Key);
        foreach (var group in schedule.Groups)
        {
            IEnumerable<Slot> written = group.Single is { } single ? single.Writes : group.Statements.SelectMany(s => s.Writes);
            foreach (var slot in written.Distinct())
                if (slot.Residence == Residence.Arena && slot.ArenaOffset < 0 && plan.stored.Contains(slot)) plan.Allocate(slot);
            foreach (var slot in dying[group.Index]) plan.Release(slot);
        }
        return plan;
    }

    static long Bytes(Slot slot) => (Math.Max(slot.Size, 1) * slot.ElementSize + Alignment - 1) / Alignment * Alignment;

    // the smallest gap that fits, or the arena's end
    void Allocate(Slot slot)
    {
        long size = Bytes(slot);
        TotalSize += size;
        int best = -1;
        for (int i = 0; i < free.Count; i++)
            if (free[i].End - free[i].Start >= size && (best < 0 || free[i].End - free[i].Start < free[best].End - free[best].Start)) best = i;
        if (best >= 0)
        {
            slot.ArenaOffset = free[best].Start;
            if (free[best].End - free[best].Start == size) free.RemoveAt(best);
            else free[best] = (free[best].Start + size, free[best].End);
            return;
        }
        // a gap at the arena's end grows
        if (free.Count > 0 && free[^1].End == ArenaSize) { slot.ArenaOffset = free[^1].Start; free.RemoveAt(free.Count - 1); }
        else slot.ArenaOffset = ArenaSize;
        ArenaSize = slot.ArenaOffset + size;
    }

    void Release(Slot slot)
    {
        var gap = (Start: slot.ArenaOffset, End: slot.ArenaOffset + Bytes(slot));
        int i = 0;
        while (i < free.Count && free[i].Start < gap.Start) i++;
        if (i < free.Count && free[i].Start == gap.End) { gap.End = free[i].End; free.RemoveAt(i); }
        if (i > 0 && free[i - 1].End == gap.Start) { free[i - 1] = (free[i - 1].Start, gap.End); }
        else free.Insert(i, gap);
    }
}
