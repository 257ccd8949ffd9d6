using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Programs with convolutions and pooling, to second order: what they compute, and that nothing of the size of the windows is stored.</summary>
public sealed class ConvolutionProgramTests
{
    // channels, outputs, groups, image, kernel, stride, padding, dilation
    public static TheoryData<int, int, int, int[], int[], int, int, int> Shapes => new()
    {
        { 3, 4, 1, [40], [7], 1, 3, 1 },
        { 2, 3, 1, [50], [5], 2, 0, 2 },
        { 1, 4, 1, [14, 13], [5, 5], 1, 0, 1 },
        { 1, 8, 1, [23, 28], [5, 5], 1, 0, 1 },
        { 4, 3, 1, [10, 12], [3, 3], 1, 1, 1 },
        { 4, 4, 2, [11, 9], [3, 3], 1, 1, 1 },
        { 4, 4, 4, [12, 12], [3, 3], 1, 0, 1 },
        { 3, 4, 1, [17, 16], [3, 3], 2, 1, 1 },
        { 4, 2, 2, [15, 16], [4, 5], 3, 2, 1 },
        { 3, 2, 1, [14, 16], [3, 3], 1, 2, 2 },
        { 2, 2, 1, [20, 19], [4, 3], 2, 1, 3 },
        { 2, 3, 1, [7, 8, 9], [3, 3, 3], 1, 1, 1 },
        { 2, 2, 1, [7, 9, 8], [3, 2, 3], 2, 1, 1 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void A_convolution_stores_no_windows(int channels, int outputs, int groups, int[] image, int[] kernel, int stride, int padding, int dilation)
    {
        var f = new Subject("convolution", x => [x[0].Convolve(x[1], stride: [stride], padding: [padding], dilation: [dilation], groups: groups).Tanh()],
            [Values(1, [2, channels, .. image]), Values(2, [outputs, channels / groups, .. kernel])]);
        long windows = 2L * channels;
        for (int d = 0; d < image.Length; d++) windows *= kernel[d] * ((image[d] + 2 * padding - dilation * (kernel[d] - 1) - 1) / stride + 1);
        foreach (var g in Orders(f)) Check(g, windows);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_transposed_convolution_stores_no_windows(int channels, int outputs, int groups, int[] image, int[] kernel, int stride, int padding, int dilation)
    {
        int[] small = [.. image.Select(n => n / stride)];
        var f = new Subject("transposed convolution", x => [x[0].ConvolveTransposed(x[1], stride: [stride], padding: [padding], dilation: [dilation], groups: groups).Tanh()],
            [Values(1, [2, channels, .. small]), Values(2, [channels, outputs / groups, .. kernel])]);
        long windows = 2L * outputs;
        for (int d = 0; d < small.Length; d++) windows *= kernel[d] * small[d];
        foreach (var g in Orders(f)) Check(g, windows);
    }

    [Theory, InlineData(2, 2, 0), InlineData(3, 2, 1), InlineData(3, 1, 1), InlineData(2, 3, 0), InlineData(3, 3, 0)]
    public void Pooling_equals_the_reference(int size, int stride, int padding)
    {
        foreach (int side in (int[])[9, 12, 34])
        {
            var greatest = new Subject("max-pool", x => [x[0].MaxPool([size, size], [stride, stride], [padding, padding]).Tanh()], [Values(3, [2, 3, side, side])]);
            var mean = new Subject("average-pool", x => [x[0].AveragePool([size, size], [stride, stride], [padding, padding]).Tanh()], [Values(4, [2, 3, side, side])]);
            foreach (var g in Orders(greatest).Concat(Orders(mean))) Check(g, long.MaxValue);
        }
    }

    static IEnumerable<Subject> Orders(Subject f)
    {
        Subject forward = Testing.Orders.Forward(f), reverse = Testing.Orders.Reverse(f);
        return [f, forward, reverse, Testing.Orders.Forward(reverse), Testing.Orders.Reverse(forward), Testing.Orders.Reverse(reverse)];
    }

    static void Check(Subject f, long windows)
    {
        var (system, captured) = f.Trace();
        TensorData[] x = [.. f.Inputs.Concat(captured).Select(t => t.Data)];
        var program = (Compiled)new Engine { Threads = 1 }.Prepare(system);
        Assert.DoesNotContain(program.Fallbacks, operation => operation is Fold);
        var large = program.Works.Slots.Where(slot => program.Plan.IsStored(slot) && slot.Size >= windows);
        Assert.True(!large.Any(), $"{f.Name} stores {string.Join(", ", large.Select(slot => slot.Size))} elements; the windows have {windows}\n{program.Explain()}");
        EngineCheck.Check(f.Name, system, x, 1e-9);
    }

    static Tensor Values(int seed, int[] shape)
    {
        var random = new Random(seed);
        return new(new TensorData<double>(Shape.Of(shape), [.. Enumerable.Range(0, shape.Aggregate(1, (n, l) => n * l)).Select(_ => 2 * random.NextDouble() - 1)]));
    }
}
