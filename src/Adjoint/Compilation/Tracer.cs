using System.Collections.Concurrent;

namespace Adjoint;

/// <summary>
/// The programs of one function: traced once for every structure, shape and element type of its argument. What the function captures becomes further
/// inputs. A trace that differs from an earlier one in some numbers only takes these as inputs too, so that a schedule does not prepare a program per step.
/// </summary>
sealed class Tracer<T, TResult>(Func<T, TResult> f, int threads) where T : ITree<T> where TResult : ITree<TResult>
{
    const int MaximalTraces = 512;

    readonly ConcurrentDictionary<TreeForm, Trace<TResult>> traces = new();
    readonly List<TracedProgram> programs = [];
    readonly Lock gate = new();
    Trace<TResult>? last;

    /// <summary>The most threads that a call uses; 0 for as many as the executor does.</summary>
    public int Threads => threads;

    /// <summary>
    /// The result for an argument, in memory that is given away if there is some. Inside another transform its equations, so that it is differentiated,
    /// batched or traced with them.
    /// </summary>
    public TResult Invoke(T argument, ReadOnlySpan<Tensor> into = default)
    {
        var call = Bind(argument);
        try { return call.Trace.Result.Rebuild(call.IsInside ? call.Inline() : call.Run(threads, into)); }
        finally { call.Trace.Return(call); }
    }

    /// <summary>The programs prepared so far.</summary>
    public string Explain()
    {
        lock (gate)
            return programs.Count == 0 ? "not called yet\n" : string.Join('\n', programs.Select((program, i) =>
                $"program {i + 1}: {program.System.Equations.Length} equations, {OperationCount.Of(program.System)} operations\n{program.Executable.Explain()}"));
    }

    /// <summary>The number of programs prepared so far.</summary>
    public int Programs { get { lock (gate) return programs.Count; } }

    Call<TResult> Bind(T argument)
    {
        if (last is { } recent && recent.Form.LeafCount == argument.LeafCount)
        {
            var call = recent.Rent();
            argument.Flatten(call.Leaves);
            if (recent.Form.Fits(argument, call.Leaves))
            {
                ProgramMeter.Hits.Add(1);
                return call;
            }
            recent.Return(call);
        }
        Tensor[] leaves = Trees.Leaves(argument);
        var trace = last = Find(argument, leaves);
        var first = trace.Rent();
        leaves.CopyTo(first.Leaves);
        return first;
    }

    /// <summary>The trace for arguments of this form.</summary>
    public Trace<TResult> Find(T argument, Tensor[] leaves)
    {
        var form = TreeForm.Of(argument, leaves);
        if (traces.TryGetValue(form, out var known))
        {
            ProgramMeter.Hits.Add(1);
            return known;
        }
        lock (gate)
        {
            if (traces.TryGetValue(form, out known)) return known;
            ProgramMeter.Misses.Add(1);
            var inputs = leaves.Select((x, i) => Input.Of("x" + i, new(x.Shape, x.DType), x.IsWeak)).ToArray();
            long before = inputs.Length > 0 ? inputs.Min(x => x.Equation!.Id) : Equation.Newest + 1;
            var result = f(argument.Rebuild(inputs));
            var system = EquationSystem.Close(inputs, Trees.Leaves(result), out var captured, x => x.Equation!.Id < before);
            var (program, numbers) = Prepare(system);
            if (traces.Count >= MaximalTraces) traces.Clear();
            return traces[form] = new(form, system, captured, program, numbers, result);
        }
    }

    (IExecutable, TensorData[]) Prepare(EquationSystem system)
    {
        for (int i = 0; i < programs.Count; i++)
        {
            if (!programs[i].Covers(system, out bool[] differing)) continue;
            if (differing.Contains(true)) programs[i] = programs[i].Lift(system, differing);
            return (programs[i].Executable, programs[i].Numbers(system));
        }
        if (programs.Count >= MaximalTraces) programs.Clear();
        programs.Add(new(system, new bool[system.Numbers().Count]));
        return (programs[^1].Executable, []);
    }
}

/// <summary>A prepared program for all systems that differ from it in certain numbers only.</summary>
sealed class TracedProgram
{
    readonly EquationSystem original;
    readonly bool[] lifted;

    public TracedProgram(EquationSystem system, bool[] lifted)
    {
        (original, this.lifted) = (system, lifted);
        System = Simplification.Simplify(system.Lift(lifted));
        Executable = Executor.Default.Prepare(System);
    }

    /// <summary>The program that runs: the lifted numbers are its last inputs.</summary>
    public EquationSystem System { get; }

    public IExecutable Executable { get; }

    /// <summary>Whether a system is the same but for numbers, and which numbers differ that are not inputs yet.</summary>
    public bool Covers(EquationSystem system, out bool[] differing)
    {
        differing = [];
        if (!original.EqualsButNumbers(system)) return false;
        var (own, others) = (original.Numbers(), system.Numbers());
        differing = [.. own.Select((x, i) => !lifted[i] && Literals.Bits(x) != Literals.Bits(others[i]))];
        return true;
    }

    /// <summary>This program with further numbers as inputs.</summary>
    public TracedProgram Lift(EquationSystem system, bool[] differing) => new(system, [.. lifted.Select((known, i) => known || differing[i])]);

    /// <summary>A system's numbers at the places that are inputs.</summary>
    public TensorData[] Numbers(EquationSystem system) => [.. system.Numbers().Where((_, i) => lifted[i]).Select(x => x.Data)];
}
