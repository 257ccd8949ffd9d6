using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

/// <summary>The operations of one register of lanes, of one width and element type: micro-kernels are written once over them.</summary>
unsafe interface ILanes<V, T> where V : struct where T : unmanaged
{
    static abstract int Count { get; }
    static abstract V Broadcast(T* p);
    static abstract V Broadcast(T x);
    static abstract V Load(T* p);
    static abstract void Store(T* p, V x);

    /// <summary>How many runs of elements one register takes: what is wider than 32 bytes takes two.</summary>
    static abstract int Runs { get; }

    /// <summary>A register of one or two runs.</summary>
    static abstract V LoadRuns(T* first, T* second);
    static abstract void StoreRuns(T* first, T* second, V x);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);
    static abstract V Add(V a, V b);
    static abstract V Multiply(V a, V b);

    /// <summary>The sum of the lanes: halves are added until one is left.</summary>
    static abstract T Sum(V x);

    /// <summary>The first <paramref name="count"/> lanes (at most all of them, possibly none); the others are zero. Nothing beyond them is touched.</summary>
    static abstract V LoadPart(T* p, int count);
    static abstract void StorePart(T* p, V x, int count);

    /// <summary>What <see cref="LoadPart(T*, int, V)"/> takes for a count, to be made once before a loop.</summary>
    static abstract V Mask(int count);
    static abstract V LoadPart(T* p, int count, V mask);

    /// <summary>The sums of the lanes of four registers, each as <see cref="Sum(V)"/> adds them.</summary>
    static abstract void Sum(V x0, V x1, V x2, V x3, T* sums);
}

