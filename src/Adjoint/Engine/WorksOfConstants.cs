namespace Adjoint;

/// <summary>What is known before the program runs: computed once, when it is prepared.</summary>
sealed unsafe partial class Works
{
    const long LargestConstant = 1 << 20;

    static bool IsConstant(Slot slot) => slot.Residence is Residence.Literal or Residence.Constant or Residence.Counting;

    // by the kernel that would compute it, so that the bits are the same
    bool IsComputed(Statement s)
    {
        if (s.Target is not { Residence: Residence.Arena, IsShared: false, Size: > 0 } || Math.Max(s.Target.Size, s.Points) > LargestConstant) return false;
        if (s.Code is Code.Locate or Code.Gather || s.IsScatter || !s.Reads.All(IsConstant)) return false;
        var addresses = new nint[Slots.Count];
        foreach (var slot in s.Reads) addresses[slot.Index] = slot.Address;
        addresses[s.Target.Index] = Keep(s.Target);
        var kernel = Lower.Of(Group.Of(s), slot => slot == s.Target);
        fixed (nint* at = addresses) BlockKernel.Of(kernel).Run((byte**)at, 0, kernel.Shared?.Length ?? 0);
        if (s.Target.Size > 1) return true;
        var number = TensorData.Zeros(s.Target.Type, Shape.Scalar);
        Frame.Copy(Frame.View(s.Target, s.Target.Address), number);
        (s.Target.Residence, s.Target.Literal) = (Residence.Literal, new Tensor(number));
        return true;
    }

    // what has no inputs but numbers, and no statement of its own
    bool IsEvaluated(Equation z)
    {
        if (z.Operation is not (Triangle or Contract) || z.Results[0].Size is 0 or > (int)LargestConstant || !z.Inputs.All(x => x.IsLiteral)) return false;
        var slot = Slot(z.Results[0].DType, z.Results[0].Size, Residence.Arena);
        Frame.Copy(z.Operation.Evaluate(z, [.. z.Inputs.Select(x => x.Data)])[0], Frame.View(slot, Keep(slot)));
        views[z.Results[0]] = View.Dense(slot, z.Results[0].Shape.Lengths);
        return true;
    }

    static nint Keep(Slot slot)
    {
        slot.Residence = Residence.Constant;
        slot.Memory = GC.AllocateUninitializedArray<byte>(checked((int)(slot.Size * slot.ElementSize) + LaneRules.Bytes), pinned: true);
        return slot.Address;
    }
}
