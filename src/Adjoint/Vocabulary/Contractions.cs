using System.Collections.Concurrent;

namespace Adjoint;

/// <summary>Sums, products and rearrangements of axes: all of them one operation, <see cref="Contract"/>.</summary>
public static class Contractions
{
    static readonly ConcurrentDictionary<(int Rank, int Summed), Contract> sums = new();
    static readonly Contract[][] products = [[Contract.Of("i,i->"), Contract.Of("i,ij->j")], [Contract.Of("ij,j->i"), Contract.Of("ij,jk->ik")]];

    extension(Tensor x)
    {
        /// <summary>The transpose: axes in reverse order.</summary>
        public Tensor T => x.Permute([.. Enumerable.Range(0, x.Rank).Reverse()]);

        /// <summary>The axes in another order: axis k of the result is axis <c>order[k]</c> of this.</summary>
        /// <exception cref="ShapeException">The order does not name every axis once.</exception>
        public Tensor Permute(params ReadOnlySpan<int> order)
        {
            int[] axes = new int[order.Length];
            for (int i = 0; i < axes.Length; i++) axes[i] = x.Shape.Axis(order[i]);
            if (axes.Length != x.Rank || axes.Distinct().Count() != x.Rank)
                throw new ShapeException($"permute: the order [{string.Join(", ", order.ToArray())}] must name each of the {x.Rank} axes of shape {x.Shape} once.");
            return Equation.Solve(Contract.Of([[.. Enumerable.Range(0, x.Rank)]], axes), x);
        }

        /// <summary>Two axes change places; by default the last two.</summary>
        public Tensor SwapAxes(int first = -1, int second = -2)
        {
            int[] order = [.. Enumerable.Range(0, x.Rank)];
            (first, second) = (x.Shape.Axis(first), x.Shape.Axis(second));
            (order[first], order[second]) = (order[second], order[first]);
            return x.Permute(order);
        }

        /// <summary>One axis moves to another place; the others keep their order.</summary>
        public Tensor MoveAxis(int from, int to)
        {
            var order = Enumerable.Range(0, x.Rank).ToList();
            (from, to) = (x.Shape.Axis(from), x.Shape.Axis(to));
            if (from == to) return x;
            order.RemoveAt(from);
            order.Insert(to, from);
            return x.Permute([.. order]);
        }

        /// <summary>The sum of all elements, or along some axes; <paramref name="keepAxes"/> leaves them with length 1. Bools are counted as int32.</summary>
        public Tensor Sum(ReadOnlySpan<int> axes = default, bool keepAxes = false)
        {
            if (x.DType == DType.Bool) return x.To(DType.Int32).Sum(axes, keepAxes);
            int summed = axes.IsEmpty ? -1 : 0;
            foreach (int axis in axes) summed |= 1 << x.Shape.Axis(axis);
            var rule = sums.GetOrAdd((x.Rank, summed), static key =>
            {
                int[] all = [.. Enumerable.Range(0, key.Rank)];
                return Contract.Of([all], [.. all.Where(axis => (key.Summed & 1 << axis) == 0)]);
            });
            var sum = Equation.Solve(rule, x);
            return keepAxes ? sum.Reshape(Kept(x.Shape, Axes(x, axes))) : sum;
        }

        /// <summary>The sum along one axis.</summary>
        public Tensor Sum(int axis, bool keepAxes = false) => x.Sum([axis], keepAxes);

        /// <summary>The mean of all elements, or along some axes.</summary>
        public Tensor Mean(ReadOnlySpan<int> axes = default, bool keepAxes = false)
        {
            var sum = Arithmetic.Floating(x).Sum(axes, keepAxes);
            long count = 1;
            foreach (int axis in Axes(x, axes)) count *= x.Shape[axis];
            return sum * (1.0 / count);
        }

        /// <summary>The mean along one axis.</summary>
        public Tensor Mean(int axis, bool keepAxes = false) => x.Mean([axis], keepAxes);

        /// <summary>The product of all pairs of elements that share their other indices: the scalar product of two vectors.</summary>
        /// <exception cref="ShapeException">The operands are not vectors of one length.</exception>
        public Tensor Dot(Tensor y) => x.Rank == 1 && y.Rank == 1 && x.Shape == y.Shape ? Tensor.Einsum("i,i->", x, y)
            : throw new ShapeException($"dot: the operands have shapes {x.Shape} and {y.Shape}; they must be vectors of one length. For matrices use MatMul.");

