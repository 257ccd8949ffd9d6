namespace Adjoint;

/// <summary>
/// The first step of scheduling: every equation becomes a view (moves cost nothing), statements over views, or a fallback. Views are what absorbs
/// broadcasts, transpositions, diagonals and reshapes.
/// </summary>
sealed partial class Works
{
    readonly EquationSystem system;
    readonly Dictionary<Tensor, View> views = [];
    readonly Dictionary<(Slot, long, Sequence<long>, Shape), Slot> dense = [];

    Works(EquationSystem system)
    {
        this.system = system;
        Slot(DType.Int64, 1, Residence.Fault);
    }

    /// <summary>The slot where kernels leave a mark when they meet an index outside of its axis.</summary>
    public const int FaultIndex = 0;

    /// <summary>The pieces, in an order in which they may run.</summary>
    public List<Work> Items { get; } = [];

    /// <summary>All slots.</summary>
    public List<Slot> Slots { get; } = [];

    /// <summary>For each result, its slot; an argument, a literal or a boxed value is passed on.</summary>
    public Slot[] Results { get; private set; } = [];

    /// <summary>The slot of an input.</summary>
    public Slot Input(int i) => Slots[FaultIndex + 1 + i];

    public static Works Of(EquationSystem system)
    {
        var works = new Works(system);
        for (int i = 0; i < system.Inputs.Length; i++)
        {
            var x = system.Inputs[i];
            var slot = works.Slot(x.DType, x.Size, x.Size == Shape.Unknown ? Residence.Boxed : Residence.Argument, i);
            works.views.TryAdd(x, View.Dense(slot, x.Shape.Lengths));
        }
        works.NoteReaders();
        foreach (var equation in ComputationOrder.Of(system)) works.Read(equation);
        works.Return();
        return works;
    }

    Slot Slot(DType type, long size, Residence residence, int position = -1, Tensor? literal = null, bool isShared = false)
    {
        var slot = new Slot(Slots.Count, type, size, residence) { Position = position, Literal = literal, IsShared = isShared };
        Slots.Add(slot);
        return slot;
    }

    View ViewOf(Tensor x)
    {
        if (views.TryGetValue(x, out var view)) return view;
        if (!x.IsLiteral) throw new InvalidOperationException($"engine: {x.DType.Text}{x.Shape} is used before it is computed.");
        return views[x] = new(Slot(x.DType, 1, Residence.Literal, literal: x), 0, new long[x.Rank]);
    }

    void Read(Equation z)
    {
        bool known = z.Inputs.All(x => x.Size != Shape.Unknown) && z.Results.All(x => x.Size != Shape.Unknown);
        if (known && Move(z) is { } view) views[z.Results[0]] = view;
        else if (!known || !(Compute(z) || IsEvaluated(z))) AddFallback(z);
    }

    void AddFallback(Equation z)
    {
        var inputs = z.Inputs.Select(Dense).ToArray();
        var results = z.Results.Select(r => Slot(r.DType, r.Size, r.Size == Shape.Unknown ? Residence.Boxed : Residence.Arena)).ToArray();
        Write(new Fallback(z, inputs, results));
        for (int k = 0; k < results.Length; k++) views[z.Results[k]] = View.Dense(results[k], z.Results[k].Shape.Lengths);
    }

    void Write(Work work)
    {
        // where nothing is computed nothing is read either: an axis of length 0
        if (work is Statement { Target.Size: 0 } or Statement { Points: 0, IsReduction: false } || (work is Statement s && IsComputed(s))) return;
        foreach (var slot in work.Writes) slot.Writers.Add(work);
        Items.Add(work);
    }

    /// <summary>A slot that holds a tensor row-major: its own, or a copy.</summary>
    Slot Dense(Tensor x)
    {
        var view = ViewOf(x);
        if (view.Slot.Residence == Residence.Boxed || view.IsDense(x.Shape.Lengths)) return view.Slot;
        var key = (view.Slot, view.Offset, new Sequence<long>(view.Strides), x.Shape);
        if (dense.TryGetValue(key, out var known)) return known;
        return dense[key] = Copy(view, x, Slot(x.DType, x.Size, Residence.Arena));
    }

