namespace Adjoint;

/// <summary>
/// Loops over one domain: body statements at every point; reductions, which all reduce the same axes; and an epilogue of statements over the axes that
/// are left, which may use what was reduced.
/// </summary>
sealed class Phase(int[] lengths)
{
    const long SplitPoints = 1 << 16;

    /// <summary>The lengths of the domain's axes.</summary>
    public int[] Lengths { get; } = lengths;

    /// <summary>Which axes the reductions reduce.</summary>
    public bool[] Reduced { get; set; } = new bool[lengths.Length];

    public List<Statement> Body { get; } = [];
    public List<Statement> Epilogue { get; } = [];

    public bool HasReductions => Reduced.Contains(true);
    public IEnumerable<Statement> Statements => Body.Concat(Epilogue);

    /// <summary>Whether everything is reduced, and there is so much of it that it is done in parts.</summary>
    public bool IsSplit => !Reduced.Contains(false) && Points > SplitPoints;

    /// <summary>The number of points of the domain.</summary>
    public long Points => Lengths.Aggregate(1L, (n, length) => n * length);

    /// <summary>The axes that are not reduced.</summary>
    public IEnumerable<int> Kept => Enumerable.Range(0, Lengths.Length).Where(k => !Reduced[k]);

    public int Lanes { get; set; } = -1;

    /// <summary>How many points are computed at a time; 0 for one by one.</summary>
    public int Width => Lanes < 0 ? LaneRules.Bytes / 4 : Lanes;

    /// <summary>The strides of a view of a statement here, for the axes of the domain.</summary>
    public long[] Spread(Statement s, long[] strides)
    {
        if (!Epilogue.Contains(s)) return strides;
        var all = new long[Lengths.Length];
        int next = 0;
        foreach (int k in Kept) all[k] = strides[next++];
        return all;
    }
}

/// <summary>What runs as one: a fallback, or one kernel of phases that share the first <see cref="Prefix"/> axes of their domains.</summary>
sealed class Group(int index, Work? single)
{
    public int Index { get; } = index;

    /// <summary>The work, if it is not a kernel.</summary>
    public Work? Single { get; } = single;

    public List<Phase> Phases { get; } = [];

    /// <summary>The number of outer axes that all phases share, so that row after row passes through all of them.</summary>
    public int Prefix { get; set; }

    public IEnumerable<Statement> Statements => Phases.SelectMany(p => p.Statements);
    public int Count => Phases.Sum(p => p.Body.Count + p.Epilogue.Count);
    public long Points => Phases.Sum(p => p.Points);
}

/// <summary>
/// Fuses: puts each statement into the loops of those that it reads from, where every element that it needs is at hand. Groups run in their order, and
/// a statement only ever joins a group at or after those of its operands, so no order is ever violated.
/// </summary>
sealed class FusionSchedule
{
    /// <summary>The statements of one kernel: beyond this the just-in-time compiler optimizes badly.</summary>
    public const int MaximalStatements = 120;

    /// <summary>Programs of fewer points run as one kernel, whatever they have in common.</summary>
    const long SmallGroup = 1 << 14;

    /// <summary>What one row of a kernel of several phases may touch, in elements, to stay in the cache.</summary>
    const long RowSize = 1 << 14;

    const int Candidates = 12;

    public List<Group> Groups { get; } = [];

    public static FusionSchedule Of(Works works)
    {
        var schedule = new FusionSchedule();
        foreach (var work in works.Items) schedule.Place(work);
        return schedule;
    }

    void Place(Work work)
    {
        if (work is not Statement s)
        {
            work.Group = Groups.Count;
            Groups.Add(new(Groups.Count, work));
            return;
        }
        int first = 0;
        foreach (var slot in s.Reads)
            foreach (var writer in slot.Writers) first = Math.Max(first, writer.Group);
        if (s.Overwrites)
            foreach (var writer in s.Target.Writers) if (writer != s) first = Math.Max(first, writer.Group + 1);
        for (int g = Groups.Count - 1; g >= Math.Max(first, Groups.Count - Candidates); g--)
            if (Worthwhile(Groups[g], s) && Join(Groups[g], s)) { s.Group = g; return; }
        var group = new Group(Groups.Count, null);
        s.Group = group.Index;
        group.Phases.Add(Alone(s));
        Groups.Add(group);
    }

    static Phase Alone(Statement s)
    {
        var phase = new Phase(s.Lengths) { Lanes = s.Lanes };
        phase.Body.Add(s);
        if (s.IsReduction) phase.Reduced = s.Reduced;
        return phase;
    }

    // sharing an operand, following a producer, or being small
    static bool Worthwhile(Group group, Statement s) => group.Single is null && group.Count < MaximalStatements
        && (group.Points + s.Points <= SmallGroup || s.Reads.Any(slot => slot.Residence != Residence.Literal && group.Statements.Any(t => t.Target == slot || t.Reads.Contains(slot))));

