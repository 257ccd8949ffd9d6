namespace Adjoint;

/// <summary>Random bits: a function of key and position, so a statement like any other.</summary>
sealed partial class Works
{
    // the words of the keys, over the axes of a result that begins with the batch axes of the keys
    (View First, View Second) Words(Tensor keys, int rank)
    {
        var (x, last) = (ViewOf(keys), keys.Rank - 1);
        View first = x with { Strides = [.. x.Strides[..last], .. new long[rank - last]] };
        return (first, first with { Offset = x.Offset + x.Strides[last] });
    }

    void Draw(Equation z, RandomBits random)
    {
        var (shape, batches) = (z.Results[0].Shape, z.Inputs[0].Rank - 1);
        var (first, second) = Words(z.Inputs[0], shape.Rank);
        View number = Counting(DType.Int64, [.. new long[batches], .. View.DenseStrides(random.Shape.Lengths)]);
        var word = Elementwise(z, Code.Draw, [first, second, number], shape, DType.Int64);
        Elementwise(z, Code.ShiftRight, [word, Number(DType.Int64, 64 - random.Width, shape.Rank)]);
    }

    // two words of new keys, from the words of old ones and a number
    void Derive(Equation z, Tensor result, View number, Code first, Code second)
    {
        var batches = Shape.Of(result.Shape.Lengths[..^1]);
        var (key0, key1) = Words(z.Inputs[0], batches.Rank);
        View target = Whole(result), words = target with { Strides = [.. target.Strides[..^1]] };
        Place(z, Elementwise(z, first, [key0, key1, number], batches, DType.Int64), batches, words, 0);
        Place(z, Elementwise(z, second, [key0, key1, number], batches, DType.Int64), batches, words, 1);
    }
}
