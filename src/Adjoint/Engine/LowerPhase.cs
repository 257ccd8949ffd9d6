namespace Adjoint;

/// <summary>The loops of one phase: kept axes outside, reduced axes inside; one of them walks in vectors.</summary>
sealed class LowerPhase
{
    readonly Lower lower;
    readonly Phase phase;
    readonly Loop[] outer;
    readonly PhaseAxes axes;
    readonly Loop[] own;
    readonly int kept;
    readonly Func<Slot, bool> isStored;
    readonly List<Instruction>[] before, after;
    readonly Dictionary<Slot, (Local Value, int Level)> known = [];
    readonly Dictionary<Access, (Local Value, int Level)> loads = [];
    readonly Dictionary<Local, Local> spreads = [];

    public LowerPhase(Lower lower, Phase phase, Loop[] outer, Func<Slot, bool> isStored)
    {
        (this.lower, this.phase, this.outer, this.isStored) = (lower, phase, outer, isStored);
        axes = new(phase, outer.Length);
        own = [.. axes.Order.Select(k => lower.Loop(axes.Lengths[k], k == axes.Vector ? phase.Width : 1))];
        kept = axes.Order.Count(k => !axes.Reduced[k]);
        before = [.. Enumerable.Range(0, own.Length + 1).Select(_ => new List<Instruction>())];
        after = [.. Enumerable.Range(0, own.Length + 1).Select(_ => new List<Instruction>())];
    }

    Loop? VectorLoop => own.FirstOrDefault(l => l.IsVector);
    bool IsRow => axes.Vector >= 0 && axes.Reduced[axes.Vector];

    /// <summary>Whether the first loop here runs over an axis that nothing reduces.</summary>
    public bool StartsKept => kept > 0;

    /// <summary>Whether the outermost loop must run in order.</summary>
    public bool StartsSequential => outer.Length > 0 ? axes.IsSequential(0) : own.Length > 0 && axes.IsSequential(axes.Order[0]);

    public void Write(List<Instruction> code)
    {
        foreach (var s in phase.Body) if (s.IsReduction) Reduce(s); else Body(s);
        foreach (var s in phase.Epilogue) Epilogue(s);
        for (int level = 0; ; level++)
        {
            code.AddRange(before[level]);
            if (level == own.Length) break;
            code.Add(own[level]);
            code.AddRange(after[level]);
            code = own[level].Body;
        }
        code.AddRange(after[own.Length]);
    }

    void Body(Statement s)
    {
        if (s.IsScatter) { Scatter(s); return; }
        var (value, level) = Compute(s, before);
        Known(s, value, level);
        if (isStored(s.Target)) Store(s, value, level, before);
    }

    void Reduce(Statement s)
    {
        (Local Value, int Level)[] x = s.Code is Code.Copy or Code.Multiply ? [.. s.Operands.Select(o => Operand(s, o, before))] : [Compute(s, before)];
        bool isVector = IsRow || x.Any(o => o.Value.IsVector);
        var type = s.Target.Type;
        if (isVector) x = [.. x.Select(o => Spread(o.Value, o.Level, before))];
        var sum = Local(type, isVector);
        before[kept].Add(new Begin(sum, s.Combine));
        if (x.Length == 2 && s.Combine != Combine.Sum)
        {
            var product = Local(type, isVector);
            int level = Math.Max(x[0].Level, x[1].Level);
            before[level].Add(new Apply(product, Code.Multiply, null, [x[0].Value, x[1].Value]));
            x = [(product, level)];
        }
        before[^1].Add(new Accumulate(sum, s.Combine, x[0].Value, x.Length > 1 ? x[1].Value : null, IsRow ? VectorLoop : null));
        var result = sum;
        if (IsRow)
        {
            result = Local(type, false);
            after[kept].Add(new Total(result, sum, s.Combine));
        }
        known[s.Target] = (result, kept);
        if (isStored(s.Target)) Store(s, result, kept, after);
    }

    // at every point, because several may name one place
    void Scatter(Statement s)
    {
        if (!isStored(s.Target)) return;
        var ((value, level), (place, _)) = (Operand(s, s.Operands[0], before), Operand(s, s.Operands[1], before));
        var access = Access(s, s.Target, s.TargetOffset, s.TargetStrides, place);
        bool isVector = VectorLoop is { } v && access.StepOf(v) != 0;
        if (isVector) value = Spread(value, level, before).Value;
        if (s.Code == Code.ScatterAdd)
        {
            var (old, sum) = (Local(s.Target.Type, isVector), Local(s.Target.Type, isVector));
            before[^1].Add(new Load(old, access));
            before[^1].Add(new Apply(sum, Code.Add, null, [old, value]));
            value = sum;
        }
        before[^1].Add(new Store(access, value));
    }