readonly unsafe struct Single512 : ILanes<Vector512<float>, float>
{
    public static int Count => 16;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Broadcast(float* p) => Vector512.Create(*p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Broadcast(float x) => Vector512.Create(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Load(float* p) => Vector512.Load(p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* p, Vector512<float> x) => x.Store(p);
    public static int Runs => 2;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> LoadRuns(float* first, float* second) => Vector512.Create(Vector256.Load(first), Vector256.Load(second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StoreRuns(float* first, float* second, Vector512<float> x) { x.GetLower().Store(first); x.GetUpper().Store(second); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Sum(Vector512<float> x) => Single256.Sum(x.GetLower() + x.GetUpper());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> LoadPart(float* p, int count) => Avx512F.MaskLoad(p, Part(count), Vector512<float>.Zero);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StorePart(float* p, Vector512<float> x, int count) => Avx512F.MaskStore(p, Part(count), x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static Vector512<float> Part(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)count)).AsSingle();
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Mask(int count) => Part(count);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> LoadPart(float* p, int count, Vector512<float> mask) => Avx512F.MaskLoad(p, mask, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3, float* sums)
    {
        var x = Avx512F.Shuffle4x128(x0, x1, 0x44) + Avx512F.Shuffle4x128(x0, x1, 0xEE);
        var y = Avx512F.Shuffle4x128(x2, x3, 0x44) + Avx512F.Shuffle4x128(x2, x3, 0xEE);
        var sum = Avx512F.Shuffle4x128(x, y, 0x88) + Avx512F.Shuffle4x128(x, y, 0xDD);
        sum += Avx512F.Permute4x32(sum, 0x4E);
        sum += Avx512F.Permute4x32(sum, 0xB1);
        Vector512.Shuffle(sum, Vector512.Create(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).GetLower().GetLower().Store(sums);
    }
}

readonly unsafe struct Double512 : ILanes<Vector512<double>, double>
{
    public static int Count => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Broadcast(double* p) => Vector512.Create(*p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Broadcast(double x) => Vector512.Create(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Load(double* p) => Vector512.Load(p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(double* p, Vector512<double> x) => x.Store(p);
    public static int Runs => 2;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> LoadRuns(double* first, double* second) => Vector512.Create(Vector256.Load(first), Vector256.Load(second));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StoreRuns(double* first, double* second, Vector512<double> x) { x.GetLower().Store(first); x.GetUpper().Store(second); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Fma(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static double Sum(Vector512<double> x) => Double256.Sum(x.GetLower() + x.GetUpper());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> LoadPart(double* p, int count) => Avx512F.MaskLoad(p, Part(count), Vector512<double>.Zero);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StorePart(double* p, Vector512<double> x, int count) => Avx512F.MaskStore(p, Part(count), x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static Vector512<double> Part(int count) => Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble();
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> Mask(int count) => Part(count);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<double> LoadPart(double* p, int count, Vector512<double> mask) => Avx512F.MaskLoad(p, mask, Vector512<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(Vector512<double> x0, Vector512<double> x1, Vector512<double> x2, Vector512<double> x3, double* sums)
    {
        var x = Avx512F.Shuffle4x128(x0, x1, 0x44) + Avx512F.Shuffle4x128(x0, x1, 0xEE);
        var y = Avx512F.Shuffle4x128(x2, x3, 0x44) + Avx512F.Shuffle4x128(x2, x3, 0xEE);
        var sum = Avx512F.Shuffle4x128(x, y, 0x88) + Avx512F.Shuffle4x128(x, y, 0xDD);
        sum += Avx512F.Permute2x64(sum, 0x55);
        Vector512.Shuffle(sum, Vector512.Create(0L, 2, 4, 6, 0, 0, 0, 0)).GetLower().Store(sums);
    }
}

readonly unsafe struct Single256 : ILanes<Vector256<float>, float>
{
    public static int Count => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Broadcast(float* p) => Vector256.Create(*p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Broadcast(float x) => Vector256.Create(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Load(float* p) => Vector256.Load(p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* p, Vector256<float> x) => x.Store(p);
    public static int Runs => 1;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> LoadRuns(float* first, float* second) => Vector256.Load(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StoreRuns(float* first, float* second, Vector256<float> x) => x.Store(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Sum(Vector256<float> x) => Single128.Sum(x.GetLower() + x.GetUpper());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> LoadPart(float* p, int count) => Avx.MaskLoad(p, Part(count));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StorePart(float* p, Vector256<float> x, int count) => Avx.MaskStore(p, Part(count), x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static Vector256<float> Part(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)count)).AsSingle();
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Mask(int count) => Part(count);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> LoadPart(float* p, int count, Vector256<float> mask) => Avx.MaskLoad(p, mask);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Sum(Vector256<float> x0, Vector256<float> x1, Vector256<float> x2, Vector256<float> x3, float* sums) => (sums[0], sums[1], sums[2], sums[3]) = (Sum(x0), Sum(x1), Sum(x2), Sum(x3));
}

readonly unsafe struct Double256 : ILanes<Vector256<double>, double>
{
    public static int Count => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Broadcast(double* p) => Vector256.Create(*p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Broadcast(double x) => Vector256.Create(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Load(double* p) => Vector256.Load(p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(double* p, Vector256<double> x) => x.Store(p);
    public static int Runs => 1;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> LoadRuns(double* first, double* second) => Vector256.Load(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StoreRuns(double* first, double* second, Vector256<double> x) => x.Store(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Fma(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static double Sum(Vector256<double> x) => Double128.Sum(x.GetLower() + x.GetUpper());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> LoadPart(double* p, int count) => Avx.MaskLoad(p, Part(count));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StorePart(double* p, Vector256<double> x, int count) => Avx.MaskStore(p, Part(count), x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static Vector256<double> Part(int count) => Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsDouble();
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> Mask(int count) => Part(count);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<double> LoadPart(double* p, int count, Vector256<double> mask) => Avx.MaskLoad(p, mask);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Sum(Vector256<double> x0, Vector256<double> x1, Vector256<double> x2, Vector256<double> x3, double* sums) => (sums[0], sums[1], sums[2], sums[3]) = (Sum(x0), Sum(x1), Sum(x2), Sum(x3));
}

readonly unsafe struct Single128 : ILanes<Vector128<float>, float>
{
    public static int Count => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Broadcast(float* p) => Vector128.Create(*p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Broadcast(float x) => Vector128.Create(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Load(float* p) => Vector128.Load(p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(float* p, Vector128<float> x) => x.Store(p);
    public static int Runs => 1;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> LoadRuns(float* first, float* second) => Vector128.Load(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StoreRuns(float* first, float* second, Vector128<float> x) => x.Store(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Fma(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Sum(Vector128<float> x) => (x[0] + x[2]) + (x[1] + x[3]);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPart(float* p, int count) =>
        count >= 4 ? Load(p) : Vector128.Create(count > 0 ? p[0] : 0, count > 1 ? p[1] : 0, count > 2 ? p[2] : 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(float* p, Vector128<float> x, int count)
    {
        if (count >= 4) { Store(p, x); return; }
        if (count > 0) p[0] = x.GetElement(0);
        if (count > 1) p[1] = x.GetElement(1);
        if (count > 2) p[2] = x.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Mask(int count) => default;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> LoadPart(float* p, int count, Vector128<float> mask) => LoadPart(p, count);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Sum(Vector128<float> x0, Vector128<float> x1, Vector128<float> x2, Vector128<float> x3, float* sums) => (sums[0], sums[1], sums[2], sums[3]) = (Sum(x0), Sum(x1), Sum(x2), Sum(x3));
}

readonly unsafe struct Double128 : ILanes<Vector128<double>, double>
{
    public static int Count => 2;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Broadcast(double* p) => Vector128.Create(*p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Broadcast(double x) => Vector128.Create(x);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Load(double* p) => Vector128.Load(p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Store(double* p, Vector128<double> x) => x.Store(p);
    public static int Runs => 1;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> LoadRuns(double* first, double* second) => Vector128.Load(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void StoreRuns(double* first, double* second, Vector128<double> x) => x.Store(first);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Fma(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.FusedMultiplyAdd(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static double Sum(Vector128<double> x) => x[0] + x[1];
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> LoadPart(double* p, int count) => count >= 2 ? Load(p) : Vector128.CreateScalar(count > 0 ? p[0] : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(double* p, Vector128<double> x, int count)
    {
        if (count >= 2) Store(p, x);
        else if (count > 0) p[0] = x.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> Mask(int count) => default;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<double> LoadPart(double* p, int count, Vector128<double> mask) => LoadPart(p, count);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static void Sum(Vector128<double> x0, Vector128<double> x1, Vector128<double> x2, Vector128<double> x3, double* sums) => (sums[0], sums[1], sums[2], sums[3]) = (Sum(x0), Sum(x1), Sum(x2), Sum(x3));
}
