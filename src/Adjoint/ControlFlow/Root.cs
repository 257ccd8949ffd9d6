using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>
/// The x with <c>g(θ, x) = 0</c>: inputs are the parameters θ and a first guess for every unknown, on which nothing depends; results are the unknowns.
/// The reference is Newton's method with halved steps. A result is either accurate or an exception: the derivative is that of the equations, not of
/// the iteration.
/// </summary>
/// <param name="Residual">The program g: parameters, then unknowns; it returns one residual for every unknown, of its shape.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Rows">How many leading axes of the unknowns hold independent systems.</param>
public sealed record Root(EquationSystem Residual, int Parameters, int Rows = 0) : Operation, IContainsSystems
{
    const int MaximalSteps = 100, MaximalHalvings = 40;

    public override string Name => $"root unknowns={Residual.Results.Length}";
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("residual", Residual)];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Residual = rewrite(Residual) };

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        Calls.CheckInputs(Name, Residual, x);
        int unknowns = x.Length - Parameters;
        if (Residual.Results.Length != unknowns) throw Mismatch($"there are {unknowns} unknowns and {Residual.Results.Length} equations; every unknown needs one.");
        for (int k = 0; k < unknowns; k++)
            if (Residual.Results[k].Shape != x[Parameters + k].Shape || Residual.Results[k].DType != x[Parameters + k].DType || !x[Parameters + k].DType.IsFloat)
                throw Mismatch($"unknown {k} is {x[Parameters + k].DType.Text}{x[Parameters + k].Shape}, its equation {Residual.Results[k].DType.Text}{Residual.Results[k].Shape}; they must be alike, and floating.");
        return x.Skip(Parameters).Select(u => new Signature(u.Shape, u.DType)).ToArray();
    }

    /// <summary>The linearization in the unknowns, as a program over parameters, unknowns and their tangents.</summary>
    EquationSystem Slope() => Residual.Derived($"slope after {Parameters}", () =>
    {
        var unknowns = Residual.Inputs.Skip(Parameters).ToArray();
        var seeds = Array.ConvertAll(unknowns, u => Input.Like(u, "d"));
        var (_, tangents) = Adjoint.Linearize.Apply(Residual.Results, unknowns.Zip(seeds).ToDictionary(p => p.First, p => p.Second));
        return EquationSystem.Of([.. Residual.Inputs, .. seeds], [.. tangents.Select((d, k) => d ?? unknowns[k].ZerosLike())]);
    });

    // x ← x − t (∂g/∂x)⁻¹ g, with t = 1, ½, ¼ … until every row's residual shrinks
    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var slope = Slope();
        var (θ, like) = (x[..Parameters], x[Parameters..]);
        double[][] Residuals(double[][] at) => DenseSystems.Pack(Residual.Executable.Run([.. θ, .. DenseSystems.Unpack(at, like, Rows)]), Rows);
        double epsilon = Array.Exists(like, d => d.Type == DType.Float32) ? 1.2e-7 : 2.2e-16;
        var point = DenseSystems.Pack(like, Rows);
        var g = Residuals(point);
        for (int step = 0; step < MaximalSteps; step++)
        {
            var matrices = DenseSystems.Matrices(slope, [.. θ, .. DenseSystems.Unpack(point, like, Rows)], like, Rows);
            var move = g.Select((r, row) => DenseSystems.Solve(matrices[row], r, Name)).ToArray();
            bool done = true;
            for (int row = 0; row < point.Length; row++) done &= Norm(move[row]) <= 8 * epsilon * (1 + Norm(point[row]));
            var t = Enumerable.Repeat(1.0, point.Length).ToArray();
            for (int halving = 0; ; halving++)
            {
                var next = point.Select((p, row) => p.Select((v, i) => v - t[row] * move[row][i]).ToArray()).ToArray();
                var after = Residuals(next);
                bool shrinks = true;
                for (int row = 0; row < t.Length; row++)
                    if (!(Norm(after[row]) <= Norm(g[row])) && !done) { t[row] /= 2; shrinks = false; }
                if (!shrinks && halving < MaximalHalvings) continue;
                for (int row = 0; row < t.Length; row++)
                    if (Norm(after[row]) <= Norm(g[row])) (point[row], g[row]) = (next[row], after[row]);
                if (!shrinks) done = true;
                break;
            }
            if (done) return Accepted(point, g, matrices, like, epsilon);
        }
        throw Failed(g);
    }

    // a residual is small if Newton's last step, the error it predicts, is small beside x
    TensorData[] Accepted(double[][] point, double[][] g, double[][] matrices, TensorData[] like, double epsilon)
    {
        for (int row = 0; row < point.Length; row++)
            if (!(Norm(DenseSystems.Solve(matrices[row], g[row], Name)) <= Math.Sqrt(epsilon) * (1 + Norm(point[row])))) throw Failed(g);
        return DenseSystems.Unpack(point, like, Rows);
    }

    NotConvergedException Failed(double[][] g) => new(
        $"{Name}: Newton's method stopped at a residual of {g.Max(Norm):R}, which is not a solution. Start nearer to one, scale the equations, or check that a solution exists.");

    static double Norm(double[] v) { double largest = 0; foreach (double x in v) largest = double.IsNaN(x) ? double.NaN : Math.Max(largest, Math.Abs(x)); return largest; }

    // g(θ, x) = 0:   dx = −(∂g/∂x)⁻¹ (∂g/∂θ dθ)
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var seeds = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < Parameters; i++) if (dx[i] is not null) seeds[Residual.Inputs[i]] = Input.Like(Residual.Inputs[i], "d");
        var (_, tangents) = seeds.Count == 0 ? new(null!, new Tensor?[z.Results.Length]) : Adjoint.Linearize.Apply(Residual.Results, seeds);
        if (Array.TrueForAll(tangents, t => t is null)) return tangents;
        Tensor[] at = [.. z.Inputs.Take(Parameters), .. z.Results];
        var system = EquationSystem.Of([.. Residual.Inputs, .. seeds.Values], [.. tangents.Select((d, k) => d ?? Residual.Results[k].ZerosLike())]);
        var dg = system.Inline([.. at, .. dx.Take(Parameters).OfType<Tensor>()]);
        return new([.. Equation.Of(new LinearSolve(Slope(), at.Length, Rows), [.. at, .. dg.Select(d => -d)]).Results]);
    }

    public override bool LinearIn(int i) => false;

    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        bool[] mask = [.. batched.Take(Parameters), .. Enumerable.Repeat(true, x.Length - Parameters)];
        Tensor[] inputs = [.. x.Select((value, i) => mask[i] && !batched[i] ? value.Repeat(0, n) : value)];
        return [.. Equation.Of(new Root(Calls.Batched(Residual, mask, n), Parameters, Rows + 1), inputs).Results];
    }
}
