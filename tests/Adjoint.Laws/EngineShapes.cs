namespace Adjoint.Testing;

/// <summary>
/// Random programs over tensors of awkward sizes: around vector widths and tile edges, of one row or column, empty, great enough to be split, and the
/// same tensor given twice.
/// </summary>
public static class EngineShapes
{
    /// <summary>The lengths of axes: around lanes (16 and 8), tiles (14 and 6 rows, 32 and 16 columns), blocks of 64.</summary>
    public static readonly int[] Lengths = [1, 1, 2, 3, 5, 6, 7, 8, 9, 13, 14, 15, 15, 16, 17, 17, 28, 31, 32, 33, 47, 48, 63, 64, 65, 100];

    // products beyond what one thread computes, and reductions beyond what is done in one part
    static readonly int[] great = [127, 255, 256, 257, 300];

    const int Most = 40_000, MostOfGreat = 80_000;

    /// <summary>The program of a seed: its function and its arguments, float64.</summary>
    public static Subject Program(int seed, int size)
    {
        var random = new Random(seed);
        bool isGreat = random.Next(24) == 0;
        int Length() => isGreat ? great[random.Next(great.Length)] : Lengths[random.Next(Lengths.Length)];
        int rows = Length(), columns = random.Next(6) == 0 ? rows : Length(), depth = isGreat ? 33 : Length(), side = 1 + random.Next(5);
        int[][] shapes = [[], [columns], [rows], [rows, columns], [rows, columns], [columns, depth], [1, columns], [rows, 1], [isGreat ? 1 : 2, rows, columns], [side, side]];
        Tensor[] inputs = [.. shapes.Select(shape => Domain.Real(shape)(random))];
        if (random.Next(3) == 0)
        {
            inputs[4] = inputs[3];
            if (rows == columns) inputs[2] = inputs[1];
        }
        size = isGreat ? Math.Min(size, 6) : size;
        return new Subject($"shapes of seed {seed}, {size} steps", x => Build(x, seed, size, isGreat ? MostOfGreat : Most), inputs) { SingleTolerance = 1e-3 };
    }

    static Tensor[] Build(Tensor[] inputs, int seed, int size, int most)
    {
        var random = new Random(seed ^ 0x5EED);
        var pool = new RandomPool(random, inputs, most);
        var empty = new List<Tensor>();
        for (int tries = 0; pool.Computed.Count() < size && tries < 40 * size; tries++)
        {
            var made = random.Next(8) switch
            {
                0 => Empty(pool, random, empty),
                1 or 2 => Broadcast(pool, random),
                3 => Strided(pool, random),
                _ => RandomSteps.All[random.Next(RandomSteps.All.Count)].Build(pool),
            };
            if (made is not null) pool.Add(made);
        }
        Tensor total = pool.Computed.First().Mean();
        double weight = 1;
        foreach (var x in pool.Computed.Skip(1)) total += x.Mean() * (weight = -0.9 * weight);
        return [total, .. pool.Computed.Reverse().Take(2), .. empty.Take(2)];
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

    // what walks through memory otherwise than element after element
    static Tensor? Strided(RandomPool p, Random random)
    {
        var x = p.OfRank(2)!;
        int axis = random.Next(x.Rank), length = x.Shape[axis], step = 2 + random.Next(3);
        switch (random.Next(7))
        {
            case 0: return x.Slice(axis, 0, (length + step - 1) / step, step).Sin();
            case 1: return x.T.Exp().Tanh();
            case 2: return x.Flip(axis) * x;
            case 3: return (x.T.Flip(-1) + 0.5).Sum(0).Tanh();
            case 4: return x.Rank == 2 && (long)x.Shape[0] * x.Shape[0] <= 4096 ? x.Flip(0).MatMul(x.T).Tanh() : null;
            case 5: return length > step ? x.Slice(axis, length - 1 - (length - 1) / step * step, 1 + (length - 1) / step, step).MoveAxis(axis, 0).Softmax(-1) : null;
            default: return x.Slice(axis, 0, 1).Square();
        }
    }

    // axes of length 0: what has none of them left goes into the pool, the rest among the results
    static Tensor? Empty(RandomPool p, Random random, List<Tensor> empty)
    {
        var x = p.OfRank(2)!;
        int axis = random.Next(x.Rank);
        var none = x.Slice(axis, Math.Min(1, x.Shape[axis] - 1), 0);
        switch (random.Next(9))
        {
            case 0: return x.Sum(axis).Sin() + none.Sum(axis);
            case 1: return Tensor.Concatenate([none, x, none], axis).Sin();
            case 2: return x.Rank == 2 && x.Shape[1] <= 65 && axis == 0 ? none.T.MatMul(none) + 0.25 : null;
            case 3: return none.Pad(axis, 1, 2, 0.5);
            case 4: return axis == 0 ? Control.Fold((c, r) => [(c[0] + r[0]).Sin()], [x.Mean(0)], [none])[0].Cos() : null;
            case 5: return none.Tanh().Product(axis) * x.Mean(axis);
            case 6: return x.AddAt(Tensor.From<int>([0], []), x.Slice(0, 0, 0)).Sin();
            case 7: empty.Add((none * none).Tanh()); return null;
            default: empty.Add(none.MoveAxis(axis, 0).Softmax(-1)); return null;
        }
    }
}
