namespace Adjoint;

/// <summary>Contracts several operands in pairs, always the pair with the smallest result.</summary>
static class EinsumOrder
{
    public static Tensor Contract(string text, ReadOnlySpan<Tensor> operands)
    {
        string[] sides = text.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] inputs = sides[0].Split(',');
        string output = sides.Length > 1 ? sides[1] : string.Concat(sides[0].Where(char.IsLetter).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        if (inputs.Length != operands.Length)
            throw new ShapeException($"einsum '{text}': {inputs.Length} operands are labelled, but {operands.Length} were given.");
        var lengths = new Dictionary<char, int>();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Length != operands[i].Rank)
                throw new ShapeException($"einsum '{text}': operand {i} has shape {operands[i].Shape}, but {inputs[i].Length} labels '{inputs[i]}'.");
            for (int k = 0; k < inputs[i].Length; k++)
                if (!lengths.TryAdd(inputs[i][k], operands[i].Shape[k]) && lengths[inputs[i][k]] != operands[i].Shape[k])
                    throw new ShapeException($"einsum '{text}': axis '{inputs[i][k]}' has length {lengths[inputs[i][k]]} in one operand and {operands[i].Shape[k]} in operand {i} {operands[i].Shape}.");
        }
        if (output.FirstOrDefault(c => !lengths.ContainsKey(c)) is var unknown && unknown != default)
            throw new ShapeException($"einsum '{text}': the output's label '{unknown}' is in no operand.");

        var open = operands.ToArray().Select((x, i) => (Labels: inputs[i], Value: x)).ToList();
        while (open.Count > 2)
        {
            var (first, second) = (from i in Enumerable.Range(0, open.Count) from j in Enumerable.Range(i + 1, open.Count - i - 1) select (i, j))
                .MinBy(p => Needed(p.i, p.j).Aggregate(1.0, (size, c) => size * lengths[c]));
            string labels = Needed(first, second);
            var product = Pair([open[first], open[second]], labels);
            open.RemoveAt(second);
            open.RemoveAt(first);
            open.Add((labels, product));
        }
        return Pair(open, output);

        string Needed(int i, int j) => string.Concat((open[i].Labels + open[j].Labels).Distinct()
            .Where(c => output.Contains(c) || open.Where((_, k) => k != i && k != j).Any(o => o.Labels.Contains(c))));
    }

    static Tensor Pair(IReadOnlyList<(string Labels, Tensor Value)> operands, string output)
    {
        var rule = Operations.Contract.Of(string.Join(',', operands.Select(o => o.Labels)) + "->" + output);
        if (operands.Count == 1) return Equation.Solve(rule, operands[0].Value);
        var (a, b) = Broadcasting.Promote(operands[0].Value, operands[1].Value);
        return Equation.Solve(rule, a, b);
    }
}
