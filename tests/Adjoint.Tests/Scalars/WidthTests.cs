using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Every formula gives the same bits in lanes of 128, 256 and 512 bits, at every place in the lanes, over special and random numbers.</summary>
public sealed class WidthTests
{
    static readonly double[] special =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, 10, -10, 100, -100, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, -double.Epsilon, 1e-310,
        double.MaxValue, double.MinValue, 1e300, -1e300, 1e-300, float.MaxValue, float.Epsilon, 1e-40, Math.PI, Math.PI / 2, 1e5, -1e5, 1e10, 1e22, -1e22, 0.1, 1.5, 2.5, -2.5, 4503599627370496.5, 8388607.5,
    ];

    public static TheoryData<string> Names => [.. ScalarSamples.Functions.Select(f => f.Name)];

    static double[] Numbers(int seed)
    {
        var random = new Random(seed);
        return [.. special, .. Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64()) : (random.NextDouble() - 0.5) * (i % 3 == 1 ? 4 : 60))];
    }

    [Theory, MemberData(nameof(Names))]
    public void All_widths_give_the_same_bits(string name)
    {
        var f = ScalarSamples.Functions.Single(g => g.Name == name);
        double[] x = f.Arity == 1 ? Numbers(1) : [.. from a in Numbers(1)[..^900] from b in Numbers(2)[..^900] select a];
        double[] y = f.Arity == 1 ? x : [.. from a in Numbers(1)[..^900] from b in Numbers(2)[..^900] select b];
        Same(x, y, f.Apply);
        Same(Array.ConvertAll(x, v => (float)v), Array.ConvertAll(y, v => (float)v), f.Apply);
    }

    delegate void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int width);

    // which of several NaNs an instruction returns depends on the order of its operands, which the compiler chooses: one NaN is as good as another
    static void OneNaN<T>(Span<T> z) where T : struct, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (ref var v in z) if (T.IsNaN(v)) v = T.NaN;
    }

    static void Same<T>(T[] x, T[] y, Apply<T> apply) where T : struct, System.Numerics.IFloatingPointIeee754<T>
    {
        var expected = new T[x.Length];
        for (int i = 0; i < x.Length; i++) apply(x.AsSpan(i, 1), y.AsSpan(i, 1), expected.AsSpan(i, 1), 128);
        OneNaN<T>(expected);
        foreach (int width in new[] { 128, 256, 512 })
            foreach (int start in new[] { 0, 1, 5 })
            {
                var z = new T[x.Length - start];
                apply(x.AsSpan(start), y.AsSpan(start), z, width);
                OneNaN<T>(z);
                if (MemoryMarshal.AsBytes(z.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan(start)))) continue;
                int i = Enumerable.Range(0, z.Length).First(k => !MemoryMarshal.AsBytes(z.AsSpan(k, 1)).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan(start + k, 1))));
                Assert.Fail($"{width} bits: ({x[start + i]}, {y[start + i]}) gives {z[i]} instead of {expected[start + i]}");
            }
    }

    [Fact]
    public void The_width_is_the_processors() =>
        Assert.Equal(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128, Kernel.Width);
}
