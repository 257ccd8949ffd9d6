using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.LearningTests;

/// <summary>Metrics against numbers computed by hand.</summary>
public sealed class MetricsTests
{
    // predictions 0 1 2 2 0 1, classes 0 1 2 1 1 1
    static readonly Tensor outputs = Tensor.Of([[3.0, 2, 1], [0, 5, 1], [0, 1, 2], [1, 2, 3], [9, 8, 7], [1, 3, 2]]);
    static readonly Tensor labels = Tensor.Of(0, 1, 2, 1, 1, 1);

    [Fact]
    public void Accuracy_and_top_k()
    {
        Assert.Equal(4 / 6.0, Metrics.Accuracy(outputs, labels).ToScalar(), 1e-7);
        Assert.Equal(1, Metrics.TopK(outputs, labels, 2).ToScalar());
        Assert.Equal(4 / 6.0, Metrics.TopK(outputs, labels, 1).ToScalar(), 1e-7);
        Assert.Throws<ShapeException>(() => Metrics.Accuracy(outputs, Tensor.Of(0, 1)));
        Assert.Throws<ShapeException>(() => Metrics.Accuracy(outputs, Tensor.Of(0.0, 1, 2, 1, 1, 1)));
    }

    [Fact]
    public void Confusion_matrix()
    {
        var matrix = ConfusionMatrix.Of(outputs, labels);
        Assert.Equal(" 1 0 0\n 1 2 1\n 0 0 1\n", matrix.ToString());
        Assert.Equal((6, 3, 2, 4 / 6.0), (matrix.Count, matrix.Classes, matrix[1, 1], matrix.Accuracy));
        Assert.Equal([0.5, 1, 0.5], Enumerable.Range(0, 3).Select(matrix.Precision));
        Assert.Equal([1, 0.5, 1], Enumerable.Range(0, 3).Select(matrix.Recall));
        Assert.Equal([2 / 3.0, 2 / 3.0, 2 / 3.0], Enumerable.Range(0, 3).Select(matrix.F1));
        Assert.Equal((2 / 3.0, 2.5 / 3, 2 / 3.0), (matrix.MacroPrecision, matrix.MacroRecall, matrix.MacroF1));
        var without = ConfusionMatrix.OfClasses(Tensor.Of(0, 0), Tensor.Of(0, 0), 2);
        Assert.Equal((0, 0, 0), (without.Precision(1), without.Recall(1), without.F1(1)));
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.OfClasses(Tensor.Of(2), Tensor.Of(0), 2));
    }

    [Fact]
    public void Roc_auc_counts_ties_half()
    {
        // pairs (positive, negative): .8 > .6, .8 > .1, .6 = .6 (½), .6 > .1
        Assert.Equal(3.5 / 4, Metrics.RocAuc(Tensor.Of(0.6, 0.1, 0.8, 0.6), Tensor.Of(true, false, true, false)));
        Assert.Equal(1, Metrics.RocAuc(Tensor.Of(0.1, 0.9), Tensor.Of(0, 1)));
        Assert.Equal(0.5, Metrics.RocAuc(Tensor.Of(1.0, 1, 1), Tensor.Of(0, 1, 0)));
        Assert.True(double.IsNaN(Metrics.RocAuc(Tensor.Of(0.1, 0.9), Tensor.Of(1, 1))));
    }

    [Fact]
    public void Errors_of_regression()
    {
        Tensor y = Tensor.Of(1.0, 2, 3), z = Tensor.Of(1.0, 2, 5);
        Assert.Equal(Math.Sqrt(4 / 3.0), Metrics.Rmse(z, y).ToScalar(), 1e-15);
        Assert.Equal(-1, Metrics.R2(z, y).ToScalar(), 1e-15);
        Assert.Equal(1, Metrics.R2(y, y).ToScalar());
        Assert.Equal(0, Metrics.R2(Tensor.Of(2.0, 2, 2), y).ToScalar());
        Assert.Equal((1, 0), (Metrics.R2(Tensor.Of(2.0, 2), Tensor.Of(2.0, 2)).ToScalar(), Metrics.R2(Tensor.Of(2.0, 3), Tensor.Of(2.0, 2)).ToScalar()));
        Assert.Throws<ShapeException>(() => Metrics.Rmse(y, Tensor.Of([[1.0, 2, 3]])));
    }
}
