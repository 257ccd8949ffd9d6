using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Adjoint;

/// <summary>Writes what happens between loads and stores.</summary>
[RequiresDynamicCode("Emits code.")]
sealed class EmitArithmetic(ILGenerator il, Func<Local, LocalBuilder> of, List<ScalarFunction> functions, EmitFormulas formulas, (Loop Loop, LocalBuilder Count)? part)
{
    public void Write(Instruction instruction)
    {
        switch (instruction)
        {
            case Number number: Write(number); break;
            case Spread spread: Get(spread.Value); Call(spread.Result, "Spread"); Set(spread.Result); break;
            case Apply { Code: Code.Map } map: Map(map); break;
            case Apply { Code: Code.Convert } convert: Convert(convert.Operands[0], convert.Result); break;
            case Apply apply: Write(apply); break;
            case Begin begin: Write(begin); break;
            case Accumulate accumulate: Write(accumulate); break;
            case Total finish: Get(finish.Sum); Call(finish.Sum, finish.Combine + "OfLanes"); Set(finish.Result); break;
            default: throw new InvalidOperationException($"engine: {instruction.GetType().Name} cannot be emitted.");
        }
    }

    void Get(Local x) => il.Emit(OpCodes.Ldloc, of(x));
    void Set(Local x) => il.Emit(OpCodes.Stloc, of(x));
    void Call(Local like, string name) => il.Emit(OpCodes.Call, LaneMethods.Of(like, name));

    void Write(Number number)
    {
        Constant(number.Result.Type, number.Literal.Data);
        Set(number.Result);
    }

    void Constant(DType type, TensorData value)
    {
        switch (type)
        {
            case DType.Bool: il.Emit(value.Span<bool>()[0] ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0); break;
            case DType.Int32: il.Emit(OpCodes.Ldc_I4, value.Span<int>()[0]); break;
            case DType.Int64: il.Emit(OpCodes.Ldc_I8, value.Span<long>()[0]); break;
            case DType.Float32: il.Emit(OpCodes.Ldc_R4, value.Span<float>()[0]); break;
            default: il.Emit(OpCodes.Ldc_R8, value.Span<double>()[0]); break;
        }
    }

    void Write(Apply apply)
    {
        foreach (var x in apply.Operands) Get(x);
        if (apply.Code != Code.Copy) Call(apply.Code == Code.Select ? apply.Result : apply.Operands[0], apply.Code.ToString());
        Set(apply.Result);
        if (apply.Code == Code.Negate) formulas.Negated(of(apply.Result), of(apply.Operands[0]));
    }

    void Map(Apply apply)
    {
        var (function, type) = (apply.Function!, apply.Result.Type);
        if (type.IsFloat && formulas.Fitting(function, type) is { } trace)
        {
            formulas.Write(trace, function, type, Array.ConvertAll(apply.Operands, x => of(x)), of(apply.Result), apply.Result.IsVector);
            return;
        }
        if (!type.IsFloat)
        {
            int number = functions.IndexOf(function);
            if (number < 0) { number = functions.Count; functions.Add(function); }
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, number);
            il.Emit(OpCodes.Ldelem_Ref);
        }
        foreach (var x in apply.Operands) Get(x);
        if (!type.IsFloat && function.Arity == 1) Get(apply.Operands[0]);
        il.Emit(OpCodes.Call, type.IsFloat ? EmittedFunctions.Of(function, type, apply.Result.IsVector) : EmittedFunctions.OfIntegers(type));
        Set(apply.Result);
    }

    void Convert(Local x, Local z)
    {
        Get(x);
        if (x.Type == z.Type) { }
        else if (x.Type == DType.Bool) Call(z, "FromBool");
        else if (z.Type == DType.Bool) Call(x, "ToBool");
        else if (z.IsVector) Call(z, "FromIntegers");
        else il.Emit(OpCodes.Call, LaneMethods.Conversion(x, z.Type));
        Set(z);
    }

    void Write(Begin begin)
    {
        Constant(begin.Sum.Type, Constants.Identity(begin.Sum.Type, begin.Combine));
        if (begin.Sum.IsVector) Call(begin.Sum, "Spread");
        Set(begin.Sum);
    }

    void Write(Accumulate a)
    {
        Get(a.Sum);
        Get(a.X);
        if (a.Y is not null) Get(a.Y);
        Call(a.Sum, a.Y is not null ? "MultiplyAdd" : a.Combine switch
        {
            Combine.Sum => "Add",
            Combine.Product => "Multiply",
            Combine.Maximum => "Maximum",
            _ => "Minimum",
        });
        if (a.Along is not null && part is { } p && p.Loop == a.Along)
        {
            Get(a.Sum);
            il.Emit(OpCodes.Ldloc, p.Count);
            Call(a.Sum, "Part");
        }
        Set(a.Sum);
    }
}
