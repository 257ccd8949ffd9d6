using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>The memory of one run of a program: its arena, and the addresses of all slots. Used again from call to call, by one call at a time.</summary>
sealed unsafe class Frame
{
    readonly Works works;
    readonly byte[] arena;
    readonly nint[] addresses;
    readonly TensorData?[] objects;
    readonly Slot[] outside;
    readonly PinnedGCHandle<object>[] pins;
    readonly List<MemoryHandle> handles = [];
    int pinned;

    public Frame(Works works, Plan plan, int threads)
    {
        (this.works, Threads) = (works, threads);
        int numbers = works.Slots.Count(s => s.Residence is Residence.Literal or Residence.Fault);
        arena = GC.AllocateUninitializedArray<byte>(checked((int)plan.ArenaSize + 64 + numbers * sizeof(long)), pinned: true);
        addresses = GC.AllocateArray<nint>(works.Slots.Count, pinned: true);
        objects = new TensorData?[works.Slots.Count];
        nint start = (nint)Unsafe.AsPointer(ref arena[0]);
        start += -start & 63;
        nint literals = start + (nint)plan.ArenaSize;
        foreach (var slot in works.Slots)
            if (slot.Residence == Residence.Arena && slot.ArenaOffset >= 0)
            {
                addresses[slot.Index] = start + (nint)slot.ArenaOffset;
                objects[slot.Index] = View(slot, addresses[slot.Index]);
            }
            else if (slot.Residence == Residence.Literal)
            {
                addresses[slot.Index] = literals;
                literals += sizeof(long);
                Copy(objects[slot.Index] = slot.Literal!.Data, View(slot, addresses[slot.Index]));
            }
            else if (slot.Residence == Residence.Constant) objects[slot.Index] = View(slot, addresses[slot.Index] = slot.Address);
            else if (slot.Residence == Residence.Fault)
            {
                addresses[slot.Index] = literals;
                literals += sizeof(long);
            }
        outside = [.. works.Slots.Where(s => s.Residence is Residence.Argument or Residence.Result)];
        pins = new PinnedGCHandle<object>[outside.Length];
        for (int i = 0; i < pins.Length; i++) pins[i] = new(null!);
    }

    ~Frame()
    {
        foreach (var pin in pins) pin.Dispose();
    }

    public int Threads { get; }

    /// <summary>The address of each slot.</summary>
    public byte** Addresses => (byte**)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(addresses));

    /// <summary>Starts a run: arguments are pinned, memory for results is made.</summary>
    public void Open(ReadOnlySpan<TensorData> inputs, ReadOnlySpan<TensorData?> into)
    {
        for (int k = 0; k < into.Length; k++)
            if (into[k] is { } given && works.Results[k].Residence == Residence.Result) objects[works.Results[k].Index] = given;
        foreach (var slot in works.Slots)
            switch (slot.Residence)
            {
                case Residence.Argument: Pin(slot, inputs[slot.Position]); break;
                case Residence.Result: Pin(slot, objects[slot.Index] ?? New(slot)); break;
                case Residence.Boxed when slot.Position >= 0: objects[slot.Index] = inputs[slot.Position]; break;
            }
    }

    /// <summary>Says that arguments and results have moved: fallbacks see them anew.</summary>
    public void Forget()
    {
        foreach (var slot in outside) objects[slot.Index] = null;
    }

    TensorData ObjectOf(Slot slot) => objects[slot.Index] ??= View(slot, addresses[slot.Index]);

    /// <summary>Ends a run: nothing of the caller's is held.</summary>
    public void Close()
    {
        for (int i = 0; i < pinned; i++) pins[i].Target = null!;
        pinned = 0;
        foreach (var handle in handles) handle.Dispose();
        handles.Clear();
        foreach (var slot in works.Slots)
            if (slot.Residence is Residence.Argument or Residence.Result or Residence.Boxed) objects[slot.Index] = null;
    }

    /// <summary>The data of a slot as an equation sees it.</summary>
    public TensorData Read(Slot slot, Shape shape)
    {
        var data = ObjectOf(slot);
        return data.Shape == shape || slot.Residence == Residence.Boxed ? data : data.WithShape(shape);
    }

    /// <summary>Takes what a fallback computed.</summary>
    public void Write(Slot slot, TensorData data)
    {
        if (slot.Residence == Residence.Boxed) objects[slot.Index] = data;
        else if (addresses[slot.Index] != 0) Copy(data, ObjectOf(slot));
    }

    public TensorData[] Results(EquationSystem system)
    {
        var results = new TensorData[works.Results.Length];
        for (int k = 0; k < results.Length; k++) results[k] = Read(works.Results[k], system.Results[k].Shape);
        return results;
    }

    void Pin(Slot slot, TensorData data)
    {
        objects[slot.Index] = data;
        switch (data)
        {
            case TensorData<float> x: Pin(slot, x.Elements); break;
            case TensorData<double> x: Pin(slot, x.Elements); break;
            case TensorData<int> x: Pin(slot, x.Elements); break;
            case TensorData<long> x: Pin(slot, x.Elements); break;
            case TensorData<bool> x: Pin(slot, x.Elements); break;
        }
    }

    void Pin<T>(Slot slot, Memory<T> memory)
    {
        if (MemoryMarshal.TryGetArray<T>(memory, out var segment) && segment.Array is { } array) pins[pinned++].Target = array;
        else handles.Add(memory.Pin());
        addresses[slot.Index] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.Span));
    }

    static TensorData New(Slot slot)
    {
        var shape = Shape.Of([(int)slot.Size]);
        return slot.Type switch
        {
            DType.Bool => Of<bool>(shape),
            DType.Int32 => Of<int>(shape),
            DType.Int64 => Of<long>(shape),
            DType.Float32 => Of<float>(shape),
            _ => Of<double>(shape),
        };
        static TensorData<T> Of<T>(Shape shape) => new(shape, GC.AllocateUninitializedArray<T>(shape.Size));
    }

    public static TensorData View(Slot slot, nint address)
    {
        var shape = Shape.Of([(int)slot.Size]);
        return slot.Type switch
        {
            DType.Bool => Of<bool>(shape, address),
            DType.Int32 => Of<int>(shape, address),
            DType.Int64 => Of<long>(shape, address),
            DType.Float32 => Of<float>(shape, address),
            _ => Of<double>(shape, address),
        };
        static TensorData<T> Of<T>(Shape shape, nint address) where T : unmanaged => new(shape, new ArenaMemory<T>((T*)address, shape.Size).Memory);
    }

    public static void Copy(TensorData from, TensorData to)
    {
        switch (from)
        {
            case TensorData<float> x: x.Elements.Span.CopyTo(to.Span<float>()); break;
            case TensorData<double> x: x.Elements.Span.CopyTo(to.Span<double>()); break;
            case TensorData<int> x: x.Elements.Span.CopyTo(to.Span<int>()); break;
            case TensorData<long> x: x.Elements.Span.CopyTo(to.Span<long>()); break;
            case TensorData<bool> x: x.Elements.Span.CopyTo(to.Span<bool>()); break;
        }
    }

    /// <summary>Elements in an arena. They do not move, and live as long as the frame's run.</summary>
    sealed class ArenaMemory<T>(T* start, int length) : MemoryManager<T> where T : unmanaged
    {
        public override Span<T> GetSpan() => new(start, length);
        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);
        public override void Unpin() { }
        protected override void Dispose(bool disposing) { }
    }
}
