using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// An immutable list of axis lengths. Shapes are interned: equal shapes are one object. The length <see cref="Unknown"/> stands for the number of
/// iterations of a loop, known only when the program runs.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed class Shape : IReadOnlyList<int>
{
    /// <summary>The length of an axis that is known only at run time.</summary>
    public const int Unknown = -1;

    static readonly ConcurrentDictionary<Shape, Shape> interned = new(Structural.Instance);
    static readonly ConcurrentDictionary<Shape, Shape>.AlternateLookup<ReadOnlySpan<int>> known = interned.GetAlternateLookup<ReadOnlySpan<int>>();

    readonly int[] lengths;
    readonly int hash;
    static int ordinals;
    Shape? row;

    Shape(int[] lengths)
    {
        this.lengths = lengths;
        hash = Structural.Instance.GetHashCode(lengths);
        long size = 1;
        foreach (int n in lengths) size = n == Unknown || size == Unknown ? Unknown : checked(size * n);
        if (size > int.MaxValue) throw new ArgumentException($"A tensor of shape {this} has {size} elements; at most {int.MaxValue} fit.");
        Size = (int)size;
    }

    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static Shape Scalar { get; } = Of([]);

    /// <summary>A number that only this shape has.</summary>
    internal int Ordinal { get; } = Interlocked.Increment(ref ordinals);

    /// <summary>The number of axes.</summary>
    public int Rank => lengths.Length;

    /// <summary>The number of elements, or <see cref="Unknown"/>.</summary>
    public int Size { get; }

    /// <summary>The axis lengths.</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    /// <summary>The length of one axis.</summary>
    public int this[int axis] => lengths[axis];

    /// <summary>The length of one axis, which may be counted from the end: <c>shape[^1]</c>.</summary>
    public int this[Index axis] => lengths[axis];

    int IReadOnlyCollection<int>.Count => lengths.Length;

    /// <summary>The shape with these axis lengths.</summary>
    /// <exception cref="ArgumentException">A length is negative.</exception>
    public static Shape Of(ReadOnlySpan<int> lengths)
    {
        if (known.TryGetValue(lengths, out var same)) return same;
        foreach (int n in lengths)
            if (n < Unknown) throw new ArgumentException($"An axis cannot have length {n}.");
        var shape = new Shape(lengths.ToArray());
        return interned.GetOrAdd(shape, shape);
    }

    /// <summary>The shape with one axis.</summary>
    public static implicit operator Shape(int length) => Of([length]);

    /// <summary>This shape with an axis of length <paramref name="length"/> inserted before <paramref name="axis"/>.</summary>
    public Shape Insert(int axis, int length) => Of([.. lengths.AsSpan(0, axis), length, .. lengths.AsSpan(axis)]);

    /// <summary>This shape without <paramref name="axis"/>.</summary>
    public Shape Remove(int axis) => axis == 0 ? row ??= Without(0) : Without(axis);

    Shape Without(int axis) => Of([.. lengths.AsSpan(0, axis), .. lengths.AsSpan(axis + 1)]);

    /// <summary>This shape with another length for <paramref name="axis"/>.</summary>
    public Shape With(int axis, int length) { int[] next = [.. lengths]; next[axis] = length; return Of(next); }

    /// <summary>The NumPy broadcast of two shapes: aligned at the last axis, an axis of length 1 stretches.</summary>
    /// <exception cref="ShapeException">Two aligned lengths differ and neither is 1.</exception>
    public static Shape Broadcast(string operation, Shape a, Shape b)
    {
        if (a == b || b.Rank == 0) return a;
        if (a.Rank == 0) return b;
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> result = stackalloc int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int m = i <= a.Rank ? a[a.Rank - i] : 1, n = i <= b.Rank ? b[b.Rank - i] : 1;
            result[^i] = m == n || n == 1 ? m : m == 1 ? n : throw new ShapeException(
                $"{operation}: shapes {a} and {b} do not broadcast: axis {-i} has lengths {m} and {n}, which must be equal or 1.");
        }
        return Of(result);
    }

    /// <summary>Row-major strides, in elements.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        for (int axis = Rank - 1, stride = 1; axis >= 0; stride *= lengths[axis--]) strides[axis] = stride;
        return strides;
    }

    /// <summary>An axis counted from the end (negative) or the start, as an index from the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int Axis(int axis) => axis >= -Rank && axis < Rank ? (axis + Rank) % Rank
        : throw new ArgumentOutOfRangeException(nameof(axis), $"A tensor of shape {this} has {Rank} axes; there is no axis {axis}.");

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", lengths.Select(n => n == Unknown ? "?" : n.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)lengths).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => lengths.GetEnumerator();

    sealed class Structural : IEqualityComparer<Shape>, IAlternateEqualityComparer<ReadOnlySpan<int>, Shape>
    {
        public static readonly Structural Instance = new();
        public bool Equals(Shape? a, Shape? b) => a!.lengths.AsSpan().SequenceEqual(b!.lengths);
        public int GetHashCode(Shape shape) => shape.hash;
        public bool Equals(ReadOnlySpan<int> lengths, Shape shape) => lengths.SequenceEqual(shape.lengths);
        public Shape Create(ReadOnlySpan<int> lengths) => new(lengths.ToArray());

        public int GetHashCode(ReadOnlySpan<int> lengths)
        {
            var h = new HashCode();
            foreach (int n in lengths) h.Add(n);
            return h.ToHashCode();
        }
    }
}

/// <summary>Shapes or element types that do not fit an operation. The message names the operation, every operand, the rule and the remedy.</summary>
public sealed class ShapeException(string message) : ArgumentException(message);
