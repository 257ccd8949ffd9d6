using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// A named sub-program, kept whole: nothing outside it shares its equations. Its tangents are a call over <c>(x, dx)</c> and its cotangents a call
/// over <c>(x, λ)</c>, so that what happens inside is computed again where it is needed, and not stored: a checkpoint. A derivative of one's own, for
/// either direction, may be given; the other direction follows by transposition.
/// </summary>
/// <param name="Label">The name.</param>
/// <param name="Body">The program.</param>
/// <param name="LinearInputs">In how many of its last inputs it is linear.</param>
/// <param name="Jvp">Instead of the derived one: a program over inputs, results and tangents of the arguments, linear in these, that returns the results' tangents.</param>
/// <param name="Vjp">Or: a program over inputs, results and cotangents of these, that returns the arguments' cotangents.</param>
/// <param name="Captured">How many of the last inputs are not arguments, so that a derivative of one's own says nothing about them.</param>
public sealed record Call(string Label, EquationSystem Body, int LinearInputs = 0, EquationSystem? Jvp = null, EquationSystem? Vjp = null, int Captured = 0)
    : Operation, IContainsSystems
{
    int Arguments => Body.Inputs.Length - Captured;

    public override string Name => "call " + Label;
    public IEnumerable<(string Role, EquationSystem System)> Systems =>
        [("body", Body), .. Jvp is null ? [] : new[] { ("jvp", Jvp) }, .. Vjp is null ? [] : new[] { ("vjp", Vjp) }];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) =>
        this with { Body = rewrite(Body), Jvp = Jvp is null ? null : rewrite(Jvp), Vjp = Vjp is null ? null : rewrite(Vjp) };

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        Calls.CheckInputs(Name, Body, x);
        return Body.Results.Select(z => new Signature(z.Shape, z.DType)).ToArray();
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => Body.Executable.Run(x);

    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        if (Jvp is not null || Vjp is not null)
        {
            for (int i = Arguments; i < dx.Length; i++)
                if (dx[i] is not null)
                    throw new InvalidOperationException($"{Label}: the function uses a tensor {z.Inputs[i].DType.Text}{z.Inputs[i].Shape} from outside, with respect to which it is being " +
                        "differentiated, but its own derivative says nothing about it. Make the tensor an argument, or apply StopGradient to it.");
            Tensor[] all = [.. z.Inputs, .. z.Results, .. z.Inputs.Take(Arguments).Select((x, i) => dx[i] ?? x.ZerosLike())];
            return new(Jvp is null ? [.. Equation.Of(new Pullback(Label, Vjp!, z.Results.Length), all).Results] : Calls.Tangents(Label, Jvp, Arguments, all));
        }

        // dz = ∂body/∂x (x) dx, computed from x alone
        int[] from = [.. Enumerable.Range(0, dx.Length).Where(i => dx[i] is not null)];
        var (system, to) = Body.Derived("tangent in " + string.Join(' ', from), () => Tangent(from));
        var tangents = new Tensor?[z.Results.Length];
        if (to.Length == 0) return tangents;
        var dz = Equation.Of(new Call(Label + "'", system, from.Length), [.. z.Inputs, .. from.Select(i => dx[i]!)]).Results;
        for (int k = 0; k < to.Length; k++) tangents[to[k]] = dz[k];
        return tangents;
    }

    Tuple<EquationSystem, int[]> Tangent(int[] from)
    {
        var seeds = Array.ConvertAll(from, i => Input.Like(Body.Inputs[i], "d"));
        var (_, tangents) = Adjoint.Linearize.Apply(Body.Results, from.Zip(seeds).ToDictionary(p => Body.Inputs[p.First], p => p.Second));
        int[] to = [.. Enumerable.Range(0, tangents.Length).Where(k => tangents[k] is not null)];
        return Tuple.Create(EquationSystem.Of([.. Body.Inputs, .. seeds], [.. to.Select(k => tangents[k]!)]), to);
    }

    public override bool LinearIn(int i) => i >= Body.Inputs.Length - LinearInputs;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var result = new Tensor?[z.Inputs.Length];
        int residuals = z.Inputs.Length - LinearInputs;
        int[] into = [.. Enumerable.Range(residuals, LinearInputs).Where(i => linear[i])];
        var adjoint = new Call(Label + "ᵀ", Calls.Transposed(Body, residuals, into, λ), λ.Count(g => g is not null));
        var below = Equation.Of(adjoint, [.. z.Inputs.Take(residuals), .. λ.OfType<Tensor>()]).Results;
        for (int k = 0; k < into.Length; k++) result[into[k]] = below[k];
        return result;
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        var results = Enumerable.Repeat(true, z.Results.Length);
        bool[] own = batched[..Arguments];
        return [.. Equation.Of(this with
        {
            Body = Calls.Batched(Body, batched, n),
            Jvp = Jvp is null ? null : Calls.Batched(Jvp, [.. batched, .. results, .. own], n),
            Vjp = Vjp is null ? null : Calls.Batched(Vjp, [.. batched, .. results, .. results], n, own),
        }, x).Results];
    }
}

