using System.Numerics;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Convolutions and their two transposes against nested loops; the same bits from every level of kernels and any number of threads.</summary>
public sealed unsafe class ConvolutionPlanTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_convolution_and_its_transposes_equal_loops(int rank)
    {
        var random = new Random(rank);
        for (int trial = 0; trial < 60; trial++)
        {
            int most = rank == 1 ? 40 : rank == 2 ? 12 : 6;
            int[] Some(int from, int to) => [.. Enumerable.Range(0, rank).Select(_ => random.Next(from, to))];
            int plain = random.Next(3);
            int[] image = Some(1, most), kernel = Some(1, 6), stride = plain == 0 ? Some(1, 2) : Some(1, 4), dilation = plain == 0 ? Some(1, 2) : Some(1, 3);
            int[] before = plain == 1 ? Some(0, 1) : Some(0, 4), after = plain == 1 ? Some(0, 1) : Some(0, 4);
            var shape = new ConvolutionShape(random.Next(1, 8), random.Next(1, 4), random.Next(1, 6), random.Next(1, 20), image, kernel, stride, dilation, before, after);
            foreach (var kind in Enum.GetValues<ConvolutionKind>())
            {
                Check<double>(DType.Float64, shape, kind, random, 1e-12);
                Check<float>(DType.Float32, shape, kind, random, 1e-3);
            }
        }
    }

    [Theory, InlineData(new[] { 700 }, new[] { 9 }, 1), InlineData(new[] { 22, 30 }, new[] { 5, 5 }, 1), InlineData(new[] { 21, 20 }, new[] { 3, 4 }, 3), InlineData(new[] { 9, 8, 20 }, new[] { 2, 3, 5 }, 2)]
    public void A_convolution_of_few_channels_is_summed_along_windows(int[] image, int[] kernel, int inputs)
    {
        var random = new Random(3);
        int[] ones = [.. image.Select(_ => 1)], zeros = [.. image.Select(_ => 0)];
        foreach (int outputs in (int[])[1, 5, 8, 30])
            foreach (var kind in Enum.GetValues<ConvolutionKind>())
            {
                var shape = new ConvolutionShape(2, 1, inputs, outputs, image, kernel, ones, ones, zeros, zeros);
                Check<double>(DType.Float64, shape, kind, random, 1e-11);
                Check<float>(DType.Float32, shape, kind, random, 1e-3);
            }
    }

    [Fact]
    public void A_convolution_over_several_blocks_of_depth()
    {
        var random = new Random(7);
        var shape = new ConvolutionShape(3, 1, 50, 20, [11, 13], [3, 3], [1, 1], [1, 1], [1, 1], [1, 1]);
        foreach (var kind in Enum.GetValues<ConvolutionKind>())
        {
            Check<double>(DType.Float64, shape, kind, random, 1e-11);
            Check<float>(DType.Float32, shape, kind, random, 1e-3);
        }
    }

    [Fact]
    public void A_kernel_longer_than_the_image_gives_nothing()
    {
        var shape = new ConvolutionShape(2, 1, 2, 3, [2], [5], [1], [1], [0], [0]);
        Assert.Equal(0, shape.Positions);
        foreach (var kind in Enum.GetValues<ConvolutionKind>()) Check<double>(DType.Float64, shape, kind, new Random(1), 1e-12);
    }

    [Fact]
    public void No_buffer_of_the_size_of_the_windows()
    {
        foreach (var kind in Enum.GetValues<ConvolutionKind>()) HoldsLess(kind);
    }

    static void HoldsLess(ConvolutionKind kind)
    {
        var shape = new ConvolutionShape(1, 1, 96, 8, [64, 64], [5, 5], [1, 1], [1, 1], [2, 2], [2, 2]);
        float[] x = new float[shape.Inputs * shape.ImageSize], w = new float[shape.Outputs * shape.Inputs * shape.Taps], y = new float[shape.Outputs * shape.Positions];
        var (first, second, result) = kind switch { ConvolutionKind.Output => (x, w, y), ConvolutionKind.Image => (y, w, x), _ => (x, y, w) };
        var plan = ConvolutionPlan.For(DType.Float32, shape, kind);
        long held = 0, allocated = 0;
        // scratch belongs to a thread
        var thread = new Thread(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            fixed (float* a = first, b = second, c = result) plan.Run(a, b, c, ThreadTeam.Alone);
            (held, allocated) = (Scratch.Held, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        thread.Start();
        thread.Join();
        // an image with its border, panels of one block of the depth, and the weights turned round
        long windows = (kind == ConvolutionKind.Image ? 8L : 96L) * shape.Taps * shape.Positions * sizeof(float), border = 4L * 96 * 68 * 68;
        long panels = 4L * MatrixProduct<float>.DepthBlock * (4096 + 504);
        Assert.InRange(held, 1, border + panels + 8L * 4 * w.Length);
        Assert.True(kind == ConvolutionKind.Image || held < windows / 2, $"{held} of {windows} bytes");
        Assert.InRange(allocated, held, 2 * held + (1 << 16));
    }

    static void Check<T>(DType type, ConvolutionShape shape, ConvolutionKind kind, Random random, double tolerance) where T : unmanaged, INumberBase<T>
    {
        T[] Fill(int count) => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() - 0.5))];
        int images = shape.Batch * shape.Groups * shape.Inputs * shape.ImageSize, outputs = shape.Batch * shape.Groups * shape.Outputs * shape.Positions;
        int weights = shape.Groups * shape.Outputs * shape.Inputs * shape.Taps;
        T[] x = Fill(images), w = Fill(weights), y = Fill(outputs);
        var (first, second, start) = kind switch { ConvolutionKind.Output => (x, w, y), ConvolutionKind.Image => (y, w, x), _ => (x, y, w) };
        bool accumulate = random.Next(2) == 0;
        var finish = new Finish { Accumulate = accumulate, Scale = random.Next(2) == 0 ? 0.5 : 0 };
        var expected = Array.ConvertAll(start, v => accumulate ? double.CreateTruncating(v) : 0);
        double scale = finish.Scale == 0 ? 1 : finish.Scale;
        foreach (var (i, k, o) in Terms(shape))
        {
            var (p, q, r) = kind switch { ConvolutionKind.Output => (i, k, o), ConvolutionKind.Image => (o, k, i), _ => (i, o, k) };
            expected[r] += scale * double.CreateTruncating(first[p]) * double.CreateTruncating(second[q]);
        }
        var plan = ConvolutionPlan.For(type, shape, kind);
        using var team = new ThreadTeam(2);
        T[] result = Run(KernelSet<T>.Best, 1);
        for (int i = 0; i < result.Length; i++)
            if (!(Math.Abs(double.CreateTruncating(result[i]) - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"{kind} element {i}: {result[i]}, expected {expected[i]}; {shape.Batch} {shape.Groups} {shape.Inputs} {shape.Outputs}, image {Text(shape.Image)}, kernel {Text(shape.Kernel)}, stride {Text(shape.Stride)}, dilation {Text(shape.Dilation)}, before {Text(shape.Before)}");
        Assert.Equal(result, Run(KernelSet<T>.Best, 2));
        foreach (var level in (KernelLevel[])[KernelLevel.Vector128, KernelLevel.Vector256])
            if (level <= KernelSet<T>.Best.Level) Assert.Equal(result, Run(KernelSet<T>.For(level), 2));

        T[] Run(KernelSet<T> kernels, int threads)
        {
            var z = (T[])start.Clone();
            fixed (T* a = first, b = second, c = z) plan.Run(kernels, a, b, c, team, finish, threads);
            return z;
        }
    }

    static string Text(int[] values) => string.Join('x', values);

    // the indices of image, weights and output of every product
    static IEnumerable<(int Image, int Weights, int Output)> Terms(ConvolutionShape s)
    {
        int rank = s.Image.Length;
        for (int n = 0; n < s.Batch; n++)
            for (int g = 0; g < s.Groups; g++)
                for (int o = 0; o < s.Outputs; o++)
                    for (int c = 0; c < s.Inputs; c++)
                        for (int q = 0; q < s.Positions; q++)
                            for (int k = 0; k < s.Taps; k++)
                            {
                                int position = q, tap = k, at = 0, stride = 1;
                                bool inside = true;
                                for (int d = rank - 1; d >= 0; d--)
                                {
                                    (position, int i) = Math.DivRem(position, s.Output[d]);
                                    (tap, int j) = Math.DivRem(tap, s.Kernel[d]);
                                    int p = i * s.Stride[d] + j * s.Dilation[d] - s.Before[d];
                                    inside &= p >= 0 && p < s.Image[d];
                                    at += p * stride;
                                    stride *= s.Image[d];
                                }
                                if (inside)
                                    yield return (((n * s.Groups + g) * s.Inputs + c) * s.ImageSize + at, ((g * s.Outputs + o) * s.Inputs + c) * s.Taps + k,
                                        ((n * s.Groups + g) * s.Outputs + o) * s.Positions + q);
                            }
    }
}
