namespace Adjoint;

/// <summary>Decides which results may be written over which arguments.</summary>
static class Replacement
{
    /// <summary>
    /// Whether every element of an argument is read before the result's is written: by earlier steps, or in the writing kernel at the very point. The
    /// first write comes after every step that can fail, so that a failed run leaves its arguments as they were.
    /// </summary>
    public static bool IsSafe(Works works, IReadOnlyList<Step> steps, Slot argument, Slot result)
    {
        bool fits = (argument.Residence, result.Residence) == (Residence.Argument, Residence.Result) && argument.Size == result.Size && argument.Type == result.Type;
        // an object that a fallback makes may be a view of the argument
        if (!fits || works.Results.Contains(argument) || works.Slots.Exists(s => s.Residence == Residence.Boxed)) return false;
        int first = 0;
        while (first < steps.Count && !steps[first].Writes.Contains(result)) first++;
        for (int i = first; i < steps.Count; i++)
        {
            if (steps[i].CanFail) return false;
            if (!steps[i].Reads.Contains(argument)) continue;
            if (i > first || KernelOf(steps[i], argument) is not { } kernel || !IsSafe(kernel, argument, result)) return false;
        }
        return true;
    }

    // what alone reads the argument in a step
    static FusedKernel? KernelOf(Step step, Slot argument) => step switch
    {
        KernelStep own => own.Kernel,
        ProductStep { Follower: { } follower } both when !both.Product.Reads.Contains(argument) => follower.Kernel,
        _ => null,
    };

    // all reads are over before the loops that write begin; or each is at the same place in the same loops, before the write there
    static bool IsSafe(FusedKernel kernel, Slot argument, Slot result)
    {
        List<Place> reads = [], writes = [];
        int order = 0;
        Survey(kernel.Body, []);
        void Survey(List<Instruction> code, Loop[] loops)
        {
            foreach (var instruction in code)
            {
                order++;
                if (instruction is Loop loop) Survey(loop.Body, [.. loops, loop]);
                else if (instruction is Load load && load.Access.Slot == argument) reads.Add(new(order, loops, load.Access));
                else if (instruction is Store store && store.Access.Slot == result) writes.Add(new(order, loops, store.Access));
            }
        }
        return reads.Count > 0 && writes.Count > 0 && reads.TrueForAll(r => writes.TrueForAll(w => r.IsBefore(w, kernel.Shared)));
    }

    /// <summary>An access, with the loops around it.</summary>
    sealed record Place(int Order, Loop[] Loops, Access Access)
    {
        public bool IsBefore(Place write, Loop? shared)
        {
            if (Order > write.Order) return false;
            // every chunk of a shared loop repeats what stands before it
            if (Loops.Length == 0 && shared is not null && write.Loops.Contains(shared)) return false;
            if (Loops.Length == 0 || write.Loops.Length == 0 || Loops[0] != write.Loops[0]) return true;
            return Access.Place is null && write.Access.Place is null && Access.Offset == write.Access.Offset && Access.Steps.Equals(write.Access.Steps) && Covers(this) && Covers(write);
        }

        // every loop moves on to other elements
        static bool Covers(Place x) => Array.TrueForAll(x.Loops, loop => x.Access.StepOf(loop) != 0) && x.Loops.Length == x.Access.Steps.Count;
    }
}