/// <summary>
/// The tangents of a <see cref="Call"/> whose vjp was given, over inputs, results and the arguments' tangents. Transposed it is that vjp; run forward it
/// is the vjp transposed.
/// </summary>
/// <param name="Label">The name of the call.</param>
/// <param name="Vjp">The program over inputs, results, and cotangents of the results.</param>
/// <param name="Tangents">The number of the call's results.</param>
public sealed record Pullback(string Label, EquationSystem Vjp, int Tangents) : Operation, IContainsSystems
{
    int Residuals => Vjp.Inputs.Length - Tangents;
    int Arguments => Vjp.Results.Length;

    public override string Name => "tangent of " + Label;
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("vjp", Vjp)];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Vjp = rewrite(Vjp) };

    public override Signatures Infer(ImmutableArray<Tensor> x) =>
        Vjp.Inputs.Skip(Residuals).Select(λ => new Signature(λ.Shape, λ.DType)).ToArray();

    // the transpose of the vjp, in its cotangents
    EquationSystem System => Vjp.Derived($"transposed in {Tangents}", () =>
    {
        Tensor[] λ = [.. Vjp.Inputs.Skip(Residuals)], dx = [.. Vjp.Results.Select(x => Input.Like(x, "d"))];
        try
        {
            var dz = Adjoint.Transpose.Apply(λ, Vjp.Results, dx);
            return EquationSystem.Of([.. Vjp.Inputs.Take(Residuals), .. dx], [.. dz.Select((d, k) => d ?? λ[k].ZerosLike())]);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidOperationException($"{Label}: its own vjp is not linear in the cotangent, so it has no jvp. Forward mode needs one: give a jvp instead.", error);
        }
    });

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => System.Executable.Run(x);

    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var call = new Call(Name, System, Arguments);
        return call.Linearize(Equation.Of(call, [.. z.Inputs]), dx);
    }

    public override bool LinearIn(int i) => i >= Residuals;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var below = Vjp.Inline([.. z.Inputs.Take(Residuals), .. λ.Select((g, k) => g ?? z.Results[k].ZerosLike())]);
        return [.. new Tensor?[Residuals], .. below.Select((b, i) => linear[Residuals + i] ? b : null)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        // an argument's tangent is batched exactly if its cotangent is: if the argument is, or its tangent
        bool[] own = [.. Enumerable.Range(0, Arguments).Select(i => batched[i] || batched[Residuals + i])];
        bool[] mask = [.. batched.Take(Residuals).Select((b, i) => b || i < Arguments && own[i]), .. own];
        Tensor[] rows = [.. x.Select((value, i) => mask[i] && !batched[i] ? value.Repeat(0, n) : value)];
        bool[] results = [.. Enumerable.Repeat(true, Tangents)];
        return [.. Equation.Of(this with { Vjp = Calls.Batched(Vjp, [.. mask[..Residuals], .. results], n, own) }, rows).Results];
    }
}

