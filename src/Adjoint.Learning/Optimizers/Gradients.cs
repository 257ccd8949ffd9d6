namespace Adjoint.Learning;

/// <summary>What is done to gradients between the loss and the optimizer. Only floating parameters count; all work inside programs.</summary>
public static class Gradients
{
    /// <summary>√Σ g² over all parameters: a scalar of the first one's type.</summary>
    public static Tensor Norm<T>(T gradient) where T : ITree<T>
    {
        Tensor[] leaves = Trees.Leaves(gradient);
        bool[] learned = Trees.Learned(gradient);
        Tensor? sum = null;
        for (int i = 0; i < leaves.Length; i++)
        {
            if (!learned[i]) continue;
            var square = leaves[i].Square().Sum();
            sum = sum is null ? square : sum + square.To(sum.DType);
        }
        return sum?.Sqrt() ?? Tensor.Scalar(0);
    }

    /// <summary>The gradient, shortened to a norm of at most <paramref name="most"/>: times most / (norm + 1e-6), if that is below 1, as PyTorch does.</summary>
    public static T ClipNorm<T>(T gradient, double most) where T : ITree<T>
    {
        if (!(most > 0)) throw new ArgumentOutOfRangeException(nameof(most), $"clip norm: {most} must be positive.");
        var factor = (most / (Norm(gradient) + 1e-6)).Minimum(1);
        return Trees.MapParameters(gradient, g => g * factor.To(g.DType));
    }

    /// <summary>The gradient with every element limited to ±<paramref name="most"/>.</summary>
    public static T ClipValue<T>(T gradient, double most) where T : ITree<T>
    {
        if (!(most > 0)) throw new ArgumentOutOfRangeException(nameof(most), $"clip value: {most} must be positive.");
        return Trees.MapParameters(gradient, g => g.Clip(-most, most));
    }
}
