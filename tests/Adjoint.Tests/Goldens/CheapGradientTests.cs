using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests.Goldens;

/// <summary>B6 on every sample program: a value and its gradient cost at most four values, counted in elementary operations after simplifying.</summary>
public sealed class CheapGradientTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, Sample> programs = CompositeSamples.All.ToDictionary(s => s.Name);

    public static TheoryData<string> Names => [.. programs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Value_and_gradient_cost_at_most_four_values(string name)
    {
        var sample = programs[name];
        Tensor[] Loss(Tensor[] x) => [sample.Build(x).Where(z => z.DType.IsFloat).Aggregate(Tensor.Scalar(0, DType.Float64), (sum, z) => sum + z.Sum())];
        var like = sample.Inputs();
        long value = OperationCount.Of(Simplification.Simplify(Programs.Trace(Loss, like)));
        long both = OperationCount.Of(Simplification.Simplify(Programs.TraceGradient(Loss, like)));
        output.WriteLine($"{name}: {value} operations, {both} with the gradient");
        Assert.InRange(both, value, 4 * value);
    }
}