    void Epilogue(Statement s)
    {
        var (value, level) = Compute(s, after);
        Known(s, value, level);
        if (isStored(s.Target)) Store(s, value, level, after);
    }

    void Known(Statement s, Local value, int level)
    {
        if (!s.Target.IsShared) known[s.Target] = (value, level);
    }

    // in an epilogue everything happens after the reduced loops, except what does not depend on the kept ones
    List<Instruction> At(int level, List<Instruction>[] where) => where == after && level < kept ? before[level] : where[level];

    (Local Value, int Level) Compute(Statement s, List<Instruction>[] where)
    {
        if (s.Code == Code.Gather)
        {
            var (place, placed) = Operand(s, s.Operands[1], where);
            return Element(Access(s, s.Operands[0].Slot, s.Operands[0].Offset, s.Operands[0].Strides, place), placed, where);
        }
        var x = s.Operands.Select(o => Operand(s, o, where)).ToArray();
        if (s.Code == Code.Copy) return x[0];
        int level = x.Max(o => o.Level);
        bool isVector = x.Any(o => o.Value.IsVector);
        if (isVector) x = [.. x.Select(o => Spread(o.Value, o.Level, where))];
        var result = Local(s.Target.Type, isVector);
        if (s.Code == Code.Locate) At(level, where).Add(new Locate(result, x[0].Value, s.AxisLength));
        else At(level, where).Add(new Apply(result, s.Code, s.Function, [.. x.Select(o => o.Value)]));
        return (result, level);
    }

    (Local Value, int Level) Operand(Statement s, View operand, List<Instruction>[] where)
    {
        if (known.TryGetValue(operand.Slot, out var value)) return value;
        if (operand.Slot.Residence == Residence.Literal)
        {
            var number = Local(operand.Slot.Type, false);
            before[0].Add(new Number(number, operand.Slot.Literal!));
            return known[operand.Slot] = (number, 0);
        }
        return Element(Access(s, operand.Slot, operand.Offset, operand.Strides), 0, where);
    }

    (Local Value, int Level) Element(Access access, int level, List<Instruction>[] where)
    {
        if (loads.TryGetValue(access, out var value)) return value;
        level = Math.Max(level, Level(access));
        var loaded = Local(access.Slot.Type, access.Place is { IsVector: true } || (VectorLoop is { } v && access.StepOf(v) != 0));
        At(level, where).Add(new Load(loaded, access));
        return loads[access] = (loaded, level);
    }

    void Store(Statement s, Local value, int level, List<Instruction>[] where)
    {
        var access = Access(s, s.Target, s.TargetOffset, s.TargetStrides);
        int valueLevel = level;
        level = Math.Max(level, Level(access));
        if (VectorLoop is { } v && access.StepOf(v) != 0) value = Spread(value, valueLevel, where).Value;
        where[Math.Max(level, where == after ? kept : 0)].Add(new Store(access, value));
    }

    (Local Value, int Level) Spread(Local value, int level, List<Instruction>[] where)
    {
        if (value.IsVector) return (value, level);
        if (spreads.TryGetValue(value, out var known)) return (known, level);
        var result = Local(value.Type, true);
        At(level, where).Add(new Spread(result, value));
        return (spreads[value] = result, level);
    }

    Local Local(DType type, bool isVector) => lower.Local(type, isVector, phase.Width);

    int Level(Access access)
    {
        for (int level = own.Length; level > 0; level--)
            if (access.StepOf(own[level - 1]) != 0) return level;
        return 0;
    }

    Access Access(Statement s, Slot slot, long offset, long[] strides, Local? place = null)
    {
        long[] steps = axes.Collapsed(phase.Spread(s, strides));
        var list = new List<(Loop, long)>();
        for (int k = 0; k < outer.Length; k++) if (steps[k] != 0) list.Add((outer[k], steps[k]));
        for (int k = 0; k < own.Length; k++) if (steps[axes.Order[k]] != 0) list.Add((own[k], steps[axes.Order[k]]));
        return new(slot, offset, new([.. list])) { Place = place, PlaceStride = place is null ? 0 : s.AxisStride, PlaceReach = place is null ? 0 : s.AxisStride * (s.AxisLength - 1) };
    }
}
