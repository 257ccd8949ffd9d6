using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>
/// Reads the structure of an unevaluated graph: the operations and who is whose input, as numbers to compare, and the leaves that hold the data.
/// One per thread, used again and again. Marks on the equations say what was visited; where two threads walk one graph they overwrite each other's
/// marks, which costs a repeated equation and nothing else.
/// </summary>
sealed class Walk
{
    static int walks;

    readonly List<Equation> open = [];
    readonly List<int> code = [];
    readonly List<Tensor> leaves = [], literals = [];
    readonly Func<Tensor, bool> isLeaf;
    int next;
    long stamp;

    /// <summary>A walk that ends at data, or at further tensors that <paramref name="isLeaf"/> names.</summary>
    public Walk(Func<Tensor, bool> isLeaf) => this.isLeaf = isLeaf;

    /// <summary>The structure, after <see cref="Read"/>.</summary>
    public ReadOnlySpan<int> Code => CollectionsMarshal.AsSpan(code);

    /// <summary>The tensors that hold data, in order of first use.</summary>
    public List<Tensor> Leaves => leaves;

    /// <summary>The numbers written in the program.</summary>
    public List<Tensor> Literals => literals;

    /// <summary>The hash of the structure.</summary>
    public ulong Hash { get; private set; }

    public void Read(ReadOnlySpan<Tensor> results, ReadOnlySpan<Tensor> arguments = default)
    {
        code.Clear(); leaves.Clear(); literals.Clear(); open.Clear();
        next = 0;
        stamp = (long)(uint)Interlocked.Increment(ref walks) << 32;
        foreach (var x in arguments) if (Slot(x) < 0) Leaf(x);
        foreach (var result in results)
        {
            while (Slot(result) < 0)
                if (Inner(result) is { } inner) { open.Add(inner); Drain(); }
                else Leaf(result);
        }
        foreach (var result in results) code.Add(Slot(result));
        ulong hash = 14695981039346656037;
        foreach (int c in code) hash = ulong.RotateLeft((hash ^ (uint)c) * 0x9E3779B97F4A7C15, 23);
        Hash = hash;
    }

    void Drain()
    {
        while (open.Count > 0)
        {
            var equation = open[^1];
            int waiting = open.Count;
            if (Marked(equation.Mark) < 0)
            {
                foreach (var x in equation.Inputs)
                    if (Slot(x) < 0) { if (Inner(x) is { } inner) open.Add(inner); else Leaf(x); }
                if (open.Count > waiting || !Emit(equation)) continue;
            }
            open.RemoveAt(waiting - 1);
        }
    }

    // an alias is its input under another name: it adds nothing to the structure, and a transform makes new ones each time
    bool Emit(Equation equation)
    {
        int start = code.Count;
        if (equation.Operation is Alias)
        {
            int original = Slot(equation.Inputs[0]);
            if (original < 0) return false;
            equation.Mark = stamp | (uint)original;
            return true;
        }
        code.Add(equation.Operation.Ordinal);
        foreach (var x in equation.Inputs)
        {
            int slot = Slot(x);
            if (slot < 0) { code.RemoveRange(start, code.Count - start); return false; }
            code.Add(slot);
        }
        equation.Mark = stamp | (uint)next;
        next += equation.Results.Length;
        return true;
    }

    // another thread may publish data and forget the equation meanwhile: it is read once
    Equation? Inner(Tensor x) => x.Equation is { } equation && !isLeaf(x) ? equation : null;

    int Leaf(Tensor x)
    {
        code.Add(x.IsLiteral ? -3 : -2);
        code.Add((int)x.DType * 2 + (x.IsWeak ? 1 : 0));
        code.Add(x.Shape.Ordinal);
        (x.IsLiteral ? literals : leaves).Add(x);
        x.Mark = stamp | (uint)next;
        return next++;
    }

    int Slot(Tensor x)
    {
        int own = Marked(x.Mark);
        if (own >= 0 || isLeaf(x) || x.Equation is not { } equation) return own;
        int first = Marked(equation.Mark);
        return first < 0 ? first : first + x.Index;
    }

    int Marked(long mark) => (mark & ~0xFFFFFFFFL) == stamp ? (int)mark : -1;
}
