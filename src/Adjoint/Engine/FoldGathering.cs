using System.Collections.Immutable;

namespace Adjoint;

/// <summary>
/// The second pass: a fold of a contraction, the cotangent of a convolution's image, becomes a convolution itself, so that nothing of the size of the
/// windows is computed. Sums of contractions are folded term by term, under any reshape of the leading axes.
/// </summary>
static class FoldGathering
{
    /// <summary>An equal program in which no fold scatters a contraction that can be gathered.</summary>
    public static EquationSystem Of(EquationSystem system)
    {
        if (!system.Equations.Any(e => e.Operation is Fold)) return system;
        var map = new Dictionary<Tensor, Tensor>();
        foreach (var equation in system.Equations)
        {
            var x = equation.Inputs.Select(Replace).ToArray();
            var z = x.AsSpan().SequenceEqual(equation.Inputs.AsSpan()) ? equation : equation.With(equation.Operation, x);
            for (int k = 0; k < z.Results.Length; k++) map[equation.Results[k]] = z.Results[k];
            if (z.Operation is Fold fold && Gathered(fold, z.Inputs[0]) is { } better) map[equation.Results[0]] = better;
        }
        return EquationSystem.Of(system.Inputs, [.. system.Results.Select(Replace)]);

        Tensor Replace(Tensor x) => map.GetValueOrDefault(x, x);
    }

    static Tensor? Gathered(Fold fold, Tensor x)
    {
        int axes = 2 * fold.Sizes.Count;
        switch (x.Equation)
        {
            case { Operation: Contract { Inputs.Count: 2 } contract } product: return Correlated(fold, contract, product.Inputs);
            case { Operation: Negate } negation: return Gathered(fold, negation.Inputs[0]) is { } inner ? -inner : null;
            case { Operation: Add or Subtract } sum:
                return Gathered(fold, sum.Inputs[0]) is { } a && Gathered(fold, sum.Inputs[1]) is { } b ? Equation.Solve(sum.Operation, a, b) : null;
            case { Operation: Reshape } reshape when reshape.Inputs[0] is var from && from.Rank >= axes && from.Shape.Lengths[^axes..].SequenceEqual(x.Shape.Lengths[^axes..]):
                return Gathered(fold, from)?.Reshape(fold.Result(x.Shape));
            default: return null;
        }
    }

    // x with positions m, w with taps k:  z[p] = Σ_{m,k: m·s + k·d = p} Σ x[m] w[k] = Σ_{k,…} x̂[p + k·d] w[K − 1 − k],
    // where x̂ is x with s − 1 zeros between neighbours, and zeros around it: a convolution, without anything of the windows' size
    static Tensor? Correlated(Fold fold, Contract contract, ImmutableArray<Tensor> inputs)
    {
        int n = fold.Sizes.Count;
        int[] output = [.. contract.Output];
        if (contract.Lengths.Count > 0 || output.Distinct().Count() < output.Length) return null;
        int[] m = output[^(2 * n)..^n], k = output[^n..];
        int side = Array.FindIndex([.. contract.Inputs], labels => m.All(label => labels.Contains(label)));
        if (side < 0 || contract.Inputs[side].Intersect(k).Any() || contract.Inputs[1 - side] is var taps && (taps.Intersect(m).Any() || k.Any(label => !taps.Contains(label)))) return null;
        if (contract.Inputs.Any(labels => labels.Distinct().Count() < labels.Count)) return null;
        int[] others = [.. contract.Inputs[side].Except(m)];
        var x = Equation.Solve(Contract.Of([[.. contract.Inputs[side]]], [.. others, .. m]), inputs[side]);
        var (low, high, interior) = (new int[x.Rank], new int[x.Rank], new int[x.Rank]);
        for (int d = 0; d < n; d++)
        {
            int axis = others.Length + d, reach = (fold.Sizes[d] - 1) * fold.Dilations[d];
            (low[axis], high[axis], interior[axis]) = (reach, fold.Lengths[d] - 1 - (x.Shape[axis] - 1) * fold.Strides[d], fold.Strides[d] - 1);
        }
        var padded = Equation.Solve(new Pad(new(low), new(high), new(interior)), x);
        var windows = Equation.Solve(new Window(fold.Sizes, new([.. Enumerable.Repeat(1, n)]), fold.Dilations), padded);
        int[] flipped = [.. taps.Select((label, axis) => (label, axis)).Where(p => k.Contains(p.label)).Select(p => p.axis)];
        var w = Equation.Solve(new Flip(new Sequence<int>(flipped)), inputs[1 - side]);
        return Equation.Solve(Contract.Of([[.. others, .. m, .. k], [.. taps]], output[..^n]), windows, w);
    }
}
