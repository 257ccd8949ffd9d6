using Adjoint.Operations;
using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>In which order the engine computes, and how results lie in memory for their readers.</summary>
public sealed class ComputationOrderTests
{
    static Tensor Zeros(params int[] shape) => new(TensorData.Zeros(DType.Float32, Shape.Of(shape)));

    static EquationSystem Trace(Func<Tensor[], Tensor[]> f, params Tensor[] like) => Simplification.Simplify(Programs.Trace(f, like));

    static Compiled Compile(Func<Tensor[], Tensor[]> f, params Tensor[] like) => (Compiled)new Engine { Threads = 1 }.Prepare(Programs.Trace(f, like));

    // a layer and its step of gradient descent, for inputs x, weights w (as a Dense layer has them), cotangent
    static Tensor[] Layer(Tensor[] x)
    {
        var slope = Differentiation.Gradient("layer", v => [(v[0].MatMul(v[1].T).Gelu() * x[2]).Sum()], [x[0], x[1]]).Gradient;
        return [x[1] - 0.1f * slope[1], slope[0]];
    }

    static readonly Tensor[] layer = [Zeros(64, 48), Zeros(96, 48), Zeros(64, 96)];

    [Fact]
    public void Every_equation_is_computed_once_and_after_its_inputs()
    {
        foreach (var f in Samples.All.SelectMany(Orders.Of))
        {
            var system = Simplification.Simplify(f.Trace().System);
            var order = ComputationOrder.Of(system);
            Assert.Equal(system.Equations.ToHashSet(), order.ToHashSet());
            Assert.Equal(system.Equations.Length, order.Count);
            var known = system.Inputs.ToHashSet();
            foreach (var z in order)
            {
                Assert.All(z.Inputs, x => Assert.True(x.IsLiteral || known.Contains(x)));
                known.UnionWith(z.Results);
            }
        }
    }

    [Fact]
    public void An_update_follows_the_last_reader_of_what_it_replaces()
    {
        var system = Trace(Layer, layer);
        var order = ComputationOrder.Of(system);
        int update = order.IndexOf(system.Results[0].Equation!);
        Assert.True(update > order.IndexOf(system.Results[1].Equation!));
    }

    [Fact]
    public void The_slope_of_an_activation_is_computed_with_its_reader()
    {
        var compiled = Compile(Layer, layer);
        // nothing is kept but the layer's value: gelu's slope and the update are the only kernels, each on the rows of a product
        Assert.Equal(3, compiled.Steps.OfType<ProductStep>().Count());
        Assert.Equal(2, compiled.Steps.OfType<KernelStep>().Concat(compiled.Steps.OfType<ProductStep>().Select(p => p.Follower).OfType<KernelStep>()).Count());
    }

    [Fact]
    public void Gradients_of_weights_lie_as_the_weights_do()
    {
        var compiled = Compile(Layer, layer);
        foreach (var step in compiled.Steps.OfType<KernelStep>().Concat(compiled.Steps.OfType<ProductStep>().Select(p => p.Follower).OfType<KernelStep>()))
            foreach (var access in FusedKernel.Accesses(step.Kernel.Body))
                Assert.All(access.Steps, s => Assert.True(!s.Loop.IsVector || s.Step == 1, step.Kernel.ToString()));
    }

    [Fact]
    public void Neighbours_in_zeros_that_add_up_are_joined()
    {
        var system = Trace(x => Differentiation.Gradient("parts", v => [(v[0][.., 0..3].Tanh() + v[0][.., 3..6].Sin() + v[0][.., 6..9].Exp()).Sum()], x).Gradient, Zeros(4, 9));
        Assert.DoesNotContain(system.Equations, z => z.Operation is Pad or Add);
        Assert.Equal(3, Assert.Single(system.Equations, z => z.Operation is Concatenate).Inputs.Length);
    }

    [Fact]
    public void Joined_neighbours_keep_the_zeros_around_them()
    {
        Tensor[] Slope(Tensor[] x) => Differentiation.Gradient("parts", v => [(v[0][.., 1..4].Tanh() + v[0][.., 4..7].Sin()).Sum()], x).Gradient;
        var at = new Tensor(new TensorData<float>(Shape.Of([2, 9]), [.. Enumerable.Range(0, 18).Select(i => 0.1f * i)]));
        Assert.Equal(Interpreter.Shared.Prepare(Programs.Trace(Slope, [at])).Run([at.Data])[0].Span<float>().ToArray(),
            Interpreter.Shared.Prepare(Trace(Slope, at)).Run([at.Data])[0].Span<float>().ToArray());
    }
}
