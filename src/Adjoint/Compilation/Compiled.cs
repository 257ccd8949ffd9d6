namespace Adjoint;

/// <summary>
/// A function that runs as prepared programs. It is traced once for every shape, element type and static field of its argument. What it captures is
/// read when it is traced; pass what changes as an argument. Safe to call from several threads. Inside another transform it is its equations.
/// </summary>
public sealed class Compiled<T, TResult>
{
    readonly Func<T, TResult> invoke;
    readonly Func<string> explain;
    readonly Func<int> programs;

    internal Compiled(Func<T, TResult> invoke, Func<string> explain, Func<int> programs) => (this.invoke, this.explain, this.programs) = (invoke, explain, programs);

    /// <summary>The number of programs prepared so far.</summary>
    public int Programs => programs();

    /// <summary>The result for an argument.</summary>
    public TResult Invoke(T argument) => invoke(argument);

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

    /// <inheritdoc cref="Compiled{T, TResult}.Explain"/>
    public string Explain() => inner.Explain();

    public static implicit operator Func<T1, T2, T3, TResult>(Compiled<T1, T2, T3, TResult> compiled) => compiled.Invoke;
}

/// <summary>
/// A step that owns its state: <c>(state, input) ↦ (next state, report)</c>, one prepared program. Nobody else holds the state's memory, so the program may
/// update it in place. Not for use from several threads at once.
/// </summary>
/// <typeparam name="TState">A tree: a model with its optimizer.</typeparam>
/// <typeparam name="TInput">A tree: a batch.</typeparam>
/// <typeparam name="TReport">What a step reports: a loss.</typeparam>
public sealed class Stepper<TState, TInput, TReport>
{
    readonly Compiled<(TState, TInput), (TState, TReport)> step;

    internal Stepper(Compiled<(TState, TInput), (TState, TReport)> step, TState state) => (this.step, State) = (step, state);

    /// <summary>The state after the steps so far. Set it to start elsewhere.</summary>
    public TState State { get; set; }

    /// <inheritdoc cref="Compiled{T, TResult}.Programs"/>
    public int Programs => step.Programs;

    /// <summary>Takes one step, and returns its report.</summary>
    public TReport Next(TInput input)
    {
        (State, var report) = step.Invoke((State, input));
        return report;
    }

    /// <inheritdoc cref="Compiled{T, TResult}.Explain"/>
    public string Explain() => step.Explain();
}
