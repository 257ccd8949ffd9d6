using System.Collections.Immutable;

namespace Adjoint.Learning;

/// <summary>Examples: row i of the targets belongs to row i of the inputs.</summary>
/// <param name="Inputs">[examples, …].</param>
/// <param name="Targets">[examples, …]; of a classification int32 [examples].</param>
/// <param name="Classes">The names of the classes by number; empty if there are none.</param>
[Tree]
public sealed partial record Dataset(Tensor Inputs, Tensor Targets, ImmutableArray<string> Classes)
{
    /// <summary>Examples without named classes.</summary>
    /// <exception cref="ShapeException">The numbers of rows differ.</exception>
    public Dataset(Tensor inputs, Tensor targets) : this(inputs, targets, []) => _ = Count;

    /// <summary>The number of examples.</summary>
    /// <exception cref="ShapeException">Inputs and targets have different numbers of rows, or one is a scalar.</exception>
    public int Count => Inputs.Rank > 0 && Targets.Rank > 0 && Inputs.Shape[0] == Targets.Shape[0] ? Inputs.Shape[0]
        : throw new ShapeException($"dataset: the inputs {Inputs.Shape} and the targets {Targets.Shape} must have the same first axis, the examples.");

    /// <summary>The examples with these numbers, in this order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    public Dataset Rows(params ReadOnlySpan<int> rows) => this with { Inputs = Take(Inputs, rows), Targets = Take(Targets, rows) };

    /// <summary>The examples in an order that the key determines, the same on every machine.</summary>
    public Dataset Shuffle(Key key) => Rows(Permutation(key, Count));

    /// <summary>Mini-batches of the examples, the last one smaller if it does not come out even.</summary>
    /// <param name="size">The number of examples in each.</param>
    /// <param name="shuffled">A key that determines the order; without it they come as they are.</param>
    public IEnumerable<Batch> Batches(int size, Key? shuffled = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int[] order = shuffled is { } key ? Permutation(key, Count) : [.. Enumerable.Range(0, Count)];
        return order.Chunk(size).Select(rows => new Batch(Take(Inputs, rows), Take(Targets, rows)));
    }

    /// <summary>Training, validation and test examples, so many of the last two and the rest of the first, in an order that the seed determines.</summary>
    /// <exception cref="ArgumentException">They leave no example for training.</exception>
    public Splits Split(int validation, int test, long seed = 0)
    {
        if (validation < 0 || test < 0 || (long)validation + test >= Count)
            throw new ArgumentException($"split: {validation} examples for validation and {test} for test leave none of {Count} for training.");
        int[] order = Permutation(Key.Of(seed), Count);
        int train = Count - validation - test;
        return new(Rows(order.AsSpan(0, train)), Rows(order.AsSpan(train, validation)), Rows(order.AsSpan(train + validation)));
    }

    /// <summary>The same by shares of the examples, rounded to the nearest number.</summary>
    /// <exception cref="ArgumentException">A share is not in [0, 1), or they leave no example for training.</exception>
    public Splits Split(double validation, double test, long seed = 0)
    {
        if (!(validation is >= 0 and < 1 && test is >= 0 and < 1))
            throw new ArgumentException($"split: the shares {validation} for validation and {test} for test must be in [0, 1).");
        return Split((int)Math.Round(validation * Count), (int)Math.Round(test * Count), seed);
    }

    /// <summary>k divisions into training and test examples, whose tests are disjoint and together everything; their sizes differ by one at most.</summary>
    /// <exception cref="ArgumentException">There are fewer than two folds, or more than examples.</exception>
    public IReadOnlyList<(Dataset Train, Dataset Test)> Folds(int k, long seed = 0)
    {
        if (k < 2 || k > Count) throw new ArgumentException($"folds: {k} of {Count} examples; there must be at least 2 folds, and an example in each.");
        int[] order = Permutation(Key.Of(seed), Count);
        int Start(int fold) => (int)((long)fold * Count / k);
        return [.. Enumerable.Range(0, k).Select(fold =>
            (Rows([.. order[..Start(fold)], .. order[Start(fold + 1)..]]), Rows(order.AsSpan()[Start(fold)..Start(fold + 1)])))];
    }

    static int[] Permutation(Key key, int n) => key.Permutation(n).ToArray<int>();

    static Tensor Take(Tensor x, ReadOnlySpan<int> rows)
    {
        var data = x.Data;
        var taken = new TensorData[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            taken[i] = (uint)rows[i] < (uint)x.Shape[0] ? data.Row(rows[i])
                : throw new ArgumentOutOfRangeException(nameof(rows), $"rows: there is no example {rows[i]}; there are {x.Shape[0]}.");
        return new(TensorData.Stack(x.DType, Shape.Of(x.Shape.Lengths[1..]), taken));
    }
}

/// <summary>A few examples, the input of a training step.</summary>
/// <param name="Inputs">[batch, …].</param>
/// <param name="Targets">[batch, …].</param>
[Tree]
public sealed partial record Batch(Tensor Inputs, Tensor Targets)
{
    /// <summary>The number of examples.</summary>
    public int Count => Inputs.Shape[0];
}

/// <summary>Examples to learn from, to choose by, and to judge with.</summary>
public sealed record Splits(Dataset Train, Dataset Validation, Dataset Test);
