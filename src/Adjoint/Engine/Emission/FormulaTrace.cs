using System.Collections.Concurrent;
using System.Reflection;

namespace Adjoint;

/// <summary>A step of a formula: a method on earlier steps and perhaps a number, or, without a method, the number (its bits, as a double) in every lane.</summary>
readonly record struct FormulaStep(MethodInfo? Method, int X = -1, int Y = -1, int Z = -1, long Number = 0)
{
    public static FormulaStep Of(double number) => new(null, Number: BitConverter.DoubleToInt64Bits(number));
}

/// <summary>
/// A scalar function's formula as a list of steps on vectors, found by computing it on <see cref="Traced{T}"/>: so a kernel contains the formula itself,
/// and formulas share what they have in common. The first steps are the arguments.
/// </summary>
sealed class FormulaTrace
{
    const int MostSteps = 200;

    [ThreadStatic] static FormulaTrace? current;
    static readonly ConcurrentDictionary<(ScalarFunction, DType), FormulaTrace> known = [];

    readonly Dictionary<FormulaStep, int> indices = [];
    bool isComplete = true;

    public List<FormulaStep> Steps { get; } = [];

    /// <summary>Masks that must be empty: where one is not, the function's own method computes the lanes.</summary>
    public List<int> Assumed { get; } = [];

    public int Result { get; private set; }

    /// <summary>The steps; null where the formula computes number by number, or is so long that a call costs nothing.</summary>
    public static FormulaTrace? Of(ScalarFunction f, DType type) =>
        known.GetOrAdd((f, type), static key => New(key.Item1, key.Item2)) is { isComplete: true } trace ? trace : null;

    static FormulaTrace New(ScalarFunction f, DType type)
    {
        var trace = current = new();
        for (int i = 0; i < f.Arity; i++) trace.Add(new(null, Number: i));
        trace.Result = type == DType.Float32 ? f.Of(new Traced<float>(0), new Traced<float>(f.Arity - 1)).Step : f.Of(new Traced<double>(0), new Traced<double>(f.Arity - 1)).Step;
        current = null;
        return trace;
    }

    /// <summary>Notes a step of the formula that is being written down, once.</summary>
    public static int Note(FormulaStep step) => current!.indices.TryGetValue(step, out int known) ? known : current.indices[step] = current.Add(step);

    public static bool Assume(int mask)
    {
        current!.Assumed.Add(mask);
        return false;
    }

    public static int GiveUp()
    {
        current!.isComplete = false;
        return 0;
    }

    int Add(FormulaStep step)
    {
        Steps.Add(step);
        isComplete &= Steps.Count <= MostSteps;
        return Steps.Count - 1;
    }
}
