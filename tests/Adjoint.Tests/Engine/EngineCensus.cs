using Adjoint.Testing;

namespace Adjoint.Tests;

/// <summary>What random programs contain, counted.</summary>
sealed class EngineCensus
{
    /// <summary>The operations and scalar functions of all.</summary>
    public Coverage Coverage { get; } = new();

    /// <summary>How many programs have each feature.</summary>
    public SortedDictionary<string, int> Programs { get; } = new(StringComparer.Ordinal);

    /// <summary>How many programs have an axis of each length.</summary>
    public SortedDictionary<int, int> Lengths { get; } = [];

    /// <summary>The fewest equations of a program.</summary>
    public int Fewest { get; private set; } = int.MaxValue;

    /// <summary>Adds a program and its derivatives.</summary>
    public void Add(Subject f)
    {
        var system = f.Trace().System;
        var features = new HashSet<string>();
        var lengths = new HashSet<int>();
        foreach (var s in (EquationSystem[])[system, Orders.Forward(f).Trace().System, Orders.Reverse(f).Trace().System]) Walk(s, "", features, lengths);
        if (f.Inputs.Distinct().Count() < f.Inputs.Length) features.Add("the same tensor given twice");
        lock (this)
        {
            Fewest = Math.Min(Fewest, system.Equations.Length);
            foreach (string feature in features) Programs[feature] = Programs.GetValueOrDefault(feature) + 1;
            foreach (int length in lengths) Lengths[length] = Lengths.GetValueOrDefault(length) + 1;
        }
    }

    void Walk(EquationSystem system, string outside, HashSet<string> features, HashSet<int> lengths)
    {
        lock (this) Coverage.Add(system);
        foreach (var z in system.Equations)
        {
            foreach (var x in z.Inputs.Concat(z.Results))
            {
                if (x.Size == 0) features.Add("an axis of length 0");
                for (int k = 0; k < x.Rank; k++) lengths.Add(x.Shape[k]);
            }
            switch (z.Operation)
            {
                case Slice slice when slice.Steps.Any(step => step > 1): features.Add("a stride"); break;
                case Flip: features.Add("a stride"); break;
                case Contract { Inputs: [var labels] } move when labels != move.Output && labels.Order().SequenceEqual(move.Output.Order()): features.Add("a transposition"); break;
                case Contract spread when spread.Lengths.Count > 0 || spread.Inputs.Any(labels => spread.Output.Except(labels).Any()): features.Add("a broadcast"); break;
                case IContainsSystems container:
                    string name = z.Operation.GetType().Name;
                    features.Add(name);
                    if (outside.Length > 0) features.Add($"{name} in {outside}");
                    foreach (var (_, body) in container.Systems) Walk(body, name, features, lengths);
                    break;
            }
        }
    }
}
