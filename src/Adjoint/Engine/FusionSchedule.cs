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
    public long Points { get; } = lengths.Aggregate(1L, (n, length) => n * length);

    /// <summary>The axes that are not reduced.</summary>
    public IEnumerable<int> Kept => Enumerable.Range(0, Lengths.Length).Where(k => !Reduced[k]);

    public int Lanes { get; set; } = -1;

    /// <summary>How many points are computed at a time; 0 for one by one.</summary>
    public int Width => Lanes < 0 ? LaneRules.Bytes / 4 : Lanes;

    /// <summary>The loops of one statement.</summary>
    public static Phase Of(Statement s)
    {
        var phase = new Phase(s.Lengths) { Lanes = s.Lanes };
        phase.Body.Add(s);
        (s.Phase, s.IsEpilogue) = (phase, false);
        if (s.IsReduction) phase.Reduced = s.Reduced;
        return phase;
    }

    /// <summary>The strides of a view of a statement here, for the axes of the domain.</summary>
    public long[] Spread(Statement s, long[] strides)
    {
        if (!s.IsEpilogue) return strides;
        var all = new long[Lengths.Length];
        int next = 0;
        foreach (int k in Kept) all[k] = strides[next++];
        return all;
    }
}

/// <summary>What runs as one: a fallback, or one kernel of phases that share the first <see cref="Prefix"/> axes of their domains.</summary>
sealed class Group(int index, Work? single)
{
    public int Index { get; private set; } = index;

    /// <summary>The work, if it is not a kernel.</summary>
    public Work? Single { get; } = single;

    public List<Phase> Phases { get; } = [];

    /// <summary>The number of outer axes that all phases share, so that row after row passes through all of them.</summary>
    public int Prefix { get; set; }

    public IEnumerable<Statement> Statements => Phases.SelectMany(p => p.Statements);

    /// <summary>The statement that writes a slot; where several fill it, one in the last phase that does.</summary>
    public Dictionary<Slot, Statement> Writers { get; } = [];

    /// <summary>What its statements read.</summary>
    public HashSet<Slot> Reads { get; } = [];

    public int Count { get; private set; }
    public long Points { get; set; }

    /// <summary>Changes its place among the groups.</summary>
    public void MoveTo(int place)
    {
        Index = place;
        Single?.Group = place;
        foreach (var s in Statements) s.Group = place;
    }

    /// <summary>A kernel of one statement.</summary>
    public static Group Of(Statement s, int index = 0)
    {
        var group = new Group(index, null) { Points = s.Points };
        group.Phases.Add(Phase.Of(s));
        group.Note(s);
        return group;
    }

