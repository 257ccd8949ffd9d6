using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>Writes the formulas of scalar functions into a kernel, until as many steps are written as the just-in-time compiler takes well; then calls.</summary>
[RequiresDynamicCode("Emits code.")]
sealed class EmitFormulas(ILGenerator il)
{
    const int MostSteps = 600;

    static readonly MethodInfo ofSingle = ((Func<float, Vector512<float>>)Vector512.Create).Method, ofDouble = ((Func<double, Vector512<double>>)Vector512.Create).Method;

    readonly Dictionary<LocalBuilder, LocalBuilder> negated = [];
    Dictionary<Known, LocalBuilder> known = [];
    int steps;

    /// <summary>A step on locals: what has been computed once is not computed again.</summary>
    readonly record struct Known(MethodInfo Method, LocalBuilder? X, LocalBuilder? Y, LocalBuilder? Z, (long X, long Y, long Z) Numbers);

    /// <summary>Writes code in which steps that were computed before it are known, and of whose own steps nothing is known after it.</summary>
    public void Within(Action write)
    {
        var outer = known;
        known = new(outer);
        write();
        known = outer;
    }

    /// <summary>Notes that z = −x.</summary>
    public void Negated(LocalBuilder z, LocalBuilder x) => negated[z] = x;

    /// <summary>Whether this function may still be written as its formula.</summary>
    public FormulaTrace? Fitting(ScalarFunction f, DType type) =>
        Vector512.IsHardwareAccelerated && FormulaTrace.Of(f, type) is { } trace && steps + trace.Steps.Count <= MostSteps ? trace : null;

    /// <summary>z = the formula of x; for one number, in every lane of a vector.</summary>
    public void Write(FormulaTrace trace, ScalarFunction f, DType type, LocalBuilder[] x, LocalBuilder z, bool isVector)
    {
        var locals = new LocalBuilder?[trace.Steps.Count];
        for (int i = 0; i < x.Length; i++) locals[i] = isVector ? x[i] : Spread(x[i], type);
        for (int i = x.Length; i < locals.Length; i++)
            if (trace.Steps[i].Method is { } method) locals[i] = Step(trace, trace.Steps[i], method, locals, type);
        Push(trace, trace.Result, locals, type);
        if (!isVector) il.Emit(OpCodes.Call, type == DType.Float32 ? ((Func<Vector512<float>, float>)Vector512.ToScalar).Method : ((Func<Vector512<double>, double>)Vector512.ToScalar).Method);
        il.Emit(OpCodes.Stloc, z);
        foreach (int mask in trace.Assumed) Check(locals[mask]!, f, type, x, z, isVector);
    }

    LocalBuilder Spread(LocalBuilder x, DType type)
    {
        var method = type == DType.Float32 ? ofSingle : ofDouble;
        var key = new Known(method, x, null, null, default);
        if (known.TryGetValue(key, out var same)) return same;
        var result = il.DeclareLocal(method.ReturnType);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Stloc, result);
        return known[key] = result;
    }

    LocalBuilder Step(FormulaTrace trace, FormulaStep step, MethodInfo method, LocalBuilder?[] locals, DType type)
    {
        LocalBuilder? Local(int i) => i < 0 ? null : locals[i];
        long Number(int i) => i < 0 || locals[i] is not null ? 0 : trace.Steps[i].Number;
        var key = new Known(method, Local(step.X), Local(step.Y), Local(step.Z), (Number(step.X), step.Number + Number(step.Y), Number(step.Z)));
        // |−x| = |x|
        if (method.Name == nameof(Vector512.Abs) && key.X is not null && negated.TryGetValue(key.X, out var positive)) key = key with { X = positive };
        if (known.TryGetValue(key, out var same)) return same;
        steps++;
        if (key.X is not null) il.Emit(OpCodes.Ldloc, key.X); else Push(trace, step.X, locals, type);
        if (step.Y >= 0) Push(trace, step.Y, locals, type);
        if (step.Z >= 0) Push(trace, step.Z, locals, type);
        if (method.GetParameters()[^1].ParameterType == typeof(int)) il.Emit(OpCodes.Ldc_I4, (int)step.Number);
        il.Emit(OpCodes.Call, method);
        var result = il.DeclareLocal(method.ReturnType);
        il.Emit(OpCodes.Stloc, result);
        return known[key] = result;
    }

    void Push(FormulaTrace trace, int i, LocalBuilder?[] locals, DType type)
    {
        if (locals[i] is { } local) { il.Emit(OpCodes.Ldloc, local); return; }
        double number = BitConverter.Int64BitsToDouble(trace.Steps[i].Number);
        if (type == DType.Float32) { il.Emit(OpCodes.Ldc_R4, (float)number); il.Emit(OpCodes.Call, ofSingle); }
        else { il.Emit(OpCodes.Ldc_R8, number); il.Emit(OpCodes.Call, ofDouble); }
    }

    // lanes for which the formula has another branch: the function's own method
    void Check(LocalBuilder mask, ScalarFunction f, DType type, LocalBuilder[] x, LocalBuilder z, bool isVector)
    {
        var done = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(OpCodes.Call, type == DType.Float32 ? ((Func<Vector512<float>, ulong>)Vector512.ExtractMostSignificantBits).Method : ((Func<Vector512<double>, ulong>)Vector512.ExtractMostSignificantBits).Method);
        il.Emit(OpCodes.Brfalse, done);
        foreach (var operand in x) il.Emit(OpCodes.Ldloc, operand);
        il.Emit(OpCodes.Call, EmittedFunctions.Of(f, type, isVector));
        il.Emit(OpCodes.Stloc, z);
        il.MarkLabel(done);
    }
}
