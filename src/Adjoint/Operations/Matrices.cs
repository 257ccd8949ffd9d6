using System.Collections.Immutable;

namespace Adjoint.Operations;

/// <summary>What matrix operations share: their data as doubles, one matrix at a time, and small rules.</summary>
static class Matrices
{
    /// <summary>Elements <paramref name="start"/> … of floating data, as doubles.</summary>
    public static double[] Read(TensorData x, int start, int count)
    {
        if (x is TensorData<double> d) return d.Elements.Span.Slice(start, count).ToArray();
        var result = new double[count];
        var from = x.Span<float>().Slice(start, count);
        for (int i = 0; i < count; i++) result[i] = from[i];
        return result;
    }

    /// <summary>Doubles as data of a floating type.</summary>
    public static TensorData Write(DType type, Shape shape, double[] values) => type switch
    {
        DType.Float64 => new TensorData<double>(shape, values),
        DType.Float32 => new TensorData<float>(shape, Array.ConvertAll(values, v => (float)v)),
        DType.Int64 => new TensorData<long>(shape, Array.ConvertAll(values, v => (long)v)),
        DType.Int32 => new TensorData<int>(shape, Array.ConvertAll(values, v => (int)v)),
        _ => new TensorData<bool>(shape, Array.ConvertAll(values, v => v != 0)),
    };

    /// <summary>The axes before the last two.</summary>
    public static Shape Leading(Shape x) => Shape.Of(x.Lengths[..^2]);

    /// <summary>Further axes at the end of a shape.</summary>
    public static Shape Append(Shape leading, params ReadOnlySpan<int> axes) => Shape.Of([.. leading.Lengths, .. axes]);

    /// <summary>Which matrix of a batch, for messages; nothing for a single one.</summary>
    public static string Which(Shape leading, int index) => leading.Rank == 0 ? "" : $" of the matrix at batch index {Index(leading, index)}";

    static string Index(Shape leading, int index)
    {
        var at = new int[leading.Rank];
        for (int k = at.Length - 1; k >= 0; index /= Math.Max(1, leading[k--])) at[k] = index % Math.Max(1, leading[k]);
        return $"[{string.Join(", ", at)}]";
    }

    /// <summary>The entries with column − row between <paramref name="from"/> and <paramref name="to"/>; zeros elsewhere.</summary>
    public static Tensor Band(this Tensor x, int from, int to) =>
        x * Equation.Solve(new Triangle(x.Shape[^2], x.Shape[^1], Math.Max(from, 1 - x.Shape[^2]), Math.Min(to, x.Shape[^1] - 1), x.DType));

    /// <summary>The entries on and below the diagonal, or only below.</summary>
    public static Tensor Lower(this Tensor x, bool diagonal = true) => x.Band(int.MinValue, diagonal ? 0 : -1);

    /// <summary>The entries on and above the diagonal, or only above.</summary>
    public static Tensor Upper(this Tensor x, bool diagonal = true) => x.Band(diagonal ? 0 : 1, int.MaxValue);

    /// <summary>The identity that fits the last axis.</summary>
    public static Tensor IdentityLike(Tensor x) => Tensor.Identity(x.Shape[^1], x.DType);

    /// <summary>Divides all elements by a power of two, the result, so that squares neither overflow nor vanish.</summary>
    public static double Scale(double[] a)
    {
        double largest = 0;
        foreach (double x in a) largest = Math.Max(largest, Math.Abs(x));
        if (largest == 0 || !double.IsFinite(largest)) return 1;
        double scale = Math.ScaleB(1, Math.Clamp(Math.ILogB(largest), -1000, 1000));
        for (int i = 0; i < a.Length; i++) a[i] /= scale;
        return scale;
    }

    /// <summary>The transpose of a row-major matrix.</summary>
    public static double[] Transposed(double[] a, int m, int n)
    {
        var result = new double[a.Length];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) result[j * m + i] = a[i * n + j];
        return result;
    }
}

/// <summary>
/// An operation on matrices: takes each matrix of the last two axes by itself, so that a batch is only one more leading axis. Nonlinear.
/// float32 computes in double and rounds.
/// </summary>
public abstract record MatrixFunction : Operation
{
    /// <summary>Whether the matrix must be square.</summary>
    protected abstract bool Square { get; }

    /// <summary>The axes of the results for one m × n matrix.</summary>
    protected abstract int[][] Axes(int m, int n);

    /// <summary>The results for one m × n matrix, row-major; <paramref name="which"/> says in messages which it is.</summary>
    protected abstract double[][] Compute(double[] a, int m, int n, string which);

    public sealed override Signatures Infer(ImmutableArray<Tensor> x)
    {
        var shape = x[0].Shape;
        if (!x[0].DType.IsFloat) throw Mismatch($"the matrix {shape} is {x[0].DType.Text}; it must be floating. Convert it, for example with To(DType.Float64).");
        if (shape.Rank < 2) throw Mismatch($"shape {shape} has {shape.Rank} axes; a matrix has two, after any batch axes. Use Reshape or ExpandAxis.");
        if (Square && shape[^2] != shape[^1]) throw Mismatch($"the matrix {shape} must be square: its last two axes have lengths {shape[^2]} and {shape[^1]}.");
        var type = x[0].DType;
        var leading = Matrices.Leading(shape);
        return Array.ConvertAll(Axes(shape[^2], shape[^1]), axes => new Signature(Matrices.Append(leading, axes), type));
    }

    public sealed override TensorData[] Evaluate(Equation z, TensorData[] x)
    {
        var shape = x[0].Shape;
        int m = shape[^2], n = shape[^1];
        var leading = Matrices.Leading(shape);
        var shapes = Array.ConvertAll(Axes(m, n), axes => Matrices.Append(leading, axes));
        var results = Array.ConvertAll(shapes, s => new double[s.Size]);
        for (int b = 0; b < leading.Size; b++)
        {
            var one = Compute(Matrices.Read(x[0], b * m * n, m * n), m, n, Matrices.Which(leading, b));
            for (int k = 0; k < one.Length; k++) one[k].CopyTo(results[k], b * one[k].Length);
        }
        return [.. results.Select((values, k) => Matrices.Write(x[0].Type, shapes[k], values))];
    }

    public sealed override bool LinearIn(int i) => false;
    public sealed override Tensor?[] Transpose(Equation z, bool[] linear, Tensor?[] λ) => throw Linear.NotLinear(z);
    public sealed override Tensor[] Batch(Equation z, Tensor[] x, bool[] batched, int n) => [.. Equation.Of(this, [x[0]]).Results];
}