    Slot Copy(View view, Tensor x, Slot target)
    {
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(k => x.Shape[k] != 1)];
        Write(new Statement(null, Code.Copy, [view with { Strides = [.. kept.Select(k => view.Strides[k])] }], [.. kept.Select(k => x.Shape[k])], target));
        return target;
    }

    /// <summary>
    /// A statement over the axes along which some operand moves; along the others the result repeats, and is computed once.
    /// </summary>
    void Elementwise(Equation z, Code code, View[] operands, ScalarFunction? function = null) =>
        views[z.Results[0]] = Elementwise(z, code, operands, z.Results[0].Shape, z.Results[0].DType, function);

    View Elementwise(Equation z, Code code, View[] operands, Shape shape, DType type, ScalarFunction? function = null, int axisLength = 0, long axisStride = 0)
    {
        int[] kept = [.. (shape == z.Results[0].Shape ? Order(z) : Enumerable.Range(0, shape.Rank)).Where(k => shape[k] == 0 || (shape[k] != 1 && operands.Any(o => o.Strides[k] != 0)))];
        int[] lengths = [.. kept.Select(k => shape[k])];
        var target = Slot(type, lengths.Aggregate(1L, (n, l) => n * l), Residence.Arena);
        var statement = new Statement(z, code, [.. operands.Select(o => o with { Strides = [.. kept.Select(k => o.Strides[k])] })], lengths, target)
        {
            Function = function, AxisLength = axisLength, AxisStride = axisStride,
        };
        Write(statement);
        var strides = new long[shape.Rank];
        for (int k = 0; k < kept.Length; k++) strides[kept[k]] = statement.TargetStrides[k];
        return new(target, 0, strides);
    }

    void Reduction(Equation z, Combine combine, Code code, View[] operands, int[] lengths, bool[] reduced, int[] outputAxes, int[]? order = null) =>
        views[z.Results[0]] = Reduction(z, combine, code, operands, z.Results[0].DType, lengths, reduced, outputAxes, order);

    View Reduction(Equation z, Combine combine, Code code, View[] operands, DType type, int[] lengths, bool[] reduced, int[] outputAxes, int[]? order = null)
    {
        int[] kept = [.. (order ?? [.. Enumerable.Range(0, lengths.Length)]).Where(k => lengths[k] != 1)];
        int[] keptLengths = [.. kept.Select(k => lengths[k])];
        bool[] keptReduced = [.. kept.Select(k => reduced[k])];
        long size = 1;
        for (int k = 0; k < kept.Length; k++) if (!keptReduced[k]) size *= keptLengths[k];
        var target = Slot(type, size, Residence.Arena);
        var statement = new Statement(z, code, [.. operands.Select(o => o with { Strides = [.. kept.Select(k => o.Strides[k])] })], keptLengths, target)
        {
            Reduced = keptReduced, Combine = keptReduced.Contains(true) ? combine : Combine.None,
        };
        Write(statement);
        var strides = new long[outputAxes.Length];
        for (int k = 0; k < strides.Length; k++)
            if (Array.IndexOf(kept, outputAxes[k]) is var at and >= 0) strides[k] = statement.TargetStrides[at];
        return new(target, 0, strides);
    }

    // results own their memory: a computed slot that is dense and returned once becomes the result, everything else is copied
    void Return()
    {
        Results = new Slot[system.Results.Length];
        var taken = new HashSet<Slot>();
        for (int k = 0; k < Results.Length; k++)
        {
            var x = system.Results[k];
            var view = ViewOf(x);
            bool whole = view.Slot.Residence == Residence.Boxed || view.IsDense(x.Shape.Lengths);
            if (whole && view.Slot.Residence is (Residence.Argument or Residence.Literal or Residence.Boxed)) Results[k] = view.Slot;
            else if (whole && view.Slot.Residence != Residence.Constant && taken.Add(view.Slot))
            {
                view.Slot.Residence = Residence.Result;
                Results[k] = view.Slot;
            }
            else
            {
                var target = Slot(x.DType, x.Size, Residence.Result);
                Results[k] = Copy(view, x, target);
                taken.Add(target);
            }
        }
    }
}
