using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Flow;
using static Adjoint.Functions;

namespace Adjoint.Tests;

/// <summary>The code of README.md, with its results asserted.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_tour_prints_what_it_says()
    {
        var Console = new StringWriter { NewLine = "\n" };
        // sample: tour
        Tensor Rosenbrock(Tensor x) => (100 * (x[1..] - x[..^1].Square()).Square() + (1 - x[..^1]).Square()).Sum();
        Tensor at = [-1.2, 1.0];

        Console.WriteLine(Gradient(Rosenbrock)(at));                // [-215.6  -88  ]
        Console.WriteLine(Hessian(Rosenbrock)(at)[0]);              // [1330  480]
        var many = Compile(Vectorize(Gradient(Rosenbrock)));        // one program for any number of points
        Console.WriteLine(many.Invoke([[-1.2, 1.0], [1.0, 1.0]])[1]); // [0 0]

        var x = Tensor.Variable([1.0, 2.0, 3.0]);                   // or as a script
        var loss = (x * x).Sum();                                   // equations; nothing is computed yet
        Console.WriteLine($"{loss}, {loss.Gradient(x)}");           // 14, [2 4 6]

        // An equation that defines its unknown, z = θ cos z: solved, not iterated, and differentiated as an equation.
        Tensor Orbit(Tensor θ) => FixedPoint(z => θ * z.Cos(), Tensor.Scalar(1, DType.Float64));
        Console.WriteLine(Gradient(Orbit)(Tensor.Scalar(2, DType.Float64))); // 0.1897000371549974
        // end
        Assert.Equal("[-215.6  -88  ]\n[1330  480]\n[0 0]\n14, [2 4 6]\n0.1897000371549974\n", Console.ToString());
    }
}
