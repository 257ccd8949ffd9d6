using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>The memory of one run of a program: its arena, and the addresses of all slots. Used again from call to call, by one call at a time.</summary>
sealed unsafe class Frame
{
    readonly EquationSystem system;
    readonly Works works;
    readonly byte[] arena;
    readonly nint[] addresses;
    readonly TensorData?[] objects;

    /// <summary>The slots whose data is the caller's: arguments and results, which are pinned, and what has no known size.</summary>
    readonly Slot[] arguments, outside, boxed;

    public Frame(EquationSystem system, Works works, Plan plan)
    {
        (this.system, this.works) = (system, works);
        int numbers = works.Slots.Count(s => s.Residence is Residence.Literal or Residence.Fault);
        arena = GC.AllocateUninitializedArray<byte>(checked((int)plan.ArenaSize + 64 + numbers * sizeof(long)), pinned: true);
        addresses = GC.AllocateArray<nint>(works.Slots.Count, pinned: true);
        objects = new TensorData?[works.Slots.Count];
        nint start = (nint)Unsafe.AsPointer(ref arena[0]);
        start += -start & 63;
        nint literals = start + (nint)plan.ArenaSize;
        foreach (var slot in works.Slots)
            if (slot.Residence == Residence.Arena && slot.ArenaOffset >= 0) addresses[slot.Index] = start + (nint)slot.ArenaOffset;
            else if (slot.Residence == Residence.Literal)
            {
                addresses[slot.Index] = literals;
                literals += sizeof(long);
                Copy(objects[slot.Index] = slot.Literal!.Data, View(slot, addresses[slot.Index]));
            }
            else if (slot.Residence == Residence.Constant) addresses[slot.Index] = slot.Address;
            else if (slot.Residence == Residence.Fault)
            {
                addresses[slot.Index] = literals;
                literals += sizeof(long);
            }
        arguments = [.. works.Slots.Where(s => s.Residence == Residence.Argument)];
        outside = [.. arguments, .. works.Slots.Where(s => s.Residence == Residence.Result)];
        boxed = [.. works.Slots.Where(s => s.Residence == Residence.Boxed)];
    }

    /// <summary>The most threads of this run; 0 for all.</summary>
    public int Threads { get; set; }

    /// <summary>The step that runs.</summary>
    public int Step { get; set; }

    /// <summary>The address of each slot.</summary>
    public byte** Addresses => (byte**)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(addresses));

    /// <summary>Runs over the caller's data; <paramref name="results"/> are memory for results, where there is some, and become the results.</summary>
    /// <exception cref="OverwrittenException">A step failed when results had been written over arguments.</exception>
    public void Run(Compiled program, ReadOnlySpan<TensorData> inputs, Span<TensorData?> results)
    {
        foreach (var slot in arguments) objects[slot.Index] = inputs[slot.Position];
        foreach (var slot in boxed) if (slot.Position >= 0) objects[slot.Index] = inputs[slot.Position];
        for (int k = 0; k < results.Length; k++)
            if (works.Results[k] is { Residence: Residence.Result } slot) objects[slot.Index] = results[k] ?? New(system.Results[k]);
        Pin(0, program);
        for (int k = 0; k < results.Length; k++) results[k] = Read(works.Results[k], system.Results[k].Shape);
    }

    // holds the caller's data in place, four at a time
    void Pin(int first, Compiled program)
    {
        fixed (byte* a = &Start(first), b = &Start(first + 1), c = &Start(first + 2), d = &Start(first + 3))
        {
            Locate(first, a);
            Locate(first + 1, b);
            Locate(first + 2, c);
            Locate(first + 3, d);
            if (first + 4 < outside.Length) Pin(first + 4, program);
            else Run(program);
        }
    }

    void Run(Compiled program)
    {
        try { program.Run(this); }
        catch (Exception cause) when (HasOverwritten(program.Steps.Take(Step + 1))) { throw new OverwrittenException(cause); }
    }

    bool HasOverwritten(IEnumerable<Step> steps) => steps.SelectMany(s => s.Writes)
        .Any(s => s.Residence == Residence.Result && Array.Exists(arguments, a => a.Size > 0 && addresses[a.Index] == addresses[s.Index]));

    ref byte Start(int i)
    {
        if (i < outside.Length) return ref objects[outside[i].Index]!.Start;
        return ref Unsafe.NullRef<byte>();
    }

    void Locate(int i, byte* address)
    {
        if (i < outside.Length) addresses[outside[i].Index] = (nint)address;
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
        foreach (var slot in outside) objects[slot.Index] = null;
        foreach (var slot in boxed) objects[slot.Index] = null;
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

    static TensorData New(Tensor result)
    {
        return result.DType switch
        {
            DType.Bool => Of<bool>(result.Shape),
            DType.Int32 => Of<int>(result.Shape),
            DType.Int64 => Of<long>(result.Shape),
            DType.Float32 => Of<float>(result.Shape),
            _ => Of<double>(result.Shape),
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
