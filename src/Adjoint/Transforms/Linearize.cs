namespace Adjoint;

/// <summary>A linearized program: its results, and their tangents, which depend linearly on the tangents that were put in.</summary>
readonly record struct Linearized(Tensor[] Results, Tensor?[] Tangents);

/// <summary>
/// Forward mode. A program is the system <c>z = f(z, x)</c>; its tangents solve <c>(I − ∂f/∂z) ż = ∂f/∂x ẋ</c>, here by forward substitution.
/// </summary>
static class Linearize
{
    /// <summary>
    /// The tangents of <paramref name="results"/>, given tangents of some tensors that they depend on. Those tensors are independent of each other: a partial
    /// derivative holds the others fixed. With <paramref name="total"/>, one that depends on another moves with it.
    /// </summary>
    public static Linearized Apply(IReadOnlyList<Tensor> results, IReadOnlyDictionary<Tensor, Tensor> seeds, bool total = false)
    {
        long oldest = long.MaxValue;
        foreach (var x in seeds.Keys) oldest = Math.Min(oldest, x.Equation?.Id ?? 0);
        bool Stop(Tensor x) => x.Equation!.Id < oldest || !total && seeds.ContainsKey(x);

        var tangents = new Dictionary<Tensor, Tensor>(seeds);
        var superseding = new Dictionary<Tensor, Tensor>();
        Tensor Current(Tensor x) => superseding.GetValueOrDefault(x, x);
        var order = Graph.Order(results, Stop);
        tangents.EnsureCapacity(tangents.Count + order.Count);
        foreach (var equation in order)
        {
            var z = superseding.Count > 0 && equation.Inputs.Any(superseding.ContainsKey)
                ? new Equation(equation.Operation, [.. equation.Inputs.Select(Current)]) : equation;
            var dx = new Tensor?[z.Inputs.Length];
            bool any = false;
            for (int i = 0; i < dx.Length; i++) any |= (dx[i] = tangents.GetValueOrDefault(equation.Inputs[i])) is not null;
            var (dz, better) = any ? z.Operation.Linearize(z, dx) : new(new Tensor?[z.Results.Length]);
            for (int k = 0; k < dz.Length; k++)
            {
                var result = equation.Results[k];
                if (dz[k] is { } d && result.DType.IsFloat && !tangents.TryAdd(result, d) && total) tangents[result] = Linear.Sum(tangents[result], d)!;
                var current = better?[k] ?? z.Results[k];
                if (!ReferenceEquals(current, result)) superseding[result] = current;
            }
        }
        return new([.. results.Select(Current)], [.. results.Select(x => tangents.GetValueOrDefault(x))]);
    }
}
