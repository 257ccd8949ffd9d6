using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

/// <summary>The width of the registers that kernels use. Every level gives the same bits.</summary>
enum KernelLevel { Vector128, Vector256, Vector512 }

/// <summary>The micro-kernels of one level and element type.</summary>
sealed unsafe class KernelSet<T> where T : unmanaged, INumberBase<T>
{
    const int Most = 14;

    // [rows - 1 + Most · (wide + 2 · strided)]
    readonly delegate*<nint, T*, T*, T*, Tile<T>*, void>* kernels;

    WindowKernels<T>? windows;
    delegate*<WindowKernels<T>> makeWindows;

    KernelSet(KernelLevel level, int lanes, int rows)
    {
        (Level, Lanes, Rows) = (level, lanes, rows);
        kernels = (delegate*<nint, T*, T*, T*, Tile<T>*, void>*)NativeMemory.Alloc(4 * Most, (nuint)sizeof(void*));
    }

    public KernelLevel Level { get; }

    /// <summary>Elements in a register.</summary>
    public int Lanes { get; }

    /// <summary>The most rows of a tile.</summary>
    public int Rows { get; }

    /// <summary>The most columns of a tile: two registers.</summary>
    public int Columns => 2 * Lanes;

    /// <summary>The rows of one call of <see cref="Dot"/>.</summary>
    public int DotRows { get; private set; }

    /// <summary>Dot products of one vector with <see cref="DotRows"/> others.</summary>
    public delegate*<nint, T*, T**, T*, void> Dot { get; private set; }

    /// <summary>One dot product.</summary>
    public delegate*<nint, T*, T*, T> DotOne { get; private set; }

    /// <summary>Dot products of four vectors with two or three others, or null where <see cref="Dot"/> is as good.</summary>
    public delegate*<nint, T*, nint, T*, nint, T*, void> DotPairs { get; private set; }

    /// <inheritdoc cref="DotPairs"/>
    public delegate*<nint, T*, nint, T*, nint, T*, void> DotTriples { get; private set; }

    /// <summary>One row by eight registers of columns.</summary>
    public delegate*<nint, T*, T*, T*, Tile<T>*, void> Row { get; private set; }

    /// <summary>Products along lanes, one for each element of the output.</summary>
    public delegate*<LaneLoop<T>*, void> Lane { get; private set; }

    /// <summary>The kernel of that many rows; wide: two registers of columns; strided: the rows of the left side are not adjacent.</summary>
    public delegate*<nint, T*, T*, T*, Tile<T>*, void> Kernel(int rows, bool wide, bool strided) =>
        kernels[rows - 1 + Most * ((wide ? 1 : 0) + (strided ? 2 : 0))];

    /// <summary>The kernels that read windows in place.</summary>
    public WindowKernels<T> Windows => windows ??= makeWindows();

    /// <summary>The widest level of this machine.</summary>
    public static KernelSet<T> Best { get; } = For(Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? KernelLevel.Vector512
        : Avx2.IsSupported && Fma.IsSupported ? KernelLevel.Vector256 : KernelLevel.Vector128);

    /// <summary>The kernels of one level, which the machine must have.</summary>
    public static KernelSet<T> For(KernelLevel level) => (KernelSet<T>)(object)(typeof(T) == typeof(float) ? level switch
    {
        KernelLevel.Vector512 => KernelSet<float>.All<Single512, Vector512<float>>(level, Most),
        KernelLevel.Vector256 => KernelSet<float>.Few<Single256, Vector256<float>>(level),
        _ => KernelSet<float>.Few<Single128, Vector128<float>>(level),
    }
    : level switch
    {
        KernelLevel.Vector512 => (object)KernelSet<double>.All<Double512, Vector512<double>>(level, Most),
        KernelLevel.Vector256 => KernelSet<double>.Few<Double256, Vector256<double>>(level),
        _ => KernelSet<double>.Few<Double128, Vector128<double>>(level),
    });

    // 16 registers: 6 rows of two, two of the right side, one broadcast
    static KernelSet<T> Few<L, V>(KernelLevel level) where L : ILanes<V, T> where V : struct => Small<L, V>(new(level, L.Count, 6));

    // 32 registers: 14 rows of two
    static KernelSet<T> All<L, V>(KernelLevel level, int rows) where L : ILanes<V, T> where V : struct
    {
        var set = Small<L, V>(new(level, L.Count, rows));
        set.DotPairs = &DotTile<L, V, T, Constant2>.Run;
        set.DotTriples = &DotTile<L, V, T, Constant3>.Run;
        set.Add<L, V, Constant7>();
        set.Add<L, V, Constant8>();
        set.Add<L, V, Constant9>();
        set.Add<L, V, Constant10>();
        set.Add<L, V, Constant11>();
        set.Add<L, V, Constant12>();
        set.Add<L, V, Constant13>();
        set.Add<L, V, Constant14>();
        return set;
    }

    static KernelSet<T> Small<L, V>(KernelSet<T> set) where L : ILanes<V, T> where V : struct
    {
        set.Dot = &DotKernel<L, V, T>.Run;
        set.DotOne = &DotKernel<L, V, T>.One;
        set.DotRows = DotKernel<L, V, T>.Rows;
        set.Row = &RowKernel<L, V, T>.Run;
        set.Lane = &LaneKernel<L, V, T>.Run;
        set.makeWindows = &WindowKernels<T>.Of<L, V>;
        set.Add<L, V, Constant1>();
        set.Add<L, V, Constant2>();
        set.Add<L, V, Constant3>();
        set.Add<L, V, Constant4>();
        set.Add<L, V, Constant5>();
        set.Add<L, V, Constant6>();
        return set;
    }

    void Add<L, V, R>() where L : ILanes<V, T> where V : struct where R : IConstant
    {
        kernels[R.Value - 1] = &MicroKernel<L, V, T, R, Constant1, Constant1>.Run;
        kernels[R.Value - 1 + Most] = &MicroKernel<L, V, T, R, Constant2, Constant1>.Run;
        kernels[R.Value - 1 + 2 * Most] = &MicroKernel<L, V, T, R, Constant1, Constant2>.Run;
        kernels[R.Value - 1 + 3 * Most] = &MicroKernel<L, V, T, R, Constant2, Constant2>.Run;
    }
}
