using System.Collections.Immutable;
using System.Numerics;

namespace Adjoint.Operations;

/// <summary>
/// The linear recurrence zₖ = aₖ zₖ₋₁ + xₖ along an axis, z₀ = x₀, from the inputs x and a; without a, the cumulative sum. Linear in x. The cumulative
/// product is the recurrence with a and the first element of a followed by zeros: so it has derivatives of all orders where elements are zero.
/// </summary>
/// <param name="Axis">The axis.</param>
/// <param name="Reverse">From the last element to the first: zₖ = aₖ zₖ₊₁ + xₖ.</param>
public sealed record Cumulate(int Axis, bool Reverse = false) : Operation
{
    public override string Name => $"cumulate {Axis}" + (Reverse ? " reverse" : "");

    public override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var signature = Elementwise.SameTypes(Name, x);
        if (Axis >= signature.Shape.Rank) throw Mismatch($"shape {signature.Shape} has no axis {Axis}.");
        return signature.Type != DType.Bool ? signature : throw Mismatch("bool operands have no sum or product. Convert them with To(DType.Int32).");
    }

    public override TensorData[] Evaluate(Equation z, TensorData[] x) => [x[0].Type switch
    {
        DType.Int32 => Run<int, int>(x), DType.Int64 => Run<long, long>(x), DType.Float32 => Run<float, double>(x), _ => Run<double, double>(x),
    }];

    TensorData<T> Run<T, TSum>(TensorData[] data) where T : INumber<T> where TSum : INumber<TSum>
    {
        var (outer, n, inner) = Moves.Split(data[0].Shape, Axis);
        ReadOnlySpan<T> x = data[0].Span<T>(), a = data.Length > 1 ? data[1].Span<T>() : default;
        var z = new T[x.Length];
        for (int o = 0; o < outer && n > 0; o++)
            for (int r = 0; r < inner; r++)
            {
                int first = o * n * inner + r, step = Reverse ? -inner : inner, at = Reverse ? first + (n - 1) * inner : first;
                var sum = TSum.CreateTruncating(x[at]);
                z[at] = x[at];
                for (int k = 1; k < n; k++)
                {
                    at += step;
                    sum = (a.IsEmpty ? sum : TSum.CreateTruncating(a[at]) * sum) + TSum.CreateTruncating(x[at]);
                    z[at] = T.CreateTruncating(sum);
                }
            }
        return new(data[0].Shape, z);
    }

    // dzₖ = aₖ dzₖ₋₁ + (daₖ zₖ₋₁ + dxₖ)
    public override Linearization Linearize(Equation z, Tensor?[] dx)
    {
        var forcing = dx.Length > 1 && dx[1] is { } da ? Linear.Sum(da * z.Results[0].Shift(Axis, Reverse ? -1 : 1), dx[0]) : dx[0];
        return forcing is null ? (Tensor?)null : Equation.Solve(this, z.Inputs.SetItem(0, forcing));
    }

    public override bool LinearIn(int i) => i == 0;

    // μₖ = λₖ + aₖ₊₁ μₖ₊₁
    public override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ)
    {
        var back = new Cumulate(Axis, !Reverse);
        var μ = λ[0] is not { } g ? null : z.Inputs.Length == 1 ? Equation.Solve(back, g) : Equation.Solve(back, g, z.Inputs[1].Shift(Axis, Reverse ? 1 : -1));
        return z.Inputs.Length == 1 ? [μ] : [μ, null];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => Elementwise.Batch(new Cumulate(Axis + 1, Reverse), x, batched, n);
}
