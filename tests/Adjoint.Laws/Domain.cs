namespace Adjoint.Testing;

/// <summary>Where the inputs of samples come from.</summary>
public static class Domain
{
    /// <summary>Reals of magnitude 0.2 to 1.5 and both signs: away from 0, where many functions have kinks.</summary>
    public static Draw Real(params int[] shape) => Each(shape, random => (random.Next(2) * 2 - 1) * (0.2 + 1.3 * random.NextDouble()));

    /// <summary>Reals of an interval.</summary>
    public static Draw In(double lower, double upper, params int[] shape) => Each(shape, random => lower + (upper - lower) * random.NextDouble());

    /// <summary>Positive reals, 0.3 to 2.</summary>
    public static Draw Positive(params int[] shape) => In(0.3, 2, shape);

    /// <summary>Reals of which no two are closer than 0.1, in random order: for maxima and sorting.</summary>
    public static Draw Distinct(params int[] shape) => random =>
    {
        int n = shape.Aggregate(1, (a, b) => a * b);
        double[] values = [.. Enumerable.Range(0, n).Select(i => 0.3 * (i - n / 2) + 0.15 + 0.1 * random.NextDouble())];
        random.Shuffle(values);
        return Tensor.From<double>(Shape.Of(shape), values);
    };

    /// <summary>Integers from <paramref name="lower"/> to below <paramref name="upper"/>, int32.</summary>
    public static Draw Integers(int lower, int upper, params int[] shape) => random => Tensor.FromFunction(Shape.Of(shape), _ => random.Next(lower, upper));

    /// <summary>Integers from <paramref name="lower"/> to below <paramref name="upper"/>, int64.</summary>
    public static Draw Longs(int lower, int upper, params int[] shape) => random => Tensor.FromFunction(Shape.Of(shape), _ => (long)random.Next(lower, upper));

    /// <summary>Bools.</summary>
    public static Draw Bools(params int[] shape) => random => Tensor.FromFunction(Shape.Of(shape), _ => random.Next(2) == 1);

    /// <summary>These numbers, float64.</summary>
    public static Draw Exactly(params double[] values) => _ => Tensor.From<double>(Shape.Of([values.Length]), values);

    /// <summary>Square matrices with singular values away from 0: a random one plus 3 on the diagonal; leading axes are batches.</summary>
    public static Draw Invertible(params int[] shape) => random => Tensor.FromFunction(Shape.Of(shape), i => 2 * random.NextDouble() - 1 + (i[^1] == i[^2] ? 3.0 : 0));

    /// <summary>Symmetric positive definite n × n matrices with distinct eigenvalues.</summary>
    public static Draw PositiveDefinite(int n) => random =>
    {
        var a = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                a[i, j] = a[j, i] = i == j ? 2 + 1.5 * i + 0.2 * random.NextDouble() : 0.8 * random.NextDouble() - 0.4;
        return a;
    };

    static Draw Each(int[] shape, Func<Random, double> draw) => random => Tensor.FromFunction(Shape.Of(shape), _ => draw(random));
}
