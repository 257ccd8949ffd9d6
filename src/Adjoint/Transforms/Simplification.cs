namespace Adjoint;

/// <summary>
/// An equal program with fewer equations: equal equations once, simpler forms where an operation knows one, nothing that no result needs; and the same
/// inside the bodies of control flow. What a body computes is not shared with what is outside it: a checkpoint stays one.
/// </summary>
public static class Simplification
{
    /// <summary>The simplified program.</summary>
    public static EquationSystem Simplify(EquationSystem system) => system.Derived(nameof(Simplification), () => Simplified(system));

    static EquationSystem Simplified(EquationSystem system)
    {
        var map = new Dictionary<Tensor, Tensor>();
        var known = new Dictionary<EquationKey, Equation>();
        var literals = new Dictionary<(DType, bool, long), Tensor>();
        foreach (var equation in system.Equations)
        {
            var x = equation.Inputs.Select(Replace).ToArray();
            var operation = equation.Operation is IContainsSystems container ? container.Rewritten(Simplify).Interned() : equation.Operation;
            var key = new EquationKey(operation, x);
            if (!known.TryGetValue(key, out var z))
            {
                known[key] = z = equation.With(operation, x);
                // without elements it depends on nothing
                if (z.Results is [{ Size: 0 } none] && x.Any(y => !y.IsLiteral)) { map[equation.Results[0]] = map[none] = none.ZerosLike(); continue; }
                if (z.Operation is ISimplifies rule && rule.Simplify(z) is { } better) { map[equation.Results[0]] = better; map[z.Results[0]] = better; continue; }
            }
            for (int k = 0; k < z.Results.Length; k++) map[equation.Results[k]] = map.GetValueOrDefault(z.Results[k], z.Results[k]);
        }
        return EquationSystem.Of(system.Inputs, [.. system.Results.Select(Replace)]);

        Tensor Replace(Tensor x) => map.TryGetValue(x, out var better) ? better
            : x.IsLiteral ? literals.TryGetValue((x.DType, x.IsWeak, Literals.Bits(x)), out var same) ? same : literals[(x.DType, x.IsWeak, Literals.Bits(x))] = x
            : x;
    }

    sealed class EquationKey(Operation operation, Tensor[] inputs) : IEquatable<EquationKey>
    {
        readonly Operation operation = operation;
        readonly Tensor[] inputs = inputs;

        public bool Equals(EquationKey? other) => other is not null && ReferenceEquals(operation, other.operation) && inputs.AsSpan().SequenceEqual(other.inputs);
        public override bool Equals(object? other) => Equals(other as EquationKey);
        public override int GetHashCode()
        {
            var h = new HashCode();
            h.Add(operation.Ordinal);
            foreach (var x in inputs) h.Add(x);
            return h.ToHashCode();
        }
    }
}
