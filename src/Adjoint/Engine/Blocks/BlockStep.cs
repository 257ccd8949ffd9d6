using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>An instruction of a kernel, ready to run on blocks.</summary>
abstract unsafe class BlockStep
{
    const double Dispatch = 8, Operation = 4;

    static readonly ConcurrentDictionary<(DType, bool, int, string), nint> addresses = new();

    public abstract void Run(ref BlockRun run);

    /// <summary>Nanoseconds in a block of so many vectors.</summary>
    public virtual double Cost(int vectors, int count) => Dispatch + Operation * count;

    /// <summary>The local that an instruction sets; null for stores, loops, and accumulations.</summary>
    public static Local? Result(Instruction instruction) => instruction switch
    {
        Load i => i.Result,
        Number i => i.Result,
        Spread i => i.Result,
        Apply i => i.Result,
        Locate i => i.Result,
        Begin i => i.Sum,
        Total i => i.Result,
        _ => null,
    };

    public static BlockStep[] All(List<Instruction> code, Dictionary<Local, BlockPlace> places, Loop? shared, Loop? vector) => [.. code.Select(i => (BlockStep)(i switch
    {
        Loop loop => new BlockLoop(loop, loop == shared, All(loop.Body, places, shared, loop.IsVector ? loop : vector)),
        Load load => new BlockLoad(load, places, vector),
        Store store => new BlockStore(store, places, vector),
        Locate locate => new BlockLocate(locate, places),
        Number number => new BlockConstant(places[number.Result], Constants.Of(number.Result, number.Literal.Data)),
        Begin begin => new BlockConstant(places[begin.Sum], Constants.Of(begin.Sum, Constants.Identity(begin.Sum.Type, begin.Combine))),
        Accumulate a => new BlockAccumulate(a, places, vector),
        Apply { Code: Code.Map } map => new BlockMap(map, places),
        Apply apply => BlockApply.Of(apply, places),
        Spread spread => new BlockApply(BlockLane.Of(spread.Result), BlockForm.Spread, Address(spread.Result, "Spread"), places[spread.Result], [places[spread.Value]]),
        Total total => new BlockApply(BlockLane.Of(total.Sum), BlockForm.Total, Address(total.Sum, total.Combine + "OfLanes"), places[total.Result], [places[total.Sum]]),
        _ => throw new InvalidOperationException($"engine: {i.GetType().Name} cannot run on blocks."),
    }))];

    /// <summary>The address of the method that emitted kernels call for a local.</summary>
    public static nint Address(Local like, string name) => addresses.TryGetValue((like.Type, like.IsVector, like.Lanes, name), out nint known)
        ? known : addresses[(like.Type, like.IsVector, like.Lanes, name)] = LaneMethods.Of(like, name).MethodHandle.GetFunctionPointer();
}

/// <summary>A loop; over vectors in blocks of them, and what is left as a partial vector.</summary>
sealed unsafe class BlockLoop(Loop loop, bool isShared, BlockStep[] body) : BlockStep
{
    public override void Run(ref BlockRun run)
    {
        nint index = isShared ? run.Start : 0, end = isShared ? run.End : loop.Length;
        if (!loop.IsVector)
        {
            for (; index < end; index++) Run(ref run, index);
            return;
        }
        for (nint count; (count = Math.Min(run.Vectors, (end - index) / loop.Lanes)) > 0; index += count * loop.Lanes)
        {
            run.Count = count;
            Run(ref run, index);
        }
        run.Count = 1;
        if (index >= end) return;
        run.Part = end - index;
        Run(ref run, index);
        run.Part = 0;
    }

    void Run(ref BlockRun run, nint index)
    {
        run.Indices[loop.Id] = index;
        foreach (var step in body) step.Run(ref run);
    }

    public override double Cost(int vectors, int count)
    {
        if (!loop.IsVector) return loop.Length * body.Sum(s => s.Cost(vectors, count));
        int whole = loop.Length / loop.Lanes, blocks = whole / vectors, rest = whole % vectors;
        return (blocks > 0 ? blocks * body.Sum(s => s.Cost(vectors, vectors)) : 0) + (rest > 0 ? body.Sum(s => s.Cost(vectors, rest)) : 0)
            + (loop.Length % loop.Lanes > 0 ? body.Sum(s => s.Cost(vectors, 1)) : 0);
    }
}

/// <summary>A number, or the start of an accumulator.</summary>
sealed unsafe class BlockConstant(BlockPlace place, byte[] bytes) : BlockStep
{
    public override void Run(ref BlockRun run)
    {
        nint count = place.Step == 0 ? 1 : run.Count;
        for (nint i = 0; i < count; i++) bytes.CopyTo(new Span<byte>(run.Locals + place.Offset + i * place.Step, bytes.Length));
    }
}

/// <summary>Where memory is read or written, for the present indices.</summary>
abstract unsafe class BlockAccess : BlockStep
{
    readonly int slot;
    readonly nint offset, placeBytes;
    readonly (int Loop, nint Bytes)[] steps;
    readonly Local? place;
    readonly int placeOffset;

