namespace Adjoint;

/// <summary>
/// Control flow that depends on data, and derivatives of one's own, over trees. Meant for <c>using static</c>. A function given here is traced once: its
/// arguments have no values. It may use tensors from outside, and is differentiated with respect to them as well. See <see cref="Control"/> for the rules.
/// </summary>
public static class Flow
{
    /// <inheritdoc cref="Control.Cond"/>
    public static Tensor Cond(Tensor predicate, Func<Tensor> then, Func<Tensor> otherwise) => Cond<Tensor>(predicate, then, otherwise);

    /// <inheritdoc cref="Control.Cond"/>
    public static T Cond<T>(Tensor predicate, Func<T> then, Func<T> otherwise) where T : ITree<T>
    {
        T? shape = default;
        var results = Control.Cond(predicate, _ => Trees.Leaves(shape = then()), _ => Trees.Leaves(otherwise()));
        return shape!.Rebuild(results);
    }

    /// <inheritdoc cref="Control.Cond"/>
    public static (T1, T2) Cond<T1, T2>(Tensor predicate, Func<(T1, T2)> then, Func<(T1, T2)> otherwise) where T1 : ITree<T1> where T2 : ITree<T2> =>
        Two(Cond(predicate, () => Two(then()), () => Two(otherwise())));

    /// <inheritdoc cref="While{T}(T, Func{T, Tensor}, Func{T, T})"/>
    public static Tensor While(Tensor start, Func<Tensor, Tensor> condition, Func<Tensor, Tensor> body) => While<Tensor>(start, condition, body);

    /// <inheritdoc cref="Control.While"/>
    /// <param name="start">The first state. A C# number takes the element type that the body gives it.</param>
    /// <param name="condition">One bool: whether to take a step from this state.</param>
    /// <param name="body">The next state, of the same shapes and element types.</param>
    public static T While<T>(T start, Func<T, Tensor> condition, Func<T, T> body) where T : ITree<T> =>
        start.Rebuild(Control.While(x => condition(start.Rebuild(x)), x => Trees.Leaves(body(start.Rebuild(x))), Trees.Leaves(start)));

    /// <inheritdoc cref="While{T}(T, Func{T, Tensor}, Func{T, T})"/>
    public static (Tensor, Tensor) While((Tensor, Tensor) start, Func<Tensor, Tensor, Tensor> condition, Func<Tensor, Tensor, (Tensor, Tensor)> body) =>
        While<Tensor, Tensor>(start, condition, body);

    /// <inheritdoc cref="While{T}(T, Func{T, Tensor}, Func{T, T})"/>
    public static (T1, T2) While<T1, T2>((T1, T2) start, Func<T1, T2, Tensor> condition, Func<T1, T2, (T1, T2)> body) where T1 : ITree<T1> where T2 : ITree<T2> =>
        Two(While(Two(start), x => condition(x.First, x.Second), x => Two(body(x.First, x.Second))));

    /// <inheritdoc cref="While{T}(T, Func{T, Tensor}, Func{T, T})"/>
    public static (T1, T2, T3) While<T1, T2, T3>((T1, T2, T3) start, Func<T1, T2, T3, Tensor> condition, Func<T1, T2, T3, (T1, T2, T3)> body)
        where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3>
    {
        var (first, second, third) = start;
        var end = While(new Pair<T1, Pair<T2, T3>>(first, new(second, third)), x => condition(x.First, x.Second.First, x.Second.Second), x =>
        {
            var (a, b, c) = body(x.First, x.Second.First, x.Second.Second);
            return new(a, new(b, c));
        });
        return (end.First, end.Second.First, end.Second.Second);
    }

    /// <summary><c>state = body(i, state)</c> for i = 0, 1, …, steps − 1, an int32 scalar.</summary>
    public static T For<T>(int steps, T start, Func<Tensor, T, T> body) where T : ITree<T> =>
        start.Rebuild(Control.For(steps, (i, x) => Trees.Leaves(body(i, start.Rebuild(x))), Trees.Leaves(start)));

