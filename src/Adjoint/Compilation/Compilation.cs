namespace Adjoint;

/// <summary>Functions as prepared programs: meant for <c>using static</c>.</summary>
public static class Compilation
{
    /// <summary>
    /// A function that is traced once for every shape, element type and static field of its arguments, and then runs as a program: call it with
    /// <c>Invoke</c>, or where a delegate is wanted. What it captures is read when it is traced: a captured tensor is differentiated like an argument, but
    /// assigning the captured variable later changes nothing. Pass what changes, a learning rate as well, as an argument.
    /// </summary>
    public static Compiled<Tensor, Tensor> Compile(Func<Tensor, Tensor> f) => Compile<Tensor, Tensor>(f);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor> f) => Compile<Tensor, Tensor, Tensor>(f);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<Tensor, Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor, Tensor> f) => Compile<Tensor, Tensor, Tensor, Tensor>(f);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T, TResult> Compile<T, TResult>(Func<T, TResult> f) where T : ITree<T> where TResult : ITree<TResult>
    {
        var tracer = new Tracer<T, TResult>(f);
        return new(tracer.Invoke, tracer.Explain, () => tracer.Programs);
    }

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T, (TFirst, TSecond)> Compile<T, TFirst, TSecond>(Func<T, (TFirst, TSecond)> f)
        where T : ITree<T> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        Of<T, T, Pair<TFirst, TSecond>, (TFirst, TSecond)>(x => Two(f(x)), x => x, Two);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T, (TFirst, TSecond, TThird)> Compile<T, TFirst, TSecond, TThird>(Func<T, (TFirst, TSecond, TThird)> f)
        where T : ITree<T> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> where TThird : ITree<TThird> =>
        Of<T, T, Pair<TFirst, Pair<TSecond, TThird>>, (TFirst, TSecond, TThird)>(x => Three(f(x)), x => x, Three);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T1, T2, TResult> Compile<T1, T2, TResult>(Func<T1, T2, TResult> f) where T1 : ITree<T1> where T2 : ITree<T2> where TResult : ITree<TResult> =>
        new(Of<Pair<T1, T2>, (T1, T2), TResult, TResult>(x => f(x.First, x.Second), Two, r => r));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T1, T2, (TFirst, TSecond)> Compile<T1, T2, TFirst, TSecond>(Func<T1, T2, (TFirst, TSecond)> f)
        where T1 : ITree<T1> where T2 : ITree<T2> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        new(Of<Pair<T1, T2>, (T1, T2), Pair<TFirst, TSecond>, (TFirst, TSecond)>(x => Two(f(x.First, x.Second)), Two, Two));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T1, T2, (TFirst, TSecond, TThird)> Compile<T1, T2, TFirst, TSecond, TThird>(Func<T1, T2, (TFirst, TSecond, TThird)> f)
        where T1 : ITree<T1> where T2 : ITree<T2> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> where TThird : ITree<TThird> =>
        new(Of<Pair<T1, T2>, (T1, T2), Pair<TFirst, Pair<TSecond, TThird>>, (TFirst, TSecond, TThird)>(x => Three(f(x.First, x.Second)), Two, Three));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T1, T2, T3, TResult> Compile<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> f)
        where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> where TResult : ITree<TResult> =>
        new(Of<Pair<T1, Pair<T2, T3>>, (T1, T2, T3), TResult, TResult>(x => f(x.First, x.Second.First, x.Second.Second), Three, r => r));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Compiled<T1, T2, T3, (TFirst, TSecond)> Compile<T1, T2, T3, TFirst, TSecond>(Func<T1, T2, T3, (TFirst, TSecond)> f)
        where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        new(Of<Pair<T1, Pair<T2, T3>>, (T1, T2, T3), Pair<TFirst, TSecond>, (TFirst, TSecond)>(x => Two(f(x.First, x.Second.First, x.Second.Second)), Three, Two));

    /// <summary>
    /// A step that owns its state, from a function <c>(state, input) ↦ (next state, report)</c>; it starts from <paramref name="state"/>.
    /// </summary>
    public static Stepper<TState, TInput, TReport> Compile<TState, TInput, TReport>(Func<TState, TInput, (TState Next, TReport Report)> step, TState state)
        where TState : ITree<TState> where TInput : ITree<TInput> where TReport : ITree<TReport> =>
        new(Of<Pair<TState, TInput>, (TState, TInput), Pair<TState, TReport>, (TState, TReport)>(x => Two(step(x.First, x.Second)), Two, Two), state);

    static Compiled<TOutside, TResultOutside> Of<TInside, TOutside, TResultInside, TResultOutside>(
        Func<TInside, TResultInside> f, Func<TOutside, TInside> pack, Func<TResultInside, TResultOutside> unpack) where TInside : ITree<TInside> where TResultInside : ITree<TResultInside>
    {
        var tracer = new Tracer<TInside, TResultInside>(f);
        return new(x => unpack(tracer.Invoke(pack(x))), tracer.Explain, () => tracer.Programs);
    }

    static Pair<T1, T2> Two<T1, T2>((T1, T2) x) where T1 : ITree<T1> where T2 : ITree<T2> => new(x.Item1, x.Item2);
    static (T1, T2) Two<T1, T2>(Pair<T1, T2> x) where T1 : ITree<T1> where T2 : ITree<T2> => (x.First, x.Second);
    static Pair<T1, Pair<T2, T3>> Three<T1, T2, T3>((T1, T2, T3) x) where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> => new(x.Item1, new(x.Item2, x.Item3));
    static (T1, T2, T3) Three<T1, T2, T3>(Pair<T1, Pair<T2, T3>> x) where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> => (x.First, x.Second.First, x.Second.Second);
}
