using Adjoint.Testing;

namespace Adjoint.Tests;

/// <summary>Compares the engine with the reference interpreter.</summary>
static class EngineCheck
{
    const double Conditioning = 4;

    static readonly Engine blocks = new() { Threads = 1, Emission = Emission.Never }, two = new() { Threads = 2, Emission = Emission.Never },
        code = new() { Threads = 1, Emission = Emission.Always };

    /// <summary>Checks a function at its point and both its derivatives, in float64 and in float32; returns the number of tensors compared.</summary>
    /// <exception cref="LawException">The engine computes something else.</exception>
    public static int Check(Subject f, bool derivatives = true)
    {
        int count = Compare(f, derivatives, 1e-12, null);
        if (f.SingleTolerance == 0 || !f.Inputs.Any(x => x.DType.IsFloat)) return count;
        var single = Array.ConvertAll(f.Inputs, x => x.DType == DType.Float64 ? new Tensor(x.To(DType.Float32).Data) : x);
        return count + Compare(f with { Name = "float32 " + f.Name, Inputs = single }, derivatives, 2e-5, f);
    }

    /// <summary>Checks a program on data.</summary>
    /// <param name="exact">
    /// What the results are in float64, if the data is of float32: where rounding to float32 changes them, the order of rounding may as well.
    /// </param>
    public static int Check(string name, EquationSystem system, TensorData[] x, double tolerance, TensorData[]? exact = null)
    {
        var expected = Interpreter.Shared.Prepare(system).Run(x);
        var copies = x.Select(d => d.ToDoubles()).ToArray();
        var prepared = blocks.Prepare(system);
        try
        {
            var first = prepared.Run(x);
            var again = prepared.Run(x);
            var threaded = two.Prepare(system).Run(x);
            var emitted = code.Prepare(system).Run(x);
            for (int k = 0; k < expected.Length; k++)
            {
                Laws.Require(expected[k].Type == first[k].Type && expected[k].Shape == first[k].Shape, $"result {k} is {first[k].Type.Text}{first[k].Shape} instead of {expected[k].Type.Text}{expected[k].Shape}");
                double[] z = first[k].ToDoubles();
                Laws.Close($"result {k}", z, expected[k].ToDoubles(), tolerance, tolerance * 0.1 + (exact?.Length == expected.Length ? Conditioning * Distance(exact[k].ToDoubles(), expected[k].ToDoubles()) : 0));
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

    static int Compare(Subject f, bool derivatives, double tolerance, Subject? exact)
    {
        var (system, captured) = f.Trace();
        int count = Check(f.Name, system, Data(f, captured), tolerance, exact is null ? null : Reference(exact));
        if (!derivatives || !Orders.IsDifferentiable(f)) return count;
        return count + Compare(Orders.Forward(f), false, 10 * tolerance, exact is null ? null : Orders.Forward(exact))
            + Compare(Orders.Reverse(f), false, 10 * tolerance, exact is null ? null : Orders.Reverse(exact));
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
