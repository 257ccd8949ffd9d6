using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Adjoint;

/// <summary>
/// A closed program: inputs, equations in topological order, results. Its only other leaves are the numbers written in it. Two systems are equal if
/// they are the same equations, whatever tensors they were built from.
/// </summary>
public sealed class EquationSystem : IEquatable<EquationSystem>
{
    readonly Structure structure;
    IExecutable? executable;
    ConcurrentDictionary<string, object>? derived;

    EquationSystem(ImmutableArray<Tensor> inputs, ImmutableArray<Equation> equations, ImmutableArray<Tensor> results)
    {
        (Inputs, Equations, Results) = (inputs, equations, results);
        structure = Structure.Of(inputs, equations, results);
        Draws.Check(this);
    }

    /// <summary>The arguments.</summary>
    public ImmutableArray<Tensor> Inputs { get; }

    /// <summary>The equations, each after those that it depends on; without the inputs.</summary>
    public ImmutableArray<Equation> Equations { get; }

    /// <summary>What a run computes.</summary>
    public ImmutableArray<Tensor> Results { get; }

    /// <summary>
    /// The program that computes <paramref name="results"/> from <paramref name="arguments"/>. Everything else that the results depend on and that
    /// <paramref name="stop"/> does not let through (data, arguments of outer programs) becomes a further input; <paramref name="captured"/> lists those.
    /// </summary>
    internal static EquationSystem Close(IReadOnlyList<Tensor> arguments, IReadOnlyList<Tensor> results, out Tensor[] captured, Func<Tensor, bool>? stop = null)
    {
        var map = new Dictionary<Tensor, Tensor>();
        var inputs = ImmutableArray.CreateBuilder<Tensor>(arguments.Count);
        foreach (var x in arguments)
        {
            var input = Input.Like(x, "x" + inputs.Count);
            map.TryAdd(x, input);
            inputs.Add(input);
        }
        var outside = new List<Tensor>();
        bool Stop(Tensor x) => map.ContainsKey(x) || (x.Cached is not null && !x.IsSymbolic) || x.Equation?.Operation is Input || stop?.Invoke(x) == true;
        Tensor Inside(Tensor x)
        {
            if (map.TryGetValue(x, out var known)) return known;
            if (x.IsLiteral) return map[x] = x;
            outside.Add(x);
            var input = Input.Like(x, "c" + (outside.Count - 1));
            inputs.Add(input);
            return map[x] = input;
        }
        var equations = ImmutableArray.CreateBuilder<Equation>();
        foreach (var equation in Graph.Order(results, Stop))
        {
            if (equation.Results.All(map.ContainsKey)) continue;
            if (equation.Operation is Alias) { map[equation.Results[0]] = Inside(equation.Inputs[0]); continue; }
            var copy = equation.With([.. equation.Inputs.Select(Inside)]);
            equations.Add(copy);
            for (int i = 0; i < copy.Results.Length; i++) map.TryAdd(equation.Results[i], copy.Results[i]);
        }
        var outputs = ImmutableArray.CreateRange(results.Select(Inside));
        captured = [.. outside];
        return new(inputs.ToImmutable(), equations.ToImmutable(), outputs);
    }

    /// <summary>A program over its inputs; every other leaf must be a number.</summary>
    /// <exception cref="InvalidOperationException">The results depend on something that is neither.</exception>
    public static EquationSystem Of(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> results)
    {
        var system = Close(inputs, results, out var captured);
        return captured.Length == 0 ? system
            : throw new InvalidOperationException($"The program depends on {captured.Length} tensors that are not among its inputs (the first is {captured[0].DType.Text}{captured[0].Shape}).");
    }

    /// <summary>The program, prepared by the default executor once.</summary>
    internal IExecutable Executable => executable ??= Executor.Default.Prepare(this);

    /// <summary>What is made of this program again and again, such as a transpose, made once and kept under a name.</summary>
    internal T Derived<T>(string name, Func<T> make) where T : class
    {
        var known = derived ?? Interlocked.CompareExchange(ref derived, new(), null) ?? derived;
        return (T)known.GetOrAdd(name, _ => make());
    }

