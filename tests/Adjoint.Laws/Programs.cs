namespace Adjoint.Testing;

/// <summary>Programs that several tests use.</summary>
static class Programs
{
    /// <summary>Vieira's code list: a = exp x; b = a²; c = a + b; d = exp c; e = sin c; f = d + e.</summary>
    public static Tensor Vieira(Tensor x) => VieiraNodes(x)[^1];

    /// <summary>All its nodes: a, b, c, d, e, f.</summary>
    public static Tensor[] VieiraNodes(Tensor x)
    {
        var a = x.Exp();
        var b = a.Square();
        var c = a + b;
        var d = c.Exp();
        var e = c.Sin();
        return [a, b, c, d, e, d + e];
    }

    /// <summary>z ← z · z, <paramref name="k"/> times.</summary>
    public static Tensor RepeatedSquare(Tensor x, int k)
    {
        for (int i = 0; i < k; i++) x *= x;
        return x;
    }

    /// <summary>The program of a function, with its inputs as unknowns.</summary>
    public static EquationSystem Trace(Func<Tensor[], Tensor[]> f, params Tensor[] like)
    {
        Tensor[] inputs = Array.ConvertAll(like, x => Input.Like(x));
        return EquationSystem.Close(inputs, f(inputs), out _);
    }

    /// <summary>The program of a function's first result and its gradient.</summary>
    public static EquationSystem TraceGradient(Func<Tensor[], Tensor[]> f, params Tensor[] like) => Trace(x =>
    {
        var (results, gradient) = Differentiation.Gradient("gradient", f, x);
        return [results[0], .. gradient];
    }, like);
}
