using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Mistakes with parts and reductions, and the messages that explain them.</summary>
static class StructuralFailures
{
    public static readonly FailingSample[] All =
    [
        new("index outside", "index: x[3] of shape [3]: axis 0 has length 3; it has no element 3.", x => [x[0][3]], Real(3)),
        new("index from the end", "index: x[.., ^5] of shape [3, 4]: axis 1 has length 4; it has no element ^5.", x => [x[0][.., -5]], Real(3, 4)),
        new("index range outside", "index: x[1..5] of shape [3]: axis 0 has length 3; the range 1..5 does not lie in it.", x => [x[0][1..5]], Real(3)),
        new("index too many", "index: x[0, (..).Step(2)] of shape [3]: 2 axes are indexed, but the tensor has 1.", x => [x[0][0, (..).Step(2)]], Real(3)),
        new("index all twice", "index: x[Axis.All, 0, Axis.All] of shape [3, 4]: Axis.All may stand once.", x => [x[0][Axis.All, 0, Axis.All]], Real(3, 4)),
        new("index by floats", "gather 0: the indices [2] are float64; they must be int32 or int64. Convert them with To(DType.Int32).", x => [x[0][x[1]]], Real(3), Real(2)),
        new("index by separated tensors", "index: x[int32[2], .., int32[2]] of shape [3, 3, 3]: several index tensors must be neighbours.", x => [x[0][x[1], .., x[1]]], Real(3, 3, 3), Integers(0, 3, 2)),
        new("index by bools of another shape", "index: x[bool[2]] of shape [3]: the bool tensor has shape [2]; its axes have shape [3].", x => [x[0][x[1]]], Real(3), Bools(2)),
        new("index by bools under tracing",
            "index: the bool tensor [3] depends on an argument of a function that is being traced, so how many elements it takes is not known. Use Select to choose between values, element by element.",
            x => { var y = Input.Like(x[0]); return [y[y > 0]]; }, Real(3)),
        new("take outside", "gather 0: index 3, at position 1 of the indices, is not in an axis of length 3. Indices go from -3 to 2.", x => [x[0].Take(new[] { 0, 3 })], Real(3)),
        new("take before", "gather 0: index -4, at position 0 of the indices, is not in an axis of length 3. Indices go from -3 to 2.", x => [x[0].Take(new[] { -4L })], Real(3)),
        new("flat index outside", "flat-index [2, 3]: index 3, at position 0 of the indices, is not in an axis of length 3. Indices go from -3 to 2.", x => [x[0][new[] { 0 }, new[] { 3 }]], Real(2, 3)),
        new("scatter outside", "scatter-add 0 length 3: index 5, at position 0 of the indices, is not in an axis of length 3. Indices go from -3 to 2.", x => [x[0].AddAt(new[] { 5 }, 1)], Real(3)),
        new("scatter-add shapes", "scatter-add: the indices [2] and values [3] must have one shape.", x => [x[0].ScatterAdd(new[] { 0, 1 }, x[0], 0)], Real(3)),
        new("take along axis of another rank", "take-along-axis: the indices [2] must have as many axes as shape [2, 3].", x => [x[0].TakeAlongAxis(new[] { 0, 1 }, 0)], Real(2, 3)),
        new("with of another shape", "with: the value [2] does not broadcast to the part [3] of shape [2, 3].", x => [x[0].With(0, x[0][.., 0])], Real(2, 3)),
        new("slice outside", "slice 1..5: axis 0 of shape [3] has length 3; elements 1..5 are not in it.", x => [x[0].Slice(0, 1, 4)], Real(3)),
        new("slice of less than nothing", "slice: -1 elements of axis 1 of shape [2, 3] were asked for.", x => [x[0].Slice(-1, 1, -1)], Real(2, 3)),
        new("slice with a long step", "slice 0..5/2: axis 0 of shape [3] has length 3; elements 0..5 are not in it.", x => [x[0].Slice(0, 0, 3, 2)], Real(3)),
        new("pad away too much", "slice: -1 elements of axis 0 of shape [3] were asked for.", x => [x[0].Pad(0, -2, -2)], Real(3)),
        new("pad lengths", "pad: 1 and 2 lengths were given for the 2 axes of shape [2, 3]; they must be as many, and at most as many as the axes.", x => [x[0].Pad([1], [1, 2])], Real(2, 3)),
        new("concatenate shapes", "concatenate 0: shapes [2, 3] and [2, 4] must be equal but for axis 0.", x => [Tensor.Concatenate([x[0], x[1]])], Real(2, 3), Real(2, 4)),
        new("stack shapes", "stack: shapes [2] and [3] differ. Broadcast one first, or use Concatenate.", x => [Tensor.Stack([x[0], x[1]])], Real(2), Real(3)),
        new("split", "split: axis 0 of shape [5] has length 5, which does not divide into 2 equal parts. Give the lengths of the parts.", x => x[0].Split(2), Real(5)),
        new("split lengths", "split: the parts [2, 2] add up to 4, but axis 0 of shape [5] has length 5.", x => x[0].Split([2, 2]), Real(5)),
        new("window too long", "window [3] dilations [2]: a window spans 5 elements, but axis 1 of shape [2, 4] has 4. Pad the axis first.", x => [x[0].Windows([3], [1], [2])], Real(2, 4)),
        new("window axes", "windows: 1 window sizes, but 2 lengths, strides or dilations were given.", x => [x[0].Windows([3], [1, 2])], Real(2, 4)),
        new("fold shape", "fold [5] from [2]: shape [3, 2] must end in the windows [4, 2].", x => [x[0].Fold([5], [2])], Real(3, 2)),
        new("fold of bools", "fold [4] from [2]: bool operands have no sum. Convert them with To(DType.Int32).", x => [x[0].Fold([4], [2])], Bools(3, 2)),
        new("max of nothing", "maximum along [0]: axis 0 of shape [0, 2] has no elements, and so no maximum.", x => [x[0].Max(0)], Real(0, 2)),
        new("product of bools", "product along [0]: bool operands have no product. Convert them with To(DType.Int32), or use All.", x => [x[0].Product()], Bools(3)),
        new("argmax of nothing", "argmax 0: axis 0 of shape [0] has no elements.", x => [x[0].ArgMax()], Real(0)),
        new("top-k of too few", "top-k: axis -1 of shape [2, 3] has 3 elements; 4 were asked for.", x => [x[0].TopK(4).Values], Real(2, 3)),
        new("cumulative product of bools", "cumulate 0: bool operands have no sum or product. Convert them with To(DType.Int32).", x => [x[0].CumulativeProduct()], Bools(3)),
        new("triangle of a vector", "triangle: shape [3] has 1 axes; a matrix has two, after any batch axes.", x => [x[0].LowerTriangle()], Real(3)),
        new("one-hot of floats", "one-hot: the indices [3] are float64; they must be int32 or int64. Convert them with To(DType.Int32).", x => [x[0].OneHot(3)], Real(3)),
        new("part of an unknown length", "index: x[1..] of shape [?]: the length of axis 0 is known only when the program runs; only .. fits.",
            _ => [Input.Of("x", new(Shape.Of([Shape.Unknown]), DType.Float64))[1..]]),
    ];
}
