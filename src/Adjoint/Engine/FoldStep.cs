using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Windows that overlap, added to where they belong: the strides say where, for every axis of the source.</summary>
sealed class FoldWork(Equation equation, View source, long[] strides, Slot target) : Work(equation)
{
    public View Source { get; } = source;
    public long[] Strides { get; } = strides;
    public Slot Target { get; } = target;

    /// <summary>The number of spatial axes.</summary>
    public int Axes { get; } = ((Fold)equation.Operation).Sizes.Count;

    public override IEnumerable<Slot> Reads => [Source.Slot];
    public override IEnumerable<Slot> Writes => [Target];
}

/// <summary>
/// Runs a fold: for each index of the leading axes zeros, and then tap after tap, in order, all positions; threads share the leading axes.
/// </summary>
sealed unsafe class FoldStep : Step
{
    const long ChunkPoints = 1 << 15;

    readonly FoldWork work;
    readonly Offsets leading, taps, targetTaps, rows, targetRows;
    readonly int columns, chunks;
    readonly nint step, targetStep, size;

    public FoldStep(FoldWork fold)
    {
        work = fold;
        var lengths = fold.Equation!.Inputs[0].Shape;
        int axes = fold.Axes, first = lengths.Rank - 2 * axes, last = first + axes - 1;
        Offsets Of(int from, int count, long[] strides) => Offsets.Of([.. Enumerable.Range(from, count).Select(k => (lengths[k], (nint)strides[k]))]);
        leading = Of(0, first, fold.Source.Strides);
        (rows, targetRows) = (Of(first, axes - 1, fold.Source.Strides), Of(first, axes - 1, fold.Strides));
        (taps, targetTaps) = (Of(first + axes, axes, fold.Source.Strides), Of(first + axes, axes, fold.Strides));
        (columns, step, targetStep) = (lengths[last], (nint)fold.Source.Strides[last], (nint)fold.Strides[last]);
        size = (nint)(fold.Target.Size / leading.Count);
        chunks = (int)Math.Clamp(lengths.Size / ChunkPoints, 1, leading.Count);
    }

    public override string Title => $"{work.Equation!}";
    public override long Traffic => SizeOf(work.Reads.Concat(work.Writes));
    public override IEnumerable<Slot> Reads => work.Reads;
    public override IEnumerable<Slot> Writes => work.Writes;
    public override bool CanFail => false;

    public override void Run(Frame frame)
    {
        switch (work.Target.Type)
        {
            case DType.Float32: Run<float>(frame); break;
            case DType.Float64: Run<double>(frame); break;
            case DType.Int32: Run<int>(frame); break;
            default: Run<long>(frame); break;
        }
    }

    void Run<T>(Frame frame) where T : unmanaged, INumber<T>
    {
        var job = new Job<T> { Step = this, Source = (T*)frame.Addresses[work.Source.Slot.Index] + work.Source.Offset, Target = (T*)frame.Addresses[work.Target.Index] };
        ThreadTeam.Shared.For(chunks, static (i, context) => Unsafe.AsRef<Job<T>>(context).Run(i), Unsafe.AsPointer(ref job), frame.Threads);
    }

    public override string Describe() => $"fold: {work.Equation!}\n";

    struct Job<T> where T : unmanaged, INumber<T>
    {
        public FoldStep Step;
        public T* Source, Target;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            var fold = Step;
            int from = (int)((long)fold.leading.Count * chunk / fold.chunks), end = (int)((long)fold.leading.Count * (chunk + 1) / fold.chunks);
            for (int i = from; i < end; i++)
            {
                T* source = Source + fold.leading[i], target = Target + i * fold.size;
                new Span<T>(target, (int)fold.size).Clear();
                for (int k = 0; k < fold.taps.Count; k++)
                    for (int row = 0; row < fold.rows.Count; row++)
                        Add(source + fold.taps[k] + fold.rows[row], fold.step, target + fold.targetTaps[k] + fold.targetRows[row], fold.targetStep, fold.columns);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Add(T* x, nint step, T* z, nint targetStep, int count)
        {
            int i = 0;
            if (step == 1 && targetStep == 1)
                for (; i + Vector<T>.Count <= count; i += Vector<T>.Count) Vector.Store(Vector.Load(z + i) + Vector.Load(x + i), z + i);
            for (; i < count; i++) z[i * targetStep] += x[i * step];
        }
    }
}
