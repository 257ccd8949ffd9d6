using Adjoint.Learning;
using Xunit;

namespace Adjoint.Tests.LearningTests;

/// <summary>Datasets: order, splits, folds, batches, scaling, text.</summary>
public sealed class DataTests
{
    static Dataset Numbers(int n) => new(Tensor.FromFunction<float>([n, 2], i => 10 * i[0] + i[1]), Tensor.Arange(n));

    static int[] Targets(Dataset data) => [.. data.Targets.ToArray().Select(x => (int)x)];

    [Fact]
    public void The_order_of_a_seed_is_the_same_everywhere() => Assert.Equal("9 5 2 1 8 0 3 7 4 6", string.Join(' ', Targets(Numbers(10).Shuffle(Key.Of(1)))));

    [Fact]
    public void Rows_belong_together()
    {
        var rows = Numbers(5).Rows(3, 0, 3);
        Assert.Equal([30.0, 31, 0, 1, 30, 31], rows.Inputs.ToArray());
        Assert.Equal([3, 0, 3], Targets(rows));
        Assert.Contains("no example 5; there are 5", Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(5).Rows(5)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new Dataset(Tensor.Arange(3), Tensor.Arange(4)));
    }

    [Fact]
    public void Batches_are_all_examples_once()
    {
        Assert.Equal([4, 4, 2], Numbers(10).Batches(4).Select(b => b.Count));
        Assert.Equal(Enumerable.Range(0, 10), Numbers(10).Batches(4).SelectMany(b => b.Targets.ToArray()).Select(x => (int)x));
        int[] shuffled = [.. Numbers(10).Batches(4, Key.Of(1)).SelectMany(b => b.Targets.ToArray()).Select(x => (int)x)];
        Assert.Equal(Targets(Numbers(10).Shuffle(Key.Of(1))), shuffled);
        Assert.NotEqual(shuffled, [.. Numbers(10).Batches(4, Key.Of(2)).SelectMany(b => b.Targets.ToArray()).Select(x => (int)x)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(10).Batches(0));
    }

    [Fact]
    public void Splits_are_disjoint_and_complete()
    {
        var (train, validation, test) = Numbers(20).Split(0.2, 0.25, seed: 7);
        Assert.Equal((11, 4, 5), (train.Count, validation.Count, test.Count));
        Assert.Equal(Enumerable.Range(0, 20), Targets(train).Concat(Targets(validation)).Concat(Targets(test)).Order());
        Assert.Equal(Targets(test), Targets(Numbers(20).Split(4, 5, seed: 7).Test));
        Assert.NotEqual(Targets(test), Targets(Numbers(20).Split(4, 5, seed: 8).Test));
        Assert.Contains("leave none of 20", Assert.Throws<ArgumentException>(() => Numbers(20).Split(10, 10)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Numbers(20).Split(1.0, 0.5));
    }

    [Fact]
    public void Every_example_is_in_one_test_fold()
    {
        var folds = Numbers(11).Folds(3, seed: 2);
        Assert.Equal([3, 4, 4], folds.Select(f => f.Test.Count).Order());
        Assert.Equal(Enumerable.Range(0, 11), folds.SelectMany(f => Targets(f.Test)).Order());
        Assert.All(folds, f => Assert.Equal(Enumerable.Range(0, 11), Targets(f.Train).Concat(Targets(f.Test)).Order()));
        Assert.Throws<ArgumentException>(() => Numbers(11).Folds(1));
    }

    [Fact]
    public void Scaling_is_fitted_once_and_can_be_undone()
    {
        Tensor x = Tensor.Of([[1.0, 7.0, 0.1], [3.0, 7.0, 0.1], [8.0, 7.0, 0.1]]);
        var scaling = Standardizer.Fit(x);
        Assert.Equal([4.0, 7.0, 0.1], scaling.Mean.ToArray().Select(m => Math.Round(m, 14)));
        Assert.Equal([Math.Sqrt(26 / 3.0), 1, 1], scaling.Deviation.ToArray());
        var z = scaling.Apply(x);
        Assert.Equal(0, z.Sum().ToScalar(), 1e-12);
        Assert.Equal(3, z[Axis.All, 0].Square().Sum().ToScalar(), 1e-12);
        Assert.Equal(x.ToArray(), scaling.Invert(z).ToArray().Select(v => Math.Round(v, 12)));
        Assert.Throws<ShapeException>(() => Standardizer.Fit(Tensor.Zeros([0, 2])));
    }

    [Fact]
    public void Text_as_numbers()
    {
        var vocabulary = CharacterVocabulary.Of("hello world");
        Assert.Equal(" dehlorw", vocabulary.Characters);
        Assert.Equal([3.0, 2, 4, 4, 5], vocabulary.Encode("hello").ToArray());
        Assert.Equal("world", vocabulary.Decode(vocabulary.Encode("world")));
        Assert.Contains("'x' (U+0078)", Assert.Throws<ArgumentException>(() => vocabulary.Encode("hex")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => vocabulary.Decode(Tensor.Of(8)));
        Assert.Equal(vocabulary, CharacterVocabulary.Of("low held or"));
        var windows = CharacterVocabulary.Windows(Tensor.Arange(10), 3);
        Assert.Equal([0.0, 1, 2, 3, 4, 5, 6, 7, 8], windows.Inputs.ToArray());
        Assert.Equal([1.0, 2, 3, 4, 5, 6, 7, 8, 9], windows.Targets.ToArray());
        Assert.Equal(7, CharacterVocabulary.Windows(Tensor.Arange(10), 3, stride: 1).Count);
        Assert.Throws<ArgumentException>(() => CharacterVocabulary.Windows(Tensor.Arange(3), 3));
    }
}