    /// <summary>The results, as equations over <paramref name="arguments"/>.</summary>
    public Tensor[] Inline(IReadOnlyList<Tensor> arguments)
    {
        if (arguments.Count != Inputs.Length) throw new ArgumentException($"The program has {Inputs.Length} inputs; {arguments.Count} arguments were given.");
        var map = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Shape != Inputs[i].Shape || arguments[i].DType != Inputs[i].DType)
                throw new ShapeException($"inline: argument {i} is {arguments[i].DType.Text}{arguments[i].Shape}, the program's input {Inputs[i].DType.Text}{Inputs[i].Shape}.");
            map[Inputs[i]] = arguments[i];
        }
        foreach (var equation in Equations)
        {
            var copy = Equation.Of(equation.Operation, [.. equation.Inputs.Select(x => map.GetValueOrDefault(x, x))]);
            for (int i = 0; i < copy.Results.Length; i++) map[equation.Results[i]] = copy.Results[i];
        }
        return [.. Results.Select(x => map.GetValueOrDefault(x, x))];
    }

    /// <summary>The numbers written in the program, one for each use, in order.</summary>
    internal List<Tensor> Numbers() => [.. Equations.SelectMany(z => z.Inputs).Concat(Results).Where(x => x.IsLiteral)];

    /// <summary>The program with some of those uses as further inputs.</summary>
    internal EquationSystem Lift(bool[] uses)
    {
        if (!uses.Contains(true)) return this;
        int use = 0;
        var inputs = new List<Tensor>(Inputs);
        var map = new Dictionary<Tensor, Tensor>();
        Tensor Replace(Tensor x)
        {
            if (!x.IsLiteral) return map.GetValueOrDefault(x, x);
            if (!uses[use++]) return x;
            inputs.Add(Input.Like(x, "n" + (inputs.Count - Inputs.Length)));
            return inputs[^1];
        }
        foreach (var equation in Equations)
        {
            var copy = equation.With([.. equation.Inputs.Select(Replace)]);
            for (int k = 0; k < copy.Results.Length; k++) map[equation.Results[k]] = copy.Results[k];
        }
        Tensor[] results = [.. Results.Select(Replace)];
        return Of(inputs, results);
    }

    /// <summary>Whether two programs differ in the numbers written in them only.</summary>
    internal bool EqualsButNumbers(EquationSystem other) => structure.EqualsButNumbers(other.structure);

    public bool Equals(EquationSystem? other) => other is not null && structure.Equals(other.structure);
    public override bool Equals(object? other) => Equals(other as EquationSystem);
    public override int GetHashCode() => structure.GetHashCode();

    /// <summary>One equation a line: <c>c:float64[3] = add a b</c>.</summary>
    public override string ToString()
    {
        var names = new Dictionary<Tensor, string>();
        string Fresh() { int n = names.Count; string name = ""; do { name = (char)('a' + n % 26) + name; n = n / 26 - 1; } while (n >= 0); return name; }
        string Name(Tensor x) => x.IsLiteral ? Literals.Text(x) : names.TryGetValue(x, out var known) ? known : names[x] = Fresh();
        string Typed(Tensor x) => $"{Name(x)}:{x.DType.Text}{x.Shape}";
        var text = new StringBuilder("(").AppendJoin(", ", Inputs.Select(Typed)).Append(") =>\n");
        foreach (var equation in Equations)
        {
            text.Append("  ").AppendJoin(", ", equation.Results.Select(Typed)).Append(" = ").Append(equation.Operation.Name);
            foreach (var x in equation.Inputs) text.Append(' ').Append(Name(x));
            text.Append('\n');
            if (equation.Operation is IContainsSystems container)
                foreach (var (label, body) in container.Systems)
                    text.Append("    ").Append(label).Append(": ").Append(body.ToString().TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal)).Append('\n');
        }
        return text.Append("  return ").AppendJoin(", ", Results.Select(Name)).Append('\n').ToString();
    }
}

/// <summary>An operation whose meaning is given by programs: control flow, calls.</summary>
public interface IContainsSystems
{
    /// <summary>The programs, each with its role.</summary>
    IEnumerable<(string Role, EquationSystem System)> Systems { get; }

    /// <summary>How often they run, as far as the equation says: 1 where only the data decide.</summary>
    long Steps => 1;

    /// <summary>The same operation over equal programs in another form, each with the same inputs and results.</summary>
    Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite);
}

/// <summary>Numbers written in programs.</summary>
static class Literals
{
    public static string Text(Tensor x) => x.DType == DType.Bool ? (x.Data.First() != 0 ? "true" : "false")
        : x.Data.First().ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The bits of a number, for comparison: NaN equals itself, 0 differs from −0.</summary>
    public static long Bits(Tensor x) => x.Cached is TensorData<long> l ? l.Elements.Span[0] : BitConverter.DoubleToInt64Bits(x.Data.First());
}
