using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Adjoint;

/// <summary>A hash of the results of products of both types: the same from every process, whatever instructions it may use.</summary>
static unsafe class Bits
{
    public static string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add<float>(hash);
        Add<double>(hash);
        return System.Convert.ToHexString(hash.GetHashAndReset());
    }

    static void Add<T>(IncrementalHash hash) where T : unmanaged, INumberBase<T>
    {
        var random = new Random(5);
        foreach (var (m, k, n) in ((int, int, int)[])[(64, 256, 10), (63, 1000, 15), (100, 100, 100), (5, 2000, 3), (200, 5, 3), (1, 1000, 1), (1, 300, 70), (17, 19, 23), (3, 5, 7), (130, 800, 33)])
            foreach (var (a, b) in ((int[], int[])[])[([0, 1], [1, 2]), ([0, 1], [2, 1]), ([1, 0], [1, 2])])
            {
                int[] lengths = [m, k, n];
                T[] x = Fill<T>(m * k, random), y = Fill<T>(k * n, random), z = new T[m * n];
                var plan = ContractionPlan.For(DTypes.Of<T>(), lengths, LabelledAxes.Dense(a, lengths), LabelledAxes.Dense(b, lengths), LabelledAxes.Dense([0, 2], lengths));
                fixed (T* p = x, q = y, r = z) plan.Run(p, q, r, ThreadTeam.Shared);
                hash.AppendData(MemoryMarshal.AsBytes<T>(z));
            }
    }

    static T[] Fill<T>(int count, Random random) where T : INumberBase<T> => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() - 0.5))];
}
