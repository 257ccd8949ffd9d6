namespace Adjoint;

/// <summary>Functions of trees as functions of lists of tensors, which the transforms take.</summary>
static class TreeFunctions
{
    /// <summary>The leaves that have a derivative: floating parameters. A C# integer is a number like any other, and becomes floating here.</summary>
    public static int[] Differentiable<T>(T tree, Tensor[] leaves) where T : ITree<T>
    {
        var roles = Trees.Roles(tree);
        for (int i = 0; i < leaves.Length; i++)
            if (leaves[i].IsWeak && roles[i] == LeafRole.Parameter && leaves[i].DType is DType.Int32 or DType.Int64) leaves[i] = Arithmetic.Floating(leaves[i]);
        return [.. Enumerable.Range(0, leaves.Length).Where(i => roles[i] == LeafRole.Parameter && leaves[i].DType.IsFloat)];
    }

    /// <summary>The list with other tensors at some places.</summary>
    public static Tensor[] With(this Tensor[] leaves, int[] places, Tensor[] values)
    {
        Tensor[] result = [.. leaves];
        for (int i = 0; i < places.Length; i++) result[places[i]] = values[i];
        return result;
    }

    /// <summary>The results of <paramref name="f"/>, and the gradient of the first, a scalar; zeros where a leaf has none.</summary>
    public static (Tensor[] Results, T Gradient) Gradient<T>(string name, T at, Func<T, Tensor[]> f) where T : ITree<T>
    {
        var leaves = Trees.Leaves(at);
        int[] places = Differentiable(at, leaves);
        if (places.Length == 0) throw new ArgumentException($"{name}: the argument has no floating parameter to differentiate with respect to, only {string.Join(", ", leaves.Select(x => x.DType.Text).Distinct())}. Convert it with To(DType.Float64), or write 3.0 for 3.");
        var (results, gradient) = Differentiation.Gradient(name, x => f(at.Rebuild(leaves.With(places, x))), leaves.Pick(places));
        return (results, at.Rebuild(ZerosLike(leaves).With(places, gradient)));
    }

    /// <summary>The result, and its tangent in the direction <paramref name="dx"/>.</summary>
    public static (TResult Value, TResult Tangent) Jvp<T, TResult>(Func<T, TResult> f, T at, T dx) where T : ITree<T> where TResult : ITree<TResult>
    {
        var leaves = Trees.Leaves(at);
        int[] places = Differentiable(at, leaves);
        var directions = CheckLike("jvp", at, leaves, dx, "the direction");
        TResult? shape = default;
        var (results, tangents) = Differentiation.Jvp(x => Trees.Leaves(shape = f(at.Rebuild(leaves.With(places, x)))), leaves.Pick(places), directions.Pick(places));
        return (shape!.Rebuild(results), shape.Rebuild(Differentiation.Filled(tangents, results)));
    }

    /// <summary>The result, and the function from its cotangents to those of the argument.</summary>
    public static (TResult Value, Func<TResult, T> Pullback) Vjp<T, TResult>(Func<T, TResult> f, T at) where T : ITree<T> where TResult : ITree<TResult>
    {
        var leaves = Trees.Leaves(at);
        int[] places = Differentiable(at, leaves);
        TResult? shape = default;
        var (results, pullback) = Differentiation.Vjp(x => Trees.Leaves(shape = f(at.Rebuild(leaves.With(places, x)))), leaves.Pick(places));
        var value = shape!.Rebuild(results);
        return (value, λ =>
        {
            Tensor?[] cotangents = CheckLike("vjp", value, results, λ, "the cotangent");
            for (int k = 0; k < cotangents.Length; k++) if (!results[k].DType.IsFloat) cotangents[k] = null;
            var below = pullback(cotangents);
            return at.Rebuild(ZerosLike(leaves).With(places, Differentiation.Filled(below, leaves.Pick(places))));
        }
        );
    }

    /// <summary>The function for the rows of the argument's leaves, side by side.</summary>
    public static TResult Vectorize<T, TResult>(Func<T, TResult> f, T rows) where T : ITree<T> where TResult : ITree<TResult>
    {
        var leaves = Trees.Leaves(rows);
        int n = -1;
        foreach (var x in leaves)
        {
            if (x.Rank == 0) throw new ShapeException($"vectorize: an argument of {x.DType.Text}[] has no first axis to run over. Capture it in the function instead of passing it, or give it a batch axis.");
            if (n >= 0 && x.Shape[0] != n)
                throw new ShapeException($"vectorize: the first axes of the arguments have lengths {string.Join(", ", leaves.Select(l => l.Shape[0]).Distinct())}; they must be equal. Capture what all rows share instead of passing it.");
            n = x.Shape[0];
        }
        if (n < 0) throw new ArgumentException("vectorize: the arguments hold no tensor.");
        var inputs = Array.ConvertAll(leaves, x => Input.Of("row", new(x.Shape.Remove(0), x.DType), x.IsWeak));
        var shape = f(rows.Rebuild(inputs));
        var map = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < inputs.Length; i++) map[inputs[i]] = leaves[i];
        return shape.Rebuild(Vectorization.Apply(Trees.Leaves(shape), map, n));
    }

    public static Tensor[] Pick(this Tensor[] leaves, int[] places) => Array.ConvertAll(places, i => leaves[i]);

    static Tensor[] ZerosLike(Tensor[] leaves) => Array.ConvertAll(leaves, x => x.ZerosLike());

    /// <summary>The leaves of a tangent or cotangent, in the element types of what it belongs to.</summary>
    static Tensor[] CheckLike<T>(string name, T tree, Tensor[] leaves, T other, string what) where T : ITree<T>
    {
        var found = Trees.Leaves(other);
        if (found.Length != leaves.Length) throw new ArgumentException($"{name}: {what} has {found.Length} tensors, where {leaves.Length} are needed.");
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i].Shape != leaves[i].Shape)
                throw new ShapeException($"{name}: {what}{Named(tree, i)} has shape {found[i].Shape}; it must have the shape {leaves[i].Shape} of what it belongs to.");
            if (leaves[i].DType.IsFloat) found[i] = found[i].DType == leaves[i].DType ? found[i] : found[i].To(leaves[i].DType);
        }
        return found;
    }

    static string Named<T>(T tree, int leaf) where T : ITree<T> => Trees.Paths(tree)[leaf] is { Length: > 0 } path ? " of " + path : "";
}
