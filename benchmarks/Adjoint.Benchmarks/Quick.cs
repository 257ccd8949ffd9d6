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
    }

    static void Measure(string what, int equations, Func<object> action)
    {
        double least = double.MaxValue;
        for (int round = 0; round < 12; round++)
        {
            const int Repeats = 3000;
            long start = Stopwatch.GetTimestamp(), bytes = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Repeats; i++) GC.KeepAlive(action());
            double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Repeats / equations;
            if (ns < least) least = ns;
            if (round == 11) Console.WriteLine($"{what}: {equations} equations, {least:F0} ns and {(GC.GetAllocatedBytesForCurrentThread() - bytes) / Repeats / equations} bytes per equation");
        }
    }
}