/// <summary>Tangents by a jvp of one's own that is not linear in the tangents, and so has no transpose.</summary>
/// <param name="Label">The name of the call.</param>
/// <param name="Jvp">The program over inputs, results and tangents.</param>
/// <param name="Tangents">How many of its last inputs are tangents.</param>
public sealed record ForwardOnly(string Label, EquationSystem Jvp, int Tangents) : Operation, IContainsSystems
{
    public override string Name => "tangent of " + Label;
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("jvp", Jvp)];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Jvp = rewrite(Jvp) };
    public override Signatures Infer(ImmutableArray<Tensor> x) => Jvp.Results.Select(z => new Signature(z.Shape, z.DType)).ToArray();
    public override TensorData[] Evaluate(Equation z, TensorData[] x) => Jvp.Executable.Run(x);

    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var call = new Call(Name, Jvp);
        return call.Linearize(Equation.Of(call, [.. z.Inputs]), dx);
    }

    public override bool LinearIn(int i) => i >= Jvp.Inputs.Length - Tangents;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw new InvalidOperationException(
        $"{Label}: its own jvp is not linear in the tangent, so it has no vjp. Reverse mode needs one: give a vjp instead.");

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [.. Equation.Of(this with { Jvp = Calls.Batched(Jvp, batched, n) }, x).Results];
}

/// <summary>What operations that contain programs share.</summary>
static class Calls
{
    /// <exception cref="ShapeException">The inputs are not those that the program takes.</exception>
    public static void CheckInputs(string name, EquationSystem body, ImmutableArray<Tensor> x)
    {
        if (x.Length != body.Inputs.Length) throw new ShapeException($"{name}: the program has {body.Inputs.Length} inputs; {x.Length} were given.");
        for (int i = 0; i < x.Length; i++)
            if (x[i].Shape != body.Inputs[i].Shape || x[i].DType != body.Inputs[i].DType)
                throw new ShapeException($"{name}: input {i} is {x[i].DType.Text}{x[i].Shape}; the program takes {body.Inputs[i].DType.Text}{body.Inputs[i].Shape}.");
    }

    /// <summary>
    /// The transpose of a program that is linear in the inputs after the first <paramref name="residuals"/>: a program over the residuals and the
    /// cotangents that are present, which returns the cotangents of the inputs <paramref name="into"/>.
    /// </summary>
    public static EquationSystem Transposed(EquationSystem linear, int residuals, int[] into, Tensor?[] λ)
    {
        var above = linear.Results.Select((r, k) => λ[k] is null ? null : Input.Like(r, "λ")).ToArray();
        Tensor[] variables = [.. into.Select(i => linear.Inputs[i])];
        var below = variables.Length == 0 ? [] : Transpose.Apply(variables, linear.Results, above);
        return EquationSystem.Of([.. linear.Inputs.Take(residuals), .. above.OfType<Tensor>()], [.. variables.Select((v, i) => below[i] ?? v.ZerosLike())]);
    }

    /// <summary>The tangents by a jvp of one's own. Where that has a transpose its equations join the program, else it stays whole, for forward mode.</summary>
    public static Tensor[] Tangents(string label, EquationSystem jvp, int tangents, Tensor[] x)
    {
        int residuals = jvp.Inputs.Length - tangents;
        var isLinear = jvp.Derived($"is linear in {tangents}", () =>
        {
            try { return Tuple.Create(Transposed(jvp, residuals, [.. Enumerable.Range(residuals, tangents)], [.. jvp.Results]) is not null); }
            catch (InvalidOperationException) { return Tuple.Create(false); }
        });
        return isLinear.Item1 ? jvp.Inline(x) : [.. Equation.Of(new ForwardOnly(label, jvp, tangents), x).Results];
    }

    /// <summary>
    /// The program for n rows; all its results are batched, or, where <paramref name="batchedResults"/> says that a result has no batch, summed over the rows.
    /// </summary>
    public static EquationSystem Batched(EquationSystem body, bool[] batched, int n, bool[]? batchedResults = null)
    {
        var system = Loops.BatchedBody(body, batched, batched.Length, 0, n).Body;
        return batchedResults is null || !batchedResults.Contains(false) ? system
            : EquationSystem.Of(system.Inputs, [.. system.Results.Select((r, k) => batchedResults[k] ? r : r.Sum(0))]);
    }
}
