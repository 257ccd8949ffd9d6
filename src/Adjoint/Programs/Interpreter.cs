namespace Adjoint;

/// <summary>Prepares programs for running. It takes whole systems, so that it may fuse, plan and reorder as it likes.</summary>
public interface IExecutor
{
    /// <summary>A form of the program that runs.</summary>
    IExecutable Prepare(EquationSystem system);
}

/// <summary>A program that runs. Safe to use from several threads.</summary>
public interface IExecutable
{
    /// <summary>The data of the results, for the data of the inputs.</summary>
    TensorData[] Run(ReadOnlySpan<TensorData> inputs);

    /// <summary>How it runs, as text.</summary>
    string Explain();
}

/// <summary>A program that can write its results into memory that the caller has for them, so that a call allocates nothing for them.</summary>
public interface IReusingExecutable : IExecutable
{
    /// <summary>
    /// Computes the results. Where <paramref name="results"/> has data for one that <see cref="IsComputed"/>, its memory is used, unless values are being
    /// checked: it has the result's shape and element type, nobody else reads it, and it overlaps no other and no input but one that the result
    /// <see cref="MayReplace"/>.
    /// </summary>
    /// <param name="inputs">The data of the inputs.</param>
    /// <param name="results">Becomes the data of the results.</param>
    /// <param name="threads">The most threads it runs on; 0 for as many as the executor uses. The results do not depend on it.</param>
    /// <exception cref="ArgumentException">Data for a result does not fit it.</exception>
    /// <exception cref="OverwrittenException">It failed, and an input has been written over; after any other failure the inputs are as before.</exception>
    void Run(ReadOnlySpan<TensorData> inputs, Span<TensorData?> results, int threads = 0);

    /// <summary>Whether a result has memory of its own: it is not an input or a number that is passed on.</summary>
    bool IsComputed(int result);

    /// <summary>Whether a result may be written over an input: every element that is needed is read before.</summary>
    bool MayReplace(int result, int input);
}

/// <summary>A program failed after it had begun to write results over its inputs.</summary>
public sealed class OverwrittenException(Exception cause) : InvalidOperationException($"The program failed after it had begun to write over its inputs: {cause.Message}", cause);

/// <summary>The choice of executor.</summary>
public static class Executor
{
    /// <summary>The executor that both doors use for programs prepared from now on: the engine, if nothing else is said.</summary>
    public static IExecutor Default { get; set; } = Engine.Shared;
}

/// <summary>The reference: evaluates one equation after the other, as the operations define them.</summary>
public sealed class Interpreter : IExecutor
{
    /// <summary>The interpreter, which has no state.</summary>
    public static Interpreter Shared { get; } = new();

    public IExecutable Prepare(EquationSystem system) => new Prepared(system);

    /// <summary>Evaluates one equation, with what the finite-value checker asks for.</summary>
    internal static TensorData[] Step(Equation equation, TensorData[] x)
    {
        var results = equation.Operation.Evaluate(equation, x);
        FiniteCheck.Current?.Inspect(equation, x, results);
        return results;
    }

    sealed class Prepared : IExecutable
    {
        readonly EquationSystem system;
        readonly int[][] inputs;
        readonly int[] firstResult;
        readonly int[][] dead;
        readonly int[] results;
        readonly TensorData?[] initial;

        public Prepared(EquationSystem system)
        {
            this.system = system;
            var slots = new Dictionary<Tensor, int>();
            var literals = new List<(int, TensorData)>();
            int Slot(Tensor x)
            {
                if (slots.TryGetValue(x, out int slot)) return slot;
                slots[x] = slot = slots.Count;
                if (x.IsLiteral) literals.Add((slot, x.Data));
                return slot;
            }
            foreach (var x in system.Inputs) slots.TryAdd(x, slots.Count);
            inputs = new int[system.Equations.Length][];
            firstResult = new int[inputs.Length];
            var lastUse = new Dictionary<int, int>();
            for (int e = 0; e < inputs.Length; e++)
            {
                var equation = system.Equations[e];
                inputs[e] = [.. equation.Inputs.Select(Slot)];
                foreach (int slot in inputs[e]) lastUse[slot] = e;
                firstResult[e] = slots.Count;
                foreach (var x in equation.Results) { lastUse[slots.Count] = e; slots.Add(x, slots.Count); }
            }
            results = [.. system.Results.Select(Slot)];
            foreach (int slot in results) lastUse.Remove(slot);
            dead = new int[inputs.Length][];
            var byEquation = lastUse.ToLookup(p => p.Value, p => p.Key);
            for (int e = 0; e < dead.Length; e++) dead[e] = [.. byEquation[e]];
            initial = new TensorData?[slots.Count];
            foreach (var (slot, data) in literals) initial[slot] = data;
        }

        public string Explain() => system.ToString();

        public TensorData[] Run(ReadOnlySpan<TensorData> arguments)
        {
            var values = (TensorData?[])initial.Clone();
            for (int i = 0; i < arguments.Length; i++) values[i] = arguments[i];
            for (int e = 0; e < inputs.Length; e++)
            {
                var x = new TensorData[inputs[e].Length];
                for (int i = 0; i < x.Length; i++) x[i] = values[inputs[e][i]]!;
                var z = Step(system.Equations[e], x);
                for (int i = 0; i < z.Length; i++) values[firstResult[e] + i] = z[i];
                foreach (int slot in dead[e]) values[slot] = null;
            }
            return Array.ConvertAll(results, slot => values[slot]!);
        }
    }
}
