using System.Collections.Concurrent;

namespace Adjoint;

/// <summary>
/// The programs of one function: traced once for every structure, shape and element type of its argument. What the function captures becomes further
/// inputs. A trace that differs from an earlier one in some numbers only takes these as inputs too, so that a schedule does not prepare a program per step.
/// </summary>
sealed class Tracer<T, TResult>(Func<T, TResult> f) where T : ITree<T> where TResult : ITree<TResult>
{
    const int MaximalTraces = 512;

    readonly ConcurrentDictionary<Signature, Trace> traces = new();
    readonly List<TracedProgram> programs = [];
    readonly Lock gate = new();

    /// <summary>The result for an argument. Inside another transform its equations, so that it is differentiated, batched or traced with them.</summary>
    public TResult Invoke(T argument)
    {
        var leaves = Trees.Leaves(argument);
        var trace = Find(argument, leaves);
        if (Array.Exists(leaves, Stays) || Array.Exists(trace.Captured, Stays))
            return trace.Result.Rebuild(trace.System.Inline([.. leaves, .. trace.Captured]));
        Tensor[] inputs = [.. leaves, .. trace.Captured];
        Evaluation.Evaluate(inputs);
        var data = trace.Program.Run([.. inputs.Select(x => x.Data), .. trace.Numbers]);
        return trace.Result.Rebuild([.. data.Select((d, k) => Tensor.Evaluated(d, trace.System.Results[k].IsWeak))]);
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

    static bool Stays(Tensor x) => x.IsSymbolic || x.IsLive;

    Trace Find(T argument, Tensor[] leaves)
    {
        var key = new Signature(TreeStructure.Of(argument), leaves);
        if (traces.TryGetValue(key, out var known))
        {
            ProgramMeter.Hits.Add(1);
            return known;
        }
        lock (gate)
        {
            if (traces.TryGetValue(key, out known)) return known;
            ProgramMeter.Misses.Add(1);
            var inputs = leaves.Select((x, i) => Input.Of("x" + i, new(x.Shape, x.DType), x.IsWeak)).ToArray();
            long before = inputs.Length > 0 ? inputs.Min(x => x.Equation!.Id) : Equation.Newest + 1;
            var result = f(argument.Rebuild(inputs));
            var system = EquationSystem.Close(inputs, Trees.Leaves(result), out var captured, x => x.Equation!.Id < before);
            var (program, numbers) = Prepare(system);
            if (traces.Count >= MaximalTraces) traces.Clear();
            return traces[key] = new(system, captured, program, numbers, result);
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

    sealed record Trace(EquationSystem System, Tensor[] Captured, IExecutable Program, TensorData[] Numbers, TResult Result);

    /// <summary>What a trace depends on.</summary>
    readonly struct Signature : IEquatable<Signature>
    {
        readonly TreeStructure structure;
        readonly (Shape Shape, DType Type, bool Weak)[] leaves;
        readonly int hash;

        public Signature(TreeStructure structure, Tensor[] leaves)
        {
            this.structure = structure;
            this.leaves = Array.ConvertAll(leaves, x => (x.Shape, x.DType, x.IsWeak));
            var h = new HashCode();
            h.Add(structure);
            foreach (var x in leaves) h.Add(x.Shape.Ordinal * 16 + (int)x.DType * 2 + (x.IsWeak ? 1 : 0));
            hash = h.ToHashCode();
        }

        public bool Equals(Signature other) => hash == other.hash && leaves.AsSpan().SequenceEqual(other.leaves) && structure.Equals(other.structure);
        public override bool Equals(object? other) => other is Signature signature && Equals(signature);
        public override int GetHashCode() => hash;
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
