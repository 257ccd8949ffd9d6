using System.Numerics;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>The kernels of one level and element type that read windows in place; made when a program has the first windows.</summary>
sealed unsafe class WindowKernels<T> where T : unmanaged, INumberBase<T>
{
    const int Width = 6, Height = 4;

    // [rows - 1]
    readonly delegate*<nint, T*, int*, T**, T**, nint, T, void>* tiles = (delegate*<nint, T*, int*, T**, T**, nint, T, void>*)NativeMemory.Alloc(8, (nuint)sizeof(void*));

    // [rows - 1 + Height · (columns - 1 + Width · parts)]
    readonly delegate*<int*, int*, T*, nint, T**, T*, nint, nint, bool, int, void>* correlations =
        (delegate*<int*, int*, T*, nint, T**, T*, nint, nint, bool, int, void>*)NativeMemory.Alloc(2 * Width * Height, (nuint)sizeof(void*));

    WindowKernels(int lanes, int runs) => (Runs, RunLength) = (3 * runs, lanes / runs);

    /// <summary>The most rows of a tile.</summary>
    public int Rows { get; private set; }

    /// <summary>The runs of columns of a tile.</summary>
    public int Runs { get; }

    /// <summary>The elements of a run.</summary>
    public int RunLength { get; }

    /// <summary>The kernel of that many rows whose right side is read by runs.</summary>
    public delegate*<nint, T*, int*, T**, T**, nint, T, void> Tile(int rows) => tiles[rows - 1];

    /// <summary>The kernel of that many rows and columns of sums along runs of the depth, or along parts of runs.</summary>
    public delegate*<int*, int*, T*, nint, T**, T*, nint, nint, bool, int, void> Correlation(int rows, int columns, bool parts) =>
        correlations[rows - 1 + Height * (columns - 1 + (parts ? Width : 0))];

    /// <summary>The kernels of a level; wide registers are many, and take more rows.</summary>
    public static WindowKernels<T> Of<L, V>() where L : ILanes<V, T> where V : struct
    {
        var kernels = new WindowKernels<T>(L.Count, L.Runs);
        kernels.AddTile<L, V, Constant1>();
        kernels.AddTile<L, V, Constant2>();
        kernels.AddTile<L, V, Constant3>();
        kernels.AddTile<L, V, Constant4>();
        if (L.Runs > 1)
        {
            kernels.AddTile<L, V, Constant5>();
            kernels.AddTile<L, V, Constant6>();
            kernels.AddTile<L, V, Constant7>();
            kernels.AddTile<L, V, Constant8>();
        }
        kernels.AddCorrelations<L, V, Constant1>();
        kernels.AddCorrelations<L, V, Constant2>();
        kernels.AddCorrelations<L, V, Constant3>();
        kernels.AddCorrelations<L, V, Constant4>();
        return kernels;
    }

    void AddTile<L, V, R>() where L : ILanes<V, T> where V : struct where R : IConstant
    {
        tiles[R.Value - 1] = &WindowTile<L, V, T, R>.Run;
        Rows = R.Value;
    }

    void AddCorrelations<L, V, R>() where L : ILanes<V, T> where V : struct where R : IConstant
    {
        AddCorrelation<L, V, R, Constant1>();
        AddCorrelation<L, V, R, Constant2>();
        AddCorrelation<L, V, R, Constant3>();
        AddCorrelation<L, V, R, Constant4>();
        AddCorrelation<L, V, R, Constant5>();
        AddCorrelation<L, V, R, Constant6>();
    }

    void AddCorrelation<L, V, R, S>() where L : ILanes<V, T> where V : struct where R : IConstant where S : IConstant
    {
        int at = R.Value - 1 + Height * (S.Value - 1);
        correlations[at] = &CorrelationTile<L, V, T, R, S, Constant1>.Run;
        correlations[at + Height * Width] = &CorrelationTile<L, V, T, R, S, Constant2>.Run;
    }
}
