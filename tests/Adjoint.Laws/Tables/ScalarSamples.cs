using System.Reflection;
using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>A row for every scalar function in <see cref="Scalars"/>, found by reflection; functions that need one have a domain here.</summary>
public static class ScalarSamples
{
    static readonly int[] shape = [2, 3];

    // where a function is smooth and tame; the others take ±(0.2, 1.5)
    static readonly Dictionary<string, Draw[]> domains = new(StringComparer.OrdinalIgnoreCase)
    {
        ["log"] = [In(0.3, 3, shape)],
        ["log1p"] = [In(-0.6, 2, shape)],
        ["log2"] = [In(0.3, 3, shape)],
        ["log10"] = [In(0.3, 3, shape)],
        ["sqrt"] = [In(0.3, 3, shape)],
        ["rsqrt"] = [In(0.3, 3, shape)],
        ["cbrt"] = [In(0.3, 3, shape)],
        ["reciprocal"] = [In(0.4, 2, shape)],
        ["tan"] = [In(-1.1, 1.1, shape)],
        ["asin"] = [In(-0.8, 0.8, shape)],
        ["acos"] = [In(-0.8, 0.8, shape)],
        ["acosh"] = [In(1.2, 3, shape)],
        ["atanh"] = [In(-0.8, 0.8, shape)],
        ["erfinv"] = [In(-0.8, 0.8, shape)],
        ["logit"] = [In(0.2, 0.8, shape)],
        ["normal-quantile"] = [In(0.2, 0.8, shape)],
        ["sinc-derivative"] = [Integers(0, 4, shape), Real(shape)],
        ["lgamma"] = [In(0.6, 4, shape)],
        ["digamma"] = [In(0.8, 4, shape)],
        ["polygamma"] = [Integers(1, 4, shape), In(0.8, 4, shape)],
        ["floor"] = [In(0.2, 0.8, shape)],
        ["ceiling"] = [In(0.2, 0.8, shape)],
        ["truncate"] = [In(0.2, 0.8, shape)],
        ["round"] = [In(0.6, 1.4, shape)],
        ["divide"] = [Real(shape), In(0.5, 2, shape)],
        ["pow"] = [In(0.3, 2, shape), Real(shape)],
        ["remainder"] = [In(1.1, 1.4, shape), In(0.75, 0.95, shape)],
        ["floor-divide"] = [In(1.1, 1.4, shape), In(0.75, 0.95, shape)],
        ["maximum"] = [In(0.2, 0.6, shape), Halves(0.8, 0.05, shape)],
        ["minimum"] = [In(0.2, 0.6, shape), Halves(0.8, 0.05, shape)],
        ["xlogy"] = [In(0.3, 2, shape), In(0.3, 2, shape)],
        ["atan2"] = [In(0.3, 1.5, shape), Real(shape)],
        ["copysign"] = [In(0.3, 1.5, shape), Real(shape)],
    };

    /// <summary>The functions of the table.</summary>
    public static IReadOnlyList<ScalarFunction> Functions { get; } =
    [
        .. typeof(Scalars).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.FieldType == typeof(ScalarFunction) && !f.Name.StartsWith('<')).Select(f => (ScalarFunction)f.GetValue(null)!),
        .. typeof(Scalars).GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(p => p.PropertyType == typeof(ScalarFunction)).Select(p => (ScalarFunction)p.GetValue(null)!),
    ];

    /// <summary>A row for each function on reals, and one on integers where it takes them.</summary>
    public static IEnumerable<Sample> All => [.. Functions.Select(OnReals), .. Functions.Where(f => f.OnIntegers).Select(OnIntegers)];

    static Sample OnReals(ScalarFunction f) =>
        new($"scalar {f.Name}", x => [Map.Of(f, [.. x.Select(a => a.To(x[^1].DType))])], domains.GetValueOrDefault(f.Name) ?? [.. Enumerable.Range(0, f.Arity).Select(_ => Real(shape))]);

    static Sample OnIntegers(ScalarFunction f) =>
        new($"scalar {f.Name} int32", x => [Map.Of(f, [.. x])], [.. Enumerable.Range(0, f.Arity).Select(_ => Integers(1, 4, shape))]);

    // alternately below and above: for functions with a kink at x = y
    static Draw Halves(double distance, double width, int[] shape) => random =>
        Tensor.FromFunction(Shape.Of(shape), i => (i[^1] % 2 == 0 ? 0.1 - width : 0.1 + distance - width) + width * random.NextDouble());
}
