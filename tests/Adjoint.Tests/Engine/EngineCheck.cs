using Adjoint.Testing;

namespace Adjoint.Tests;

/// <summary>Compares the engine with the reference interpreter.</summary>
static class EngineCheck
{
    static readonly Engine one = new() { Threads = 1 }, two = new() { Threads = 2 };

    /// <summary>Checks a function at its point and both its derivatives, in float64 and in float32; returns the number of tensors compared.</summary>
    /// <exception cref="LawException">The engine computes something else.</exception>
    public static int Check(Subject f, bool derivatives = true)
    {
        int count = Compare(f, derivatives, 1e-12);
        if (f.SingleTolerance == 0 || !f.Inputs.Any(x => x.DType.IsFloat)) return count;
        var single = Array.ConvertAll(f.Inputs, x => x.DType == DType.Float64 ? new Tensor(x.To(DType.Float32).Data) : x);
        return count + Compare(f with { Name = "float32 " + f.Name, Inputs = single }, derivatives, 2e-5);
    }

    /// <summary>Checks a program on data.</summary>
    public static int Check(string name, EquationSystem system, TensorData[] x, double tolerance)
    {
        var expected = Interpreter.Shared.Prepare(system).Run(x);
        var copies = x.Select(d => d.ToDoubles()).ToArray();
        var prepared = one.Prepare(system);
        try
        {
            var first = prepared.Run(x);
            var again = prepared.Run(x);
            var threaded = two.Prepare(system).Run(x);
            for (int k = 0; k < expected.Length; k++)
            {
                Laws.Require(expected[k].Type == first[k].Type && expected[k].Shape == first[k].Shape, $"result {k} is {first[k].Type.Text}{first[k].Shape} instead of {expected[k].Type.Text}{expected[k].Shape}");
                double[] z = first[k].ToDoubles();
                Laws.Close($"result {k}", z, expected[k].ToDoubles(), tolerance, tolerance * 0.1);
                Laws.Require(Numbers.SameBits(z, again[k].ToDoubles()), $"result {k} differs between two runs");
                Laws.Require(Numbers.SameBits(z, threaded[k].ToDoubles()), $"result {k} differs between one thread and two");
            }
            for (int i = 0; i < x.Length; i++) Laws.Require(Numbers.SameBits(copies[i], x[i].ToDoubles()), $"argument {i} was overwritten");
        }
        catch (LawException e) { throw new LawException($"{name}: {e.Message}\n{system}\n{one.Explain(system)}"); }
        catch (Exception e) when (e is not LawException) { throw new LawException($"{name}: {e}\n{system}\n{one.Explain(system)}"); }
        return expected.Length;
    }

    static int Compare(Subject f, bool derivatives, double tolerance)
    {
        var (system, captured) = f.Trace();
        int count = Check(f.Name, system, [.. f.Inputs.Concat(captured).Select(x => x.Data)], tolerance);
        if (!derivatives || !Orders.IsDifferentiable(f)) return count;
        return count + Compare(Orders.Forward(f), false, 10 * tolerance) + Compare(Orders.Reverse(f), false, 10 * tolerance);
    }
}
