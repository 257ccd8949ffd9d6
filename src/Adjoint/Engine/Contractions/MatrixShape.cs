namespace Adjoint;

/// <summary>One product of matrices, <c>output[m, n] = Σ_k left[m, k] · right[k, n]</c>: where the rows, columns and the depth stand in each operand.</summary>
sealed class MatrixShape(Offsets leftRows, Offsets leftDepth, Offsets rightDepth, Offsets rightColumns, Offsets outputRows, Offsets outputColumns)
{
    public readonly Offsets LeftRows = leftRows, LeftDepth = leftDepth, RightDepth = rightDepth, RightColumns = rightColumns;
    public readonly Offsets OutputRows = outputRows, OutputColumns = outputColumns;

    public int Rows => LeftRows.Count;
    public int Columns => RightColumns.Count;
    public int Depth => LeftDepth.Count;

    /// <summary>Whether every group is a stride, contiguous along the columns of the right side and of the output.</summary>
    public readonly bool IsPlain = !leftRows.IsTable && !leftDepth.IsTable && !rightDepth.IsTable && !outputRows.IsTable && rightColumns.IsUnit && outputColumns.IsUnit;

    /// <summary>Whether the output is contiguous along its columns, and its rows have a stride.</summary>
    public readonly bool IsPlainOutput = !outputRows.IsTable && outputColumns.IsUnit;

    /// <summary>
    /// Whether the right side consists of windows that are read in place: its depth has no stride, and its columns are adjacent in runs of at least 8, as those
    /// of the output; of many rows only if that leaves few lanes idle, for then packing is soon paid.
    /// </summary>
    public bool IsWindowed { get; } = rightDepth.IsTable && !outputRows.IsTable && rightColumns.Count > 0
        && ColumnRuns.Measure(rightColumns, outputColumns) is ( >= 8, var count) && (outputRows.Count <= 32 || 16L * count <= 3L * rightColumns.Count);

    /// <summary>
    /// Whether a few rows by a few columns, for which packing would cost as much as multiplying, are summed along windows: neither the depth nor the columns of
    /// the right side have a stride, and the depth is adjacent in both sides in runs of at least 8.
    /// </summary>
    public bool IsCorrelated { get; } = rightDepth.IsTable && rightColumns.IsTable && !leftRows.IsTable && leftRows.Count <= CorrelationProduct<float>.MostRows
        && !outputRows.IsTable && outputColumns.IsUnit && rightColumns.Count <= 64 && rightDepth.Count >= 256 && ColumnRuns.Measure(rightDepth, leftDepth).Shortest >= 8;

    /// <summary>Whether nothing is packed for the right side.</summary>
    public bool HasWindows => IsWindowed || IsCorrelated;

    readonly ColumnRuns?[] runs = new ColumnRuns?[4];
    readonly DepthRuns?[] depthRuns = new DepthRuns?[4];

    /// <summary>The columns in runs of a length, which is a power of two up to 8.</summary>
    public ColumnRuns RunsOf(int length) => runs[int.Log2(length)] ??= ColumnRuns.Of(RightColumns, OutputColumns, length);

    /// <summary>The depth in runs of a length, which is a power of two up to 8.</summary>
    public DepthRuns DepthRunsOf(int length) => depthRuns[int.Log2(length)] ??= DepthRuns.Of(LeftDepth, RightDepth, length);

    /// <summary>Matrices with strides of rows and columns.</summary>
    public static MatrixShape Of(int rows, int columns, int depth, (nint Row, nint Column) left, (nint Row, nint Column) right, (nint Row, nint Column) output) =>
        new(new(rows, left.Row), new(depth, left.Column), new(depth, right.Row), new(columns, right.Column), new(rows, output.Row), new(columns, output.Column));
}
