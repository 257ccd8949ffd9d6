using System.Numerics.Tensors;
using Xunit;

namespace Adjoint.Tests.FrontDoor;

/// <summary>How tensors are made and read back.</summary>
public sealed class CreationTests
{
    [Fact]
    public void Collection_expressions_keep_the_element_type()
    {
        Tensor ints = [1, 2, 3], doubles = [1.0, 2.0], floats = [1f, 2f], bools = [true, false], mixed = [1, 2.5], empty = [];
        Assert.Equal([DType.Int32, DType.Float64, DType.Float32, DType.Bool, DType.Float64, DType.Float32], new[] { ints, doubles, floats, bools, mixed, empty }.Select(x => x.DType));
        Assert.All(new[] { ints, doubles, floats, bools, mixed }, x => Assert.False(x.IsWeak));
        Tensor matrix = [[1, 2], [3, 4], [5, 6]], cube = [[[1.0], [2.0]]];
        Assert.Equal(Shape.Of([3, 2]), matrix.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], matrix.ToArray<int>());
        Assert.Equal(Shape.Of([1, 2, 1]), cube.Shape);
        Assert.Equal(Shape.Of([0]), empty.Shape);
        Assert.Contains("[2] and [1]", Assert.Throws<ShapeException>(() => { Tensor ragged = [[1, 2], [3]]; return ragged; }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Collection_expressions_of_tensors_are_differentiable()
    {
        var x = Tensor.Variable([3.0, 4.0]);
        Tensor rows = [x.Square(), x];
        Assert.Equal([7, 9], rows.Sum().Gradient(x).ToArray());
        Assert.Equal([[9, 16], [3, 4]], rows.ToEnumerable().Select(r => r.ToArray()));
    }

    [Fact]
    public void Numbers_take_the_type_of_the_tensor_they_meet()
    {
        Tensor floats = [1f, 2f], doubles = [1.0, 2.0], ints = [1, 2];
        Assert.Equal(DType.Float32, (2.5 * floats + 1).DType);
        Assert.Equal(DType.Float64, (2 * doubles).DType);
        Assert.Equal(DType.Int32, (2 * ints).DType);
        Assert.Equal(DType.Float32, (2.5 * ints).DType);
        Assert.Equal(DType.Float64, (floats + doubles).DType);
        Assert.Equal(DType.Float32, (ints + floats).DType);
        Assert.Equal(DType.Float32, (ints / 2).DType);
    }

    [Fact]
    public void Memory_is_viewed_without_a_copy()
    {
        double[] memory = [1, 2, 3, 4];
        var x = Tensor.View<double>([2, 2], memory);
        memory[3] = 40;
        Assert.Equal([1, 2, 3, 40], x.ToArray());
        Assert.True(System.Runtime.CompilerServices.Unsafe.AreSame(ref memory[0], ref System.Runtime.InteropServices.MemoryMarshal.GetReference(x.AsSpan<double>())));
    }

    [Fact]
    public void Tensor_spans_come_and_go()
    {
        Tensor x = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        ReadOnlyTensorSpan<double> span = x.AsTensorSpan<double>();
        Assert.Equal(6, span[1, 2]);
        var part = Tensor.From(span.Slice(0..2, 1..3));
        Assert.Equal(Shape.Of([2, 2]), part.Shape);
        Assert.Equal([2, 3, 5, 6], part.ToArray());
        Assert.Contains("float64, not float32", Assert.Throws<InvalidOperationException>(() => x.AsTensorSpan<float>().FlattenedLength).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_permutation_names_every_index_once_and_is_the_same_everywhere()
    {
        int[] order = Key.Of(5).Permutation(10).ToArray<int>();
        Assert.Equal(Enumerable.Range(0, 10), order.Order());
        Assert.Equal(order, Key.Of(5).Permutation(10).ToArray<int>());
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 600).Select(seed => Key.Of(seed).Permutation(3).ToArray<int>()[0]).Distinct().Order());
    }
}

static class Rows
{
    public static IEnumerable<Tensor> ToEnumerable(this Tensor x)
    {
        foreach (var row in x) yield return row;
    }
}
