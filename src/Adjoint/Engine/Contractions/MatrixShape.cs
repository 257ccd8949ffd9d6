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
    /// Whether the right side consists of windows: its depth has no stride, and its columns are adjacent in runs of at least 8, as those of the output.
    /// </summary>
    public readonly bool IsWindowed = rightDepth.IsTable && !outputRows.IsTable && rightColumns.Count > 0 && ColumnRuns.Shortest(rightColumns, outputColumns) >= 8;

    readonly ColumnRuns?[] runs = new ColumnRuns?[4];

    /// <summary>The columns in runs of a length, which is a power of two up to 8.</summary>
    public ColumnRuns RunsOf(int length) => runs[int.Log2(length)] ??= ColumnRuns.Of(RightColumns, OutputColumns, length);

    /// <summary>Matrices with strides of rows and columns.</summary>
    public static MatrixShape Of(int rows, int columns, int depth, (nint Row, nint Column) left, (nint Row, nint Column) right, (nint Row, nint Column) output) =>
        new(new(rows, left.Row), new(depth, left.Column), new(depth, right.Row), new(columns, right.Column), new(rows, output.Row), new(columns, output.Column));
}
