using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>
/// Multiplies one or two inputs and sums over every label that is missing from the output: <c>ij,jk->ik</c>. Product, sum, broadcast, transpose, dot,
/// matrix product, outer product, trace and diagonal are all this one multilinear operation. Labels are numbered by first appearance, so that
/// <c>ij,jk->ik</c> and <c>ab,bc->ac</c> are the same operation. A label that only the output has repeats, with its length from <c>Lengths</c>;
/// a label twice in the output fills the diagonal.
/// </summary>
public sealed record Contract : Operation, ISimplifies
{
    readonly Memo memo = new();
    readonly Swap?[] swaps = new Swap?[2];

    Contract(Sequence<Sequence<int>> inputs, Sequence<int> output, Sequence<int> lengths) => (Inputs, Output, Lengths) = (inputs, output, lengths);

    /// <summary>The labels of each input's axes.</summary>
    public Sequence<Sequence<int>> Inputs { get; }

    /// <summary>The labels of the output's axes.</summary>
    public Sequence<int> Output { get; }

    /// <summary>The lengths of the labels that only the output has, in its order.</summary>
    public Sequence<int> Lengths { get; }

    /// <summary>The contraction with these labels, whatever their numbers.</summary>
    public static Contract Of(ReadOnlySpan<int[]> inputs, ReadOnlySpan<int> output, params ReadOnlySpan<int> lengths)
    {
        var number = new Dictionary<int, int>();
        int Canonical(int label) => number.TryGetValue(label, out int known) ? known : number[label] = number.Count;
        var canonical = new Sequence<int>[inputs.Length];
        for (int i = 0; i < canonical.Length; i++) canonical[i] = new(Array.ConvertAll(inputs[i], Canonical));
        return (Contract)new Contract(new(canonical), new(Array.ConvertAll(output.ToArray(), Canonical)), Sequence.Of(lengths)).Interned();
    }

    /// <summary>The contraction written with letters: <c>ij,jk->ik</c>.</summary>
    public static Contract Of(string labels, params ReadOnlySpan<int> lengths)
    {
        var sides = labels.Split("->");
        var inputs = Array.ConvertAll(sides[0].Split(','), s => Array.ConvertAll(s.ToCharArray(), c => (int)c));
        return Of(inputs, Array.ConvertAll(sides[1].ToCharArray(), c => (int)c), lengths);
    }

    public override string Name => $"contract {string.Join(',', Inputs.Select(Letters))}->{Letters(Output)}" + (Lengths.Count > 0 ? " " + Lengths : "");

    /// <summary>Whether nothing is summed and no axis moves: the elementwise product of inputs of one shape.</summary>
    public bool IsProduct => Inputs.Count == 2 && Lengths.Count == 0 && Inputs[0] == Output && Inputs[1] == Output && IsDistinct(Output);