    /// <summary>The same for a state of two parts.</summary>
    public static (T1, T2) For<T1, T2>(int steps, (T1, T2) start, Func<Tensor, T1, T2, (T1, T2)> body) where T1 : ITree<T1> where T2 : ITree<T2> =>
        Two(For(steps, Two(start), (i, x) => Two(body(i, x.First, x.Second))));

    /// <summary>
    /// <c>(state, result) = body(state, row)</c> for every row, in order or in reverse; returns the last state, and the results with the steps as a new
    /// first axis: the result of row t is at index t in both orders.
    /// </summary>
    /// <param name="start">The first state. A C# number takes the element type that the body gives it.</param>
    /// <param name="rows">Tensors with the steps as first axis; the body gets one index of each.</param>
    /// <param name="body">The next state, of the same shapes and element types, and what to collect.</param>
    /// <param name="reverse">From the last row to the first.</param>
    /// <exception cref="ShapeException">The rows differ in length, or the state changes its shapes or element types.</exception>
    public static (TState State, TResult Results) Scan<TState, TRow, TResult>(TState start, TRow rows, Func<TState, TRow, (TState, TResult)> body, bool reverse = false)
        where TState : ITree<TState> where TRow : ITree<TRow> where TResult : ITree<TResult>
    {
        TResult? shape = default;
        var (state, results) = Control.Scan((x, row) =>
        {
            (var next, shape) = body(start.Rebuild(x), rows.Rebuild(row));
            return (Trees.Leaves(next), Trees.Leaves(shape));
        }, Trees.Leaves(start), Trees.Leaves(rows), reverse: reverse);
        return (start.Rebuild(state), shape!.Rebuild(results));
    }

    /// <summary>The same for a state of two parts.</summary>
    public static ((T1, T2) State, TResult Results) Scan<T1, T2, TRow, TResult>((T1, T2) start, TRow rows, Func<T1, T2, TRow, ((T1, T2), TResult)> body, bool reverse = false)
        where T1 : ITree<T1> where T2 : ITree<T2> where TRow : ITree<TRow> where TResult : ITree<TResult>
    {
        var (state, results) = Scan(Two(start), rows, (Pair<T1, T2> x, TRow row) => body(x.First, x.Second, row) is var (next, result) ? (Two(next), result) : default, reverse);
        return (Two(state), results);
    }

    /// <summary><c>state = body(state, row)</c> for every row: a scan that collects nothing.</summary>
    /// <exception cref="ShapeException">The rows differ in length, or the state changes its shapes or element types.</exception>
    public static TState Fold<TState, TRow>(TState start, TRow rows, Func<TState, TRow, TState> body, bool reverse = false) where TState : ITree<TState> where TRow : ITree<TRow> =>
        start.Rebuild(Control.Fold((x, row) => Trees.Leaves(body(start.Rebuild(x), rows.Rebuild(row))), Trees.Leaves(start), Trees.Leaves(rows), reverse));

    /// <summary>The same for a state of two parts.</summary>
    public static (T1, T2) Fold<T1, T2, TRow>((T1, T2) start, TRow rows, Func<T1, T2, TRow, (T1, T2)> body, bool reverse = false)
        where T1 : ITree<T1> where T2 : ITree<T2> where TRow : ITree<TRow> =>
        Two(Fold(Two(start), rows, (x, row) => Two(body(x.First, x.Second, row)), reverse));

    /// <inheritdoc cref="Control.Checkpoint"/>
    public static TResult Checkpoint<T, TResult>(Func<T, TResult> f, T x) where T : ITree<T> where TResult : ITree<TResult>
    {
        TResult? shape = default;
        var results = Control.Checkpoint(a => Trees.Leaves(shape = f(x.Rebuild(a))), Trees.Leaves(x));
        return shape!.Rebuild(results);
    }

