namespace Adjoint;

/// <summary>
/// When each equation is computed. Elementwise equations of one tensor wait until somebody needs them, and so join the loops of their reader: what
/// the backward pass makes of an activation is not kept from the forward pass, but made again from what is kept anyway. Those that would be smaller than
/// what they are made of, masks, are computed with it. What leads to results only, such as an optimizer's update, is computed as soon as it can be, while its
/// gradient is in the cache, but after the last reader of the arguments that it reads, so that it may take their place.
/// </summary>
sealed class ComputationOrder
{
    const int None = -1, Many = -2;

    readonly EquationSystem system;
    readonly Dictionary<Equation, int> at = [];
    readonly List<int>[] readers, early, due;
    readonly bool[] isAnchor, waits, isFinal, isResult, isDone;
    readonly List<Equation> order = [];
    readonly Stack<int> pending = new();

    ComputationOrder(EquationSystem system)
    {
        this.system = system;
        int n = system.Equations.Length;
        (isAnchor, waits, isFinal, isResult, isDone) = (new bool[n], new bool[n], new bool[n], new bool[n], new bool[n]);
        (readers, early, due) = (Lists(n), Lists(n), Lists(n + 1));
        for (int i = 0; i < n; i++)
        {
            at[system.Equations[i]] = i;
            isAnchor[i] = !IsElementwise(system.Equations[i]);
            foreach (int p in Producers(i)) readers[p].Add(i);
        }
        foreach (var result in system.Results)
            if (result.Equation is { } z && at.TryGetValue(z, out int i)) isResult[i] = true;
    }

    static List<int>[] Lists(int n) => [.. Enumerable.Range(0, n).Select(_ => new List<int>())];

    /// <summary>The equations of a program in the order of their computation.</summary>
    public static List<Equation> Of(EquationSystem system)
    {
        var order = new ComputationOrder(system);
        order.FindWaiting();
        order.FindFinal();
        order.Run();
        return order.order;
    }

    static bool IsElementwise(Equation z) => z.Operation is Add or Subtract or Negate or Select or Convert or Map or Compare or Logical || IsMove(z)
        || (z.Operation is Contract { Inputs.Count: 2 } contract && IsPlain(z, contract));

    static bool IsMove(Equation z) => z.Operation is Alias or StopGradient or Slice or Flip or Window or Reshape || (z.Operation is Contract { Inputs.Count: 1 } contract && IsPlain(z, contract));

    // sums nothing, and fills all of its result
    static bool IsPlain(Equation z, Contract contract) => contract.Output.Distinct().Count() == contract.Output.Count
        && !contract.Inputs.Where((labels, i) => labels.Where((label, k) => !contract.Output.Contains(label) && z.Inputs[i].Shape[k] != 1).Any()).Any();

    IEnumerable<int> Producers(int i) => system.Equations[i].Inputs.Where(x => x.Equation is not null && at.ContainsKey(x.Equation)).Select(x => at[x.Equation!]).Distinct();

    static long Bytes(Equation z) => z.Results.Sum(x => (long)x.Size * Slot.SizeOf(x.DType));

    // which equations wait, by the one computed tensor of their size that they are made of
    void FindWaiting()
    {
        int[] roots = new int[isAnchor.Length];
        for (int i = 0; i < roots.Length; i++)
        {
            if (isAnchor[i]) continue;
            var z = system.Equations[i];
            int root = None;
            foreach (int p in Producers(i))
            {
                int own = waits[p] ? roots[p] : p;
                if (own == None || (2 * Bytes(system.Equations[own]) <= Bytes(z) && !IsMove(z))) continue;
                root = root == None || root == own ? own : Many;
            }
            roots[i] = root;
            if (root == Many) continue;
            waits[i] = root == None || IsMove(z) || 2 * Bytes(z) >= Bytes(system.Equations[root]) || isAnchor[root] || readers[root].Exists(r => isAnchor[r]);
            if (!waits[i]) early[root].Add(i);
        }
    }

    // elementwise equations that lead to results only, and what is computed for them alone
    void FindFinal()
    {
        int n = isAnchor.Length;
        var lastReader = new Dictionary<Tensor, int>();
        int[] ready = new int[n], wait = new int[n];
        for (int i = n - 1; i >= 0; i--)
        {
            isFinal[i] = (!isAnchor[i] || readers[i].Count > 0) && readers[i].TrueForAll(r => isFinal[r] && !isAnchor[r]);
            if (!isFinal[i]) foreach (var x in Arguments(i)) lastReader.TryAdd(x, i);
        }
        for (int i = n - 1; i >= 0; i--)
            if (isFinal[i]) wait[i] = Arguments(i).Select(x => lastReader.GetValueOrDefault(x, None)).Concat(readers[i].Select(r => wait[r])).Append(None).Max();
        for (int i = 0; i < n; i++)
        {
            ready[i] = isFinal[i] ? Producers(i).Select(p => ready[p]).Append(None).Max() : i;
            if (isFinal[i] && isResult[i]) due[Math.Max(ready[i], wait[i]) is >= 0 and var time ? time : n].Add(i);
        }
    }

    // the arguments that an equation reads, seen through moves
    IEnumerable<Tensor> Arguments(int i) => system.Equations[i].Inputs.Select(Origin).Where(x => x.Size > 1 && x.Equation is not null && !at.ContainsKey(x.Equation));

    Tensor Origin(Tensor x)
    {
        while (x.Equation is { } z && at.ContainsKey(z) && IsMove(z)) x = z.Inputs[0];
        return x;
    }

    void Run()
    {
        for (int i = 0; i < isDone.Length; i++)
        {
            if (!isFinal[i] && !waits[i]) Compute(i);
            foreach (int final in due[i]) Compute(final);
        }
        foreach (int final in due[isDone.Length]) Compute(final);
        for (int i = 0; i < isDone.Length; i++) if (isResult[i]) Compute(i);
    }

    void Compute(int wanted)
    {
        pending.Push(wanted);
        while (pending.TryPeek(out int i))
        {
            int count = pending.Count;
            if (!isDone[i])
                foreach (int p in Producers(i)) if (!isDone[p]) pending.Push(p);
            if (pending.Count > count) continue;
            pending.Pop();
            if (isDone[i]) continue;
            isDone[i] = true;
            order.Add(system.Equations[i]);
            foreach (int mask in early[i]) if (Producers(mask).All(p => isDone[p])) pending.Push(mask);
        }
    }
}
