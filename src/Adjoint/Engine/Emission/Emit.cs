using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Adjoint;

/// <summary>A compiled kernel, for indices <paramref name="start"/> to <paramref name="end"/> of its shared loop; <paramref name="slots"/> are addresses.</summary>
unsafe delegate void KernelCode(byte** slots, nint start, nint end);

/// <summary>Writes kernels as methods, which the just-in-time compiler turns into machine code at once and with full optimization.</summary>
[RequiresDynamicCode("Emits code.")]
sealed class Emit
{
    readonly ILGenerator il;
    readonly List<ScalarFunction> functions = [];
    readonly Dictionary<Local, LocalBuilder> locals = [];
    readonly Dictionary<Loop, LocalBuilder> indices = [];
    readonly Loop? shared;
    readonly EmitFormulas formulas;

    /// <summary>The loop whose last, partial vector is being written, and how many lanes it has.</summary>
    (Loop Loop, LocalBuilder Count)? part;

    Emit(ILGenerator il, Loop? shared) => (this.il, this.shared, formulas) = (il, shared, new(il));

    public static KernelCode Compile(FusedKernel kernel)
    {
        var method = new DynamicMethod("kernel", typeof(void), [typeof(ScalarFunction[]), typeof(byte**), typeof(nint), typeof(nint)], typeof(Emit).Module, skipVisibility: true);
        var emit = new Emit(method.GetILGenerator(), kernel.Shared);
        var pointers = new Dictionary<Access, LocalBuilder>();
        foreach (var access in FusedKernel.Accesses(kernel.Body).Distinct()) pointers[access] = emit.Base(access);
        emit.Write(kernel.Body, pointers);
        emit.il.Emit(OpCodes.Ret);
        return method.CreateDelegate<KernelCode>(emit.functions.ToArray());
    }

    LocalBuilder Base(Access access)
    {
        var pointer = il.DeclareLocal(typeof(byte*));
        Address(access.Slot.Index);
        if (access.Offset != 0) { Native(access.Offset * access.Slot.ElementSize); il.Emit(OpCodes.Add); }
        il.Emit(OpCodes.Stloc, pointer);
        return pointer;
    }

