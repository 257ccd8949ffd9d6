namespace Adjoint;

/// <summary>
/// Transforms of functions: derivatives, batches, programs. They take any C# function of trees of tensors, and nest in any order. Meant for
/// <c>using static</c>. Several arguments are differentiated, batched or compiled together; what a function captures is a constant to it.
/// </summary>
public static class Functions
{
    /// <summary>The gradient of a scalar function, as a function: it has the shape of the argument.</summary>
    /// <exception cref="ShapeException">The function's result is not a floating scalar.</exception>
    public static Func<Tensor, Tensor> Gradient(Func<Tensor, Tensor> f) => Gradient<Tensor>(f);

    /// <inheritdoc cref="Gradient(Func{Tensor, Tensor})"/>
    public static Func<T, T> Gradient<T>(Func<T, Tensor> f) where T : ITree<T> => at => TreeFunctions.Gradient("gradient", at, x => [f(x)]).Gradient;

    /// <summary>The gradient with respect to both arguments.</summary>
    public static Func<Tensor, Tensor, (Tensor, Tensor)> Gradient(Func<Tensor, Tensor, Tensor> f) => Gradient<Tensor, Tensor>(f);

    /// <summary>The gradient with respect to all three arguments.</summary>
    public static Func<Tensor, Tensor, Tensor, (Tensor, Tensor, Tensor)> Gradient(Func<Tensor, Tensor, Tensor, Tensor> f) => Gradient<Tensor, Tensor, Tensor>(f);

    /// <summary>The gradient with respect to both arguments.</summary>
    public static Func<T1, T2, (T1, T2)> Gradient<T1, T2>(Func<T1, T2, Tensor> f) where T1 : ITree<T1> where T2 : ITree<T2>
    {
        var gradient = Gradient<Pair<T1, T2>>(p => f(p.First, p.Second));
        return (a, b) => gradient(new(a, b)) is var g ? (g.First, g.Second) : default;
    }

    /// <summary>The gradient with respect to all three arguments.</summary>
    public static Func<T1, T2, T3, (T1, T2, T3)> Gradient<T1, T2, T3>(Func<T1, T2, T3, Tensor> f) where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3>
    {
        var gradient = Gradient<Pair<T1, Pair<T2, T3>>>(p => f(p.First, p.Second.First, p.Second.Second));
        return (a, b, c) => gradient(new(a, new(b, c))) is var g ? (g.First, g.Second.First, g.Second.Second) : default;
    }

    /// <summary>The gradient of a function of an array.</summary>
    public static Func<T[], T[]> Gradient<T>(Func<T[], Tensor> f) where T : ITree<T>
    {
        var gradient = Gradient<Several<T>>(p => f(p.Items));
        return items => gradient(new(items)).Items;
    }

    /// <summary>The value of a scalar function and its gradient.</summary>
    /// <exception cref="ShapeException">The function's result is not a floating scalar.</exception>
    public static Func<Tensor, (Tensor Value, Tensor Gradient)> ValueAndGradient(Func<Tensor, Tensor> f) => ValueAndGradient<Tensor>(f);

    /// <inheritdoc cref="ValueAndGradient(Func{Tensor, Tensor})"/>
    public static Func<T, (Tensor Value, T Gradient)> ValueAndGradient<T>(Func<T, Tensor> f) where T : ITree<T> => at => ValueAndGradient(at, f);

    /// <summary>The value of a scalar function at a point, and its gradient there.</summary>
    public static (Tensor Value, T Gradient) ValueAndGradient<T>(T at, Func<T, Tensor> f) where T : ITree<T>
    {
        var (results, gradient) = TreeFunctions.Gradient("gradient", at, x => [f(x)]);
        return (results[0], gradient);
    }

    /// <inheritdoc cref="ValueAndGradient{T}(T, Func{T, Tensor})"/>
    public static (Tensor Value, T Gradient) ValueAndGradient<T>(Func<T, Tensor> f, T at) where T : ITree<T> => ValueAndGradient(at, f);

    /// <summary>The same for a function that also returns something else, which is handed out as it is: predictions, or the next state of a layer.</summary>
    public static (Tensor Value, T Gradient, TOther Other) ValueAndGradient<T, TOther>(T at, Func<T, (Tensor Value, TOther Other)> f) where T : ITree<T>
    {
        TOther? other = default;
        var (results, gradient) = TreeFunctions.Gradient("gradient", at, x =>
        {
            (var value, other) = f(x);
            return [value];
        });
        return (results[0], gradient, other!);
    }

    /// <summary>The value at a point, and the directional derivative along <paramref name="direction"/>: forward mode.</summary>
    public static (Tensor Value, Tensor Tangent) Jvp(Func<Tensor, Tensor> f, Tensor at, Tensor direction) => TreeFunctions.Jvp(f, at, direction);

    /// <inheritdoc cref="Jvp(Func{Tensor, Tensor}, Tensor, Tensor)"/>
    public static (TResult Value, TResult Tangent) Jvp<T, TResult>(Func<T, TResult> f, T at, T direction) where T : ITree<T> where TResult : ITree<TResult> =>
        TreeFunctions.Jvp(f, at, direction);

