using System.Diagnostics;
using Adjoint;

/// <summary>The three maps of some convolutions, one thread, float32, against the peak of fused multiply-adds that is measured between them.</summary>
static unsafe class Convolutions
{
    public static void Run()
    {
        Console.WriteLine("batch, channels, image, kernel | map | GFLOP/s | of the peak");
        foreach (var (batch, inputs, outputs, image, kernel, border) in ((int, int, int, int, int, int)[])[(64, 1, 8, 28, 5, 2), (64, 8, 16, 14, 5, 2), (16, 64, 64, 28, 3, 1), (4, 128, 128, 14, 3, 1), (16, 64, 128, 14, 1, 0)])
        {
            var shape = new ConvolutionShape(batch, 1, inputs, outputs, [image, image], [kernel, kernel], [1, 1], [1, 1], [border, border], [border, border]);
            float[] x = Fill(batch * inputs * shape.ImageSize), w = Fill(outputs * inputs * shape.Taps), y = Fill(batch * outputs * shape.Positions);
            foreach (var (kind, first, second, result) in ((ConvolutionKind, float[], float[], float[])[])
                [(ConvolutionKind.Output, x, w, y), (ConvolutionKind.Image, y, w, x), (ConvolutionKind.Weights, x, y, w)])
            {
                var plan = ConvolutionPlan.For(DType.Float32, shape, kind);
                double time = double.MaxValue, peak = 0;
                fixed (float* p = first, q = second, r = result)
                    for (int trial = 0; trial < 12; trial++)
                    {
                        peak = Math.Max(peak, Peak());
                        long start = Stopwatch.GetTimestamp();
                        plan.Run(p, q, r, ThreadTeam.Alone);
                        time = Math.Min(time, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
                    }
                double speed = 2.0 * shape.Cost / time;
                Console.WriteLine($"{batch}, {inputs} to {outputs}, {image}x{image}, {kernel}x{kernel} | {kind} | {speed:F0} | {speed / peak:F2}");
            }
        }
    }

    // the tallest tile over panels that stay in the first-level cache
    static double Peak()
    {
        const int depth = 64, runs = 200;
        var kernels = KernelSet<float>.Best;
        float[] left = Fill(depth * kernels.Rows), right = Fill(depth * kernels.Columns), output = new float[kernels.Rows * kernels.Columns];
        Tile<float> tile = new() { LeftRow = 1, LeftStep = kernels.Rows, RightStep = kernels.Columns, OutputRow = kernels.Columns, Columns = kernels.Columns, Scale = 1 };
        fixed (float* a = left, b = right, c = output)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < runs; i++) kernels.Kernel(kernels.Rows, true, false)(depth, a, b, c, &tile);
            return 2.0 * runs * depth * output.Length / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }
    }

    static float[] Fill(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
