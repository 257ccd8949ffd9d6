using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Operations;

/// <summary>A formula over spans, in lanes of the greatest width that the processor has. All widths give the same bits.</summary>
abstract class Kernel
{
    /// <summary>The greatest width in bits: 512, 256 or 128.</summary>
    public static int Width => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public abstract void Run(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, int width);
    public abstract void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z, int width);

    /// <summary>The formula on lanes of one's own.</summary>
    public abstract TLane Of<TLane>(TLane x, TLane y) where TLane : struct, ILane<TLane>;
}

/// <summary>A formula of one argument; the second operand is ignored.</summary>
sealed class UnaryKernel<TFormula> : Kernel where TFormula : IUnaryFormula
{
    public override void Run(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, int width) => Run<double>(x, z, width);
    public override void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z, int width) => Run<float>(x, z, width);
    public override TLane Of<TLane>(TLane x, TLane y) => TFormula.Of(x);

    static void Run<T>(ReadOnlySpan<T> x, Span<T> z, int width) where T : struct
    {
        if (width == 512) Loop<T, Lanes512<T>>(x, z);
        else if (width == 256) Loop<T, Lanes256<T>>(x, z);
        else Loop<T, Lanes128<T>>(x, z);
    }

    static void Loop<T, TLane>(ReadOnlySpan<T> x, Span<T> z) where T : struct where TLane : struct, ILane<TLane>
    {
        var from = MemoryMarshal.Cast<T, TLane>(x);
        var to = MemoryMarshal.Cast<T, TLane>(z[..x.Length]);
        for (int i = 0; i < to.Length; i++) to[i] = TFormula.Of(from[i]);
        int done = to.Length * TLane.Count;
        if (done == x.Length) return;
        TLane last = default;
        var rest = MemoryMarshal.Cast<TLane, T>(new Span<TLane>(ref last));
        x[done..].CopyTo(rest);
        last = TFormula.Of(last);
        rest[..(x.Length - done)].CopyTo(z[done..]);
    }
}

/// <summary>A formula of two arguments.</summary>
sealed class BinaryKernel<TFormula> : Kernel where TFormula : IBinaryFormula
{
    public override void Run(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z, int width) => Run<double>(x, y, z, width);
    public override void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z, int width) => Run<float>(x, y, z, width);
    public override TLane Of<TLane>(TLane x, TLane y) => TFormula.Of(x, y);

    static void Run<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, int width) where T : struct
    {
        if (width == 512) Loop<T, Lanes512<T>>(x, y, z);
        else if (width == 256) Loop<T, Lanes256<T>>(x, y, z);
        else Loop<T, Lanes128<T>>(x, y, z);
    }

    static void Loop<T, TLane>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : struct where TLane : struct, ILane<TLane>
    {
        var first = MemoryMarshal.Cast<T, TLane>(x);
        var second = MemoryMarshal.Cast<T, TLane>(y[..x.Length]);
        var to = MemoryMarshal.Cast<T, TLane>(z[..x.Length]);
        for (int i = 0; i < to.Length; i++) to[i] = TFormula.Of(first[i], second[i]);
        int done = to.Length * TLane.Count;
        if (done == x.Length) return;
        TLane lastX = default, lastY = default;
        Span<T> restX = MemoryMarshal.Cast<TLane, T>(new Span<TLane>(ref lastX)), restY = MemoryMarshal.Cast<TLane, T>(new Span<TLane>(ref lastY));
        x[done..].CopyTo(restX);
        y[done..x.Length].CopyTo(restY);
        lastX = TFormula.Of(lastX, lastY);
        restX[..(x.Length - done)].CopyTo(z[done..]);
    }
}
