using System.Diagnostics;

namespace Adjoint.Benchmarks;

/// <summary>The figures of <see cref="ScriptStep"/> per equation in a few seconds, as the least of several rounds.</summary>
static class Quick
{
    public static void Run()
    {
        var step = new ScriptStep();
        Measure("build the loss", ScriptStep.ForwardEquations, step.BuildForward);
        Measure("build the loss and find its program", ScriptStep.ForwardEquations, step.BuildAndFindForward);
        Measure("build the step", ScriptStep.StepEquations, step.BuildStep);
        Measure("build the step and find its program", ScriptStep.StepEquations, step.BuildAndFindStep);
        Deep(1_000_000);
    }

    /// <summary>A graph so deep that any recursion would end the process.</summary>
    static void Deep(int equations)
    {
        long start = Stopwatch.GetTimestamp();
        var (results, gradient) = Differentiation.Gradient("gradient", x =>
        {
            var y = x[0];
            for (int i = 0; i < equations; i++) y += x[0];
            return [y];
        }, [Tensor.Scalar(1, DType.Float64)]);
        var built = Stopwatch.GetElapsedTime(start);
        double value = results[0].ToScalar(), slope = gradient[0].ToScalar();
        Console.WriteLine($"{equations} equations in a row: built and differentiated in {built.TotalSeconds:F1} s, evaluated in {(Stopwatch.GetElapsedTime(start) - built).TotalSeconds:F1} s; value {value}, gradient {slope}");
    }

    static void Measure(string what, int equations, Func<object> action)
    {
        const int Rounds = 30;
        int repeats = 75_000 / equations;
        double least = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp(), bytes = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < repeats; i++) GC.KeepAlive(action());
            double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats / equations;
            least = Math.Min(least, ns);
            if (round == Rounds - 1) Console.WriteLine($"{what}: {equations} equations, {least:F0} ns and {(GC.GetAllocatedBytesForCurrentThread() - bytes) / repeats / equations} bytes per equation");
        }
    }
}
