using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>One of two programs over the same operands, as a bool scalar says; linear in the last <c>LinearInputs</c> operands.</summary>
/// <param name="Then">The program if the predicate holds.</param>
/// <param name="Else">The program if it does not; inputs and results are like those of the other.</param>
/// <param name="LinearInputs">In how many of the last operands both programs are linear.</param>
public sealed record Cond(EquationSystem Then, EquationSystem Else, int LinearInputs = 0) : Operation, IContainsSystems
{
    public override string Name => LinearInputs > 0 ? $"cond linear={LinearInputs}" : "cond";
    public IEnumerable<(string Role, EquationSystem System)> Systems => [("then", Then), ("else", Else)];
    public Operation Rewritten(Func<EquationSystem, EquationSystem> rewrite) => this with { Then = rewrite(Then), Else = rewrite(Else) };

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        if (x[0] is not { Rank: 0, DType: DType.Bool })
            throw Mismatch($"the predicate is {x[0].DType.Text}{x[0].Shape}; it must be one bool scalar. Reduce it with All() or Any(), or use Select for a choice per element.");
        Calls.CheckInputs(Name, Then, x.RemoveAt(0));
        Calls.CheckInputs(Name, Else, x.RemoveAt(0));
        if (Then.Results.Length != Else.Results.Length) throw Mismatch($"the branches return {Then.Results.Length} and {Else.Results.Length} results; they must return the same.");
        for (int k = 0; k < Then.Results.Length; k++)
        {
            var (a, b) = (Then.Results[k], Else.Results[k]);
            if (a.Shape != b.Shape || a.DType != b.DType)
                throw Mismatch($"result {k} is {a.DType.Text}{a.Shape} in one branch and {b.DType.Text}{b.Shape} in the other; they must be alike.");
        }
        return Then.Results.Select(z => new Signature(z.Shape, z.DType)).ToArray();
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => (x[0].First() != 0 ? Then : Else).Executable.Run(x.AsSpan(1));

    // each branch also returns what its tangents need, and zeros for what the other's would
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        bool[] tangent = [.. dx.Skip(1).Select(d => d is not null)];
        LinearBody then = new(Then, tangent, 0), otherwise = new(Else, tangent, 0);
        int[] operands = [.. then.Residuals.Select(then.InputOf).Concat(otherwise.Residuals.Select(otherwise.InputOf)).Where(i => i >= 0).Distinct().Order()];
        Tensor[] first = [.. then.Residuals.Where(r => then.InputOf(r) < 0)], second = [.. otherwise.Residuals.Where(r => otherwise.InputOf(r) < 0)];
        var primal = first.Length + second.Length == 0 ? z : Equation.Of(new Cond(
            then.Primal([.. first, .. second.Select(r => r.ZerosLike())]), otherwise.Primal([.. first.Select(r => r.ZerosLike()), .. second])), [.. z.Inputs]);

        int own = z.Results.Length;
        int[] from = [.. Enumerable.Range(0, tangent.Length).Where(i => tangent[i] && z.Inputs[i + 1].DType.IsFloat)];
        int[] to = [.. Enumerable.Range(0, own).Where(k => then.HasTangent(k) || otherwise.HasTangent(k))];
        var linear = new Cond(
            then.Linear([.. operands.Select(i => Then.Inputs[i]), .. first, .. second.Select(r => Input.Like(r))], from, to),
            otherwise.Linear([.. operands.Select(i => Else.Inputs[i]), .. first.Select(r => Input.Like(r)), .. second], from, to), from.Length);
        var tangents = to.Length == 0 ? [] : Equation.Of(linear,
            [z.Inputs[0], .. operands.Select(i => z.Inputs[i + 1]), .. primal.Results.Skip(own), .. from.Select(i => dx[i + 1]!)]).Results;
        var all = new Tensor?[own];
        for (int k = 0; k < to.Length; k++) all[to[k]] = tangents[k];
        return new(all, [.. primal.Results.Take(own)]);
    }

    public override bool LinearIn(int i) => i > Then.Inputs.Length - LinearInputs;

    // (p ? A : B)ᵀ λ = p ? Aᵀ λ : Bᵀ λ
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var result = new Tensor?[z.Inputs.Length];
        int residuals = Then.Inputs.Length - LinearInputs;
        int[] into = [.. Enumerable.Range(residuals, LinearInputs).Where(i => linear[i + 1])];
        var adjoint = new Cond(Calls.Transposed(Then, residuals, into, λ), Calls.Transposed(Else, residuals, into, λ), λ.Count(g => g is not null));
        var below = Equation.Of(adjoint, [.. z.Inputs.Take(1 + residuals), .. λ.OfType<Tensor>()]).Results;
        for (int k = 0; k < into.Length; k++) result[into[k] + 1] = below[k];
        return result;
    }

    // rows that decide differently need both branches; draws stay in calls, since only one of the two counts
    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        EquationSystem then = Calls.Batched(Then, batched[1..], n), otherwise = Calls.Batched(Else, batched[1..], n);
        if (!batched[0]) return [.. Equation.Of(new Cond(then, otherwise, LinearInputs), x).Results];
        Tensor[] Branch(string name, EquationSystem system) => Draws.In(system) ? [.. Equation.Of(new Call(name, system, LinearInputs), x[1..]).Results] : system.Inline(x[1..]);
        Tensor[] a = Branch("then", then), b = Branch("else", otherwise);
        return [.. a.Select((branch, k) => Tensor.Select(x[0].LeadingIn(branch.Rank), branch, b[k]))];
    }
}