    public bool Equals(Contract? other) => other is not null && Inputs == other.Inputs && Output == other.Output && Lengths == other.Lengths;
    public override int GetHashCode() => HashCode.Combine(Inputs, Output, Lengths);

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        for (int i = 1; i < x.Length; i++)
            if (x[i].DType != x[0].DType) throw Mismatch($"element types {x[0].DType.Text} and {x[i].DType.Text} differ. Convert one with To(DType).");
        if (x[0].DType == DType.Bool && !IsMove) throw Mismatch("bool operands have no product or sum. Convert them with To(DType.Int32), or use &.");
        return new Signature(memo.Find(this, x), x[0].DType);
    }

    bool IsMove => Inputs.Count == 1 && Inputs[0].All(label => Output.Contains(label)) && IsDistinct(Output);

    Shape Result(ImmutableArray<Tensor> x)
    {
        if (x.Length != Inputs.Count) throw Mismatch($"{Inputs.Count} inputs are labelled, but {x.Length} were given.");
        var shapes = x.Select(t => t.Shape).ToArray();
        var lengths = LabelLengths(shapes);
        return Shape.Of([.. Output.Select(label => lengths[label])]);
    }

    int[] LabelLengths(Shape[] x)
    {
        var lengths = new int[1 + Math.Max(Output.Count > 0 ? Output.Max() : -1, Inputs.Max(l => l.Count > 0 ? l.Max() : -1))];
        Array.Fill(lengths, int.MinValue);
        for (int i = 0; i < x.Length; i++)
        {
            var labels = Inputs[i];
            if (labels.Count != x[i].Rank) throw Mismatch($"input {i} has shape {x[i]}, but {labels.Count} labels '{Letters(labels)}'.");
            for (int k = 0; k < labels.Count; k++)
            {
                ref int length = ref lengths[labels[k]];
                if (length == int.MinValue || length == Shape.Unknown) length = x[i][k];
                else if (length != x[i][k] && x[i][k] != Shape.Unknown)
                    throw Mismatch($"axis '{Letters([labels[k]])}' has length {length} in one place and {x[i][k]} in another (shapes {string.Join(", ", x.Select(s => s))}).");
            }
        }
        int next = 0;
        foreach (int label in Output)
            if (lengths[label] == int.MinValue) lengths[label] = Lengths[next++];
        return lengths;
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var plan = memo.Plan(this, x);
        return [x[0].Type switch
        {
            DType.Bool => plan.Move<bool>(x[0]),
            DType.Int32 => plan.Run<int, int>(x), DType.Int64 => plan.Run<long, long>(x),
            DType.Float32 => plan.Run<float, double>(x), _ => plan.Run<double, double>(x),
        }];
    }

    // d(x·y) = dx·y + x·dy
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        Tensor? dz = null;
        for (int i = 0; i < dx.Length; i++)
            if (dx[i] is { } d) dz = Linear.Sum(dz, Equation.Solve(this, z.Inputs.SetItem(i, d)));
        return dz;
    }

    public override bool LinearIn(int i) => true;

    // ⟨λ, x·y⟩ = ⟨λ·y, x⟩: the output's labels change places with the input's
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var result = new Tensor?[z.Inputs.Length];
        if (λ[0] is not { } cotangent) return result;
        for (int i = 0; i < result.Length; i++)
            if (linear[i]) result[i] = TransposeIn(i, z, cotangent);
        return result;
    }

    Tensor TransposeIn(int i, Equation z, Tensor λ)
    {
        var shape = z.Inputs[i].Shape;
        if (swaps[i] is not { } known || (known.Rule.Lengths.Count > 0 && known.Shape != shape)) swaps[i] = known = new(shape, Swapped(i, shape));
        return Inputs.Count == 1 ? Equation.Solve(known.Rule, λ) : Equation.Solve(known.Rule, λ, z.Inputs[1 - i]);
    }

    Contract Swapped(int i, Shape shape)
    {
        int[][] from = Inputs.Count == 1 ? [[.. Output]] : [[.. Output], [.. Inputs[1 - i]]];
        var labels = Inputs[i];
        var fresh = new List<int>();
        for (int k = 0; k < labels.Count; k++)
            if (!from.Any(f => f.Contains(labels[k])) && !labels.Span[..k].Contains(labels[k])) fresh.Add(shape[k]);
        return Of(from, labels.Span, [.. fresh]);
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n)
    {
        const int batch = -1;
        int[][] from = [.. Inputs.Select((labels, i) => batched[i] ? (int[])[batch, .. labels] : [.. labels])];
        return [Equation.Of(Of(from, [batch, .. Output], Lengths.Span), x).Results[0]];
    }

    public Tensor? Simplify(Equation z)
    {
        if (Inputs.Count == 1) return Inputs[0] == Output && Lengths.Count == 0 && IsDistinct(Output) ? z.Inputs[0] : MergeMoves(z);
        for (int i = 0; i < 2; i++)
            if (z.Inputs[i].IsConstant(1) && Inputs[1 - i] == Output && Lengths.Count == 0 && IsDistinct(Output)) return z.Inputs[1 - i];
        return WithoutIdentity(z);
    }

    // Σⱼ δᵢⱼ xⱼ = xᵢ: an identity matrix renames a label
    Tensor? WithoutIdentity(Equation z)
    {
        for (int i = 0; i < 2; i++)
        {
            if (z.Inputs[i].Equation is not { Operation: Contract { Inputs: [{ Count: 0 }], Output: [var d, var e] }, Inputs: [{ IsLiteral: true } one] }) continue;
            if (d != e || one.Data.First() != 1 || Inputs[i] is not [var a, var b] || a == b) continue;
            var other = Inputs[1 - i];
            var (kept, gone) = other.Contains(b) ? (a, b) : (b, a);
            if (!other.Contains(gone) || other.Contains(kept) && !Output.Contains(kept)) continue;
            int[] renamed = [.. other.Select(l => l == gone ? kept : l)], output = [.. Output.Select(l => l == gone ? kept : l)];
            int[] fresh = [.. output.Select((label, k) => (label, z.Results[0].Shape[k])).Where(p => !renamed.Contains(p.label)).DistinctBy(p => p.label).Select(p => p.Item2)];
            return Equation.Solve(Of([renamed], output, fresh), z.Inputs[1 - i]);
        }
        return null;
    }

    // a broadcast or transposition of a broadcast or transposition is one
    static Tensor? MergeMoves(Equation z)
    {
        var outer = (Contract)z.Operation;
        if (z.Inputs[0].Equation is not { Operation: Contract { Inputs.Count: 1 } inner } first || !outer.IsMove || !inner.IsMove || !IsDistinct(outer.Inputs[0])) return null;
        var through = outer.Inputs[0].Select((label, k) => (label, inner: inner.Output[k])).ToDictionary(p => p.label, p => p.inner);
        int[] output = [.. outer.Output.Select(label => through.TryGetValue(label, out int known) ? known : label + 1000)];
        int[] lengths = [.. output.Select((label, k) => (label, z.Results[0].Shape[k])).Where(p => !inner.Inputs[0].Contains(p.label)).Select(p => p.Item2)];
        return lengths.Contains(Shape.Unknown) ? null : Equation.Solve(Of([[.. inner.Inputs[0]]], output, lengths), first.Inputs[0]);
    }

    static bool IsDistinct(Sequence<int> labels) => labels.Distinct().Count() == labels.Count;

    static string Letters(Sequence<int> labels) => string.Concat(labels.Select(label => label < 18 ? (char)('i' + label) : (char)('A' + label - 18)));

    ContractionLoops Plan(TensorData[] x)
    {
        var lengths = LabelLengths(Array.ConvertAll(x, d => d.Shape));
        return new(lengths, [.. Inputs], Output, Shape.Of([.. Output.Select(label => lengths[label])]));
    }

    /// <summary>The transpose found last time; only the lengths of fresh labels depend on the input's shape.</summary>
    sealed record Swap(Shape Shape, Contract Rule);

    /// <summary>The shape and the loops found last time: the same operation usually meets the same shapes again.</summary>
    sealed class Memo
    {
        Entry? last;
        Loops? loops;

        public ContractionLoops Plan(Contract operation, TensorData[] x)
        {
            var second = x.Length > 1 ? x[1].Shape : null;
            if (loops is { } known && known.First == x[0].Shape && known.Second == second) return known.Plan;
            var plan = operation.Plan(x);
            loops = new(x[0].Shape, second, plan);
            return plan;
        }

        sealed record Loops(Shape First, Shape? Second, ContractionLoops Plan);

        public Shape Find(Contract operation, ImmutableArray<Tensor> x)
        {
            var second = x.Length > 1 ? x[1].Shape : null;
            if (last is { } known && known.First == x[0].Shape && known.Second == second) return known.Result;
            var result = operation.Result(x);
            last = new(x[0].Shape, second, result);
            return result;
        }

        sealed record Entry(Shape First, Shape? Second, Shape Result);
    }
}
