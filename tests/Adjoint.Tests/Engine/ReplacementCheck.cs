using Adjoint.Testing;

namespace Adjoint.Tests;

/// <summary>Writes results over arguments wherever the engine allows it: no bit changes.</summary>
static class ReplacementCheck
{
    static readonly Engine[] engines = [new() { Threads = 2, Emission = Emission.Never }, new() { Threads = 2, Emission = Emission.Always }];

    static long count;

    /// <summary>How many results have been written over arguments.</summary>
    public static long Count => Interlocked.Read(ref count);

    /// <exception cref="LawException">A result has other bits than <paramref name="expected"/>.</exception>
    public static void Check(EquationSystem system, TensorData[] x, TensorData[] expected)
    {
        if (!expected.Any(z => x.Any(d => d.Shape == z.Shape && d.Type == z.Type))) return;
        var program = (IReusingExecutable)engines[system.Equations.Length & 1].Prepare(system);
        var results = new TensorData?[expected.Length];
        TensorData[] own = [.. x.Select(d => d.Copy())];
        bool[] taken = new bool[x.Length];
        for (int k = 0; k < results.Length; k++)
            for (int i = 0; i < x.Length && results[k] is null; i++)
                if (!taken[i] && x[i].Shape == expected[k].Shape && program.MayReplace(k, i)) (results[k], taken[i]) = (own[i], true);
        if (!taken.Contains(true)) return;
        var given = results.ToArray();
        program.Run(own, results);
        for (int k = 0; k < results.Length; k++)
        {
            Laws.Require(Numbers.SameBits(results[k]!.ToDoubles(), expected[k].ToDoubles()), $"result {k} differs where results are written over arguments {string.Join(", ", taken.Index().Where(p => p.Item).Select(p => p.Index))}");
            Laws.Require(given[k] is null || ReferenceEquals(given[k], results[k]), $"result {k} is not in the memory for it");
        }
        Interlocked.Add(ref count, taken.Count(t => t));
    }
}
