using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// The channels of one image with a border of zeros, in scratch; or the image itself where no border is needed. A window that reaches over the edge
/// then reads like any other: by a sum of two offsets.
/// </summary>
sealed unsafe class PaddedImage
{
    readonly int channels, row;
    readonly int[] lengths, before;
    readonly bool isPadded;

    public PaddedImage(int channels, int[] lengths, int[] before, int[] after)
    {
        (this.channels, this.lengths, this.before) = (channels, lengths, before);
        Lengths = [.. lengths.Select((length, d) => length + before[d] + after[d])];
        Strides = ConvolutionShape.Strides(Lengths);
        isPadded = before.Concat(after).Any(border => border > 0);
        ChannelStride = ConvolutionShape.Product(Lengths);
        row = lengths.Length > 0 ? lengths[^1] : 1;
    }

    public int[] Lengths { get; }
    public nint[] Strides { get; }
    public int ChannelStride { get; }

    /// <summary>Scratch of the calling thread with its borders cleared, or null where none is needed.</summary>
    public T* Prepare<T>() where T : unmanaged
    {
        if (!isPadded) return null;
        long count = (long)channels * ChannelStride;
        T* scratch = Scratch.Get<T>(Scratch.Image, count);
        for (long done = 0; done < count; done += 1 << 28) new Span<T>(scratch + done, (int)Math.Min(1 << 28, count - done)).Clear();
        return scratch;
    }

    /// <summary>The image inside the borders of prepared scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T* Fill<T>(T* image, T* scratch) where T : unmanaged
    {
        if (!isPadded) return image;
        int rows = channels;
        for (int d = 0; d < lengths.Length - 1; d++) rows *= lengths[d];
        for (int r = 0; r < rows && row > 0; r++)
        {
            nint offset = lengths.Length > 0 ? before[^1] : 0;
            int rest = r;
            for (int d = lengths.Length - 2; d >= 0; d--)
            {
                (rest, int i) = Math.DivRem(rest, lengths[d]);
                offset += (i + before[d]) * Strides[d];
            }
            Unsafe.CopyBlockUnaligned(scratch + (nint)rest * ChannelStride + offset, image + (nint)r * row, (uint)(row * sizeof(T)));
        }
        return scratch;
    }
}
