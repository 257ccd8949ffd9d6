using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Extremes, products, order, accumulation, and what is made of them.</summary>
static class ReductionSamples
{
    const double Infinity = double.PositiveInfinity;

    public static readonly Sample[] All =
    [
        new("max", x => [x[0].Max(), x[0].Max(0), x[0].Max(-1, keepAxes: true), x[0].Max([0, 2])], Distinct(2, 3, 2)),
        new("min", x => [x[0].Min(), x[0].Min(0), x[0].Min(-1, keepAxes: true), x[0].Min([0, 2])], Distinct(2, 3, 2)),
        new("max of ties", x => { var y = Tensor.Concatenate([x[0], x[0] * 1]); return [y.Max(), y.Square().Min()]; }, Distinct(3)),
        new("max of a scalar", x => [x[0].Max(), x[0].Product()], Real()),
        new("max of nothing else", x => [x[0].Max(1), x[0].Product(0)], Real(0, 2)),
        new("max of integers", x => [x[0].Max(), x[0].Min(0), x[1].Max(-1)], Integers(-9, 9, 2, 3), Longs(-9, 9, 4)),
        new("max with nan", x => [x[0].Pad(0, 1, 0, double.NaN).Max().IsNaN(), x[0].Pad(0, 0, 1, double.NaN).Min().IsNaN()], Distinct(3)),
        new("product", x => [x[0].Product(), x[0].Product(0), x[0].Product(-1, keepAxes: true), x[0].Product([0, 2])], Real(2, 3, 2)),
        new("product with a zero", x => [x[0].Product()], Exactly(0.5, 0, -1.5, 2)),
        new("product with zeros", x => [x[0].Product() + x[0].Sum(), (x[0] * x[1]).Product() + x[1].Sum()], Exactly(0.5, 0, -1.5, 0), Real(4)),
        new("product of integers", x => [x[0].Product(), x[1].Product(0)], Integers(-3, 4, 2, 3), Longs(1, 4, 2, 2)),
        new("any and all", x => [x[0].Any(), x[0].All(0), x[0].Any([1], keepAxes: true), x[1].All(), x[1].Any()], Bools(3, 2), Integers(0, 2, 3)),
        new("any of nothing", x => [x[0].Any(), x[0].All([0])], Bools(0, 2)),
        new("argmax", x => [x[0].ArgMax(), x[0].ArgMax(0), x[0].ArgMin(-1), x[0].ArgMin(1, keepAxis: true)], Distinct(3, 4)),
        new("argmax of integers", x => [x[0].ArgMax(), x[1].ArgMin(0), x[2].ArgMax(0)], Integers(0, 5, 6), Longs(0, 3, 2, 3), Bools(4)),
        new("argmax as an index", x => [x[0].TakeAlongAxis(x[0].ArgMax(1, keepAxis: true), 1)], Distinct(2, 3)),
        new("sort", x => [x[0].Sort(), x[0].Sort(0), x[0].Sort(descending: true).Square()], Distinct(3, 4)),
        new("sort of integers", x => [x[0].Sort(), x[1].Sort(0), x[2].Sort(), x[0].ArgSort(descending: true)], Integers(0, 5, 6), Longs(0, 5, 3, 2), Bools(5)),
        new("sort with nan", x => [x[0].Pad(0, 1, 0, double.NaN).Sort()[..3], x[0].Pad(0, 1, 0, double.NaN).Sort(descending: true)[..3]], Distinct(3)),
        new("sort of nothing", x => [x[0].Sort(), x[1].Sort()], Real(2, 0), Real(1)),
        new("argsort", x => [x[0].ArgSort(), x[0].ArgSort(0, descending: true), x[0].TakeAlongAxis(x[0].ArgSort(), -1)], Distinct(3, 3)),
        new("top-k", x => { var (v, i) = x[0].TopK(2); var (s, j) = x[0].TopK(1, 0, smallest: true); return [v, i, s, j]; }, Distinct(3, 4)),
        new("cumulative sum", x => [x[0].CumulativeSum(), x[0].CumulativeSum(0), x[0].CumulativeSum(1, reverse: true), x[0].CumulativeSum(1, exclusive: true), x[0].CumulativeSum(1, exclusive: true, reverse: true)], Real(2, 4, 2)),
        new("cumulative sum of integers", x => [x[0].CumulativeSum(), x[1].CumulativeSum(0), x[2].CumulativeSum()], Integers(0, 9, 4), Longs(0, 9, 2, 2), Bools(5)),
        new("cumulative product", x => [x[0].CumulativeProduct(), x[0].CumulativeProduct(0), x[0].CumulativeProduct(1, reverse: true), x[0].CumulativeProduct(1, exclusive: true), x[0].CumulativeProduct(1, exclusive: true, reverse: true)], Real(2, 3, 2)),
        new("cumulative product with zeros", x => [x[0].CumulativeProduct(), x[0].CumulativeProduct(reverse: true)], Exactly(0.5, 0, -1.5, 0, 2)),
        new("cumulative product of integers", x => [x[0].CumulativeProduct(), x[1].CumulativeProduct()], Integers(-2, 4, 4), Longs(1, 4, 3)),
        new("cumulate nothing", x => [x[0].CumulativeSum(), x[0].CumulativeProduct(), x[1].CumulativeProduct()], Real(2, 0), Real(1)),
        new("cumulative maximum", x => [x[0].CumulativeMax(), x[0].CumulativeMin(0), x[1].CumulativeMax(), x[2].CumulativeMin(), x[3].CumulativeMax()], Distinct(3, 4), Integers(0, 9, 4), Longs(0, 9, 4), Real(2, 0)),
        new("recurrence", x => [x[0].Recurrence(x[1]), x[0].Recurrence(x[1], 0, reverse: true), x[0].Recurrence(0.9)], Real(3, 4), Real(3, 4)),
        new("recurrence broadcasts", x => [x[0].Recurrence(x[1])], Real(4), Real(2, 1)),
        new("log-sum-exp", x => [x[0].LogSumExp(), x[0].LogSumExp(0), x[0].LogSumExp(-1, keepAxes: true), x[0].LogSumExp([0, 1])], Real(2, 3)),
        new("log-sum-exp of great numbers", x => [(x[0] + 1000).LogSumExp() - 1000, (x[0] - 1000).LogSumExp(-1) + 1000], Real(2, 3)) { Tolerance = 1e-5, SingleTolerance = 0.1 },
        new("log-sum-exp with infinity", x => [x[0].Pad(0, 0, 2, -Infinity).LogSumExp(), x[0].Pad(0, 1, 0, -Infinity).Softmax()], Real(3)),
        new("softmax", x => [x[0].Softmax(), x[0].Softmax(0)], Real(2, 3)),
        new("log-softmax", x => [x[0].LogSoftmax(), x[0].LogSoftmax(0)], Real(2, 3)),
        new("softmax of integers", x => [x[0].Softmax()], Integers(0, 4, 3)),
        new("variance", x => [x[0].Variance(), x[0].Variance(0), x[0].Variance(1, keepAxes: true, correction: 1), x[0].Variance([0, 2])], Real(2, 3, 2)),
        new("standard deviation", x => [x[0].StandardDeviation(), x[0].StandardDeviation([1], correction: 1)], Real(2, 4)),
        new("norm", x => [x[0].Norm(), x[0].Norm([1]), x[0].Norm([0], keepAxes: true)], Real(2, 3)),
        new("norms", x => [x[0].Norm(order: 1), x[0].Norm([1], Infinity), x[0].Norm([0], 3)], Distinct(2, 3)),
        new("norm of great numbers", x => [(x[0] * 1e200).Norm() * 1e-200], Real(3)) { SingleTolerance = 0 },
        new("norm with a zero", x => [x[0].Norm()], Exactly(0.5, 0, -2)),
    ];
}
