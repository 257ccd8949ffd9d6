using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// <c>while (condition(k, c)) (c, y) = body(k, c)</c>: inputs are constants k and first carries c; results are the last carries and, if the body
/// returns more than the carries, the ys of every step, stacked. The first of those says whether the step counted: of the rows that
/// <see cref="Vectorization"/> puts side by side some finish earlier than others.
/// </summary>
/// <param name="Condition">The program that decides, from constants and carries, whether another step is taken.</param>
/// <param name="Body">The program of one step.</param>
/// <param name="Constants">The number of constants; all other inputs are carries.</param>
public sealed record While(EquationSystem Condition, EquationSystem Body, int Constants) : Operation, IContainsSystems
{
    int Carries => Body.Inputs.Length - Constants;
    int Records => Body.Results.Length - Carries;

    public override string Name => $"while constants={Constants} carries={Carries}";
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("condition", Condition), ("body", Body)];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Condition = rewrite(Condition), Body = rewrite(Body) };

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (x.Length != Body.Inputs.Length) throw Mismatch($"the body has {Body.Inputs.Length} inputs; {x.Length} were given.");
        if (Condition.Results is not [{ Rank: 0, DType: DType.Bool }])
            throw Mismatch($"the condition is {string.Join(", ", Condition.Results.Select(r => r.DType.Text + r.Shape))}; it must be one bool scalar. Reduce it with All() or Any().");
        for (int i = 0; i < x.Length; i++)
            if (x[i].Shape != Body.Inputs[i].Shape || x[i].DType != Body.Inputs[i].DType)
                throw Mismatch($"input {i} is {x[i].DType.Text}{x[i].Shape}; the body takes {Body.Inputs[i].DType.Text}{Body.Inputs[i].Shape}.");
        for (int k = 0; k < Carries; k++) Loops.CheckCarry(Name, k, x[Constants + k], Body.Results[k]);
        return Body.Results.Select((z, k) => new Signature(k < Carries ? z.Shape : z.Shape.Insert(0, Shape.Unknown), z.DType)).ToArray();
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var arguments = (TensorData[])x.Clone();
        var stacks = Enumerable.Range(0, Records).Select(_ => new List<TensorData>()).ToArray();
        while (Condition.Executable.Run(arguments)[0].First() != 0)
        {
            var results = Body.Executable.Run(arguments);
            results.AsSpan(0, Carries).CopyTo(arguments.AsSpan(Constants));
            for (int k = 0; k < stacks.Length; k++) stacks[k].Add(results[Carries + k]);
        }
        return [.. arguments.AsSpan(Constants), .. stacks.Select((rows, k) => Scan.Stacked(Body.Results[Carries + k], rows))];
    }

    // the primal loop also records residuals; the tangents are a linear scan over as many rows as there were steps
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var tangent = Array.ConvertAll(dx, d => d is not null);
        var linear = Loops.TangentCarries(Body, tangent, Constants, Carries, Constants);
        var plan = new Loops.Residuals(linear, z.Inputs, Constants, Body.Inputs.Length);
        Tensor[] flag = Records == 0 ? [Tensor.Literal(DType.Bool, 1, weak: false)] : [];
        var primal = Equation.Of(this with { Body = linear.Primal(flag.Concat(plan.Stacked)) }, [.. z.Inputs]).Results;
        int own = Body.Results.Length;
        var linearized = Loops.LinearScan(linear, plan, z.Inputs, dx, tangent, [.. primal.Skip(own + flag.Length)], Constants, Carries, own, Shape.Unknown, false, primal[Carries]);
        return linearized with { Results = [.. primal.Take(own)] };
    }

    public override bool LinearIn(int i) => false;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);

    // the loop goes on while any row is active; a row that is not keeps its carries
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        var (body, carries, mask) = Loops.BatchedBody(Body, batched, Constants, Carries, n);
        EquationSystem condition;
        if (!Loops.DependsOn(Condition, mask))
            condition = EquationSystem.Of([.. body.Inputs.Select((b, i) => mask[i] ? Input.Like(b) : Condition.Inputs[i])], Condition.Results);
        else
        {
            Array.Fill(mask, true, Constants, Carries);
            var active = Loops.BatchedBody(Condition, mask, mask.Length, 0, n).Body;
            (body, carries, _) = Loops.BatchedBody(Body, mask, Constants, Carries, n, (inputs, results) =>
            {
                var on = active.Inline(inputs)[0];
                for (int k = 0; k < Carries; k++) results[k] = Tensor.Select(on.LeadingIn(results[k].Rank), results[k], inputs[Constants + k]);
                if (Records > 0) results[Carries] &= on.LeadingIn(results[Carries].Rank);
                return results;
            });
            condition = EquationSystem.Of(active.Inputs, [active.Results[0].To(DType.Int32).Sum() > 0]);
        }
        Tensor[] inputs = [.. x.Select((value, i) => mask[i] && !batched[i] ? value.Repeat(0, n) : value)];
        var results = Equation.Of(new While(condition, body, Constants), inputs).Results;
        return [.. results.Select((r, k) => k < Carries ? carries[k] ? r : r.Repeat(0, n) : r.SwapAxes(0, 1))];
    }
}
