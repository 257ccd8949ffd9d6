using Xunit;

namespace Adjoint.Tests;

/// <summary>The code of README.md, with its results asserted.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Tensors_are_read_when_they_are_printed()
    {
        var Console = new StringWriter { NewLine = "\n" };
        // sample: tensors
        Tensor x = new[] { 1.0, 2.0, 3.0 };
        Tensor y = (x * x).Sum();          // an equation; nothing is computed yet
        Console.WriteLine(y);              // 14
        Console.WriteLine(x / y.Sqrt());   // [0.26726124 0.53452248 0.80178373]
        // end
        Assert.Equal("14\n[0.26726124 0.53452248 0.80178373]\n", Console.ToString());
    }
}
