using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>
/// Reverse mode. For a linear program with matrix <c>L</c> the cotangents solve <c>(I − L)ᵀ λ = z̄</c>, here by back substitution: λ are the
/// Lagrange multipliers of the equations.
/// </summary>
static class Transpose
{
    /// <summary>
    /// The cotangents of <paramref name="inputs"/>, given those of <paramref name="results"/>, which are linear in the inputs. Absent means zero.
    /// </summary>
    public static Tensor?[] Apply(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?> results, IReadOnlyList<Tensor?> cotangents, Action? onEdge = null)
    {
        var linear = new HashSet<Tensor>(inputs);
        long oldest = inputs.Min(x => x.Equation?.Id ?? 0);
        var order = Graph.Order(results.OfType<Tensor>(), x => x.Equation!.Id < oldest || linear.Contains(x));
        linear.EnsureCapacity(linear.Count + order.Count);
        order.RemoveAll(equation =>
        {
            bool any = false;
            foreach (var x in equation.Inputs) any |= linear.Contains(x);
            if (any) foreach (var x in equation.Results) linear.Add(x);
            return !any;
        });

        var λ = new Dictionary<Tensor, Tensor>(order.Count);
        void Accumulate(Tensor x, Tensor? cotangent)
        {
            if (cotangent is null) return;
            onEdge?.Invoke();
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(λ, x, out _);
            sum = Linear.Sum(sum, cotangent);
        }
        for (int k = 0; k < results.Count; k++)
            if (results[k] is { } result && linear.Contains(result) && cotangents[k] is { } seed) λ[result] = Linear.Sum(λ.GetValueOrDefault(result), seed)!;
        for (int e = order.Count - 1; e >= 0; e--)
        {
            var z = order[e];
            var above = new Tensor?[z.Results.Length];
            bool any = false;
            for (int k = 0; k < above.Length; k++)
                if (λ.Remove(z.Results[k], out above[k])) any = true;
            if (!any) continue;
            var mask = new bool[z.Inputs.Length];
            for (int i = 0; i < mask.Length; i++)
                if ((mask[i] = linear.Contains(z.Inputs[i])) && !z.Operation.LinearIn(i)) throw Linear.NotLinear(z);
            var below = z.Operation.Transpose(z, mask, above);
            for (int i = 0; i < mask.Length; i++)
                if (mask[i]) Accumulate(z.Inputs[i], below[i]);
        }
        return [.. inputs.Select(x => λ.GetValueOrDefault(x))];
    }
}
