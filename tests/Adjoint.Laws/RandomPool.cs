namespace Adjoint.Testing;

/// <summary>The tensors that a random program has so far, from which its next equation takes operands.</summary>
public sealed class RandomPool(Random random, IEnumerable<Tensor> inputs, int maximalSize = RandomPool.MaximalSize)
{
    /// <summary>The greatest tensors in programs on which every law is checked.</summary>
    public const int MaximalSize = 48;

    readonly List<Tensor> reals = [.. inputs];
    readonly int start = inputs.Count();

    /// <summary>The real tensors, inputs first.</summary>
    public IReadOnlyList<Tensor> Reals => reals;

    /// <summary>What the program computed so far.</summary>
    public IEnumerable<Tensor> Computed => reals.Skip(start);

    /// <summary>An integer from 0 to below <paramref name="n"/>.</summary>
    public int Next(int n) => random.Next(n);

    /// <summary>A number from <paramref name="lower"/> to <paramref name="upper"/>, as the program's text would have it.</summary>
    public double Number(double lower, double upper) => Math.Round(lower + (upper - lower) * random.NextDouble(), 2);

    /// <summary>Some real tensor; recent ones more often, so that programs grow deep.</summary>
    public Tensor Any() => reals[random.Next(2) == 0 ? reals.Count - 1 - random.Next(Math.Min(3, reals.Count)) : random.Next(reals.Count)];

    /// <summary>Some real tensor with at least this rank, or null.</summary>
    public Tensor? OfRank(int least) => reals.Where(x => x.Rank >= least).ToArray() is { Length: > 0 } found ? found[random.Next(found.Length)] : null;

    /// <summary>Some real tensor of the same shape, perhaps the same.</summary>
    public Tensor Like(Tensor x) => reals.Where(y => y.Shape == x.Shape).ToArray() is var found ? found[random.Next(found.Length)] : x;

    /// <summary>Some real tensor for which a condition on shapes holds, or null.</summary>
    public Tensor? Where(Func<Shape, bool> fits) => reals.Where(x => fits(x.Shape)).ToArray() is { Length: > 0 } found ? found[random.Next(found.Length)] : null;

    /// <summary>Adds a tensor, if it has the inputs' element type and is not too great.</summary>
    public bool Add(Tensor x)
    {
        if (x.DType != reals[0].DType || x.Size == 0 || x.Size > maximalSize || x.Rank > 4) return false;
        reals.Add(x);
        return true;
    }
}