    /// <summary>The value at a point, and the function that takes cotangents of the value to cotangents of the argument: reverse mode.</summary>
    public static (Tensor Value, Func<Tensor, Tensor> Pullback) Vjp(Func<Tensor, Tensor> f, Tensor at) => TreeFunctions.Vjp(f, at);

    /// <inheritdoc cref="Vjp(Func{Tensor, Tensor}, Tensor)"/>
    public static (TResult Value, Func<TResult, T> Pullback) Vjp<T, TResult>(Func<T, TResult> f, T at) where T : ITree<T> where TResult : ITree<TResult> =>
        TreeFunctions.Vjp(f, at);

    /// <summary>All partial derivatives of a function, [result…, argument…]; by forward or reverse mode, whichever needs fewer sweeps.</summary>
    public static Jacobian<Tensor> Jacobian(Func<Tensor, Tensor> f, JacobianMode mode = JacobianMode.Auto) => new(f, mode);

    /// <summary>The same for a function of a tree: leaf [a…] of the argument becomes [result…, a…].</summary>
    public static Jacobian<T> Jacobian<T>(Func<T, Tensor> f, JacobianMode mode = JacobianMode.Auto) where T : ITree<T> => new(f, mode);

    /// <summary>All second derivatives of a scalar function, [argument…, argument…]: forward over reverse.</summary>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> f) => Jacobian(Gradient(f), JacobianMode.Forward).Invoke;

    /// <summary>H v, for the Hessian H of a scalar function at a point, without forming H: forward over reverse.</summary>
    public static T HessianVectorProduct<T>(Func<T, Tensor> f, T at, T v) where T : ITree<T> => TreeFunctions.Jvp(Gradient(f), at, v).Tangent;

    /// <summary>A function of one row as a function of many: every tensor of the argument and of the result gains a first axis, the batch.</summary>
    /// <exception cref="ShapeException">The first axes of the arguments differ.</exception>
    public static Func<Tensor, Tensor> Vectorize(Func<Tensor, Tensor> f) => rows => TreeFunctions.Vectorize(f, rows);

    /// <inheritdoc cref="Vectorize(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, Tensor> Vectorize(Func<Tensor, Tensor, Tensor> f) => Vectorize<Tensor, Tensor, Tensor>(f);

    /// <inheritdoc cref="Vectorize(Func{Tensor, Tensor})"/>
    public static Func<T, TResult> Vectorize<T, TResult>(Func<T, TResult> f) where T : ITree<T> where TResult : ITree<TResult> =>
        rows => TreeFunctions.Vectorize(f, rows);

    /// <inheritdoc cref="Vectorize(Func{Tensor, Tensor})"/>
    public static Func<T1, T2, TResult> Vectorize<T1, T2, TResult>(Func<T1, T2, TResult> f) where T1 : ITree<T1> where T2 : ITree<T2> where TResult : ITree<TResult> =>
        (a, b) => TreeFunctions.Vectorize<Pair<T1, T2>, TResult>(p => f(p.First, p.Second), new(a, b));

    /// <inheritdoc cref="Vectorize(Func{Tensor, Tensor})"/>
    public static Func<T1, T2, T3, TResult> Vectorize<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> f)
        where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> where TResult : ITree<TResult> =>
        (a, b, c) => TreeFunctions.Vectorize<Pair<T1, Pair<T2, T3>>, TResult>(p => f(p.First, p.Second.First, p.Second.Second), new(a, new(b, c)));

    /// <inheritdoc cref="Vectorize(Func{Tensor, Tensor})"/>
    public static Func<T, (TFirst, TSecond)> Vectorize<T, TFirst, TSecond>(Func<T, (TFirst, TSecond)> f)
        where T : ITree<T> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        rows => TreeFunctions.Vectorize(x => Two(f(x)), rows) is var r ? (r.First, r.Second) : default;

    /// <inheritdoc cref="Vectorize(Func{Tensor, Tensor})"/>
    public static Func<T1, T2, (TFirst, TSecond)> Vectorize<T1, T2, TFirst, TSecond>(Func<T1, T2, (TFirst, TSecond)> f)
        where T1 : ITree<T1> where T2 : ITree<T2> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        (a, b) => TreeFunctions.Vectorize<Pair<T1, T2>, Pair<TFirst, TSecond>>(p => Two(f(p.First, p.Second)), new(a, b)) is var r ? (r.First, r.Second) : default;

    /// <summary>Computes all tensors of a tree in one run, and returns the tree.</summary>
    public static T Evaluate<T>(T tree) where T : ITree<T>
    {
        Evaluation.Evaluate(Trees.Leaves(tree));
        return tree;
    }

    /// <summary>Computes two trees in one run.</summary>
    public static (T1, T2) Evaluate<T1, T2>((T1, T2) trees) where T1 : ITree<T1> where T2 : ITree<T2>
    {
        Evaluation.Evaluate([.. Trees.Leaves(trees.Item1), .. Trees.Leaves(trees.Item2)]);
        return trees;
    }

    static Pair<T1, T2> Two<T1, T2>((T1, T2) results) where T1 : ITree<T1> where T2 : ITree<T2> => new(results.Item1, results.Item2);
}
