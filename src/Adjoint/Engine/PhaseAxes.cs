namespace Adjoint;

/// <summary>The axes of a phase after neighbours that walk through memory as one were merged, the order of their loops, and the one that takes vectors.</summary>
sealed class PhaseAxes
{
    const double GatherCost = 0.6, LaneSumCost = 10;

    readonly int[] into;
    readonly List<long[]> accesses = [], stores = [];
    readonly List<Statement> scatters = [];

    public PhaseAxes(Phase phase, int prefix)
    {
        foreach (var s in phase.Statements)
        {
            foreach (var operand in s.Operands) if (operand.Slot.Residence != Residence.Literal) accesses.Add(phase.Spread(s, operand.Strides));
            stores.Add(phase.Spread(s, s.TargetStrides));
            if (s.IsScatter) scatters.Add(s);
        }
        int n = phase.Lengths.Length;
        into = new int[n];
        var lengths = new List<int>();
        var reduced = new List<bool>();
        for (int k = 0; k < n; k++)
        {
            bool merges = k > prefix && phase.Reduced[k] == phase.Reduced[k - 1] && (long)lengths[^1] * phase.Lengths[k] <= int.MaxValue
                && accesses.Concat(stores).All(strides => strides[k - 1] == strides[k] * phase.Lengths[k]);
            if (merges) lengths[^1] *= phase.Lengths[k];
            else { lengths.Add(phase.Lengths[k]); reduced.Add(phase.Reduced[k]); }
            into[k] = lengths.Count - 1;
        }
        (Lengths, Reduced) = ([.. lengths], [.. reduced]);
        int own = prefix;
        Vector = phase.Width == 0 || own >= Lengths.Length ? -1 : Best(own, phase.Width);
        var mine = Enumerable.Range(own, Lengths.Length - own);
        Order = [.. mine.OrderBy(k => (Reduced[k], k == Vector, k))];
    }

    public int[] Lengths { get; }
    public bool[] Reduced { get; }

    /// <summary>The axis that takes vectors, or −1.</summary>
    public int Vector { get; }

    /// <summary>The axes after the prefix, outermost loop first.</summary>
    public int[] Order { get; }

    /// <summary>Whether different indices of an axis may name one place, so that they must come one after the other.</summary>
    public bool IsSequential(int axis) => scatters.Exists(s => Collapsed(s.TargetStrides)[axis] == 0);

    /// <summary>Strides after merging: those of the last of each run of axes.</summary>
    public long[] Collapsed(long[] strides)
    {
        var result = new long[Lengths.Length];
        for (int k = 0; k < into.Length; k++) result[into[k]] = strides[k];
        return result;
    }

    int Best(int first, int lanes)
    {
        int best = -1;
        double least = double.PositiveInfinity;
        for (int k = first; k < Lengths.Length; k++)
        {
            if (Lengths[k] == 0 || IsSequential(k) || scatters.Exists(s => Collapsed(s.Operands[1].Strides)[k] != 0)) continue;
            double cost = Cost(k, lanes);
            if (cost <= least) (best, least) = (k, cost);
        }
        return best;
    }

    // the work per point if this axis takes vectors
    double Cost(int axis, int lanes)
    {
        double work = 1;
        foreach (long[] strides in accesses.Concat(stores))
            work += Collapsed(strides)[axis] switch { 0 => 0.3, 1 => 1, _ => GatherCost * lanes };
        int length = Lengths[axis], vectors = (length + lanes - 1) / lanes;
        double points = 1;
        for (int k = 0; k < Lengths.Length; k++) if (Reduced[k]) points *= Lengths[k];
        return work * vectors / length + (Reduced[axis] ? LaneSumCost / points : 0);
    }
}
