using System.Globalization;
using Xunit;

namespace Adjoint.Tests;

/// <summary>
/// The errors of the formulas in units in the last place: float64 against references of 300 bits (references.csv, or the file that ADJOINT_ACCURACY
/// names), float32 against the formula in float64. The bounds are those of docs/accuracy.md.
/// </summary>
public sealed class AccuracyTests(ITestOutputHelper output)
{
    const int Singles = 200_000;

    sealed record Reference(string Name, double X, double Y, double High, double Low);

    static readonly ILookup<string, Reference> references = Load().ToLookup(r => r.Name);
    static readonly Dictionary<string, ScalarFunction> functions = Testing.ScalarSamples.Functions.ToDictionary(f => f.Name);

    public static TheoryData<string> Names => [.. AccuracyBounds.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Float64_is_within_its_bound(string name)
    {
        var f = functions[name];
        var (worst, at, count) = (0.0, "", 0);
        foreach (var r in references[name])
        {
            double z = f.Value(r.X, r.Y), ulp = Ulp(Math.Max(Math.Abs(r.High), AccuracyBounds.All[name].Floor));
            double error = Math.Abs(z.Equals(r.High) ? r.Low : z - r.High - r.Low) / ulp;
            if (!(error <= worst)) (worst, at) = (error, $"{name}({r.X:R}, {r.Y:R}) = {z:R}, not {r.High:R}");
            count++;
        }
        output.WriteLine($"{name}: {worst:0.00} ulp over {count} points; {at}");
        Assert.True(count >= 100, $"{name}: only {count} references");
        Assert.True(worst <= AccuracyBounds.All[name].Double, $"{worst:0.00} ulp: {at}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Float32_is_within_its_bound(string name)
    {
        var f = functions[name];
        var bound = AccuracyBounds.All[name];
        var random = new Random(5);
        float[] x = [.. Enumerable.Range(0, Singles).Select(_ => bound.Draw(random))], y = [.. Enumerable.Range(0, Singles).Select(_ => bound.DrawSecond(random))], z = new float[Singles];
        var exact = new double[Singles];
        f.Apply(x, y, z);
        f.Apply(Array.ConvertAll(x, v => (double)v), Array.ConvertAll(y, v => (double)v), exact);
        var (worst, at) = (0.0, "");
        for (int i = 0; i < Singles; i++)
        {
            float expected = (float)exact[i];
            double error = z[i].Equals(expected) ? 0 : Math.Abs(z[i] - exact[i]) / (MathF.BitIncrement(MathF.Abs(expected)) - MathF.Abs(expected));
            if (!(error <= worst)) (worst, at) = (error, $"{name}({x[i]:R}, {y[i]:R}) = {z[i]:R}, not {exact[i]:R}");
        }
        output.WriteLine($"{name}: {worst:0.00} ulp over {Singles} points; {at}");
        Assert.True(worst <= bound.Single, $"{worst:0.00} ulp: {at}");
    }

    static double Ulp(double x) => Math.BitIncrement(x) - x;

    static IEnumerable<Reference> Load()
    {
        string? file = Environment.GetEnvironmentVariable("ADJOINT_ACCURACY");
        using var stream = file is null ? typeof(AccuracyTests).Assembly.GetManifestResourceStream("references.csv")! : File.OpenRead(file);
        using var reader = new StreamReader(stream);
        static double Number(string text) => text.Length == 0 ? 0 : double.Parse(text, CultureInfo.InvariantCulture);
        while (reader.ReadLine() is { } line)
            if (line.Split(';') is [var name, var x, var y, var high, var low]) yield return new(name, Number(x), Number(y), Number(high), Number(low));
    }
}
