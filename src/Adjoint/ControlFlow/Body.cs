namespace Adjoint;

/// <summary>Traces the functions that control flow is given, as closed programs.</summary>
static class Body
{
    /// <summary>
    /// The program of <paramref name="f"/> for arguments like these. Tensors from outside that it uses become further inputs, after the arguments.
    /// </summary>
    public static (EquationSystem System, Tensor[] Captured) Trace(Func<Tensor[], Tensor[]> f, IReadOnlyList<Tensor> like)
    {
        long before = Equation.Newest;
        var inputs = like.Select((x, i) => Input.Of("x" + i, new(x.Shape, x.DType), x.IsWeak)).ToArray();
        var results = f(inputs);
        var system = EquationSystem.Close(inputs, results, out var captured, x => x.Equation!.Id <= before);
        return (system, captured);
    }

    /// <summary>Several traced programs over the same arguments, as programs over everything that any of them captured, then the arguments.</summary>
    public static (EquationSystem[] Systems, Tensor[] Captured) CapturedFirst(int arguments, params ReadOnlySpan<(EquationSystem System, Tensor[] Captured)> traced)
    {
        Tensor[] all = [.. traced.ToArray().SelectMany(t => t.Captured).Distinct()];
        var systems = new EquationSystem[traced.Length];
        for (int s = 0; s < systems.Length; s++) systems[s] = Over(traced[s], all, 0, arguments);
        return (systems, all);
    }

    /// <summary>A traced program, over <paramref name="captured"/>, which contains what it captured, at position <paramref name="at"/> among its arguments.</summary>
    public static EquationSystem Over((EquationSystem System, Tensor[] Captured) traced, Tensor[] captured, int at, int arguments)
    {
        Tensor[] own = [.. traced.System.Inputs.Take(arguments).Select((x, i) => Input.Like(x, "x" + i))];
        Tensor[] constants = [.. captured.Select((x, i) => Input.Like(x, "c" + i))];
        var position = captured.Select((x, i) => (x, i)).ToDictionary(p => p.x, p => p.i);
        return EquationSystem.Of([.. own.Take(at), .. constants, .. own.Skip(at)],
            traced.System.Inline([.. own, .. traced.Captured.Select(x => constants[position[x]])]));
    }

    /// <summary>Further axes of length 1 at the end, so that a tensor of leading axes broadcasts against one of <paramref name="rank"/> axes.</summary>
    public static Tensor LeadingIn(this Tensor x, int rank) => x.Reshape(Shape.Of([.. x.Shape.Lengths, .. Enumerable.Repeat(1, rank - x.Rank)]));
}
