using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>
/// Kernels as C#: what stands in a method between its first declarations, the pointers of the slots (<c>double* b3</c>) and the ends of the shared loop, and
/// its end. <c>double8</c> and <c>float16</c> are vectors of 64 bytes, <c>bool8</c> and <c>bool16</c> their masks. Only the first <c>n</c> elements of a vector
/// count where a loop ends before it does; <c>gather</c> and <c>scatter</c> take elements that lie apart.
/// </summary>
static class KernelText
{
    public static string Of(FusedKernel kernel)
    {
        var text = new StringBuilder();
        Write(text, kernel.Body, "");
        return text.ToString();
    }

    static void Write(StringBuilder text, List<Instruction> code, string indent)
    {
        foreach (var instruction in code)
        {
            text.Append(indent);
            if (instruction is Loop loop)
            {
                var (i, start, end) = loop.IsShared ? (loop.Name, "start", "end") : (loop.Name, "0", Text(loop.Length));
                text.Append($"for (nint {i} = {start}; {i} < {end}; {(loop.IsVector ? $"{i} += {loop.Lanes}" : i + "++")}){(loop.IsShared ? $" // shared by threads: 0 to {loop.Length}" : "")}\n{indent}{{\n");
                if (HasRest(loop)) text.Append($"{indent}    nint n{loop.Id} = nint.Min({loop.Lanes}, {end} - {i});\n");
                Write(text, loop.Body, indent + "    ");
                text.Append(indent).Append("}\n");
            }
            else text.Append(Line(instruction)).Append('\n');
        }
    }

    static bool HasRest(Loop loop) => loop.IsVector && loop.Length % loop.Lanes != 0;

    static string Line(Instruction instruction) => instruction switch
    {
        Load { Result.IsVector: true } l => $"{Typed(l.Result)} = {Moved(l.Access, "load", "gather", Text(l.Result.Lanes), "")};",
        Load l => $"{Typed(l.Result)} = {l.Access};",
        Store { Value.IsVector: true } s => $"{Moved(s.Access, "store", "scatter", "", ", " + s.Value)};",
        Store s => $"{s.Access} = {s.Value};",
        Number n => $"{Typed(n.Result)} = {Literal(n.Result.Type, n.Literal.Data)};",
        Spread s => $"{Typed(s.Result)} = all{s.Result.Lanes}({s.Value});",
        Locate l => $"{Typed(l.Result)} = locate({l.Index}, {l.Length});",
        Begin b => $"{Typed(b.Sum)} = {(b.Sum.IsVector ? $"all{b.Sum.Lanes}({Identity(b)})" : Identity(b))};",
        Accumulate { Along: { } along } a when HasRest(along) => $"{a.Sum} = first(n{along.Id}, {Next(a)}, {a.Sum});",
        Accumulate a => $"{a.Sum} = {Next(a)};",
        Total f => $"{Typed(f.Result)} = {Name(f.Combine)}({f.Sum});",
        Apply a => $"{Typed(a.Result)} = {Expression(a)};",
        _ => instruction.ToString()!,
    };

    // load8(b3 + 17*i0 + i1, n1), gather8(b3 + i1, 17, n1)
    static string Moved(Access access, string adjacent, string apart, string lanes, string value)
    {
        var (loop, stride) = access.Steps.SingleOrDefault(s => s.Loop.IsVector);
        return $"{(stride == 1 ? adjacent : apart)}{lanes}({access.Slot} + {access.Index}{(stride == 1 ? "" : $", {stride}")}{value}{(loop is not null && HasRest(loop) ? $", n{loop.Id}" : "")})";
    }

    static string Typed(Local x) => TypeOf(x.Type) + (x.IsVector ? Text(x.Lanes) : "") + " " + x;

    /// <summary>The C# name of an element type.</summary>
    public static string TypeOf(DType type) => type switch
    {
        DType.Bool => "bool",
        DType.Int32 => "int",
        DType.Int64 => "long",
        DType.Float32 => "float",
        _ => "double",
    };

    static string Text(int n) => n.ToString(CultureInfo.InvariantCulture);

    static string Literal(DType type, TensorData value)
    {
        double x = value.First();
        return type switch
        {
            DType.Bool => value.Span<bool>()[0] ? "true" : "false",
            DType.Int32 => Text(value.Span<int>()[0]),
            DType.Int64 => value.Span<long>()[0].ToString(CultureInfo.InvariantCulture) + "L",
            _ when !double.IsFinite(x) => $"{TypeOf(type)}.{(double.IsNaN(x) ? "NaN" : x > 0 ? "PositiveInfinity" : "NegativeInfinity")}",
            DType.Float32 => value.Span<float>()[0].ToString("R", CultureInfo.InvariantCulture) + "f",
            _ => x.ToString("R", CultureInfo.InvariantCulture) + (x == Math.Floor(x) && Math.Abs(x) < 1e15 ? ".0" : ""),
        };
    }

    static string Identity(Begin begin) => Literal(begin.Sum.Type, Constants.Identity(begin.Sum.Type, begin.Combine));

    static string Name(Combine combine) => combine switch { Combine.Sum => "sum", Combine.Product => "product", Combine.Maximum => "greatest", _ => "least" };

    static string Next(Accumulate a) => a.Y is { } y ? $"fma({a.X}, {y}, {a.Sum})" : a.Combine switch
    {
        Combine.Sum => $"{a.Sum} + {a.X}",
        Combine.Product => $"{a.Sum} * {a.X}",
        _ => $"{Name(a.Combine)}({a.Sum}, {a.X})",
    };

    static string Expression(Apply a)
    {
        string x = a.Operands[0].ToString(), y = a.Operands.Length > 1 ? a.Operands[1].ToString() : "";
        string Compared(string sign, string name) => !a.Operands[0].IsVector && a.Operands[0].Type != DType.Bool ? $"{x} {sign} {y}"
            : $"{name}{(a.Operands[0].Type == DType.Bool ? "_bool" : "")}({x}, {y})";
        return a.Code switch
        {
            Code.Copy => x,
            Code.Add => $"{x} + {y}",
            Code.Subtract => $"{x} - {y}",
            Code.Negate => "-" + x,
            Code.Multiply => $"{x} * {y}",
            Code.Select => a.Result.IsVector ? $"select({x}, {y}, {a.Operands[2]})" : $"{x} ? {y} : {a.Operands[2]}",
            Code.Convert => a.Result.Type == a.Operands[0].Type ? x : $"to_{TypeOf(a.Result.Type)}({x})",
            Code.Less => Compared("<", "less"),
            Code.LessOrEqual => Compared("<=", "less_or_equal"),
            Code.Equal => Compared("==", "equal"),
            Code.NotEqual => Compared("!=", "not_equal"),
            Code.And => $"{x} & {y}",
            Code.Or => $"{x} | {y}",
            Code.ExclusiveOr => $"{x} ^ {y}",
            _ => $"{a.Function?.Name.Replace('-', '_') ?? a.Code.ToString()}({string.Join(", ", a.Operands.Select(o => o.ToString()))})",
        };
    }
}
