using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>Which element goes where: index arithmetic that the operations share that move elements.</summary>
static class Moves
{
    /// <summary>
    /// For every index (i₀, i₁, …) of the result, row-major, the flat index Σ from[k][iₖ] · strides[k] of the source; −1, which stands for no element,
    /// where one of the from[k][iₖ] is −1.
    /// </summary>
    public static int[] Sources(IReadOnlyList<int[]> from, ReadOnlySpan<int> strides)
    {
        int[] result = [0];
        for (int k = 0; k < from.Count; k++)
        {
            var (axis, stride, next) = (from[k], strides[k], new int[result.Length * from[k].Length]);
            int at = 0;
            foreach (int start in result)
                foreach (int i in axis) next[at++] = start < 0 || i < 0 ? -1 : start + i * stride;
            result = next;
        }
        return result;
    }

    /// <summary>start, start + step, …</summary>
    public static int[] Range(int start, int length, int step = 1)
    {
        var result = new int[length];
        for (int i = 0; i < length; i++) result[i] = start + i * step;
        return result;
    }

    /// <summary>The numbers of elements before, along and after an axis.</summary>
    public static (int Outer, int Length, int Inner) Split(Shape shape, int axis)
    {
        int outer = 1, inner = 1;
        for (int k = 0; k < axis; k++) outer *= shape[k];
        for (int k = axis + 1; k < shape.Rank; k++) inner *= shape[k];
        return (outer, shape[axis], inner);
    }

    /// <summary>Indices from the start of an axis; negative ones are given from its end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public static int[] Indices(string name, TensorData indices, int length)
    {
        var result = new int[indices.Shape.Size];
        for (int i = 0; i < result.Length; i++)
        {
            long index = indices is TensorData<int> narrow ? narrow.Elements.Span[i] : indices.Span<long>()[i];
            if (index < -length || index >= length)
                throw new ArgumentOutOfRangeException(null,
                    $"{name}: index {index}, at position {i} of the indices, is not in an axis of length {length}. Indices go from {-length} to {length - 1}.");
            result[i] = (int)(index < 0 ? index + length : index);
        }
        return result;
    }

    /// <summary>Refuses indices that are not integers.</summary>
    public static void CheckIndices(string name, Tensor indices)
    {
        if (indices.DType is not (DType.Int32 or DType.Int64))
            throw new ShapeException($"{name}: the indices {indices.Shape} are {indices.DType.Text}; they must be int32 or int64. Convert them with To(DType.Int32).");
    }

    /// <summary>The attributes of every axis, with those of a batch axis before them.</summary>
    public static Sequence<int> Before(int first, Sequence<int> rest) => Sequence.Of<int>([first, .. rest]);

    /// <summary>The same axes, counted with a batch axis before them.</summary>
    public static Sequence<int> Shifted(Sequence<int> axes) => new([.. axes.Select(k => k + 1)]);
}
