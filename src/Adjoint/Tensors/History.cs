namespace Adjoint;

/// <summary>
/// Says whether an evaluated tensor must keep its equation, because someone may still differentiate through it: a variable is open for good, the
/// aliases of a transform's arguments until the transform returns.
/// </summary>
sealed class History
{
    readonly History? first, second;
    bool open;
    History? lastOther, lastBoth;

    History(History? first, History? second) => (this.first, this.second) = (first, second);

    /// <summary>The history of variables, which never closes.</summary>
    public static History Variable { get; } = Start();

    public static History Start() => new(null, null) { open = true };

    public void Close() => Volatile.Write(ref open, false);

    public bool Open => Volatile.Read(ref open) || first is { Open: true } || second is { Open: true };

    /// <summary>A history that is open as long as one of the two is.</summary>
    public static History? Both(History? a, History? b)
    {
        if (a == b || b is not { Open: true } || b == Variable && a is { Open: true } && a.Includes(b)) return a;
        if (a is not { Open: true } || b.Includes(a)) return b;
        if (a.Includes(b)) return a;
        if (a.lastOther == b && a.lastBoth is { } known) return known;
        var both = new History(a, b);
        (a.lastBoth, a.lastOther) = (both, b);
        return both;
    }

    bool Includes(History other) => this == other || first?.Includes(other) == true || second?.Includes(other) == true;
}
