using Adjoint.Testing;

namespace Adjoint.Tests;

/// <summary>Random programs over tensors of awkward sizes: around vector widths and tile edges, of one row or column, great enough to be split.</summary>
static class EngineShapes
{
    static readonly int[] lengths = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100];

    /// <summary>The program of a seed: its function and its arguments, float64.</summary>
    public static Subject Program(int seed, int size)
    {
        var random = new Random(seed);
        int Length() => lengths[random.Next(lengths.Length)];
        var (rows, columns, depth) = (Length(), Length(), Length());
        int[][] shapes = [[], [columns], [rows], [rows, columns], [rows, columns], [columns, depth], [1, columns], [rows, 1], [2, rows, columns]];
        Tensor[] inputs = [.. shapes.Select(shape => Domain.Real(shape)(random))];
        return new Subject($"shapes of seed {seed}, {size} steps", x => Build(x, seed, size), inputs) { SingleTolerance = 1e-3 };
    }

    static Tensor[] Build(Tensor[] inputs, int seed, int size)
    {
        var random = new Random(seed ^ 0x5EED);
        var pool = new RandomPool(random, inputs, 40_000);
        for (int tries = 0; pool.Computed.Count() < size && tries < 40 * size; tries++)
            if ((random.Next(3) == 0 ? Broadcast(pool, random) : RandomSteps.All[random.Next(RandomSteps.All.Count)].Build(pool)) is { } made) pool.Add(made);
        Tensor total = pool.Computed.First().Mean();
        double weight = 1;
        foreach (var x in pool.Computed.Skip(1)) total += x.Mean() * (weight = -0.9 * weight);
        return [total, .. pool.Computed.Reverse().Take(2)];
    }

    // what fuses: rows and columns against matrices, softmaxes, normalizations, slices and joins
    static Tensor? Broadcast(RandomPool p, Random random)
    {
        var x = p.OfRank(2)!;
        var like = p.Where(s => s.Rank <= x.Rank && Enumerable.Range(1, s.Rank).All(k => s[^k] == x.Shape[^k] || s[^k] == 1));
        switch (random.Next(9))
        {
            case 0: return like is null ? null : (x + like).Tanh();
            case 1: return like is null ? null : (x * like).Sin();
            case 2: return x.Softmax(random.Next(x.Rank));
            case 3: return (x - x.Mean(-1, keepAxes: true)) / (x.Square().Mean(-1, keepAxes: true) + 1).Sqrt();
            case 4: return x.Sum(random.Next(x.Rank)).Tanh();
            case 5: return x.Max(random.Next(x.Rank));
            case 6: return x.Shape[0] > 2 ? x.Slice(0, 1, x.Shape[0] - 2) : null;
            case 7: return Tensor.Concatenate([x, p.Like(x)], random.Next(x.Rank)).Cos();
            default: return Tensor.Select(x > 0.1, x, x * 0.1);
        }
    }
}
