namespace Adjoint;

/// <summary>Verifies kernels before they become code: every access stays within its slot, and every slot that is read has memory.</summary>
static class KernelCheck
{
    /// <exception cref="InvalidOperationException">The kernel is wrong: a fault of the engine.</exception>
    public static void Verify(FusedKernel kernel)
    {
        foreach (var access in FusedKernel.Accesses(kernel.Body).Where(a => a.Slot.Residence != Residence.Counting).Distinct())
        {
            long low = access.Offset + Math.Min(access.PlaceReach, 0), high = access.Offset + Math.Max(access.PlaceReach, 0);
            bool isEmpty = false;
            foreach (var (loop, step) in access.Steps)
            {
                isEmpty |= loop.Length == 0;
                if (step > 0) high += step * (loop.Length - 1); else low += step * (loop.Length - 1);
            }
            if (!isEmpty && (low < 0 || high >= access.Slot.Size) && !IsSkipped(kernel.Body, access))
                throw new InvalidOperationException($"engine: {access} reaches elements {low} to {high} of {access.Slot.Size}.\n{kernel}");
            if (access.Slot is { Residence: Residence.Arena, ArenaOffset: < 0 })
                throw new InvalidOperationException($"engine: {access} has no memory.\n{kernel}");
        }
    }

    // in a loop that never runs
    static bool IsSkipped(List<Instruction> code, Access access) =>
        !code.Exists(i => i is Load l && l.Access.Equals(access) || i is Store s && s.Access.Equals(access) || i is Loop { Length: > 0 } loop && !IsSkipped(loop.Body, access));
}
