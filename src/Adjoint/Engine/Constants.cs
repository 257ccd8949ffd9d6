namespace Adjoint;

/// <summary>The numbers that kernels start from.</summary>
static class Constants
{
    const int VectorBytes = 64;

    /// <summary>What a reduction of nothing is.</summary>
    public static TensorData Identity(DType type, Combine combine)
    {
        double value = combine switch
        {
            Combine.Sum => 0,
            Combine.Product => 1,
            Combine.Maximum => double.NegativeInfinity,
            _ => double.PositiveInfinity,
        };
        return type switch
        {
            DType.Int64 when double.IsInfinity(value) => new TensorData<long>(Shape.Scalar, [value > 0 ? long.MaxValue : long.MinValue]),
            DType.Int32 when double.IsInfinity(value) => new TensorData<int>(Shape.Scalar, [value > 0 ? int.MaxValue : int.MinValue]),
            DType.Bool => new TensorData<bool>(Shape.Scalar, [value > 0]),
            _ => TensorData.Scalar(type, value),
        };
    }

    /// <summary>The bytes of a local with a number in every lane.</summary>
    public static byte[] Of(Local x, TensorData value)
    {
        byte[] one = x.Type switch
        {
            DType.Bool => [value.Span<bool>()[0] ? (byte)1 : (byte)0],
            DType.Int32 => BitConverter.GetBytes(value.Span<int>()[0]),
            DType.Int64 => BitConverter.GetBytes(value.Span<long>()[0]),
            DType.Float32 => BitConverter.GetBytes(value.Span<float>()[0]),
            _ => BitConverter.GetBytes(value.Span<double>()[0]),
        };
        if (!x.IsVector) return one;
        byte[] all = new byte[VectorBytes];
        for (int i = 0; i < all.Length; i++) all[i] = one[i % one.Length];
        return all;
    }
}
