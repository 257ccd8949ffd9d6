namespace Adjoint;

/// <summary>Which statements are computed many elements at a time: those whose values have one size.</summary>
static class LaneRules
{
    /// <summary>The lanes in 64 bytes: one virtual width for every machine, so that the order of sums never depends on it.</summary>
    public const int Bytes = 64;

    /// <summary>The number of lanes (see <see cref="Statement.Lanes"/>).</summary>
    public static int Of(Statement s)
    {
        int lanes = Width(s.Target.Type);
        if (s.IsReduction && lanes < 0) return 0;
        foreach (var operand in s.Operands)
        {
            int own = Width(operand.Slot.Type);
            if (own < 0) continue;
            if (lanes >= 0 && own != lanes) return 0;
            lanes = own;
        }
        return s.Code switch
        {
            Code.Locate => 0,
            Code.Map => EmittedFunctions.HasVector(s.Function!, s.Target.Type) ? lanes : 0,
            Code.Convert => (s.Operands[0].Slot.Type, s.Target.Type) is (DType.Bool, _) or (_, DType.Bool) or (DType.Int32, DType.Float32) or (DType.Int64, DType.Float64) ? lanes : 0,
            _ => lanes,
        };
    }

    /// <summary>The common number of lanes of two statements in one loop.</summary>
    public static int Meet(int a, int b) => a == b || b < 0 ? a : a < 0 ? b : 0;

    static int Width(DType type) => type == DType.Bool ? -1 : Bytes / Slot.SizeOf(type);
}
