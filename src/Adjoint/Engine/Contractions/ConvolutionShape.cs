namespace Adjoint;

/// <summary>
/// A convolution of images [batch, groups · inputs, spatial…] with weights [groups · outputs, inputs, kernel…] to [batch, groups · outputs, spatial…], all
/// dense: <c>output[n, o, q] = Σ_{c,k} weights[o, c, k] · image[n, c, q · stride + k · dilation − before]</c>, zero outside the image. One entry in each
/// array for every spatial axis.
/// </summary>
sealed class ConvolutionShape
{
    /// <summary>A convolution; <paramref name="inputs"/> and <paramref name="outputs"/> are channels of one group.</summary>
    public ConvolutionShape(int batch, int groups, int inputs, int outputs, int[] image, int[] kernel, int[] stride, int[] dilation, int[] before, int[] after)
    {
        (Batch, Groups, Inputs, Outputs) = (batch, groups, inputs, outputs);
        (Image, Kernel, Stride, Dilation, Before, After) = (image, kernel, stride, dilation, before, after);
        Output = new int[image.Length];
        for (int d = 0; d < Output.Length; d++)
            Output[d] = Math.Max(0, (image[d] + before[d] + after[d] - dilation[d] * (kernel[d] - 1) - 1 + stride[d]) / stride[d]);
    }

    public int Batch { get; }
    public int Groups { get; }
    public int Inputs { get; }
    public int Outputs { get; }
    public int[] Image { get; }
    public int[] Kernel { get; }
    public int[] Stride { get; }
    public int[] Dilation { get; }
    public int[] Before { get; }
    public int[] After { get; }

    /// <summary>The spatial lengths of the output.</summary>
    public int[] Output { get; }

    public int ImageSize => Product(Image);
    public int Taps => Product(Kernel);
    public int Positions => Product(Output);

    /// <summary>The number of products of elements.</summary>
    public long Cost => (long)Batch * Groups * Inputs * Outputs * Taps * Positions;

    public static int Product(int[] lengths)
    {
        int product = 1;
        foreach (int length in lengths) product = checked(product * length);
        return product;
    }

    /// <summary>Row-major strides.</summary>
    public static nint[] Strides(int[] lengths)
    {
        var strides = new nint[lengths.Length];
        nint stride = 1;
        for (int d = lengths.Length - 1; d >= 0; stride *= lengths[d--]) strides[d] = stride;
        return strides;
    }
}
