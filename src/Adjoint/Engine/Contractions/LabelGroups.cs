namespace Adjoint;

/// <summary>
/// Sorts the labels of a binary contraction into groups and fuses neighbours. A label of the output and both inputs is a batch; of the output and one input
/// a row or a column; of both inputs alone, depth. A label summed in one input alone is depth along which the other stands still, and one that only the
/// output has is a batch along which both stand still.
/// </summary>
static class LabelGroups
{
    public static (List<FusedAxis> Batch, List<FusedAxis> Rows, List<FusedAxis> Columns, List<FusedAxis> Depth) Of(int[] lengths, LabelledAxes left, LabelledAxes right, LabelledAxes output)
    {
        List<FusedAxis> batch = [], rows = [], columns = [], depth = [];
        foreach (int label in output.Labels.Concat(left.Labels).Concat(right.Labels).Distinct())
        {
            bool inLeft = left.Labels.Contains(label), inRight = right.Labels.Contains(label), inOutput = output.Labels.Contains(label);
            var group = !inOutput ? depth : inLeft == inRight ? batch : inLeft ? rows : columns;
            if (lengths[label] != 1) group.Add(new(lengths[label], left.Stride(label), right.Stride(label), output.Stride(label), [label]));
        }
        return (Fuse(batch, a => a.Output), Fuse(rows, a => a.Output), Fuse(columns, a => a.Output), Fuse(depth, a => Math.Max(Math.Abs(a.Left), Math.Abs(a.Right))));
    }

    // outer strides first; an outer axis joins an inner one if one step of it is the whole inner axis in every operand
    static List<FusedAxis> Fuse(List<FusedAxis> axes, Func<FusedAxis, nint> order)
    {
        var fused = new List<FusedAxis>();
        foreach (var axis in axes.OrderByDescending(a => Math.Abs(order(a))).ThenByDescending(a => Math.Abs(a.Left) + Math.Abs(a.Right)))
            if (fused.Count > 0 && fused[^1] is var outer && outer.Left == axis.Left * axis.Length && outer.Right == axis.Right * axis.Length && outer.Output == axis.Output * axis.Length)
                fused[^1] = new(checked(outer.Length * axis.Length), axis.Left, axis.Right, axis.Output, [.. outer.Labels, .. axis.Labels]);
            else fused.Add(axis);
        return fused;
    }
}
