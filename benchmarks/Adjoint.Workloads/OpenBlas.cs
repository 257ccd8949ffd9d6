using System.Runtime.InteropServices;

namespace Adjoint.Workloads;

/// <summary>OpenBLAS in this process (Debian: libopenblas0).</summary>
sealed unsafe partial class OpenBlas : Peer
{
    const int RowMajor = 101, Plain = 111, Transposed = 112;

    readonly Product product;
    readonly Clock clock;
    readonly int threads;
    readonly void* a, b, c;

    public OpenBlas(Product product, int threads, CancellationToken stop)
    {
        (this.product, this.threads, clock) = (product, threads, new(threads, stop));
        var given = product.Given.Select(g => g.Value).ToArray();
        a = Copy(given[0]);
        b = Copy(given[1]);
        c = NativeMemory.AlignedAlloc((nuint)(product.Rows * product.Columns * Size), 64);
    }

    public static bool IsInstalled
    {
        get
        {
            if (!NativeLibrary.TryLoad("libopenblas.so.0", out nint handle)) return false;
            NativeLibrary.Free(handle);
            return true;
        }
    }


    // 0.3.21 takes processors that it does not know for older ones: which kernels it chose belongs to the result
    public override string Name => $"OpenBLAS {Marshal.PtrToStringUTF8(openblas_get_config())!.Split(' ')[1]} ({Marshal.PtrToStringUTF8(openblas_get_corename())})";

    int Size => product.Type == DType.Float64 ? sizeof(double) : sizeof(float);

    public override double Measure(double seconds)
    {
        openblas_set_num_threads(threads);
        return clock.Measure(Run, seconds);
    }

    public override IReadOnlyDictionary<string, Tensor> Results(int steps)
    {
        Run();
        int n = product.Rows * product.Columns;
        Shape shape = [product.Rows, product.Columns];
        return new Dictionary<string, Tensor>
        {
            ["c"] = product.Type == DType.Float64 ? Tensor.From(shape, new ReadOnlySpan<double>(c, n)) : Tensor.From(shape, new ReadOnlySpan<float>(c, n)),
        };
    }

    void Run()
    {
        var (m, k, n) = (product.Rows, product.Depth, product.Columns);
        int ta = product.IsLeftTransposed ? Transposed : Plain, tb = product.IsRightTransposed ? Transposed : Plain;
        int lda = product.IsLeftTransposed ? m : k, ldb = product.IsRightTransposed ? k : n;
        if (product.Type == DType.Float64) cblas_dgemm(RowMajor, ta, tb, m, n, k, 1, (double*)a, lda, (double*)b, ldb, 0, (double*)c, n);
        else cblas_sgemm(RowMajor, ta, tb, m, n, k, 1, (float*)a, lda, (float*)b, ldb, 0, (float*)c, n);
    }

    void* Copy(Tensor x)
    {
        void* p = NativeMemory.AlignedAlloc((nuint)(x.Size * Size), 64);
        if (product.Type == DType.Float64) x.ToArray<double>().CopyTo(new Span<double>(p, x.Size));
        else x.ToArray<float>().CopyTo(new Span<float>(p, x.Size));
        return p;
    }

    public override void Dispose()
    {
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
    }

    [LibraryImport("libopenblas.so.0")]
    private static partial nint openblas_get_config();

    [LibraryImport("libopenblas.so.0")]
    private static partial nint openblas_get_corename();

    [LibraryImport("libopenblas.so.0")]
    private static partial void openblas_set_num_threads(int n);

    [LibraryImport("libopenblas.so.0")]
    private static partial void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport("libopenblas.so.0")]
    private static partial void cblas_dgemm(int order, int ta, int tb, int m, int n, int k, double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc);
}