    static bool Join(Group group, Statement s)
    {
        int producer = group.Phases.FindLastIndex(p => p.Statements.Any(t => s.Reads.Contains(t.Target)));
        for (int p = Math.Max(producer, 0); p < group.Phases.Count; p++)
        {
            var phase = group.Phases[p];
            if (!s.IsReduction && FitsEpilogue(phase, s) && Try(group, s, phase.Epilogue, phase)) return true;
            if (FitsBody(phase, s))
            {
                var before = phase.Reduced;
                if (s.IsReduction) phase.Reduced = s.Reduced;
                if (Try(group, s, phase.Body, phase)) return true;
                phase.Reduced = before;
            }
        }
        var added = Alone(s);
        group.Phases.Add(added);
        if (Accept(group)) return true;
        group.Phases.Remove(added);
        Accept(group);
        return false;
    }

    static bool Try(Group group, Statement s, List<Statement> list, Phase phase)
    {
        int lanes = phase.Lanes;
        list.Add(s);
        phase.Lanes = LaneRules.Meet(lanes, s.Lanes);
        bool isFit = lanes == 0 ? s.Lanes <= 0 : phase.Lanes != 0;
        if (isFit && Accept(group)) return true;
        list.RemoveAt(list.Count - 1);
        phase.Lanes = lanes;
        Accept(group);
        return false;
    }

    // the same points; what was computed here is needed at the very point
    static bool FitsBody(Phase phase, Statement s)
    {
        if (!phase.Lengths.AsSpan().SequenceEqual(s.Lengths)) return false;
        if (s.IsReduction && phase.HasReductions && !phase.Reduced.AsSpan().SequenceEqual(s.Reduced)) return false;
        if (s.IsReduction && !phase.HasReductions && phase.Epilogue.Count > 0) return false;
        foreach (var operand in s.Operands)
        {
            if (phase.Epilogue.Any(t => t.Target == operand.Slot)) return false;
            if (operand.Slot.IsShared && phase.Statements.Any(t => t.Target == operand.Slot)) return false;
            if (phase.Body.Find(t => t.Target == operand.Slot) is { } t && (t.IsReduction || !IsSame(operand, t.TargetStrides, s.Lengths))) return false;
        }
        return true;
    }

    static bool FitsEpilogue(Phase phase, Statement s)
    {
        if (!phase.HasReductions || phase.IsSplit || !phase.Kept.Select(k => phase.Lengths[k]).SequenceEqual(s.Lengths)) return false;
        foreach (var operand in s.Operands)
        {
            if (phase.Statements.FirstOrDefault(t => t.Target == operand.Slot) is not { } t) continue;
            if (operand.Slot.IsShared) return false;
            bool inBody = phase.Body.Contains(t);
            if (inBody && !t.IsReduction) return false;
            long[] strides = inBody ? [.. phase.Kept.Select(k => t.TargetStrides[k])] : t.TargetStrides;
            if (!IsSame(operand, strides, s.Lengths)) return false;
        }
        return true;
    }

    static bool IsSame(View operand, long[] strides, int[] lengths)
    {
        if (operand.Offset != 0) return false;
        for (int k = 0; k < lengths.Length; k++)
            if (operand.Strides[k] != strides[k] && lengths[k] > 1) return false;
        return true;
    }

    // finds the axes that the phases can share, and whether that is good
    static bool Accept(Group group)
    {
        if (group.Phases.Count == 1) { group.Prefix = 0; return true; }
        int prefix = group.Phases.Min(p => p.Lengths.Length);
        var first = group.Phases[0];
        foreach (var phase in group.Phases)
            for (int k = 0; k < prefix; k++)
                if (phase.Lengths[k] != first.Lengths[k] || phase.Reduced[k]) prefix = k;
        foreach (var phase in group.Phases)
            foreach (var s in phase.Statements)
                foreach (var operand in s.Operands)
                    foreach (var other in group.Phases)
                        if (other != phase && other.Statements.FirstOrDefault(t => t.Target == operand.Slot) is { } t)
                            prefix = Math.Min(prefix, Shared(phase, s, operand, other, t, prefix));
        group.Prefix = prefix;
        if (group.Points <= SmallGroup) return true;
        long rows = 1;
        for (int k = 0; k < prefix; k++) rows *= first.Lengths[k];
        return rows >= 4 && group.Phases.All(p => p.Lengths.Skip(prefix).Aggregate(1L, (n, l) => n * l) <= RowSize);
    }

    // how many outer axes keep a row's reads within what the row itself wrote
    static int Shared(Phase phase, Statement s, View operand, Phase other, Statement t, int prefix)
    {
        if (operand.Slot.IsShared) return 0;
        long[] reads = phase.Spread(s, operand.Strides), writes = other.Spread(t, t.TargetStrides);
        for (; prefix > 0; prefix--)
        {
            bool same = true;
            for (int k = 0; k < prefix; k++) same &= reads[k] == writes[k] && writes[k] > 0;
            if (!same) continue;
            long low = operand.Offset, high = operand.Offset;
            for (int k = prefix; k < reads.Length; k++)
                if (reads[k] > 0) high += reads[k] * (phase.Lengths[k] - 1); else low += reads[k] * (phase.Lengths[k] - 1);
            if (low >= 0 && high < writes[prefix - 1]) return prefix;
        }
        return 0;
    }
}
