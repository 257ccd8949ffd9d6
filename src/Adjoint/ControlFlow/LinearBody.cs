namespace Adjoint;

/// <summary>
/// The linearization of a body, split in two. Equations that depend on no tangent are primal, the others linear; what the linear ones take from the
/// primal ones are residuals. No partial evaluator is needed.
/// </summary>
sealed class LinearBody
{
    readonly EquationSystem body;
    readonly Tensor[] primal;
    readonly Tensor?[] tangents;
    readonly Tensor?[] seeds;
    readonly HashSet<Tensor> varying;

    /// <param name="body">The program.</param>
    /// <param name="tangent">Which inputs have a tangent.</param>
    /// <param name="invariant">How many of the first inputs are the same in every call, so that what depends on them only may be computed outside.</param>
    public LinearBody(EquationSystem body, bool[] tangent, int invariant)
    {
        this.body = body;
        seeds = [.. body.Inputs.Select((x, i) => tangent[i] && x.DType.IsFloat ? Operations.Input.Like(x, "d") : null)];
        var map = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < seeds.Length; i++) if (seeds[i] is { } seed) map[body.Inputs[i]] = seed;
        (primal, tangents) = map.Count > 0 ? Linearize.Apply(body.Results, map) : new([.. body.Results], new Tensor?[body.Results.Length]);

        varying = Dependents(body.Inputs.Skip(invariant), primal.Concat(tangents.OfType<Tensor>()));
        var linear = Dependents(seeds.OfType<Tensor>(), tangents.OfType<Tensor>());
        var frontier = new HashSet<Tensor>();
        var recomputed = new HashSet<Equation>();
        var open = new Stack<Tensor>();
        foreach (var equation in Graph.Order(tangents.OfType<Tensor>(), x => !linear.Contains(x)))
            foreach (var x in equation.Inputs) if (!linear.Contains(x)) open.Push(x);
        foreach (var x in tangents.OfType<Tensor>()) if (!linear.Contains(x)) open.Push(x);
        while (open.TryPop(out var x))
        {
            if (x.IsLiteral) continue;
            if (x.Equation is { Operation: not Operations.Input } equation && (x.Size == Shape.Unknown || IsCheap(equation)))
            {
                if (recomputed.Add(equation)) foreach (var y in equation.Inputs) open.Push(y);
            }
            else frontier.Add(x);
        }
        Residuals = [.. frontier.OrderBy(x => x.Equation!.Id).ThenBy(x => x.Index)];
    }

    /// <summary>What the linear program needs of the primal one; in part the body's own inputs.</summary>
    public Tensor[] Residuals { get; }

    /// <summary>Which results have tangents.</summary>
    public bool HasTangent(int result) => tangents[result] is not null;

    /// <summary>An input of the body.</summary>
    public Tensor Input(int i) => body.Inputs[i];

    /// <summary>Which input of the body a residual is, or −1.</summary>
    public int InputOf(Tensor residual) => body.Inputs.IndexOf(residual);

    /// <summary>Whether a residual is the same in every call.</summary>
    public bool IsInvariant(Tensor residual) => !varying.Contains(residual) && !Graph.Order([residual], _ => false).Any(Draws.In);

    /// <summary>The body, with some residuals as further results.</summary>
    public EquationSystem Primal(IEnumerable<Tensor> residuals) => EquationSystem.Of(body.Inputs, [.. primal, .. residuals]);

    /// <summary>What a residual is, computed outside from the invariant inputs.</summary>
    public Tensor Outside(Tensor residual, IReadOnlyList<Tensor> invariant)
    {
        var system = EquationSystem.Of([.. body.Inputs.Take(invariant.Count)], [residual]);
        return system.Inline(invariant)[0];
    }

    /// <summary>
    /// The linear program over <paramref name="residuals"/> and the seeds of the inputs named: the tangents of the results named, zeros where absent.
    /// </summary>
    public EquationSystem Linear(IEnumerable<Tensor> residuals, IEnumerable<int> inputs, IEnumerable<int> results, Func<Tensor[], Tensor[], Tensor[]>? finish = null)
    {
        Tensor[] taken = [.. residuals], from = [.. inputs.Select(i => seeds[i]!)];
        Tensor[] to = [.. results.Select(k => tangents[k] ?? body.Results[k].ZerosLike())];
        return EquationSystem.Of([.. taken, .. from], finish is null ? to : finish(from, to));
    }

    static bool IsCheap(Equation equation) => equation.Inputs.All(x => x.IsLiteral || x.Equation is { Operation: Contract { Inputs.Count: 1 }, Inputs: [{ IsLiteral: true }] });

    static HashSet<Tensor> Dependents(IEnumerable<Tensor> inputs, IEnumerable<Tensor> results)
    {
        var dependents = new HashSet<Tensor>(inputs);
        foreach (var equation in Graph.Order(results, _ => false))
            if (equation.Inputs.Any(dependents.Contains)) dependents.UnionWith(equation.Results);
        return dependents;
    }
}
