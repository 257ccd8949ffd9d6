using BenchmarkDotNet.Attributes;

namespace Adjoint.Benchmarks;

/// <summary>Products of matrices, float32, on one thread; <c>Adjoint.Workloads mm:…</c> measures them beside OpenBLAS.</summary>
public class Products
{
    Prepared program = null!;

    [Params("8x8x8", "64x64x64", "64x784x256", "1x256x256", "256x256x256", "512x512x512")]
    public string Size { get; set; } = "8x8x8";

    [GlobalSetup]
    public void Prepare()
    {
        int[] size = Array.ConvertAll(Size.Split('x'), s => int.Parse(s, System.Globalization.CultureInfo.InvariantCulture));
        program = new(x => [x[0].MatMul(x[1])], Prepared.Draw(size[0], size[1]), Prepared.Draw(size[1], size[2]));
    }

    [Benchmark]
    public object Run() => program.Run();
}
