using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>New tensors. Arrays keep their element type; factories that take none make float32.</summary>
public static class Create
{
    /// <summary>A vector with these elements.</summary>
    internal static Tensor From<T>(ReadOnlySpan<T> values) => new(new TensorData<T>(Shape.Of([values.Length]), values.ToArray()));

    internal static Tensor From<T>(T[] values) => From(values.AsSpan());

    internal static Tensor From<T>(Array values)
    {
        var elements = new T[values.Length];
        if (elements.Length > 0)
            MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), elements.Length).CopyTo(elements);
        return new(new TensorData<T>(Shape.Of([.. Enumerable.Range(0, values.Rank).Select(values.GetLength)]), elements));
    }

    /// <summary>
    /// What a collection expression makes: <c>[1.0, 2.0]</c> is a vector, <c>[[1, 2], [3, 4]]</c> a matrix, <c>[x, y]</c> stacks tensors of one shape.
    /// Numbers keep their element type, as in an array.
    /// </summary>
    /// <exception cref="ShapeException">The items differ in shape.</exception>
    public static Tensor FromItems(ReadOnlySpan<Tensor> items)
    {
        if (items.IsEmpty) return Tensor.Zeros([0]);
        var (type, isData) = (items[0].DType, true);
        foreach (var item in items)
        {
            if (item.Shape != items[0].Shape) throw new ShapeException($"collection expression: items of shapes {items[0].Shape} and {item.Shape} do not stack; they must be alike.");
            (type, isData) = (item.DType > type ? item.DType : type, isData && item.Cached is not null && !item.IsLive);
        }
        var typed = new Tensor[items.Length];
        for (int i = 0; i < typed.Length; i++) typed[i] = items[i].To(type);
        if (!isData) return Tensor.Stack(typed);
        return new(TensorData.Stack(type, items[0].Shape, Array.ConvertAll(typed, x => x.Data)));
    }

    extension(Tensor)
    {
        /// <summary>A vector of these values: <c>Tensor.Of(1.0, 2.0)</c>, <c>Tensor.Of([1, 2, 3])</c>.</summary>
        public static Tensor Of<T>(params ReadOnlySpan<T> values) => From(values);

        /// <summary>A matrix of these rows: <c>Tensor.Of([[1.0, 2.0], [3.0, 4.0]])</c>.</summary>
        /// <exception cref="ShapeException">The rows differ in length.</exception>
        public static Tensor Of<T>(T[][] rows) =>
            new(new TensorData<T>(Shape.Of([rows.Length, Common(rows.Select(r => r.Length))]), [.. rows.SelectMany(r => r)]));

        /// <summary>A tensor of rank 3 of these matrices.</summary>
        /// <exception cref="ShapeException">The matrices differ in shape.</exception>
        public static Tensor Of<T>(T[][][] blocks) =>
            new(new TensorData<T>(Shape.Of([blocks.Length, Common(blocks.Select(b => b.Length)), Common(blocks.SelectMany(b => b).Select(r => r.Length))]),
                [.. blocks.SelectMany(b => b).SelectMany(r => r)]));

        /// <summary>A tensor of any shape with these elements, row-major; they are copied.</summary>
        /// <exception cref="ShapeException">Their number is not the shape's.</exception>
        public static Tensor From<T>(Shape shape, ReadOnlySpan<T> values) => values.Length == shape.Size ? new(new TensorData<T>(shape, values.ToArray()))
            : throw new ShapeException($"Tensor.From: shape {shape} has {shape.Size} elements, but {values.Length} values were given.");

        /// <summary>A tensor over the caller's memory, without a copy. Whoever changes it later changes the tensor.</summary>
        /// <exception cref="ShapeException">The number of elements is not the shape's.</exception>
        public static Tensor View<T>(Shape shape, Memory<T> values) => values.Length == shape.Size ? new(new TensorData<T>(shape, values))
            : throw new ShapeException($"Tensor.View: shape {shape} has {shape.Size} elements, but the memory holds {values.Length}.");

        /// <summary>The elements of a span of <c>System.Numerics.Tensors</c>, copied.</summary>
        public static Tensor From<T>(in ReadOnlyTensorSpan<T> values)
        {
            var elements = new T[checked((int)values.FlattenedLength)];
            values.FlattenTo(elements);
            int[] lengths = new int[values.Rank];
            for (int k = 0; k < lengths.Length; k++) lengths[k] = checked((int)values.Lengths[k]);
            return new(new TensorData<T>(Shape.Of(lengths), elements));
        }

        /// <summary>The elements given by a function of the index.</summary>
        public static Tensor FromFunction<T>(Shape shape, Func<int[], T> element)
        {
            var values = new T[shape.Size];
            var index = new int[shape.Rank];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = element(index);
                for (int k = index.Length - 1; k >= 0 && ++index[k] == shape[k]; k--) index[k] = 0;
            }
            return new(new TensorData<T>(shape, values));
        }

        /// <summary>One number everywhere.</summary>
        public static Tensor Full(Shape shape, double value, DType type = DType.Float32) => Tensor.Literal(type, value, weak: false).BroadcastTo(shape);

        /// <summary>Zeros.</summary>
        public static Tensor Zeros(Shape shape, DType type = DType.Float32) => Tensor.Full(shape, 0, type);

        /// <summary>Ones.</summary>
        public static Tensor Ones(Shape shape, DType type = DType.Float32) => Tensor.Full(shape, 1, type);

        /// <summary>A scalar that keeps its element type, unlike a C# number.</summary>
        public static Tensor Scalar(double value, DType type = DType.Float32) => Tensor.Literal(type, value, weak: false);

        /// <summary>The n × n identity.</summary>
        public static Tensor Identity(int n, DType type = DType.Float32) => Equation.Solve(Contract.Of("->ii", n), Tensor.Literal(type, 1, weak: false));

        /// <summary>start, start + step, … below <paramref name="end"/>: integers.</summary>
        public static Tensor Arange(int start, int end, int step = 1)
        {
            if (step == 0) throw new ArgumentOutOfRangeException(nameof(step), "arange: the step must not be 0.");
            var values = new int[Math.Max(0, (int)(((long)end - start + step - Math.Sign(step)) / step))];
            for (int i = 0; i < values.Length; i++) values[i] = start + i * step;
            return From(values);
        }

        /// <summary>0, 1, … n − 1.</summary>
        public static Tensor Arange(int n) => Tensor.Arange(0, n);

        /// <summary>n numbers from <paramref name="start"/> to <paramref name="end"/>, both included, equally spaced.</summary>
        public static Tensor Linspace(double start, double end, int n, DType type = DType.Float32)
        {
            var values = new double[n];
            for (int i = 0; i < n; i++) values[i] = i == n - 1 ? end : start + (end - start) * i / (n - 1);
            return From(values).To(type);
        }
    }

    static int Common(IEnumerable<int> lengths)
    {
        int[] distinct = [.. lengths.Distinct()];
        return distinct.Length <= 1 ? distinct.FirstOrDefault()
            : throw new ShapeException($"Tensor.Of: the rows have lengths {string.Join(", ", distinct)}; they must be equal.");
    }

    extension(Tensor x)
    {
        /// <summary>The elements, row-major, copied.</summary>
        /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
        public T[] ToArray<T>() => x.Data.Span<T>().ToArray();

        /// <summary>The elements as doubles, whatever their type.</summary>
        public double[] ToArray() => x.Data.ToDoubles();

        /// <summary>The elements, row-major, without a copy.</summary>
        public ReadOnlySpan<T> AsSpan<T>() => x.Data.Span<T>();

        /// <summary>The elements under their shape, without a copy, for <c>System.Numerics.Tensors</c>.</summary>
        /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
        public ReadOnlyTensorSpan<T> AsTensorSpan<T>() => new(x.Data.Span<T>(), Array.ConvertAll(x.Shape.Lengths.ToArray(), n => (nint)n));

        /// <summary>The only element.</summary>
        /// <exception cref="InvalidOperationException">There are more, or <typeparamref name="T"/> is not the element type.</exception>
        public T ToScalar<T>() => x.Size == 1 ? x.Data.Span<T>()[0]
            : throw new InvalidOperationException($"ToScalar: a tensor of shape {x.Shape} has {x.Size} elements. Reduce it first, for example with Sum() or Mean().");

        /// <summary>The only element as a double, whatever its type.</summary>
        public double ToScalar() => x.Size == 1 ? x.Data.First()
            : throw new InvalidOperationException($"ToScalar: a tensor of shape {x.Shape} has {x.Size} elements. Reduce it first, for example with Sum() or Mean().");

        /// <summary>Computes the value now. Useful before timing, and to read several tensors in one run with <c>Functions.Evaluate</c>.</summary>
        public Tensor Evaluate() { _ = x.Data; return x; }
    }
}
