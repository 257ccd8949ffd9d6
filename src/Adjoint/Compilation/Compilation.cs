namespace Adjoint;

/// <summary>Functions as prepared programs: meant for <c>using static</c>.</summary>
public static class Compilation
{
    /// <summary>
    /// A function that is traced once for every shape, element type and static field of its arguments, and then runs as a program: call it with
    /// <c>Invoke</c>, or where a delegate is wanted. What it captures is read when it is traced: a captured tensor is differentiated like an argument, but
    /// assigning the captured variable later changes nothing. Pass what changes, a learning rate as well, as an argument.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="threads">The most threads that a call uses; 0 for as many as the executor does. Results do not depend on it, to the bit.</param>
    public static Compiled<Tensor, Tensor> Compile(Func<Tensor, Tensor> f, int threads = 0) => Compile<Tensor, Tensor>(f, threads);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor> f, int threads = 0) => Compile<Tensor, Tensor, Tensor>(f, threads);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<Tensor, Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor, Tensor> f, int threads = 0) => Compile<Tensor, Tensor, Tensor, Tensor>(f, threads);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T, TResult> Compile<T, TResult>(Func<T, TResult> f, int threads = 0) where T : ITree<T> where TResult : ITree<TResult> =>
        Of<T, T, TResult, TResult>(f, threads, Same, Same, Same);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T, (TFirst, TSecond)> Compile<T, TFirst, TSecond>(Func<T, (TFirst, TSecond)> f, int threads = 0)
        where T : ITree<T> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        Of<T, T, Pair<TFirst, TSecond>, (TFirst, TSecond)>(x => Two(f(x)), threads, Same, Two, Two);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T, (TFirst, TSecond, TThird)> Compile<T, TFirst, TSecond, TThird>(Func<T, (TFirst, TSecond, TThird)> f, int threads = 0)
        where T : ITree<T> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> where TThird : ITree<TThird> =>
        Of<T, T, Pair<TFirst, Pair<TSecond, TThird>>, (TFirst, TSecond, TThird)>(x => Three(f(x)), threads, Same, Three, Three);

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T1, T2, TResult> Compile<T1, T2, TResult>(Func<T1, T2, TResult> f, int threads = 0)
        where T1 : ITree<T1> where T2 : ITree<T2> where TResult : ITree<TResult> =>
        new(Of<Pair<T1, T2>, (T1, T2), TResult, TResult>(x => f(x.First, x.Second), threads, Two, Same, Same));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T1, T2, (TFirst, TSecond)> Compile<T1, T2, TFirst, TSecond>(Func<T1, T2, (TFirst, TSecond)> f, int threads = 0)
        where T1 : ITree<T1> where T2 : ITree<T2> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        new(Of<Pair<T1, T2>, (T1, T2), Pair<TFirst, TSecond>, (TFirst, TSecond)>(x => Two(f(x.First, x.Second)), threads, Two, Two, Two));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T1, T2, (TFirst, TSecond, TThird)> Compile<T1, T2, TFirst, TSecond, TThird>(Func<T1, T2, (TFirst, TSecond, TThird)> f, int threads = 0)
        where T1 : ITree<T1> where T2 : ITree<T2> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> where TThird : ITree<TThird> =>
        new(Of<Pair<T1, T2>, (T1, T2), Pair<TFirst, Pair<TSecond, TThird>>, (TFirst, TSecond, TThird)>(x => Three(f(x.First, x.Second)), threads, Two, Three, Three));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T1, T2, T3, TResult> Compile<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> f, int threads = 0)
        where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> where TResult : ITree<TResult> =>
        new(Of<Pair<T1, Pair<T2, T3>>, (T1, T2, T3), TResult, TResult>(x => f(x.First, x.Second.First, x.Second.Second), threads, Three, Same, Same));

    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)"/>
    public static Compiled<T1, T2, T3, (TFirst, TSecond)> Compile<T1, T2, T3, TFirst, TSecond>(Func<T1, T2, T3, (TFirst, TSecond)> f, int threads = 0)
        where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> where TFirst : ITree<TFirst> where TSecond : ITree<TSecond> =>
        new(Of<Pair<T1, Pair<T2, T3>>, (T1, T2, T3), Pair<TFirst, TSecond>, (TFirst, TSecond)>(x => Two(f(x.First, x.Second.First, x.Second.Second)), threads, Three, Two, Two));

    /// <summary>
    /// A step that owns its state, from a function <c>(state, input) ↦ (next state, report)</c>; it starts from <paramref name="state"/>.
    /// </summary>
    /// <inheritdoc cref="Compile(Func{Tensor, Tensor}, int)" path="/param[@name='threads']"/>
    public static Stepper<TState, TInput, TReport> Compile<TState, TInput, TReport>(Func<TState, TInput, (TState Next, TReport Report)> step, TState state, int threads = 0)
        where TState : ITree<TState> where TInput : ITree<TInput> where TReport : ITree<TReport> =>
        new(new Tracer<Pair<TState, TInput>, Pair<TState, TReport>>(x => Two(step(x.First, x.Second)), threads), state);

    static Compiled<TOutside, TResultOutside> Of<TInside, TOutside, TResultInside, TResultOutside>(Func<TInside, TResultInside> f, int threads,
        Func<TOutside, TInside> pack, Func<TResultInside, TResultOutside> unpack, Func<TResultOutside, TResultInside> repack)
        where TInside : ITree<TInside> where TResultInside : ITree<TResultInside>
    {
        var tracer = new Tracer<TInside, TResultInside>(f, threads);
        return new(x => unpack(tracer.Invoke(pack(x))), (into, x) => unpack(tracer.Invoke(pack(x), Trees.Leaves(repack(into)))), tracer.Explain, () => tracer.Programs);
    }

    static T Same<T>(T x) => x;
    static Pair<T1, T2> Two<T1, T2>((T1, T2) x) where T1 : ITree<T1> where T2 : ITree<T2> => new(x.Item1, x.Item2);
    static (T1, T2) Two<T1, T2>(Pair<T1, T2> x) where T1 : ITree<T1> where T2 : ITree<T2> => (x.First, x.Second);
    static Pair<T1, Pair<T2, T3>> Three<T1, T2, T3>((T1, T2, T3) x) where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> => new(x.Item1, new(x.Item2, x.Item3));
    static (T1, T2, T3) Three<T1, T2, T3>(Pair<T1, Pair<T2, T3>> x) where T1 : ITree<T1> where T2 : ITree<T2> where T3 : ITree<T3> => (x.First, x.Second.First, x.Second.Second);
}