        /// <summary>
        /// The matrix product: the last axis of this is summed with the second-to-last of <paramref name="y"/> (the only one of a vector). Leading axes are batches and broadcast.
        /// </summary>
        /// <exception cref="ShapeException">The summed axes differ in length.</exception>
        public Tensor MatMul(Tensor y)
        {
            if (x.Rank == 0 || y.Rank == 0) throw new ShapeException($"matmul: the operands have shapes {x.Shape} and {y.Shape}; scalars multiply with *.");
            int inner = y.Rank == 1 ? y.Shape[0] : y.Shape[y.Rank - 2];
            if (x.Shape[x.Rank - 1] != inner)
                throw new ShapeException($"matmul: the last axis of the first input {x.Shape} must equal the {(y.Rank == 1 ? "only" : "second-to-last")} of the second {y.Shape}."
                    + (y.Rank > 1 && y.Shape[y.Rank - 1] == x.Shape[x.Rank - 1] ? " Did you mean a.MatMul(b.T)?" : ""));
            if (x.Rank <= 2 && y.Rank <= 2)
            {
                var (a, b) = Broadcasting.Promote(x, y);
                return Equation.Solve(products[a.Rank - 1][b.Rank - 1], a, b);
            }
            return Batched(x, y);
        }

        /// <summary>The sum of the diagonal of the last two axes.</summary>
        public Tensor Trace() => x.Diagonal().Sum(-1);

        /// <summary>The diagonal of the last two axes, as the last axis.</summary>
        public Tensor Diagonal()
        {
            int[] batch = [.. Enumerable.Range(0, x.Rank - 2)];
            return Equation.Solve(Contract.Of([[.. batch, 1000, 1000]], [.. batch, 1000]), x);
        }

        /// <summary>A matrix with this as its diagonal and zeros elsewhere.</summary>
        public Tensor DiagonalMatrix()
        {
            int[] all = [.. Enumerable.Range(0, x.Rank)];
            return Equation.Solve(Contract.Of([all], [.. all, x.Rank - 1]), x);
        }

        /// <summary>The product of every element of this with every element of <paramref name="y"/>.</summary>
        public Tensor Outer(Tensor y) => x.Reshape([x.Size, 1]) * y.Reshape([1, y.Size]);
    }

    extension(Tensor)
    {
        /// <summary>
        /// Einstein's sum: <c>Tensor.Einsum("ij,jk->ik", a, b)</c>. Every letter is an axis; letters missing from the output are summed. More than two
        /// operands are contracted in pairs, the cheapest first.
        /// </summary>
        /// <exception cref="ShapeException">The letters do not fit the operands.</exception>
        public static Tensor Einsum(string labels, params ReadOnlySpan<Tensor> operands) => EinsumOrder.Contract(labels, operands);
    }

    static Tensor Batched(Tensor x, Tensor y)
    {
        const int summed = 1000, row = 1001, column = 1002;
        int batch = Math.Max(x.Rank - 2, y.Rank - 2);
        (x, y) = Broadcasting.Promote(x, y);
        var ((left, leftBatch), (right, rightBatch)) = (DropOnes(x, y, 2), DropOnes(y, x, 2));
        int[] a = x.Rank == 1 ? [summed] : [.. leftBatch, row, summed], b = y.Rank == 1 ? [summed] : [.. rightBatch, summed, column];
        int[] output = [.. Enumerable.Range(0, Math.Max(0, batch)), .. a.Where(l => l == row), .. b.Where(l => l == column)];
        return Equation.Solve(Contract.Of([a, b], output), left, right);
    }

    // batch axes of length 1 that stretch against the other operand's are dropped
    static (Tensor, int[]) DropOnes(Tensor x, Tensor other, int tail)
    {
        int batch = Math.Max(0, x.Rank - tail), all = Math.Max(batch, other.Rank - tail), offset = all - batch;
        int Other(int k) => k + offset - (all - (other.Rank - tail)) is var j && j >= 0 && other.Rank > tail ? other.Shape[j] : 1;
        int[] kept = [.. Enumerable.Range(0, batch).Where(k => x.Shape[k] != 1 || Other(k) == 1)];
        foreach (int k in kept)
            if (x.Shape[k] != Other(k) && Other(k) != 1) throw new ShapeException($"matmul: the batch axes of {x.Shape} and {other.Shape} do not broadcast.");
        return (x.Reshape(Shape.Of([.. kept.Select(k => x.Shape[k]), .. x.Shape.Lengths[batch..]])), [.. kept.Select(k => k + offset)]);
    }

    internal static int[] Axes(Tensor x, ReadOnlySpan<int> axes)
    {
        if (axes.IsEmpty) return [.. Enumerable.Range(0, x.Rank)];
        var result = new int[axes.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int axis = x.Shape.Axis(axes[i]);
            if (result.AsSpan(0, i).Contains(axis)) throw new ShapeException($"axes: [{string.Join(", ", axes.ToArray())}] names axis {axis} of shape {x.Shape} twice; each axis may stand there once.");
            result[i] = axis;
        }
        return result;
    }

    internal static Shape Kept(Shape shape, int[] axes) => Shape.Of([.. shape.Select((n, k) => axes.Contains(k) ? 1 : n)]);
}
