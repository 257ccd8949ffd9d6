namespace Adjoint;

/// <summary>
/// Counts elementary operations: one for each element of an elementwise result, one for each multiply-add of a contraction. Moving elements, reshaping
/// and repeating cost nothing, nor does an addition to a product that is used only there: the two are one multiply-add.
/// </summary>
public static class OperationCount
{
    /// <summary>The operations of one run.</summary>
    public static long Of(EquationSystem system)
    {
        var uses = new Dictionary<Tensor, int>();
        foreach (var x in system.Equations.SelectMany(z => z.Inputs).Concat(system.Results)) uses[x] = uses.GetValueOrDefault(x) + 1;
        return system.Equations.Sum(z => Of(z, x => uses[x]));
    }

    /// <summary>How often a program applies a scalar function to an element.</summary>
    public static long Of(EquationSystem system, ScalarFunction function) =>
        system.Equations.Sum(z => z.Operation is Map map && map.Function == function ? z.Results[0].Size : 0);

    static long Of(Equation z, Func<Tensor, int> uses) => z.Operation switch
    {
        Contract contract => Of(contract, z),
        Reshape => 0,
        Add or Subtract when z.Inputs.Any(x => x.Equation?.Operation is Contract { Inputs.Count: 2 } && uses(x) == 1) => 0,
        IContainsSystems container => container.Steps * container.Systems.Sum(s => Of(s.System)),
        _ => z.Results.Sum(r => (long)r.Size),
    };

    static long Of(Contract contract, Equation z)
    {
        if (contract.Inputs.Count == 1 && contract.Inputs[0].All(label => contract.Output.Contains(label))) return 0;
        var lengths = new Dictionary<int, int>();
        for (int i = 0; i < z.Inputs.Length; i++)
            for (int k = 0; k < z.Inputs[i].Rank; k++) lengths[contract.Inputs[i][k]] = z.Inputs[i].Shape[k];
        for (int k = 0; k < z.Results[0].Rank; k++) lengths[contract.Output[k]] = z.Results[0].Shape[k];
        return lengths.Values.Aggregate(1L, (product, n) => product * n);
    }

}
