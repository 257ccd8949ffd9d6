namespace Adjoint.Tests.GradBench;

/// <summary>Which mode takes a gradient.</summary>
public enum Mode { Reverse, Forward }

/// <summary>GradBench's gradient descent, as a program of the library's own loops: nothing of it runs in C#.</summary>
static class Descent
{
    /// <summary>A scalar function's value and gradient at a vector.</summary>
    public static (Tensor Value, Tensor Gradient) ValueAndGradient(Mode mode, Func<Tensor, Tensor> f, Tensor x)
    {
        if (mode == Mode.Reverse)
        {
            var (results, gradient) = Differentiation.Gradient("gradient", y => [f(y[0])], [x]);
            return (results[0], gradient[0]);
        }
        // one tangent for each component, all at once
        int n = x.Shape[0];
        var direction = Input.Like(x, "d");
        var (values, tangents) = Differentiation.Jvp(y => [f(y[0])], [x], [direction]);
        var along = tangents[0] ?? values[0].ZerosLike();
        return (values[0], Vectorization.Apply([along], new Dictionary<Tensor, Tensor> { [direction] = Tensor.Identity(n, x.DType) }, n)[0]);
    }

    public static Tensor Gradient(Mode mode, Func<Tensor, Tensor> f, Tensor x) => ValueAndGradient(mode, f, x).Gradient;

    /// <summary>
    /// x ← x − η ∇f(x) until the gradient or the step is at most 1e-5 long; η doubles after ten steps that went down, and halves after one that did not.
    /// </summary>
    public static Tensor Minimize(Mode mode, Func<Tensor, Tensor> f, Tensor start)
    {
        var (value, gradient) = ValueAndGradient(mode, f, start);
        return Control.While(s => s[0], s =>
        {
            var (x, fx, g, rate, good) = (s[1], s[2], s[3], s[4], s[5]);
            return Control.Cond(Length(g) <= 1e-5, _ => [false, x, fx, g, rate, good], _ => Control.Cond(good.EqualTo(10), _ => [true, x, fx, g, rate * 2, 0], _ =>
            {
                var next = x - rate * g;
                return Control.Cond(Length(x - next) <= 1e-5, _ => [false, x, fx, g, rate, good], _ => Control.Cond(f(next) < fx, _ =>
                {
                    var (down, slope) = ValueAndGradient(mode, f, next);
                    return [true, next, down, slope, rate, good + 1];
                }, _ => [true, x, fx, g, rate / 2, 0]));
            }));
        }, true, start, value, gradient, Tensor.Scalar(1e-5, start.DType), 0)[1];
    }

    public static Tensor Maximize(Mode mode, Func<Tensor, Tensor> f, Tensor start) => Minimize(mode, x => -f(x), start);

    static Tensor Length(Tensor x) => x.Square().Sum().Sqrt();
}