    /// <summary>Notes a statement that has found its place.</summary>
    public void Note(Statement s)
    {
        if (!Writers.TryGetValue(s.Target, out var other) || Phases.IndexOf(other.Phase!) <= Phases.IndexOf(s.Phase!)) Writers[s.Target] = s;
        Reads.UnionWith(s.Reads);
        s.Group = Index;
        Count++;
    }
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
        schedule.Follow();
        return schedule;
    }

    /// <summary>Whether a kernel uses a product's result, and may run on its rows as they are computed.</summary>
    public static bool Follows(Group group, Product product) => group.Single is null && group.Reads.Contains(product.Target);

    // whether a group reads what a kernel may replace with its result
    static bool IsKeptFor(Group group, Group kernel) => (group.Single?.Reads ?? group.Reads).Any(slot => slot.Residence == Residence.Argument && kernel.Reads.Contains(slot)
        && kernel.Writers.Keys.Any(result => result.Residence == Residence.Result && result.Size == slot.Size && result.Type == slot.Type));

    // a kernel moves to a product, if nothing else that it reads is computed later
    void Follow()
    {
        for (int p = 0; p < Groups.Count; p++)
        {
            if (Groups[p].Single is not Product product) continue;
            var kernel = Groups.Skip(p + 1).FirstOrDefault(g => Follows(g, product));
            if (kernel is null || kernel.Writers.Keys.Any(slot => slot.IsShared) || kernel.Reads.SelectMany(slot => slot.Writers).Any(w => w.Group > p && w.Group != kernel.Index)) continue;
            if (Groups.Take(kernel.Index).Skip(p + 1).Any(between => IsKeptFor(between, kernel))) continue;
            Groups.RemoveAt(kernel.Index);
            Groups.Insert(p + 1, kernel);
            for (int g = p + 1; g < Groups.Count; g++) Groups[g].MoveTo(g);
        }
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
            if (Worthwhile(Groups[g], s, isLast: g == Groups.Count - 1) && Join(Groups[g], s)) { Groups[g].Note(s); return; }
        Groups.Add(Group.Of(s, Groups.Count));
    }

    // sharing an operand, following a producer, being small, or next to loops over the same points: what is computed now is needed soon
    static bool Worthwhile(Group group, Statement s, bool isLast) => group.Single is null && group.Count < MaximalStatements
        && (group.Points + s.Points <= SmallGroup || (isLast && group.Phases[^1].Lengths.AsSpan().SequenceEqual(s.Lengths))
            || s.Reads.Any(slot => slot.IsInMemory && (group.Writers.ContainsKey(slot) || group.Reads.Contains(slot))));

    static bool Join(Group group, Statement s)
    {
        int producer = s.Reads.Max(slot => group.Writers.TryGetValue(slot, out var t) ? group.Phases.LastIndexOf(t.Phase!) : -1);
        for (int p = Math.Max(producer, 0); p < group.Phases.Count; p++)
        {
            var phase = group.Phases[p];
            if (!s.IsReduction && FitsEpilogue(group, phase, s) && Try(group, s, phase.Epilogue, phase)) return true;
            if (FitsBody(group, phase, s))
            {
                var before = phase.Reduced;
                if (s.IsReduction) phase.Reduced = s.Reduced;
                if (Try(group, s, phase.Body, phase)) return true;
                phase.Reduced = before;
            }
        }
        var added = Phase.Of(s);
        group.Phases.Add(added);
        group.Points += added.Points;
        if (Accept(group, added, s)) return true;
        group.Phases.Remove(added);
        group.Points -= added.Points;
        return false;
    }

    static bool Try(Group group, Statement s, List<Statement> list, Phase phase)
    {
        int lanes = phase.Lanes;
        (s.Phase, s.IsEpilogue) = (phase, list == phase.Epilogue);
        phase.Lanes = LaneRules.Meet(lanes, s.Lanes);
        bool isFit = lanes == 0 ? s.Lanes <= 0 : phase.Lanes != 0;
        if (isFit && Accept(group, phase, s)) { list.Add(s); return true; }
        phase.Lanes = lanes;
        return false;
    }

    // the same points; what was computed here is needed at the very point
    static bool FitsBody(Group group, Phase phase, Statement s)
    {
        if (!phase.Lengths.AsSpan().SequenceEqual(s.Lengths)) return false;
        if (s.IsScatter ? phase.HasReductions : s.IsReduction && phase.Body.Exists(t => t.IsScatter)) return false;
        if (s.IsReduction && phase.HasReductions && !phase.Reduced.AsSpan().SequenceEqual(s.Reduced)) return false;
        if (s.IsReduction && !phase.HasReductions && phase.Epilogue.Count > 0) return false;
        for (int i = 0; i < s.Operands.Length; i++)
            if (In(group, phase, s.Operands[i].Slot) is { } t
                && (t.IsEpilogue || t.Target.IsShared || t.IsReduction || s.IsTable(i) || !IsSame(s.Operands[i], t.TargetStrides, s.Lengths))) return false;
        return true;
    }

    // who writes a slot in a phase; of several that share it, any
    static Statement? In(Group group, Phase phase, Slot slot) => !group.Writers.TryGetValue(slot, out var t) ? null
        : t.Phase == phase ? t : slot.IsShared ? phase.Statements.FirstOrDefault(w => w.Target == slot) : null;

    static bool FitsEpilogue(Group group, Phase phase, Statement s)
    {
        if (!phase.HasReductions || phase.IsSplit || s.IsScatter || !phase.Kept.Select(k => phase.Lengths[k]).SequenceEqual(s.Lengths)) return false;
        for (int i = 0; i < s.Operands.Length; i++)
        {
            var operand = s.Operands[i];
            if (In(group, phase, operand.Slot) is not { } t) continue;
            if (operand.Slot.IsShared || s.IsTable(i)) return false;
            bool inBody = !t.IsEpilogue;
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

    // finds the axes that the phases can share with a new statement of one of them, and whether that is good; every statement can only lessen them
    static bool Accept(Group group, Phase phase, Statement s)
    {
        if (group.Phases.Count == 1) return true;
        var first = group.Phases[0];
        int prefix = group.Phases.Count == 2 && phase.Body.Count + phase.Epilogue.Count == 1 && phase == group.Phases[1] && s == phase.Body[0]
            ? Common(first, first.Lengths.Length, first) : group.Prefix;
        prefix = Common(phase, prefix, first);
        foreach (var operand in s.Operands)
        {
            if (!group.Writers.TryGetValue(operand.Slot, out var t)) continue;
            if (operand.Slot.IsShared) { if (t.Phase != phase || group.Phases.Exists(p => p != phase && In(group, p, operand.Slot) is not null)) prefix = 0; }
            else if (t.Phase != phase) prefix = Math.Min(prefix, Shared(phase, s, operand, t.Phase!, t, prefix));
        }
        // rows of one point take no vectors
        if (prefix > 0 && group.Phases.TrueForAll(p => p.Lengths.Length == prefix) && group.Phases.Exists(p => p.Width > 0)) prefix--;
        if (group.Points > SmallGroup)
        {
            long rows = 1;
            for (int k = 0; k < prefix; k++) rows *= first.Lengths[k];
            if (rows < 4 || group.Phases.Exists(p => p.Lengths.Skip(prefix).Aggregate(1L, (n, l) => n * l) > RowSize)) return false;
        }
        group.Prefix = prefix;
        return true;
    }

    // how many outer axes a phase has in common with the first, and does not reduce
    static int Common(Phase phase, int prefix, Phase first)
    {
        prefix = Math.Min(prefix, phase.Lengths.Length);
        for (int k = 0; k < prefix; k++)
            if (phase.Lengths[k] != first.Lengths[k] || phase.Reduced[k]) return k;
        return prefix;
    }

    // how many outer axes keep a row's reads within what the row itself wrote
    static int Shared(Phase phase, Statement s, View operand, Phase other, Statement t, int prefix)
    {
        long[] reads = phase.Spread(s, operand.Strides), writes = other.Spread(t, t.TargetStrides);
        for (; prefix > 0; prefix--)
        {
            bool same = true;
            for (int k = 0; k < prefix; k++) same &= reads[k] == writes[k] && writes[k] > 0;
            if (!same) continue;
            long reach = s.Code == Code.Gather && operand == s.Operands[0] ? s.AxisStride * (s.AxisLength - 1) : 0;
            long low = operand.Offset + Math.Min(reach, 0), high = operand.Offset + Math.Max(reach, 0);
            for (int k = prefix; k < reads.Length; k++)
                if (reads[k] > 0) high += reads[k] * (phase.Lengths[k] - 1); else low += reads[k] * (phase.Lengths[k] - 1);
            if (low >= 0 && high < writes[prefix - 1]) return prefix;
        }
        return 0;
    }
}