    void Address(int slot)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, slot * sizeof(long));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
    }

    void Native(long value)
    {
        il.Emit(OpCodes.Ldc_I8, value);
        il.Emit(OpCodes.Conv_I);
    }

    void Write(List<Instruction> code, Dictionary<Access, LocalBuilder> pointers) => formulas.Within(() =>
    {
        foreach (var instruction in code)
            switch (instruction)
            {
                case Loop loop: Write(loop, pointers); break;
                case Load load: Write(load, pointers[load.Access]); break;
                case Store store: Write(store, pointers[store.Access]); break;
                case Locate locate: Write(locate); break;
                default: new EmitArithmetic(il, Of, functions, formulas, part).Write(instruction); break;
            }
    });

    void Write(Loop loop, Dictionary<Access, LocalBuilder> pointers)
    {
        var index = il.DeclareLocal(typeof(nint));
        var end = il.DeclareLocal(typeof(nint));
        indices[loop] = index;
        if (loop == shared) { il.Emit(OpCodes.Ldarg_2); il.Emit(OpCodes.Stloc, index); il.Emit(OpCodes.Ldarg_3); il.Emit(OpCodes.Stloc, end); }
        else { Native(0); il.Emit(OpCodes.Stloc, index); Native(loop.Length); il.Emit(OpCodes.Stloc, end); }
        if (loop.Length >= loop.Lanes) Repeat(loop, index, end, pointers);
        if (!loop.IsVector || (loop.Length % loop.Lanes == 0)) return;
        var done = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Bge, done);
        var count = il.DeclareLocal(typeof(nint));
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, count);
        part = (loop, count);
        Write(loop.Body, Advanced(loop, index, pointers));
        part = null;
        il.MarkLabel(done);
    }

    // while (index + lanes <= end) { body; index += lanes; }
    void Repeat(Loop loop, LocalBuilder index, LocalBuilder end, Dictionary<Access, LocalBuilder> pointers)
    {
        var last = end;
        if (loop.IsVector)
        {
            last = il.DeclareLocal(typeof(nint));
            il.Emit(OpCodes.Ldloc, end);
            Native(loop.Lanes - 1);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Stloc, last);
        }
        Label top = il.DefineLabel(), condition = il.DefineLabel();
        il.Emit(OpCodes.Br, condition);
        il.MarkLabel(top);
        Write(loop.Body, Advanced(loop, index, pointers));
        il.Emit(OpCodes.Ldloc, index);
        Native(loop.Lanes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.MarkLabel(condition);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, last);
        il.Emit(OpCodes.Blt, top);
    }

    // the pointers of this iteration
    Dictionary<Access, LocalBuilder> Advanced(Loop loop, LocalBuilder index, Dictionary<Access, LocalBuilder> pointers)
    {
        var advanced = new Dictionary<Access, LocalBuilder>(pointers);
        foreach (var access in FusedKernel.Accesses(loop.Body).Distinct())
        {
            long step = access.StepOf(loop) * access.Slot.ElementSize;
            if (step == 0) continue;
            var pointer = il.DeclareLocal(typeof(byte*));
            il.Emit(OpCodes.Ldloc, pointers[access]);
            il.Emit(OpCodes.Ldloc, index);
            if (step != 1) { Native(step); il.Emit(OpCodes.Mul); }
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, pointer);
            advanced[access] = pointer;
        }
        return advanced;
    }

    LocalBuilder Of(Local x) => locals.TryGetValue(x, out var known) ? known : locals[x] = il.DeclareLocal(LaneMethods.TypeOf(x));

    void Write(Load load, LocalBuilder pointer)
    {
        Pointer(load.Access, pointer);
        string name = load.Access.Slot.Residence == Residence.Counting ? "Count" : "Load";
        name += Variant(load.Result.IsVector, load.Access);
        if (name.EndsWith("Part", StringComparison.Ordinal)) il.Emit(OpCodes.Ldloc, part!.Value.Count);
        il.Emit(OpCodes.Call, LaneMethods.Of(load.Result, name));
        il.Emit(OpCodes.Stloc, Of(load.Result));
    }

    void Write(Store store, LocalBuilder pointer)
    {
        Pointer(store.Access, pointer);
        string name = "Store" + Variant(store.Value.IsVector, store.Access);
        il.Emit(OpCodes.Ldloc, Of(store.Value));
        if (name.EndsWith("Part", StringComparison.Ordinal)) il.Emit(OpCodes.Ldloc, part!.Value.Count);
        il.Emit(OpCodes.Call, LaneMethods.Of(store.Value, name));
    }

    void Pointer(Access access, LocalBuilder pointer)
    {
        il.Emit(OpCodes.Ldloc, pointer);
        if (access.Place is not { IsVector: false } place) return;
        il.Emit(OpCodes.Ldloc, Of(place));
        il.Emit(OpCodes.Conv_I);
        Native(access.PlaceStride * access.Slot.ElementSize);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
    }

    // places, the stride of places, and the stride follow the pointer on the stack
    string Variant(bool isVector, Access access)
    {
        if (!isVector) return "";
        if (access.Place is { IsVector: true } place)
        {
            il.Emit(OpCodes.Ldloc, Of(place));
            Native(access.PlaceStride);
        }
        var (loop, stride) = access.Steps.SingleOrDefault(s => s.Loop.IsVector);
        string name = access.Place is { IsVector: true } ? "Placed" : stride == 1 && access.Slot.Residence != Residence.Counting ? "" : "Strided";
        if (name.Length > 0) Native(stride);
        return part is { } p && (p.Loop == loop || name == "Placed") ? name + "Part" : name;
    }

    void Write(Locate locate)
    {
        il.Emit(OpCodes.Ldloc, Of(locate.Index));
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ldc_I8, (long)locate.Length);
        Address(Works.FaultIndex);
        il.Emit(OpCodes.Call, LaneMethods.Locate);
        if (locate.Result.Type == DType.Int32) il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Stloc, Of(locate.Result));
    }
}
