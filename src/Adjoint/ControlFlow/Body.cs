namespace Adjoint;

/// <summary>Traces the functions that control flow is given, as closed programs.</summary>
static class Body
{
    /// <summary>
    /// The program of <paramref name="f"/> for arguments like these. Tensors from outside that it uses become further inputs, after the arguments.
    /// </summary>
    public static (EquationSystem System, Tensor[] Captured) Trace(Func<Tensor[], Tensor[]> f, IReadOnlyList<Tensor> like)
    {
        var inputs = like.Select((x, i) => Input.Of("x" + i, new(x.Shape, x.DType), x.IsWeak)).ToArray();
        long before = inputs.Length > 0 ? inputs.Min(x => x.Equation!.Id) : Equation.Newest;
        var results = f(inputs);
        var system = EquationSystem.Close(inputs, results, out var captured, x => x.Equation!.Id < before);
        return (system, captured);
    }

    /// <summary>A program over inputs like those of <paramref name="system"/>, with more of them, or others in their place.</summary>
    public static EquationSystem Over(EquationSystem system, int arguments, Tensor[] captured, Tensor[] all)
    {
        var inputs = system.Inputs.Take(arguments).Concat(all.Select((x, i) => Input.Of("c" + i, new(x.Shape, x.DType), x.IsWeak))).ToArray();
        var own = captured.Select(x => inputs[arguments + Array.IndexOf(all, x)]);
        var results = system.Inline([.. inputs.Take(arguments), .. own]);
        return EquationSystem.Of(inputs, results);
    }

    /// <summary>The distinct tensors of several lists.</summary>
    public static Tensor[] Union(params ReadOnlySpan<Tensor[]> lists)
    {
        var all = new List<Tensor>();
        foreach (var list in lists) foreach (var x in list) if (!all.Contains(x)) all.Add(x);
        return [.. all];
    }

    /// <summary>Further axes of length 1 at the end, so that a tensor of leading axes broadcasts against one of <paramref name="rank"/> axes.</summary>
    public static Tensor LeadingIn(this Tensor x, int rank) => x.Reshape(Shape.Of([.. x.Shape.Lengths, .. Enumerable.Repeat(1, rank - x.Rank)]));
}
