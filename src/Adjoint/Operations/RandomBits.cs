using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Rules shared by operations on random keys: int64 [B…, 2], where the axes before the last are batches.</summary>
public abstract record KeyOperation : ConstantOperation
{
    /// <summary>The batch axes of the key.</summary>
    protected Shape Batches(Tensor key) => key.DType == DType.Int64 && key.Rank > 0 && key.Shape[^1] == 2 ? Shape.Of(key.Shape.Lengths[..^1])
        : throw Mismatch($"the key is {key.DType.Text}{key.Shape}; it must be int64 with a last axis of length 2. Start from Key.Of(seed).");
}

/// <summary>
/// Uniformly distributed integers in [0, 2^Width), as int64 of <c>Shape</c>, one such tensor for each key of a batch. Number i depends on the key and
/// on i only: it is the same on every machine and for every number of threads.
/// </summary>
public sealed record RandomBits : KeyOperation, IDrawsOnce
{
    /// <exception cref="ArgumentOutOfRangeException">The width is not in 1 … 63.</exception>
    public RandomBits(int width, Shape shape)
    {
        if (width is < 1 or > 63) throw new ArgumentOutOfRangeException(nameof(width), $"random-bits: a width of {width} does not fit int64; it must be 1 to 63.");
        (Width, Shape) = (width, shape);
    }

    /// <summary>The number of random bits of each integer.</summary>
    public int Width { get; }

    /// <summary>The axes of one draw.</summary>
    public Shape Shape { get; }

    public override string Name => $"random-bits {Width} {Shape}";
    public override Signatures Infer(ImmutableArray<Tensor> x) => new Signature(Shape.Of([.. Batches(x[0]), .. Shape]), DType.Int64);

    public override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var keys = x[0].Span<long>();
        int size = Shape.Size;
        var bits = new long[keys.Length / 2 * size];
        for (int k = 0; 2 * k < keys.Length; k++)
            for (int i = 0; i < size; i += 2)
            {
                var (first, second) = Threefry.Block((ulong)keys[2 * k], (ulong)keys[2 * k + 1], (ulong)i / 2, Threefry.ForDraws);
                bits[k * size + i] = (long)(first >> (64 - Width));
                if (i + 1 < size) bits[k * size + i + 1] = (long)(second >> (64 - Width));
            }
        return [new TensorData<long>(Shape.Of([.. x[0].Shape.Lengths[..^1], .. Shape.Lengths]), bits)];
    }

    public override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [Equation.Solve(this, x[0])];
}
