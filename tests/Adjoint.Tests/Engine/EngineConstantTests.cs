using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>What a program knows before it runs is computed when it is prepared.</summary>
public sealed class EngineConstantTests
{
    static Compiled Compile(Func<Tensor[], Tensor[]> f, params Tensor[] like) => (Compiled)new Engine { Threads = 1 }.Prepare(Programs.Trace(f, like));

    static Tensor Zeros(params int[] shape) => new(TensorData.Zeros(DType.Float32, Shape.Of(shape)));

    [Fact]
    public void The_mask_of_a_triangle_is_read_and_not_made()
    {
        var compiled = Compile(x => [x[0].LowerTriangle() * 2f], Zeros(20, 20));
        var step = Assert.IsType<KernelStep>(Assert.Single(compiled.Steps));
        Assert.Single(step.Kernel.Slots, s => s.Residence == Residence.Constant);
        float[] ones = [.. Enumerable.Repeat(1f, 400)];
        var z = compiled.Run([new TensorData<float>(Shape.Of([20, 20]), ones)])[0].ToDoubles();
        for (int i = 0; i < 400; i++) Assert.Equal(i % 20 <= i / 20 ? 2 : 0, z[i]);
    }

    [Fact]
    public void Arithmetic_of_numbers_is_done_before()
    {
        var compiled = Compile(x => [x[0] * (Tensor.Scalar(3).Exp() - Tensor.Scalar(1).Sin())], Zeros(8));
        var step = Assert.IsType<KernelStep>(Assert.Single(compiled.Steps));
        Assert.Equal(1, step.Kernel.Group.Count);
    }

    [Fact]
    public void A_constant_that_is_a_result_is_the_callers_own()
    {
        var compiled = Compile(x => [x[0] + 1f, Tensor.Identity(3), Tensor.Identity(3).Exp()], Zeros(2));
        TensorData[] first = compiled.Run([Zeros(2).Data]), second = compiled.Run([Zeros(2).Data]);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], first[1].ToDoubles());
        for (int k = 1; k < 3; k++)
        {
            first[k].Span<float>().Clear();
            Assert.NotEqual(0, second[k].First());
            Assert.NotEqual(0, compiled.Run([Zeros(2).Data])[k].First());
        }
    }
}