    protected BlockAccess(Access access, bool isVector, Loop? vector, Dictionary<Local, BlockPlace> places)
    {
        slot = access.Slot.Index;
        int size = access.Slot.ElementSize;
        offset = (nint)(access.Offset * size);
        steps = [.. access.Steps.Select(s => (s.Loop.Id, (nint)(s.Step * size)))];
        if (access.Place is { IsVector: false }) (place, placeOffset, placeBytes) = (access.Place, places[access.Place].Offset, (nint)(access.PlaceStride * size));
        if (!isVector) return;
        Stride = (nint)access.StepOf(vector!);
        VectorBytes = Stride * vector!.Lanes * size;
    }

    /// <summary>The step from lane to lane, in elements.</summary>
    protected nint Stride { get; }

    /// <summary>The step from vector to vector, in bytes.</summary>
    protected nint VectorBytes { get; }

    protected byte* At(ref BlockRun run)
    {
        byte* at = run.Slots[slot] + offset;
        foreach (var (loop, bytes) in steps) at += bytes * run.Indices[loop];
        if (place is not null) at += placeBytes * (place.Type == DType.Int32 ? *(int*)(run.Locals + placeOffset) : (nint)(*(long*)(run.Locals + placeOffset)));
        return at;
    }

    public override double Cost(int vectors, int count) => base.Cost(vectors, count) + (Stride is 0 or 1 ? 0 : count * 20);
}

/// <inheritdoc cref="Load"/>
sealed unsafe class BlockLoad : BlockAccess
{
    readonly BlockPlace place, placed;
    readonly BlockLane lane;
    readonly bool isVector, isCopy, isStrided, isPlaced;
    readonly nint whole, part, placeStride, lanes;

    public BlockLoad(Load load, Dictionary<Local, BlockPlace> places, Loop? vector) : base(load.Access, load.Result.IsVector, vector, places)
    {
        (place, lane, isVector) = (places[load.Result], BlockLane.Of(load.Result), load.Result.IsVector);
        bool isCount = load.Access.Slot.Residence == Residence.Counting;
        isPlaced = load.Access.Place is { IsVector: true };
        if (isPlaced) (placed, placeStride) = (places[load.Access.Place!], (nint)load.Access.PlaceStride);
        lanes = load.Result.Lanes;
        isStrided = isVector && (Stride != 1 || isCount);
        isCopy = isVector && !isStrided && !isPlaced && load.Result.Type != DType.Bool;
        string name = (isCount ? "Count" : "Load") + (isPlaced ? "Placed" : isStrided ? "Strided" : "");
        whole = Address(load.Result, name);
        if (isVector) part = Address(load.Result, name + "Part");
    }

    public override void Run(ref BlockRun run)
    {
        byte* z = run.Locals + place.Offset;
        nint count = place.Step == 0 ? 1 : run.Count;
        if (isCopy && run.Part == 0) { Unsafe.CopyBlockUnaligned(z, At(ref run), (uint)(count * place.Step)); return; }
        var row = new BlockRow { Z = z, StepZ = place.Step, Count = count };
        bool isPart = isVector && run.Part > 0;
        if (isPlaced)
        {
            row.X = run.Locals + placed.Offset;
            row.StepX = placed.Step;
            lane.LoadPlaced(part, At(ref run), VectorBytes, placeStride, Stride, isPart ? run.Part : lanes, row);
            return;
        }
        int numbers = (isPart ? 1 : 0) + (isStrided ? 1 : 0);
        lane.Load(isPart ? part : whole, At(ref run), VectorBytes, numbers, isStrided ? Stride : run.Part, run.Part, row);
    }
}

/// <inheritdoc cref="Store"/>
sealed unsafe class BlockStore : BlockAccess
{
    readonly BlockPlace place;
    readonly BlockLane lane;
    readonly bool isVector;
    readonly nint whole, part;

    public BlockStore(Store store, Dictionary<Local, BlockPlace> places, Loop? vector) : base(store.Access, store.Value.IsVector, vector, places)
    {
        (place, lane, isVector) = (places[store.Value], BlockLane.Of(store.Value), store.Value.IsVector);
        string name = isVector && Stride != 1 ? "StoreStrided" : "Store";
        whole = Address(store.Value, name);
        if (isVector) part = Address(store.Value, name + "Part");
    }

    public override void Run(ref BlockRun run)
    {
        nint lanes = isVector ? run.Part : 0;
        var row = new BlockRow { X = run.Locals + place.Offset, StepX = place.Step, Count = isVector ? run.Count : 1 };
        lane.Store(lanes > 0 ? part : whole, At(ref run), VectorBytes, isVector && Stride != 1, Stride, lanes, row);
    }
}

/// <inheritdoc cref="Locate"/>
sealed unsafe class BlockLocate(Locate locate, Dictionary<Local, BlockPlace> places) : BlockStep
{
    readonly int index = places[locate.Index].Offset, result = places[locate.Result].Offset;

    public override void Run(ref BlockRun run)
    {
        byte* at = run.Locals;
        long place = ScalarLane<long>.Locate(locate.Index.Type == DType.Int32 ? *(int*)(at + index) : *(long*)(at + index), locate.Length, run.Slots[Works.FaultIndex]);
        if (locate.Result.Type == DType.Int32) *(int*)(at + result) = (int)place; else *(long*)(at + result) = place;
    }
}