    /// <summary>
    /// f with a jvp of one's own: <paramref name="jvp"/> takes x, the result z and the tangent dx to the tangent dz. Reverse mode is its transpose, where
    /// it is linear in dx; else asking for it is an error. Derivatives of higher order are those of the rule.
    /// </summary>
    public static Func<T, TResult> CustomJvp<T, TResult>(Func<T, TResult> f, Func<T, TResult, T, TResult> jvp) where T : ITree<T> where TResult : ITree<TResult> => x =>
    {
        TResult? shape = default;
        var results = Control.CustomJvp(a => Trees.Leaves(shape = f(x.Rebuild(a))), (a, z, dx) => Trees.Leaves(jvp(x.Rebuild(a), shape!.Rebuild(z), x.Rebuild(dx))), Trees.Leaves(x));
        return shape!.Rebuild(results);
    };

    /// <summary>
    /// f with a vjp of one's own: <paramref name="vjp"/> takes x, the result z and its cotangent λ to the cotangent of x. Forward mode is its transpose,
    /// where it is linear in λ; else asking for it is an error. Derivatives of higher order are those of the rule.
    /// </summary>
    public static Func<T, TResult> CustomVjp<T, TResult>(Func<T, TResult> f, Func<T, TResult, TResult, T> vjp) where T : ITree<T> where TResult : ITree<TResult> => x =>
    {
        TResult? shape = default;
        var results = Control.CustomVjp(a => Trees.Leaves(shape = f(x.Rebuild(a))), (a, z, λ) => Trees.Leaves(vjp(x.Rebuild(a), shape!.Rebuild(z), shape.Rebuild(λ))), Trees.Leaves(x));
        return shape!.Rebuild(results);
    };

    /// <inheritdoc cref="CustomJvp{T, TResult}"/>
    public static Func<Tensor, Tensor> CustomJvp(Func<Tensor, Tensor> f, Func<Tensor, Tensor, Tensor, Tensor> jvp) => CustomJvp<Tensor, Tensor>(f, jvp);

    /// <inheritdoc cref="CustomVjp{T, TResult}"/>
    public static Func<Tensor, Tensor> CustomVjp(Func<Tensor, Tensor> f, Func<Tensor, Tensor, Tensor, Tensor> vjp) => CustomVjp<Tensor, Tensor>(f, vjp);

    /// <inheritdoc cref="Control.Root"/>
    public static Tensor Root(Func<Tensor, Tensor> g, Tensor guess) => Root<Tensor>(g, guess);

    /// <inheritdoc cref="Control.FixedPoint"/>
    public static Tensor FixedPoint(Func<Tensor, Tensor> f, Tensor guess) => FixedPoint<Tensor>(f, guess);

    /// <inheritdoc cref="Control.Root"/>
    public static T Root<T>(Func<T, T> g, T guess) where T : ITree<T> =>
        guess.Rebuild(Control.Root(x => Trees.Leaves(g(guess.Rebuild(x))), Trees.Leaves(guess)));

    /// <inheritdoc cref="Control.FixedPoint"/>
    public static T FixedPoint<T>(Func<T, T> f, T guess) where T : ITree<T> =>
        guess.Rebuild(Control.FixedPoint(x => Trees.Leaves(f(guess.Rebuild(x))), Trees.Leaves(guess)));

    /// <inheritdoc cref="Control.LinearSolve"/>
    public static T LinearSolve<T>(Func<T, T> a, T b) where T : ITree<T> =>
        b.Rebuild(Control.LinearSolve(x => Trees.Leaves(a(b.Rebuild(x))), Trees.Leaves(b)));

    static Pair<T1, T2> Two<T1, T2>((T1, T2) x) where T1 : ITree<T1> where T2 : ITree<T2> => new(x.Item1, x.Item2);
    static (T1, T2) Two<T1, T2>(Pair<T1, T2> x) where T1 : ITree<T1> where T2 : ITree<T2> => (x.First, x.Second);
}
