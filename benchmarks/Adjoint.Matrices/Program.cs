using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint;

// Adjoint's matrix products against OpenBLAS, one thread, alternating: each row is the median of five ratios, each from the best of several short runs.
// usage: Adjoint.Matrices [float32|float64|both] [filter]; or hash (the kernels' level and a hash of results, for tests)
// needs libopenblas (Debian: apt-get install libopenblas-dev)
string type = args.Length > 0 ? args[0] : "both", filter = args.Length > 1 ? args[1] : "";
if (type == "hash")
{
    Console.WriteLine($"{KernelSet<float>.Best.Level} {Bits.Hash()}");
    return;
}
Blas.openblas_set_num_threads(1);
if (type != "float64") Comparison<float>.Run(filter);
if (type != "float32") Comparison<double>.Run(filter);

static unsafe partial class Blas
{
    [LibraryImport("openblas")]
    public static partial void openblas_set_num_threads(int n);

    [LibraryImport("openblas")]
    public static partial void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport("openblas")]
    public static partial void cblas_dgemm(int order, int ta, int tb, int m, int n, int k, double alpha, double* a, int lda, double* b, int ldb, double beta, double* c, int ldc);
}

static unsafe class Comparison<T> where T : unmanaged, INumberBase<T>
{
    static readonly (int M, int K, int N)[] shapes =
    [
        (64, 64, 64), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
        (64, 784, 256), (64, 256, 10), (128, 512, 512), (4096, 128, 512),
        // odd shapes
        (1, 784, 256), (32, 784, 256), (256, 64, 10), (100, 100, 100), (127, 129, 131), (17, 19, 23), (8, 8, 8), (3, 5, 7), (1, 1000, 1), (1000, 1, 1000),
        (5, 2000, 3), (2000, 5, 3), (33, 500, 65), (10, 64, 256), (784, 64, 256), (333, 777, 55), (16, 16, 16), (48, 48, 48), (63, 1000, 15), (1000, 15, 63), (255, 257, 31),
    ];

    public static void Run(string filter)
    {
        Console.WriteLine($"{typeof(T).Name} | shape (m x k x n) | variant | OpenBLAS GFLOP/s | Adjoint GFLOP/s | ratio");
        var ratios = new List<double>();
        foreach (var (m, k, n) in shapes)
            foreach (string variant in (string[])["NN", "NT", "TN"])
            {
                string name = $"{m}x{k}x{n}";
                if (!$"{name} {variant}".Contains(filter)) continue;
                var (peer, mine, ratio) = Measure(m, k, n, variant);
                ratios.Add(ratio);
                Console.WriteLine($"{typeof(T).Name} | {name} | {variant} | {peer:F1} | {mine:F1} | {ratio:F2}{(ratio < 0.85 ? "  <--" : "")}");
            }
        if (ratios.Count > 0) Console.WriteLine($"{typeof(T).Name}: geometric mean {Math.Exp(ratios.Average(Math.Log)):F3}, lowest {ratios.Min():F2}, below 0.85: {ratios.Count(r => r < 0.85)} of {ratios.Count}");
    }

    static (double Peer, double Mine, double Ratio) Measure(int m, int k, int n, string variant)
    {
        var random = new Random(1);
        T* a = Fill(m * k, random), b = Fill(k * n, random), c = Fill(m * n, random);
        bool ta = variant[0] == 'T', tb = variant[1] == 'T';
        int lda = ta ? m : k, ldb = tb ? k : n;
        int[] lengths = [m, k, n];
        var plan = ContractionPlan.For(DTypes.Of<T>(), lengths, LabelledAxes.Dense(ta ? [1, 0] : [0, 1], lengths), LabelledAxes.Dense(tb ? [2, 1] : [1, 2], lengths), LabelledAxes.Dense([0, 2], lengths));
        void Mine() => plan.Run(a, b, c, ThreadTeam.Alone);
        void Peer()
        {
            if (typeof(T) == typeof(float)) Blas.cblas_sgemm(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, (float*)a, lda, (float*)b, ldb, 0, (float*)c, n);
            else Blas.cblas_dgemm(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, (double*)a, lda, (double*)b, ldb, 0, (double*)c, n);
        }
        double flops = 2.0 * m * n * k;
        int repeat = (int)Math.Clamp(2e7 / (flops + 2000), 1, 5000);
        var rounds = new List<(double Peer, double Mine)>();
        for (int round = 0; round < 5; round++)
        {
            double peer = double.MaxValue, mine = double.MaxValue;
            for (int trial = 0; trial < (flops > 1e9 ? 2 : 6); trial++)
            {
                peer = Math.Min(peer, Time(Peer, repeat));
                mine = Math.Min(mine, Time(Mine, repeat));
            }
            rounds.Add((peer, mine));
        }
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
        return (flops / Median(rounds.Select(r => r.Peer)), flops / Median(rounds.Select(r => r.Mine)), Median(rounds.Select(r => r.Peer / r.Mine)));
    }

    static double Time(Action run, int repeat)
    {
        run();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeat; i++) run();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeat;
    }

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(2);

    static T* Fill(int count, Random random)
    {
        var p = (T*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(T) + 64), 64);
        for (int i = 0; i < count; i++) p[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        return p;
    }
}
