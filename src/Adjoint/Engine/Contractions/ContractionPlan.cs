namespace Adjoint;

/// <summary>
/// How one binary contraction runs: as products of matrices, one for each index of <see cref="Batch"/>, of <see cref="Rows"/> by <see cref="Columns"/>
/// summed over <see cref="Depth"/>. Each of them is a list of fused axes, outer to inner. Immutable, and safe from several threads.
/// </summary>
sealed unsafe class ContractionPlan
{
    ContractionPlan(DType type) => Type = type;

    public DType Type { get; }

    /// <summary>Whether the second input gives the rows, so that the columns of the output are contiguous.</summary>
    public bool Swapped { get; }

    public Axis[] Batch { get; } = [];
    public Axis[] Rows { get; } = [];
    public Axis[] Columns { get; } = [];
    public Axis[] Depth { get; } = [];

    /// <summary>
    /// The plan of <c>output = Σ left · right</c> over the labels that the output lacks. <paramref name="lengths"/> is indexed by label.
    /// </summary>
    public static ContractionPlan For(DType type, int[] lengths, LabelledAxes left, LabelledAxes right, LabelledAxes output) => throw new NotImplementedException();

    /// <summary>Runs the plan on elements of its type, at the first element of each operand's view.</summary>
    public void Run(void* left, void* right, void* output, ThreadTeam team, int threads = 0) => Run(left, right, output, team, default, threads);

    /// <summary>Runs the plan with an accumulating or scaled result, or an epilogue.</summary>
    public void Run(void* left, void* right, void* output, ThreadTeam team, in Finish finish, int threads = 0) => throw new NotImplementedException();
}
