using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// <c>(cₜ₊₁, yₜ) = body(k, cₜ, xₜ)</c> for every row of the xs: inputs are constants k, first carries c₀, and xs; results are the last carries and the
/// stacked ys. A linear scan is linear in its carries, its last <c>LinearConstants</c> constants and its last <c>LinearRows</c> xs.
/// </summary>
/// <param name="Body">The program of one step.</param>
/// <param name="Constants">The number of constants.</param>
/// <param name="Carries">The number of carries.</param>
/// <param name="Length">The number of steps, or <see cref="Shape.Unknown"/>: as many as the xs have rows when the program runs.</param>
/// <param name="Reverse">From the last row to the first.</param>
/// <param name="IsLinear">Whether it is a linear scan.</param>
/// <param name="LinearConstants">In how many of the last constants it is linear.</param>
/// <param name="LinearRows">In how many of the last xs it is linear.</param>
public sealed record Scan(EquationSystem Body, int Constants, int Carries, int Length, bool Reverse = false, bool IsLinear = false, int LinearConstants = 0, int LinearRows = 0)
    : Operation, IContainsSystems
{
    int Fixed => Constants + Carries;
    int Stacks => Body.Results.Length - Carries;

    public override string Name => $"scan {(Length == Shape.Unknown ? "?" : Length)}{(Reverse ? " reverse" : "")}{(IsLinear ? " linear" : "")} constants={Constants} carries={Carries}";
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("body", Body)];
    long IContainsSystems.Steps => Length == Shape.Unknown ? 1 : Length;
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Body = rewrite(Body) };

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (x.Length != Body.Inputs.Length) throw Mismatch($"the body has {Body.Inputs.Length} inputs; {x.Length} were given.");
        for (int i = 0; i < x.Length; i++)
        {
            bool row = i >= Fixed;
            if (row && (x[i].Rank == 0 || x[i].Shape[0] != Length))
                throw Mismatch($"input {i} has shape {x[i].Shape}; its first axis must have length {Length}, the number of steps.");
            var shape = row ? x[i].Shape.Remove(0) : x[i].Shape;
            if (shape != Body.Inputs[i].Shape || x[i].DType != Body.Inputs[i].DType)
                throw Mismatch($"input {i} is {x[i].DType.Text}{shape} a step; the body takes {Body.Inputs[i].DType.Text}{Body.Inputs[i].Shape}.");
        }
        for (int k = 0; k < Carries; k++) Loops.CheckCarry(Name, k, x[Constants + k], Body.Results[k]);
        return Body.Results.Select((z, k) => new Signature(k < Carries ? z.Shape : z.Shape.Insert(0, Length), z.DType)).ToArray();
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        int steps = Length == Shape.Unknown ? x[Fixed].Shape[0] : Length;
        var arguments = (TensorData[])x.Clone();
        var stacks = Enumerable.Range(0, Stacks).Select(_ => new TensorData[steps]).ToArray();
        for (int step = 0; step < steps; step++)
        {
            int t = Reverse ? steps - 1 - step : step;
            for (int i = Fixed; i < x.Length; i++) arguments[i] = x[i].Row(t);
            var results = Body.Executable.Run(arguments);
            for (int k = 0; k < Carries; k++) arguments[Constants + k] = results[k];
            for (int k = 0; k < stacks.Length; k++) stacks[k][t] = results[Carries + k];
        }
        return [.. arguments.AsSpan(Constants, Carries), .. stacks.Select((rows, k) => Stacked(Body.Results[Carries + k], rows))];
    }

    internal static TensorData Stacked(Tensor row, IReadOnlyList<TensorData> rows) => TensorData.Stack(row.DType, rows.Count > 0 ? rows[0].Shape : row.Shape, rows);

    // the primal scan also stacks residuals; the tangents are a linear scan over them
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var tangent = Array.ConvertAll(dx, d => d is not null);
        var linear = Loops.TangentCarries(Body, tangent, Constants, Carries, Constants);
        var plan = new Loops.Residuals(linear, z.Inputs, Constants, Fixed, needsRow: Length == Shape.Unknown);
        var primal = plan.Stacked.Count == 0 ? z
            : Equation.Of(this with { Body = linear.Primal(plan.Stacked), IsLinear = false, LinearConstants = 0, LinearRows = 0 }, [.. z.Inputs]);
        int own = Body.Results.Length;
        var linearized = Loops.LinearScan(linear, plan, z.Inputs, dx, tangent, [.. primal.Results.Skip(own)], Constants, Carries, own, Length, Reverse, null);
        return linearized with { Results = plan.Stacked.Count == 0 ? null : [.. primal.Results.Take(own)] };
    }

    public override bool LinearIn(int i) => IsLinear && i >= Constants - LinearConstants && (i < Fixed || i >= Body.Inputs.Length - LinearRows);

    // λ runs backwards: its carries are the cotangents of the carries, and sums for the constants; those of unknown length are summed afterwards
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        int residualConstants = Constants - LinearConstants, residualRows = Body.Inputs.Length - Fixed - LinearRows;
        var inputs = Body.Inputs;
        int[] constants = [.. Enumerable.Range(residualConstants, LinearConstants)];
        int[] sums = [.. Enumerable.Range(Constants, Carries), .. constants.Where(i => inputs[i].Size != Shape.Unknown)];
        int[] each = [.. constants.Where(i => inputs[i].Size == Shape.Unknown && Length != 0), .. Enumerable.Range(Fixed + residualRows, LinearRows)];
        Tensor[] variables = [.. sums.Concat(each).Select(i => inputs[i])];
        var carried = Array.ConvertAll(sums, i => Input.Like(inputs[i], "λ"));
        var above = Body.Results.Select((r, k) => k < Carries ? carried[k] : λ[k] is null ? null : Input.Like(r, "λ")).ToArray();
        var below = Adjoint.Transpose.Apply(variables, Body.Results, above);
        int[] present = [.. Enumerable.Range(sums.Length, each.Length).Where(i => below[i] is not null)];
        var next = sums.Select((v, i) => i >= Carries ? Linear.Sum(carried[i], below[i])! : below[i] ?? inputs[v].ZerosLike());
        var body = EquationSystem.Of(
            [.. inputs.Take(residualConstants), .. carried, .. inputs.Skip(Fixed).Take(residualRows), .. above.Skip(Carries).OfType<Tensor>()],
            [.. next, .. present.Select(i => below[i]!)]);
        var start = sums.Select((v, i) => (i < Carries ? λ[i] : null) ?? inputs[v].ZerosLike());
        var adjoint = Equation.Of(new Scan(body, residualConstants, carried.Length, Length, !Reverse),
            [.. z.Inputs.Take(residualConstants), .. start, .. z.Inputs.Skip(Fixed).Take(residualRows), .. λ.Skip(Carries).OfType<Tensor>()]).Results;
        var result = new Tensor?[z.Inputs.Length];
        for (int i = 0; i < sums.Length; i++) result[sums[i]] = adjoint[i];
        for (int i = 0; i < present.Length; i++)
        {
            int input = each[present[i] - sums.Length];
            result[input] = input < Fixed ? adjoint[sums.Length + i].Sum(0) : adjoint[sums.Length + i];
        }
        return result;
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        var (body, carries, _) = Loops.BatchedBody(Body, batched, Constants, Carries, n);
        Tensor[] inputs = [.. x.Select((value, i) => i >= Fixed ? batched[i] ? value.SwapAxes(0, 1) : value
            : i >= Constants && carries[i - Constants] && !batched[i] ? value.Repeat(0, n) : value)];
        var results = Equation.Of(this with { Body = body }, inputs).Results;
        return [.. results.Select((r, k) => k < Carries ? carries[k] ? r : r.Repeat(0, n) : r.SwapAxes(0, 1))];
    }
}
