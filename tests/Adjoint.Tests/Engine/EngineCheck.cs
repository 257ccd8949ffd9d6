using Adjoint.Testing;

namespace Adjoint.Tests;

/// <summary>Compares the engine with the reference interpreter.</summary>
static class EngineCheck
{
    const double Conditioning = 4;

    static int unsettled;

    static readonly Engine blocks = new() { Threads = 1, Emission = Emission.Never }, two = new() { Threads = 2, Emission = Emission.Never },
        code = new() { Threads = 1, Emission = Emission.Always };

    /// <summary>Checks a function at its point and both its derivatives, in float64 and in float32; returns the number of tensors compared.</summary>
    /// <param name="f">The function.</param>
    /// <param name="derivatives">Whether its derivatives are checked as well.</param>
    /// <param name="repeated">Which programs (0 to 2 in float64, 3 to 5 in float32) are run again, on two threads and compiled; null for all.</param>
    /// <exception cref="LawException">The engine computes something else.</exception>
    public static int Check(Subject f, bool derivatives = true, Func<int, bool>? repeated = null)
    {
        int next = 0, count = 0;
        foreach (var (subject, tolerance) in Subjects(f, derivatives, 1e-12)) count += Compare(subject, tolerance, repeated?.Invoke(next++) ?? true, null);
        if (f.SingleTolerance == 0 || !f.Inputs.Any(x => x.DType.IsFloat)) return count;
        var singles = new Dictionary<Tensor, Tensor>();
        foreach (var x in f.Inputs) if (x.DType == DType.Float64) singles[x] = new(x.To(DType.Float32).Data);
        var single = f with { Name = "float32 " + f.Name, Inputs = Array.ConvertAll(f.Inputs, x => singles.GetValueOrDefault(x, x)) };
        next = 3;
        foreach (var ((subject, tolerance), (exact, _)) in Subjects(single, derivatives, 2e-5).Zip(Subjects(f, derivatives, 0)))
            count += Compare(subject, tolerance, repeated?.Invoke(next++) ?? true, exact);
        return count;
    }

    /// <summary>Checks a program on data.</summary>
    /// <param name="exact">
    /// What the results are in float64, if the data is of float32: where rounding to float32 changes them, the order of rounding may as well.
    /// </param>
    /// <param name="isRepeated">Whether it is compared with itself: in a second run, on two threads, and with its kernels compiled.</param>
    public static int Check(string name, EquationSystem system, TensorData[] x, double tolerance, TensorData[]? exact = null, bool isRepeated = true)
    {
        var expected = Interpreter.Shared.Prepare(system).Run(x);
        // the reference adds one element after the other: its error grows with their number
        tolerance *= Math.Max(1, system.Inputs.Max(i => i.Size) / 4096.0);
        var copies = x.Select(d => d.ToDoubles()).ToArray();
        var prepared = blocks.Prepare(system);
        try
        {
            var first = prepared.Run(x);
            var again = isRepeated ? prepared.Run(x) : first;
            var threaded = isRepeated ? two.Prepare(system).Run(x) : first;
            var emitted = isRepeated ? code.Prepare(system).Run(x) : first;
            for (int k = 0; k < expected.Length; k++)
            {
                Laws.Require(expected[k].Type == first[k].Type && expected[k].Shape == first[k].Shape, $"result {k} is {first[k].Type.Text}{first[k].Shape} instead of {expected[k].Type.Text}{expected[k].Shape}");
                double[] z = first[k].ToDoubles();
                double unstable = exact?.Length == expected.Length ? Conditioning * Distance(exact[k].ToDoubles(), expected[k].ToDoubles()) : 0;
                try { Laws.Close($"result {k}", z, expected[k].ToDoubles(), tolerance, tolerance * 0.1 + unstable); }
                catch (LawException) when (DependsOnRounding(system, x, expected, k, z)) { Interlocked.Increment(ref unsettled); }
                Laws.Require(Numbers.SameBits(z, again[k].ToDoubles()), $"result {k} differs between two runs");
                Laws.Require(Numbers.SameBits(z, threaded[k].ToDoubles()), $"result {k} differs between one thread and two");
                Laws.Require(Numbers.SameBits(z, emitted[k].ToDoubles()), $"result {k} differs between a kernel in blocks and the same kernel compiled");
            }
            ReplacementCheck.Check(system, x, first);
            for (int i = 0; i < x.Length; i++) Laws.Require(Numbers.SameBits(copies[i], x[i].ToDoubles()), $"argument {i} was overwritten");
        }
        catch (LawException e) { throw new LawException($"{name}: {e.Message}\n{system}\n{blocks.Explain(system)}"); }
        catch (Exception e) when (e is not LawException) { throw new LawException($"{name}: {e}\n{system}\n{blocks.Explain(system)}"); }
        return expected.Length;
    }

    /// <summary>
    /// How many results differed that the reference itself does not settle: where a branch, a sign or a maximum is decided by what rounding left of a zero.
    /// </summary>
    public static int Unsettled => unsettled;

    // whether the reference changes as much by arguments that differ in the last bits
    static bool DependsOnRounding(EquationSystem system, TensorData[] x, TensorData[] expected, int k, double[] found)
    {
        var random = new Random(k);
        double difference = Numbers.Distance(found, expected[k].ToDoubles());
        for (int round = 0; round < 12; round++)
        {
            TensorData[] near = Array.ConvertAll(x, d => d switch
            {
                TensorData<double> v => new TensorData<double>(v.Shape, Array.ConvertAll(v.ToDoubles(), a => a * (1 + (random.NextDouble() - 0.5) * 1e-15))),
                TensorData<float> v => (TensorData)new TensorData<float>(v.Shape, Array.ConvertAll(v.ToDoubles(), a => (float)(a * (1 + (random.NextDouble() - 0.5) * 5e-7)))),
                _ => d,
            });
            var other = Interpreter.Shared.Prepare(system).Run(near)[k];
            if (other.Shape == expected[k].Shape && Numbers.Distance(other.ToDoubles(), expected[k].ToDoubles()) >= 0.1 * difference) return true;
        }
        return false;
    }

    // the function, and its derivatives
    static IEnumerable<(Subject Subject, double Tolerance)> Subjects(Subject f, bool derivatives, double tolerance)
    {
        yield return (f, tolerance);
        if (!derivatives || !Orders.IsDifferentiable(f)) yield break;
        yield return (Orders.Forward(f), 10 * tolerance);
        yield return (Orders.Reverse(f), 10 * tolerance);
    }

    static int Compare(Subject f, double tolerance, bool isRepeated, Subject? exact)
    {
        var (system, captured) = f.Trace();
        return Check(f.Name, system, Data(f, captured), tolerance, exact is null ? null : Reference(exact), isRepeated);
    }

    static TensorData[] Data(Subject f, Tensor[] captured) => [.. f.Inputs.Concat(captured).Select(x => x.Data)];

    static TensorData[] Reference(Subject f)
    {
        var (system, captured) = f.Trace();
        return Interpreter.Shared.Prepare(system).Run(Data(f, captured));
    }

    // the greatest difference of finite elements
    static double Distance(double[] x, double[] y)
    {
        double distance = 0;
        for (int i = 0; i < Math.Min(x.Length, y.Length); i++) if (double.IsFinite(x[i] - y[i])) distance = Math.Max(distance, Math.Abs(x[i] - y[i]));
        return distance;
    }
}
