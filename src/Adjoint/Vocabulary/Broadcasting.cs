using System.Collections.Concurrent;

namespace Adjoint;

/// <summary>How operands of different shapes and element types meet: NumPy's broadcasting, and the promotion of <see cref="DTypes.Promote"/>.</summary>
public static class Broadcasting
{
    static readonly ConcurrentDictionary<(Shape From, Shape To), (Shape Squeezed, Contract Rule)> repeats = new();
    static readonly Contract[] products = [.. Enumerable.Range(0, 12).Select(rank => { int[] all = [.. Enumerable.Range(0, rank)]; return Contract.Of([all, all], all); })];
    static readonly Contract[] scalings = [.. Enumerable.Range(0, 12).Select(rank => { int[] all = [.. Enumerable.Range(0, rank)]; return Contract.Of([[], all], all); })];

    extension(Tensor x)
    {
        /// <summary>The same values repeated along axes of length 1 and new leading axes, to <paramref name="shape"/>.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor BroadcastTo(Shape shape)
        {
            if (x.Shape == shape) return x;
            if (!repeats.TryGetValue((x.Shape, shape), out var known)) known = Repetition(x.Shape, shape);
            return Equation.Solve(known.Rule, x.Reshape(known.Squeezed));
        }

        /// <summary>The same values <paramref name="n"/> times along a new axis.</summary>
        public Tensor Repeat(int axis, int n)
        {
            int[] labels = [.. Enumerable.Range(1, x.Rank)];
            return Equation.Solve(Contract.Of([labels], [.. labels[..axis], 0, .. labels[axis..]], n), x);
        }

        /// <summary>The values in another element type. Floating to integer truncates toward zero; to bool asks for ≠ 0.</summary>
        public Tensor To(DType type) => x.DType == type && !x.IsWeak ? x
            : x.IsLiteral ? Tensor.Literal(type, type.IsFloat || x.DType != DType.Float64 ? x.Data.First() : Math.Truncate(x.Data.First()), weak: false)
            : Equation.Solve(new Convert(type, Strong: true), x);

        /// <summary>Zeros of the same shape and element type.</summary>
        public Tensor ZerosLike() => x.Size == Shape.Unknown ? (!x.EqualTo(x) & x.EqualTo(x)).To(x.DType) : Tensor.Literal(x.DType, 0, x.IsWeak).BroadcastTo(x.Shape);

        /// <summary>Ones of the same shape and element type.</summary>
        public Tensor OnesLike() => Tensor.Literal(x.DType, 1, x.IsWeak).BroadcastTo(x.Shape);

        /// <summary>Whether every element is this number, as far as the program says so.</summary>
        internal bool IsConstant(double value)
        {
            while (x.Equation is { Operation: Contract { Inputs.Count: 1 } move } equation && move.Inputs[0].Count == 0 && move.Output.Distinct().Count() == move.Output.Count) x = equation.Inputs[0];
            return x.IsLiteral && x.Data.First() == value;
        }
    }

    static (Shape Squeezed, Contract Rule) Repetition(Shape from, Shape to)
    {
        if (Shape.Broadcast("broadcast", from, to) != to) throw new ShapeException($"broadcast: shape {from} does not broadcast to {to}.");
        if (repeats.Count > 4096) repeats.Clear();
        var (squeezed, labels) = Stretch(from, to);
        int[] all = [.. Enumerable.Range(0, to.Rank)];
        return repeats[(from, to)] = (squeezed, Contract.Of([labels], all, [.. all.Where(k => !labels.Contains(k)).Select(k => to[k])]));
    }

    /// <summary>The operands in one element type.</summary>
    internal static (Tensor A, Tensor B) Promote(Tensor a, Tensor b)
    {
        if (a.DType == b.DType) return (a, b);
        var type = DTypes.Promote(a.DType, a.IsWeak, b.DType, b.IsWeak);
        return (Adopt(a, type, b.IsWeak), Adopt(b, type, a.IsWeak));
    }

    static Tensor Adopt(Tensor x, DType type, bool weak) => x.DType == type ? x
        : x.IsLiteral ? Tensor.Literal(type, x.Data.First(), weak && x.IsWeak)
        : Equation.Solve(new Convert(type), x);

    /// <summary>The operands in one element type and shape.</summary>
    internal static (Tensor A, Tensor B) Match(string operation, Tensor a, Tensor b)
    {
        (a, b) = Promote(a, b);
        if (a.Shape == b.Shape) return (a, b);
        Strict.Check(operation, a, b);
        var shape = Shape.Broadcast(operation, a.Shape, b.Shape);
        return (a.BroadcastTo(shape), b.BroadcastTo(shape));
    }

    /// <summary>The elementwise product, in which nothing is repeated that need not be.</summary>
    internal static Tensor Product(Tensor a, Tensor b)
    {
        (a, b) = Promote(a, b);
        if (a.Shape == b.Shape && a.Rank < products.Length) return Equation.Solve(products[a.Rank], a, b);
        Strict.Check("multiply", a, b);
        if (a.Rank == 0 && b.Rank < scalings.Length) return Equation.Solve(scalings[b.Rank], a, b);
        if (b.Rank == 0 && a.Rank < scalings.Length) return Equation.Solve(scalings[a.Rank], b, a);
        var shape = Shape.Broadcast("multiply", a.Shape, b.Shape);
        var ((x, labelsX), (y, labelsY)) = (Stretch(a.Shape, shape), Stretch(b.Shape, shape));
        return Equation.Solve(Contract.Of([labelsX, labelsY], Enumerable.Range(0, shape.Rank).ToArray()), a.Reshape(x), b.Reshape(y));
    }

    /// <summary>The shape without the axes that stretch, and where in <paramref name="to"/> the remaining ones are.</summary>
    static (Shape Squeezed, int[] Labels) Stretch(Shape from, Shape to)
    {
        int offset = to.Rank - from.Rank;
        int[] kept = [.. Enumerable.Range(0, from.Rank).Where(k => from[k] != 1 || to[k + offset] == 1)];
        return (Shape.Of([.. kept.Select(k => from[k])]), [.. kept.Select(k => k + offset)]);
    }
}

/// <summary>
/// Inside <c>using (Strict.Scope())</c> operands of different shapes are an error; only C# numbers combine with any shape. For code in which a
/// broadcast is more often a mistake than an intention. Holds for the current thread of control.
/// </summary>
public sealed class Strict : IDisposable
{
    static readonly AsyncLocal<bool> on = new();
    readonly bool before = on.Value;

    Strict() => on.Value = true;

    /// <summary>Refuses implicit broadcasting until it is disposed.</summary>
    public static IDisposable Scope() => new Strict();

    public void Dispose() => on.Value = before;

    internal static void Check(string operation, Tensor a, Tensor b)
    {
        if (a.Shape == b.Shape || a is { Rank: 0, IsWeak: true } || b is { Rank: 0, IsWeak: true } || !on.Value) return;
        throw new ShapeException($"{operation}: shapes {a.Shape} and {b.Shape} differ, and the Strict scope refuses implicit broadcasting. Use BroadcastTo({(a.Rank < b.Rank ? b.Shape : a.Shape)}).");
    }
}
