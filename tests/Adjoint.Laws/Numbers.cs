namespace Adjoint.Testing;

/// <summary>Arithmetic on evaluated tensors, for the laws: apart from the library, so that it cannot hide its mistakes.</summary>
static class Numbers
{
    /// <summary>A direction: components from −1 to 1.</summary>
    public static Tensor Direction(Tensor x, Random random) =>
        Of(x, [.. Enumerable.Range(0, x.Size).Select(_ => 2 * random.NextDouble() - 1)]);

    /// <summary>Float64 or float32 data of the shape and element type of <paramref name="like"/>.</summary>
    public static Tensor Of(Tensor like, double[] values) => like.DType == DType.Float32
        ? new(new TensorData<float>(like.Shape, Array.ConvertAll(values, v => (float)v))) : new(new TensorData<double>(like.Shape, values));

    /// <summary>x + h·v</summary>
    public static Tensor Along(Tensor x, Tensor? v, double h) => v is null ? x
        : Of(x, [.. x.ToArray().Zip(v.ToArray(), (a, b) => a + h * b)]);

    /// <summary>Σ a·b over all pairs; absent tensors are zero.</summary>
    public static double Dot(IEnumerable<Tensor?> a, IEnumerable<Tensor?> b) =>
        a.Zip(b).Sum(p => p.First is { } x && p.Second is { } y ? x.ToArray().Zip(y.ToArray(), (s, t) => s * t).Sum() : 0);

    /// <summary>√Σ x²</summary>
    public static double Norm(IEnumerable<Tensor?> x) => Math.Sqrt(x.Sum(t => t is null ? 0 : t.ToArray().Sum(v => v * v)));

    /// <summary>The greatest finite magnitude.</summary>
    public static double Greatest(double[] x) => x.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    /// <summary>The greatest difference; NaN equals NaN and an infinity itself, and any other difference from those is infinite.</summary>
    public static double Distance(double[] a, double[] b)
    {
        double distance = 0;
        for (int i = 0; i < a.Length; i++)
            if (!a[i].Equals(b[i])) distance = Math.Max(distance, double.IsFinite(a[i]) && double.IsFinite(b[i]) ? Math.Abs(a[i] - b[i]) : double.PositiveInfinity);
        return distance;
    }

    /// <summary>Whether all bits are equal.</summary>
    public static bool SameBits(double[] a, double[] b) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(b));

    /// <summary>Row <paramref name="row"/> of data with a leading axis.</summary>
    public static double[] Row(double[] x, int row, int rows) => x[(row * (x.Length / rows))..((row + 1) * (x.Length / rows))];

    /// <summary>Another point of the same domain: reals a little scaled, integers and bools rolled.</summary>
    public static TensorData Nearby(TensorData x, int row, Random random)
    {
        int[] rolled = [.. Enumerable.Range(0, x.Shape.Size).Select(i => (i + row) % x.Shape.Size)];
        return x switch
        {
            _ when row == 0 => x,
            TensorData<double> d => new TensorData<double>(x.Shape, [.. d.ToDoubles().Select(v => v * (1 + 0.02 * random.NextDouble()))]),
            TensorData<float> f => new TensorData<float>(x.Shape, [.. f.ToDoubles().Select(v => (float)(v * (1 + 0.02 * random.NextDouble())))]),
            _ => x.Take(x.Shape, rolled),
        };
    }

    /// <summary>Data of one shape, stacked along a new first axis.</summary>
    public static Tensor Stack(TensorData[] rows)
    {
        var shape = rows[0].Shape.Insert(0, rows.Length);
        Tensor Join<T>() => new(new TensorData<T>(shape, [.. rows.SelectMany(r => r.Span<T>().ToArray())]));
        return rows[0].Type switch
        {
            DType.Bool => Join<bool>(),
            DType.Int32 => Join<int>(),
            DType.Int64 => Join<long>(),
            DType.Float32 => Join<float>(),
            _ => Join<double>(),
        };
    }

    /// <summary>The first elements, for messages.</summary>
    public static string Text(double[] x) => "[" + string.Join(", ", x.Take(12).Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) + (x.Length > 12 ? ", …]" : "]");
}
