using System.Collections.Concurrent;

namespace Adjoint;

/// <summary>Computes unread tensors: finds or prepares the program of their graph, runs it, and publishes the data.</summary>
static class Evaluation
{
    [ThreadStatic] static Walk? walk;

    /// <summary>Computes the data of those tensors that have none, in one run.</summary>
    /// <exception cref="InvalidOperationException">A tensor depends on an argument of a function that is being traced.</exception>
    public static void Evaluate(IReadOnlyList<Tensor> tensors)
    {
        Tensor[] results = [.. tensors.Where(x => x.Cached is null).Distinct()];
        if (results.Length == 0) return;
        if (Array.Find(results, x => x.IsSymbolic) is { } symbolic)
            throw new InvalidOperationException(
                $"A value was read (ToScalar, ToArray, Data) that depends on an argument of a function that is being traced: it is {symbolic.DType.Text}{symbolic.Shape}, " +
                "and has no value under Compile, Vectorize or inside a loop body. Use Select, Cond, While or Scan for decisions that depend on data, or return the value.");
        var reader = walk ??= new(x => x.Cached is not null);
        walk = null;
        reader.Read(results);
        var (program, arguments) = ProgramCache.Shared.Find(reader, results);
        var data = program.Run(Array.ConvertAll(arguments, x => x.Data));
        walk = reader;
        for (int i = 0; i < results.Length; i++) results[i].Publish(data[i]);
    }
}

/// <summary>
/// Prepared programs by structure. A script that builds the same equations each step finds its program here. Numbers written in a program are part
/// of it; a second miss that differs only in some numbers makes those arguments, so that a schedule does not prepare a program per step.
/// </summary>
sealed class ProgramCache
{
    const long MaximalCode = 50_000_000;

    public static ProgramCache Shared { get; } = new();

    readonly ConcurrentDictionary<ulong, Entry> entries = new();
    long size;

    /// <summary>The number of programs prepared so far.</summary>
    public long Misses { get; private set; }

    public (IExecutable Program, Tensor[] Arguments) Find(Walk walk, Tensor[] results)
    {
        Entry? first = null;
        if (entries.TryGetValue(walk.Hash, out var known) && known.Code.AsSpan().SequenceEqual(walk.Code))
        {
            first = known;
            foreach (var variant in known.Variants)
            {
                if (!variant.Fits(walk.Literals)) continue;
                ProgramMeter.Hits.Add(1);
                return (variant.Program, variant.Arguments(walk));
            }
        }
        Misses++;
        ProgramMeter.Misses.Add(1);
        var added = Variant.Of(first?.Variants[^1], walk, results);
        if (Interlocked.Add(ref size, walk.Code.Length) > MaximalCode) { entries.Clear(); size = 0; }
        entries[walk.Hash] = new(walk.Code.ToArray(), first is null ? [added] : [added, .. first.Variants.Where(v => !added.Covers(v))]);
        return (added.Program, added.Arguments(walk));
    }

    sealed record Entry(int[] Code, Variant[] Variants);

    /// <summary>One prepared program: literals that are arguments (null here), and the values of the others.</summary>
    sealed class Variant(IExecutable program, long?[] literals)
    {
        public IExecutable Program => program;

        public static Variant Of(Variant? last, Walk walk, Tensor[] results)
        {
            var fixedLiterals = new long?[walk.Literals.Count];
            for (int i = 0; i < fixedLiterals.Length; i++)
            {
                long bits = Literals.Bits(walk.Literals[i]);
                fixedLiterals[i] = last is null || last[i] == bits ? bits : null;
            }
            var arguments = walk.Leaves.Concat(walk.Literals.Where((_, i) => fixedLiterals[i] is null)).ToArray();
            var system = EquationSystem.Close(arguments, results, out _);
            return new(Executor.Default.Prepare(system), fixedLiterals);
        }

        long? this[int i] => literals[i];

        public bool Covers(Variant other) => literals.Zip(other.All).All(p => p.First is null || p.First == p.Second);

        long?[] All => literals;

        public bool Fits(List<Tensor> values)
        {
            for (int i = 0; i < literals.Length; i++)
                if (literals[i] is { } bits && bits != Literals.Bits(values[i])) return false;
            return true;
        }

        public Tensor[] Arguments(Walk walk)
        {
            var arguments = new List<Tensor>(walk.Leaves);
            for (int i = 0; i < literals.Length; i++) if (literals[i] is null) arguments.Add(walk.Literals[i]);
            return [.. arguments];
        }
    }
}
