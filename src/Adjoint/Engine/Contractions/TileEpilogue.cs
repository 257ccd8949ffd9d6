namespace Adjoint;

/// <summary>
/// Finishes one rectangle of a contraction's output while it is in cache, after its last summand. Element (r, c) of the rectangle stands at
/// <c>tile[r · rowStride + c]</c> (strides in elements; the columns are contiguous) and is the output at matrix <c>batch</c>, row <c>firstRow + r</c>,
/// column <c>firstColumn + c</c> of the plan's <see cref="ContractionPlan.Batch"/>, <see cref="ContractionPlan.Rows"/> and
/// <see cref="ContractionPlan.Columns"/>. The rectangle may be scratch that is copied to the output afterwards: address other operands by the
/// indices, never by the difference of pointers. Called by several threads at once, on disjoint rectangles that cover the output exactly once.
/// </summary>
unsafe delegate void TileEpilogue(void* tile, nint rowStride, int rows, int columns, int batch, int firstRow, int firstColumn, void* context);

/// <summary>
/// Follows a contraction: called when these rows of the output are complete, by several threads at once, on disjoint rows that cover the output exactly once. Rows are
/// counted through all matrices of the plan's batch.
/// </summary>
unsafe delegate void RowsFollower(int firstRow, int rows, void* context);

/// <summary>What happens to a contraction's result: <c>output = [output +] scale · product</c>, then the epilogue on each tile.</summary>
unsafe struct Finish
{
    /// <summary>Adds to what the output holds.</summary>
    public bool Accumulate;

    /// <summary>The factor of the product, as a double (rounded to the element type); 0 stands for 1.</summary>
    public double Scale;

    /// <summary>Called on each tile of the output, or null.</summary>
    public TileEpilogue? Epilogue;

    /// <summary>Called on rows of the output while they are in cache, or null.</summary>
    public RowsFollower? Follower;

    /// <summary>The follower gets multiples of so many rows, except for the last ones.</summary>
    public int RowUnit;

    /// <summary>Passed to the epilogue and to the follower.</summary>
    public void* Context;
}
