using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>The text of kernels is C#: compiled and run, it computes the same bits.</summary>
public sealed class KernelTextTests(ITestOutputHelper output)
{
    [Fact]
    public void Printed_kernels_compile_and_compute_the_same_bits()
    {
        var subjects = Samples.All.Select(s => Orders.Of(s).First())
            .Concat(Enumerable.Range(0, 24).Select(seed => EngineShapes.Program(seed, 8)).SelectMany(f => (Subject[])[f, Orders.Reverse(f), Single(f)]));
        var programs = new List<(string Name, Compiled Program, TensorData[] Arguments, double[][] Expected)>();
        var steps = new List<KernelStep>();
        int others = 0;
        foreach (var f in subjects)
        {
            var (system, captured) = f.Trace();
            TensorData[] x = [.. f.Inputs.Concat(captured).Select(t => t.Data)];
            var program = (Compiled)new Engine { Threads = 2, Emission = Emission.Never }.Prepare(system);
            programs.Add((f.Name, program, x, [.. program.Run(x).Select(z => z.ToDoubles())]));
            KernelStep[] kernels = [.. program.Steps.OfType<KernelStep>()];
            steps.AddRange(kernels.Where(k => PrintedKernels.CanCompile(k.Kernel)));
            others += kernels.Count(k => !PrintedKernels.CanCompile(k.Kernel));
        }
        var code = PrintedKernels.Compile([.. steps.Select(s => s.Kernel)]);
        for (int i = 0; i < code.Length; i++) steps[i].Code = code[i];
        foreach (var (name, program, x, expected) in programs)
        {
            bool IsSame() => program.Run(x).Zip(expected).All(p => Numbers.SameBits(p.First.ToDoubles(), p.Second));
            if (IsSame()) continue;
            // which kernel it is: the one without which all is well
            foreach (var step in program.Steps.OfType<KernelStep>())
            {
                var (own, _) = (step.Code, step.Code = null);
                if (IsSame()) Assert.Fail($"{name}: {step.Describe()}");
                step.Code = own;
            }
            Assert.Fail($"{name}: several kernels\n{program.Explain()}");
        }
        output.WriteLine($"{code.Length} kernels compiled from their text; {others} use functions of integers, random bits or places of indices");
        Assert.True(code.Length > 300 && others < code.Length / 4, $"{code.Length} kernels, and {others} that were not compiled");
    }

    static Subject Single(Subject f) => f with { Inputs = Array.ConvertAll(f.Inputs, x => new Tensor(x.To(DType.Float32).Data)) };
}
