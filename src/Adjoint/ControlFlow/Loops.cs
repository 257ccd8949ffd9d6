using System.Collections.Immutable;

namespace Adjoint;

/// <summary>What Scan and While share: which carries have tangents, how residuals travel, what is batched.</summary>
static class Loops
{
    /// <summary>The body linearized in the inputs marked and in the carries that they reach, found as a fixed point; marks those carries too.</summary>
    public static LinearBody TangentCarries(EquationSystem body, bool[] tangent, int constants, int carries, int invariant)
    {
        while (true)
        {
            var linear = new LinearBody(body, tangent, invariant);
            bool changed = false;
            for (int k = 0; k < carries; k++)
                if (linear.HasTangent(k) && !tangent[constants + k]) tangent[constants + k] = changed = true;
            if (!changed) return linear;
        }
    }

    /// <summary>How each residual reaches the linear scan: as a constant, or as rows.</summary>
    public sealed class Residuals
    {
        public List<Tensor> Constants { get; } = [];
        public List<Tensor> Outside { get; } = [];
        public List<Tensor> Rows { get; } = [];
        public List<int> RowInputs { get; } = [];
        public List<Tensor> Stacked { get; } = [];

        public Residuals(LinearBody linear, ImmutableArray<Tensor> x, int constants, int firstRow, bool needsRow = false)
        {
            var invariant = x.Take(constants).ToArray();
            foreach (var residual in linear.Residuals)
            {
                int input = linear.InputOf(residual);
                if (input >= 0 && input < constants) { Constants.Add(residual); Outside.Add(x[input]); }
                else if (input >= firstRow) { Rows.Add(residual); RowInputs.Add(input); }
                else if (input < 0 && linear.IsInvariant(residual)) { Constants.Add(residual); Outside.Add(linear.Outside(residual, invariant)); }
                else Stacked.Add(residual);
            }
            // a scan of unknown length takes it from its rows
            if (needsRow && Rows.Count + Stacked.Count == 0) { Rows.Add(linear.Input(firstRow)); RowInputs.Add(firstRow); }
        }
    }

    /// <summary>
    /// The tangents of a loop as a linear scan over its residuals. <paramref name="active"/> names the rows that say whether a step still counts.
    /// </summary>
    public static Linearization LinearScan(LinearBody linear, Residuals plan, ImmutableArray<Tensor> x, Tensor?[] dx, bool[] tangent, Tensor[] stacks,
        int constants, int carries, int results, int length, bool reverse, Tensor? active)
    {
        int[] inConstants = [.. Marked(tangent, 0, constants)], inCarries = [.. Marked(tangent, constants, constants + carries)];
        int[] inRows = [.. Marked(tangent, constants + carries, tangent.Length)];
        int[] outCarries = [.. inCarries.Select(i => i - constants)], outRows = [.. Enumerable.Range(carries, results - carries).Where(linear.HasTangent)];
        var residualRows = plan.Rows.Concat(plan.Stacked);
        Tensor[] flag = active is null ? [] : [Input.Of("active", new(Shape.Scalar, DType.Bool))];
        // the linear program's inputs, in the order of the scan: constants, carries, rows
        var separate = linear.Linear(plan.Constants.Concat(residualRows), inConstants.Concat(inCarries).Concat(inRows), outCarries.Concat(outRows));
        var inputs = separate.Inputs.ToArray();
        int rows = plan.Rows.Count + plan.Stacked.Count, c = plan.Constants.Count;
        var seeds = inputs[(c + rows)..];
        Tensor[] order = [.. inputs[..c], .. seeds[..(inConstants.Length + inCarries.Length)], .. flag, .. inputs[c..(c + rows)], .. seeds[(inConstants.Length + inCarries.Length)..]];
        var next = separate.Results.ToArray();
        if (active is not null)
            for (int k = 0; k < next.Length; k++)
                next[k] = Tensor.Select(flag[0], next[k], k < inCarries.Length ? seeds[inConstants.Length + k] : next[k].ZerosLike());
        var body = EquationSystem.Of(order, next);
        var scan = new Scan(body, c + inConstants.Length, inCarries.Length, length, reverse, IsLinear: true, inConstants.Length, inRows.Length);
        var tangents = Equation.Of(scan, [
            .. plan.Outside, .. inConstants.Select(i => dx[i]!), .. inCarries.Select(i => dx[i] ?? x[i].ZerosLike()),
            .. active is null ? [] : new[] { active }, .. plan.RowInputs.Select(i => x[i]), .. stacks, .. inRows.Select(i => dx[i]!)]).Results;
        var all = new Tensor?[results];
        for (int k = 0; k < outCarries.Length; k++) all[outCarries[k]] = tangents[k];
        for (int k = 0; k < outRows.Length; k++) all[outRows[k]] = tangents[inCarries.Length + k];
        return new(all);
    }

    /// <summary>The body over batched inputs, with the carries that become batched found as a fixed point; all rows that it returns are batched.</summary>
    public static (EquationSystem Body, bool[] Carries, bool[] Inputs) BatchedBody(EquationSystem body, bool[] batched, int constants, int carries, int n,
        Func<Tensor[], Tensor[], Tensor[]>? freeze = null)
    {
        var mask = (bool[])batched.Clone();
        while (true)
        {
            var inputs = body.Inputs.Select((x, i) => mask[i] ? Input.Of("b" + i, new(x.Shape.Insert(0, n), x.DType), x.IsWeak) : x).ToArray();
            var map = new Dictionary<Tensor, Tensor>();
            for (int i = 0; i < inputs.Length; i++) if (mask[i]) map[body.Inputs[i]] = inputs[i];
            var rows = map.Count > 0 ? Vectorization.Rows(body.Results, map, n) : [.. body.Results.Select(r => (r, false))];
            bool changed = false;
            for (int k = 0; k < carries; k++)
                if (rows[k].Batched && !mask[constants + k]) mask[constants + k] = changed = true;
            if (changed) continue;
            Tensor[] results = [.. rows.Select((row, k) => row.Batched || (k < carries && !mask[constants + k]) ? row.Value : row.Value.Repeat(0, n))];
            if (freeze is not null) results = freeze(inputs, results);
            return (EquationSystem.Of(inputs, results), mask[constants..(constants + carries)], mask);
        }
    }

    /// <summary>Whether a program's results depend on the inputs marked.</summary>
    public static bool DependsOn(EquationSystem system, bool[] inputs)
    {
        var dependents = new HashSet<Tensor>(system.Inputs.Where((_, i) => inputs[i]));
        foreach (var equation in system.Equations)
            if (equation.Inputs.Any(dependents.Contains)) dependents.UnionWith(equation.Results);
        return system.Results.Any(dependents.Contains);
    }

    /// <exception cref="ShapeException">What a step makes of a carry does not fit where the carry goes in.</exception>
    public static void CheckCarry(string name, int k, Tensor before, Tensor after)
    {
        if (before.Shape != after.Shape || before.DType != after.DType)
            throw new ShapeException($"{name}: carry {k} goes in as {before.DType.Text}{before.Shape} and comes out as {after.DType.Text}{after.Shape}; a step must keep shape and element type.");
    }

    static IEnumerable<int> Marked(bool[] mask, int from, int to) => Enumerable.Range(from, to - from).Where(i => mask[i]);
}
