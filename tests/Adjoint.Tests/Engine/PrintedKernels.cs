using System.Reflection;
using System.Text;
using Adjoint.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests;

/// <summary>Compiles the text of kernels as C#, in an assembly that sees what kernels are made of.</summary>
static class PrintedKernels
{
    static readonly (string Name, string Element, string Mask, int Lanes)[] vectors = [("float16", "float", "int", 16), ("int16", "int", "int", 16), ("double8", "double", "long", 8), ("long8", "long", "long", 8)];

    /// <summary>Whether the vocabulary below has all that a kernel uses: no functions of integers, random bits, places of indices or conversions of vectors.</summary>
    public static bool CanCompile(FusedKernel kernel) => All(kernel.Body).All(i => i is not Locate && !IsConversion(i) && (i is not Apply apply || (apply.Code <= Code.ExclusiveOr && apply.Function is null) || (apply.Code == Code.Map && apply.Result.Type.IsFloat)))
        && FusedKernel.Accesses(kernel.Body).All(a => a.Place is null && a.Slot.Residence != Residence.Counting);

    /// <summary>The kernels as code.</summary>
    /// <exception cref="LawException">The text is not C#.</exception>
    public static KernelCode[] Compile(IReadOnlyList<FusedKernel> kernels)
    {
        var text = new StringBuilder("using Adjoint; using System.Runtime.CompilerServices; using System.Runtime.Intrinsics;\n");
        foreach (var (name, element, mask, lanes) in vectors) text.Append($"using {name} = System.Runtime.Intrinsics.Vector512<{element}>;\n");
        text.Append("using bool16 = System.Runtime.Intrinsics.Vector512<int>; using bool8 = System.Runtime.Intrinsics.Vector512<long>;\nstatic unsafe class Kernels\n{\n").Append(Vocabulary());
        for (int i = 0; i < kernels.Count; i++)
        {
            text.Append($"[MethodImpl(MethodImplOptions.AggressiveOptimization)] public static void K{i}(byte** slots, nint start, nint end)\n{{\n");
            foreach (var slot in kernels[i].Slots) text.Append($"{KernelText.TypeOf(slot.Type)}* {slot} = ({KernelText.TypeOf(slot.Type)}*)slots[{slot.Index}];\n");
            text.Append(kernels[i]).Append("}\n");
        }
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create("Adjoint.Kernels", [CSharpSyntaxTree.ParseText(text.Append("}\n").ToString())],
            platform.Split(Path.PathSeparator).Where(p => Path.GetFileName(p) is "Adjoint.dll" || Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal)).Select(p => MetadataReference.CreateFromFile(p)),
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success) throw new LawException(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10).Select(d => $"{d}: {d.Location.SourceTree!.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line]}")));
        var type = Assembly.Load(image.ToArray()).GetType("Kernels")!;
        return [.. Enumerable.Range(0, kernels.Count).Select(i => type.GetMethod($"K{i}")!.CreateDelegate<KernelCode>())];
    }

    // of vectors of numbers: a vector of integers and a mask are one type in C#
    static bool IsConversion(Instruction i) => i is Apply { Code: Code.Convert, Result: { IsVector: true, Type: not DType.Bool }, Operands: [{ Type: not DType.Bool }] };

    static IEnumerable<Instruction> All(IEnumerable<Instruction> code) => code.SelectMany(i => i is Loop loop ? All(loop.Body) : [i]);

    static string Vocabulary()
    {
        var text = new StringBuilder();
        void Add(string line) => text.Append("[MethodImpl(MethodImplOptions.AggressiveInlining)] static ").Append(line).Append(line.EndsWith('}') ? "\n" : ";\n");
        void Moves(string vector, string element, string lane, int lanes)
        {
            Add($"{vector} load{lanes}({element}* p) => {lane}.Load((byte*)p)");
            Add($"{vector} load{lanes}({element}* p, nint n) => n == {lanes} ? {lane}.Load((byte*)p) : {lane}.LoadPart((byte*)p, n)");
            Add($"{vector} gather{lanes}({element}* p, nint step) => {lane}.LoadStrided((byte*)p, step)");
            Add($"{vector} gather{lanes}({element}* p, nint step, nint n) => {lane}.LoadStridedPart((byte*)p, step, n)");
            Add($"void store({element}* p, {vector} x) => {lane}.Store((byte*)p, x)");
            Add($"void store({element}* p, {vector} x, nint n) {{ if (n == {lanes}) {lane}.Store((byte*)p, x); else {lane}.StorePart((byte*)p, x, n); }}");
            Add($"void scatter({element}* p, nint step, {vector} x) => {lane}.StoreStrided((byte*)p, step, x)");
            Add($"void scatter({element}* p, nint step, {vector} x, nint n) => {lane}.StoreStridedPart((byte*)p, step, x, n)");
            Add($"{vector} all{lanes}({element} x) => {lane}.Spread(x)");
        }
        foreach (var (vector, element, mask, lanes) in vectors)
        {
            string lane = $"VectorLane<{element}, {mask}>", one = $"ScalarLane<{element}>";
            Moves(vector, element, lane, lanes);
            Add($"{vector} first(nint n, {vector} next, {vector} sum) => {lane}.Part(next, sum, n)");
            Add($"{vector} fma({vector} x, {vector} y, {vector} sum) => {lane}.MultiplyAdd(sum, x, y)");
            Add($"{element} fma({element} x, {element} y, {element} sum) => {one}.MultiplyAdd(sum, x, y)");
            foreach (var (name, method) in ((string, string)[])[("sum", "Sum"), ("product", "Product"), ("greatest", "Maximum"), ("least", "Minimum")]) Add($"{element} {name}({vector} x) => {lane}.{method}OfLanes(x)");
            foreach (var (name, method) in ((string, string)[])[("greatest", "Maximum"), ("least", "Minimum")])
            {
                Add($"{vector} {name}({vector} x, {vector} y) => {lane}.{method}(x, y)");
                Add($"{element} {name}({element} x, {element} y) => {one}.{method}(x, y)");
            }
            foreach (var (name, method) in compared) Add($"bool{lanes} {name}({vector} x, {vector} y) => {lane}.{method}(x, y)");
            Add($"{vector} select(bool{lanes} c, {vector} x, {vector} y) => {lane}.Select(c, x, y)");
            Add($"{vector} to_{element}(bool{lanes} x) => {lane}.FromBool(x)");
            Add($"bool{lanes} to_bool({vector} x) => {lane}.ToBool(x)");
            Add($"{element} to_{element}(bool x) => {one}.FromBool(x)");
            Add($"bool to_bool({element} x) => {one}.ToBool(x)");
            foreach (var other in vectors) if (other.Element != element) Add($"{element} to_{element}({other.Element} x) => ScalarLane<{other.Element}>.To<{element}>(x)");
        }
        foreach (var (vector, mask, lanes) in ((string, string, int)[])[("bool16", "int", 16), ("bool8", "long", 8)])
        {
            Moves(vector, "bool", $"MaskLane<{mask}>", lanes);
            foreach (var (name, method) in compared) Add($"{vector} {name}_bool({vector} x, {vector} y) => MaskLane<{mask}>.{method}(x, y)");
        }
        foreach (var (name, method) in compared) Add($"bool {name}_bool(bool x, bool y) => BoolLane.{method}(x, y)");
        Add("bool greatest(bool x, bool y) => BoolLane.Maximum(x, y)");
        Add("bool least(bool x, bool y) => BoolLane.Minimum(x, y)");
        foreach (var f in ScalarSamples.Functions)
            foreach (var (vector, element, _, _) in vectors.Where(v => v.Element is "float" or "double"))
                foreach (var (type, kind) in ((string, string)[])[(vector, "Vector"), (element, "Scalar")])
                    Add($"{type} {f.Name.Replace('-', '_')}({type} x{(f.Arity == 2 ? $", {type} y" : "")}) => EmittedFunctions.{(f.Arity == 2 ? "Binary" : "Unary")}{kind}<{f.Formula.FullName!.Replace('+', '.')}, {element}>(x{(f.Arity == 2 ? ", y" : "")})");
        return text.ToString();
    }

    static readonly (string Name, string Method)[] compared = [("less", "Less"), ("less_or_equal", "LessOrEqual"), ("equal", "Equal"), ("not_equal", "NotEqual")];
}
