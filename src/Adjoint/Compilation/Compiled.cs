namespace Adjoint;

/// <summary>
/// A function that runs as prepared programs. It is traced once for every shape, element type and static field of its argument. What it captures is
/// read when it is traced; pass what changes as an argument. Safe to call from several threads. Inside another transform it is its equations.
/// </summary>
public sealed class Compiled<T, TResult>
{
    readonly Func<T, TResult> invoke;
    readonly Func<TResult, T, TResult> into;
    readonly Func<string> explain;
    readonly Func<int> programs;

    internal Compiled(Func<T, TResult> invoke, Func<TResult, T, TResult> into, Func<string> explain, Func<int> programs) =>
        (this.invoke, this.into, this.explain, this.programs) = (invoke, into, explain, programs);

    /// <summary>The number of programs prepared so far.</summary>
    public int Programs => programs();

    /// <summary>The result for an argument.</summary>
    public TResult Invoke(T argument) => invoke(argument);

    /// <summary>
    /// The result for an argument, in the memory of tensors that are given away, such as an earlier call's results: <c>y = f.Into(y, x)</c>. Reading
    /// them afterwards is an error. Memory that is an argument's as well is left alone, and all of it inside another transform.
    /// </summary>
    /// <exception cref="ArgumentException">A tensor that is given has not the shape and element type of its result.</exception>
    public TResult Into(TResult given, T argument) => into(given, argument);

    /// <summary>The prepared programs, as text.</summary>
    public string Explain() => explain();

    public static implicit operator Func<T, TResult>(Compiled<T, TResult> compiled) => compiled.Invoke;
}

/// <inheritdoc cref="Compiled{T, TResult}"/>
public sealed class Compiled<T1, T2, TResult>
{
    readonly Compiled<(T1, T2), TResult> inner;

    internal Compiled(Compiled<(T1, T2), TResult> inner) => this.inner = inner;

    /// <inheritdoc cref="Compiled{T, TResult}.Programs"/>
    public int Programs => inner.Programs;

    /// <inheritdoc cref="Compiled{T, TResult}.Invoke"/>
    public TResult Invoke(T1 first, T2 second) => inner.Invoke((first, second));

    /// <inheritdoc cref="Compiled{T, TResult}.Into"/>
    public TResult Into(TResult given, T1 first, T2 second) => inner.Into(given, (first, second));

    /// <inheritdoc cref="Compiled{T, TResult}.Explain"/>
    public string Explain() => inner.Explain();

    public static implicit operator Func<T1, T2, TResult>(Compiled<T1, T2, TResult> compiled) => compiled.Invoke;
}

/// <inheritdoc cref="Compiled{T, TResult}"/>
public sealed class Compiled<T1, T2, T3, TResult>
{
    readonly Compiled<(T1, T2, T3), TResult> inner;

    internal Compiled(Compiled<(T1, T2, T3), TResult> inner) => this.inner = inner;

    /// <inheritdoc cref="Compiled{T, TResult}.Programs"/>
    public int Programs => inner.Programs;

    /// <inheritdoc cref="Compiled{T, TResult}.Invoke"/>
    public TResult Invoke(T1 first, T2 second, T3 third) => inner.Invoke((first, second, third));

    /// <inheritdoc cref="Compiled{T, TResult}.Into"/>
    public TResult Into(TResult given, T1 first, T2 second, T3 third) => inner.Into(given, (first, second, third));

    /// <inheritdoc cref="Compiled{T, TResult}.Explain"/>
    public string Explain() => inner.Explain();

    public static implicit operator Func<T1, T2, T3, TResult>(Compiled<T1, T2, T3, TResult> compiled) => compiled.Invoke;
}
