namespace Adjoint;

/// <summary>The leaves of a state, and who owns their memory.</summary>
sealed class OwnedState
{
    Leaf[] leaves = [];

    /// <summary>The form of the state; null if the leaves are of an earlier one.</summary>
    public TreeForm? Form { get; set; }

    /// <summary>Takes a state that others may hold.</summary>
    public TreeForm Load(TreeForm form, Tensor[] tensors)
    {
        Evaluation.Evaluate(tensors);
        Array.Resize(ref leaves, tensors.Length);
        for (int k = 0; k < leaves.Length; k++) leaves[k] = leaves[k] with { Data = tensors[k].Data, IsWeak = tensors[k].IsWeak, IsOwned = false };
        return form;
    }

    /// <summary>The leaves as tensors: their memory is not used again if they are handed over.</summary>
    public Tensor[] Tensors(bool handOver)
    {
        foreach (ref var leaf in leaves.AsSpan()) leaf.IsOwned &= !handOver;
        return Array.ConvertAll(leaves, leaf => Tensor.Evaluated(leaf.Data, leaf.IsWeak));
    }

    /// <summary>Makes the leaves arguments of a step, and offers their memory for its results.</summary>
    public void Offer<TResult>(Call<TResult> call, bool[] isComputed, bool[] mayReplace)
    {
        for (int k = 0; k < leaves.Length; k++)
        {
            ref readonly var leaf = ref leaves[k];
            call.Data[k] = leaf.Data;
            if (k >= mayReplace.Length || !isComputed[k]) continue;
            var z = call.Trace.System.Results[k];
            call.Results[k] = leaf.IsOwned && mayReplace[k] ? leaf.Data : leaf.Spare?.Shape == z.Shape && leaf.Spare.Type == z.DType ? leaf.Spare : null;
        }
    }

    /// <summary>Takes what the step computed.</summary>
    public void Take<TResult>(Call<TResult> call, bool[] isComputed, int count, TreeForm form)
    {
        // a leaf that is passed on to another place is no longer the state's alone
        for (int j = 0; j < isComputed.Length; j++)
            if (!isComputed[j] && !(j < leaves.Length && ReferenceEquals(call.Results[j], leaves[j].Data)))
                foreach (ref var leaf in leaves.AsSpan()) leaf.IsOwned &= !leaf.Data.Overlaps(call.Results[j]!);
        if (count != leaves.Length) Array.Resize(ref leaves, count);
        for (int k = 0; k < count; k++)
        {
            ref var leaf = ref leaves[k];
            var next = call.Results[k]!;
            leaf.IsWeak = call.Trace.System.Results[k].IsWeak;
            if (ReferenceEquals(next, leaf.Data)) continue;
            if (leaf.IsOwned) leaf.Spare = leaf.Data;
            else if (ReferenceEquals(next, leaf.Spare)) leaf.Spare = null;
            (leaf.Data, leaf.IsOwned) = (next, isComputed[k]);
        }
        Form = form;
    }

    /// <summary>One leaf: its data, whether nobody else holds that memory, and memory of an earlier step that nobody holds.</summary>
    record struct Leaf(TensorData Data, bool IsWeak, bool IsOwned, TensorData? Spare);
}
