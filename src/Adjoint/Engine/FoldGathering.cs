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

    // x with positions m, w with taps k:  z[p] = Σ_{m,k: m·s + k·d = p} Σ x[m] w[k].  For p = s·q + ρ the taps with s | k·d − ρ are k = κ + (s/g)·j with
    // g = gcd(s, d), and z_ρ[q] = Σ_{j,…} x[q − e − (d/g)·j] w[κ + (s/g)·j],  e = (κ·d − ρ)/s: a convolution of x with zeros around it
    static Tensor? Correlated(Fold fold, Contract contract, ImmutableArray<Tensor> inputs)
    {
        int n = fold.Sizes.Count;
        int[] output = [.. contract.Output];
        if (contract.Lengths.Count > 0 || contract.Inputs.Append(contract.Output).Any(labels => labels.Distinct().Count() < labels.Count)) return null;
        int[] m = output[^(2 * n)..^n], k = output[^n..];
        int side = contract.Inputs[0].Contains(m[0]) ? 0 : 1;
        var (places, taps) = (contract.Inputs[side], contract.Inputs[1 - side]);
        if (m.Any(label => !places.Contains(label) || taps.Contains(label)) || k.Any(label => !taps.Contains(label) || places.Contains(label))) return null;
        // windows that do not overlap are no more than what they are folded to
        if (Enumerable.Range(0, n).All(d => (fold.Sizes[d] - 1) * fold.Dilations[d] < fold.Strides[d])) return null;
        int[] others = [.. places.Except(m)], axes = [.. k.Select(label => Array.IndexOf([.. taps], label))], counts = [.. fold.Lengths.Select((l, d) => (l + fold.Strides[d] - 1) / fold.Strides[d])];
        var x = Equation.Solve(Contract.Of([[.. places]], [.. others, .. m]), inputs[side]);
        var operation = Contract.Of([[.. others, .. m, .. k], [.. taps]], output[..^n]);
        Tensor[] parts = [.. Residues(fold.Strides).Select(residue => Part(fold, x, inputs[1 - side], operation, axes, counts, residue))];
        return parts.Length == 1 ? parts[0] : Interleaved(fold, parts, counts);
    }

    static IEnumerable<int[]> Residues(Sequence<int> strides) =>
        strides.Aggregate<int, IEnumerable<int[]>>([[]], (all, s) => all.SelectMany(r => Enumerable.Range(0, s), (r, residue) => (int[])[.. r, residue]));

    static Tensor Part(Fold fold, Tensor x, Tensor w, Contract operation, int[] axes, int[] counts, int[] residue)
    {
        int n = axes.Length, first = x.Rank - n;
        var (low, high, steps) = (new int[x.Rank], new int[x.Rank], Enumerable.Repeat(1, w.Rank).ToArray());
        var (starts, lengths) = (new int[w.Rank], Enumerable.Repeat(Shape.Unknown, w.Rank).ToArray());
        var (sizes, dilations) = (new int[n], new int[n]);
        for (int d = 0; d < n; d++)
        {
            int s = fold.Strides[d], dilation = fold.Dilations[d], g = (int)System.Numerics.BigInteger.GreatestCommonDivisor(s, dilation);
            int start = Enumerable.Range(0, fold.Sizes[d]).FirstOrDefault(k => (k * dilation - residue[d]) % s == 0, -1);
            if (start < 0)
            {
                int[] rest = [.. operation.Output.SkipLast(n).Select(label => operation.Inputs[0].Contains(label) ? x.Shape[Array.IndexOf([.. operation.Inputs[0]], label)] : w.Shape[Array.IndexOf([.. operation.Inputs[1]], label)])];
                return Tensor.Literal(x.DType, 0, weak: false).BroadcastTo(Shape.Of([.. rest, .. counts]));
            }
            (sizes[d], dilations[d]) = ((fold.Sizes[d] - start + s / g - 1) / (s / g), dilation / g);
            int e = (start * dilation - residue[d]) / s;
            (low[first + d], high[first + d]) = (e + dilations[d] * (sizes[d] - 1), counts[d] - e - x.Shape[first + d]);
            (starts[axes[d]], lengths[axes[d]], steps[axes[d]]) = (start, sizes[d], s / g);
        }
        if (low.Concat(high).Any(zeros => zeros > 0)) x = Equation.Solve(new Pad(new(low), new(high), new(new int[x.Rank])), x);
        var windows = Equation.Solve(new Window(new(sizes), new([.. Enumerable.Repeat(1, n)]), new(dilations)), x);
        var some = Equation.Solve(new Slice(new(starts), new(lengths), new(steps)), w);
        return Equation.Solve(operation, windows, Equation.Solve(new Flip(new Sequence<int>([.. axes.Order()])), some));
    }

    // parts of residues ρ, in order: z[s·q + ρ] = z_ρ[q]
    static Tensor Interleaved(Fold fold, Tensor[] parts, int[] counts)
    {
        int n = counts.Length, rank = parts[0].Rank;
        var shape = parts[0].Shape;
        var all = Equation.Solve(new Concatenate(0), [.. parts.Select(part => part.Reshape(shape.Insert(0, 1)))]).Reshape(Shape.Of([.. fold.Strides, .. shape.Lengths]));
        int[] residues = [.. Enumerable.Range(0, n)], rest = [.. Enumerable.Range(n, rank)];
        var last = Equation.Solve(Contract.Of([[.. residues, .. rest]], [.. rest, .. residues]), all);
        int[] lengths = [.. counts.Select((c, d) => c * fold.Strides[d])], ones = [.. Enumerable.Repeat(1, n)];
        var whole = Equation.Solve(new Fold(new(lengths), fold.Strides, fold.Strides, new(ones)), last);
        int[] unknown = [.. Enumerable.Repeat(Shape.Unknown, rank - n)];
        return lengths.AsSpan().SequenceEqual(fold.Lengths.Span) ? whole
            : Equation.Solve(new Slice(new(new int[rank]), new([.. unknown, .. fold.Lengths]), new([.. Enumerable.Repeat(1, rank)])), whole);
    }
}
