namespace Adjoint;

/// <summary>The axes of one operand of a contraction: a label and a stride (in elements) for each. A label may occur twice: its strides add (a diagonal).</summary>
readonly record struct LabelledAxes(int[] Labels, nint[] Strides)
{
    /// <summary>Row-major axes with these labels; <paramref name="lengths"/> is indexed by label.</summary>
    public static LabelledAxes Dense(int[] labels, int[] lengths)
    {
        var strides = new nint[labels.Length];
        nint stride = 1;
        for (int k = labels.Length - 1; k >= 0; stride *= lengths[labels[k--]]) strides[k] = stride;
        return new(labels, strides);
    }

    /// <summary>How far one step of a label moves in this operand; 0 where the operand does not have it.</summary>
    public nint Stride(int label)
    {
        nint sum = 0;
        for (int k = 0; k < Labels.Length; k++)
            if (Labels[k] == label) sum += Strides[k];
        return sum;
    }
}

/// <summary>Labels fused into one axis: its length and its strides in the inputs and the output. <c>Labels</c> from outer to inner.</summary>
sealed record FusedAxis(int Length, nint Left, nint Right, nint Output, int[] Labels);
