using System.Text;

namespace Adjoint;

/// <summary>Kernels as text that reads like C#.</summary>
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
                string step = loop.IsVector ? $"{loop.Name} += {loop.Lanes}" : loop.Name + "++";
                text.Append($"{(loop.IsShared ? "parallel " : "")}for ({loop.Name} = 0; {loop.Name} < {loop.Length}; {step})\n{indent}{{\n");
                Write(text, loop.Body, indent + "    ");
                text.Append(indent).Append("}\n");
            }
            else text.Append(Line(instruction)).Append('\n');
        }
    }

    static string Line(Instruction instruction) => instruction switch
    {
        Load l => $"{Typed(l.Result)} = {l.Access};",
        Store s => $"{s.Access} = {s.Value};",
        Number n => $"{Typed(n.Result)} = {Literals.Text(n.Literal)};",
        Spread s => $"{Typed(s.Result)} = all({s.Value});",
        Locate l => $"{Typed(l.Result)} = locate({l.Index}, {l.Length});",
        Begin b => $"{Typed(b.Sum)} = {Identity(b.Combine)};",
        Accumulate { Y: { } y } a => $"{a.Sum} += {a.X} * {y};",
        Accumulate { Combine: Combine.Sum } a => $"{a.Sum} += {a.X};",
        Accumulate a => $"{a.Sum} = {a.Combine.ToString().ToLowerInvariant()}({a.Sum}, {a.X});",
        Total f => $"{Typed(f.Result)} = {f.Combine.ToString().ToLowerInvariant()}({f.Sum});",
        Apply a => $"{Typed(a.Result)} = {Expression(a)};",
        _ => instruction.ToString()!,
    };

    static string Typed(Local x) => (x.Type switch
    {
        DType.Bool => "bool",
        DType.Int32 => "int",
        DType.Int64 => "long",
        DType.Float32 => "float",
        _ => "double",
    }) + (x.IsVector ? x.Lanes.ToString(System.Globalization.CultureInfo.InvariantCulture) : "") + " " + x;

    static string Identity(Combine combine) => combine switch { Combine.Sum => "0", Combine.Product => "1", Combine.Maximum => "least", _ => "greatest" };

    static string Expression(Apply a)
    {
        string x = a.Operands[0].ToString(), y = a.Operands.Length > 1 ? a.Operands[1].ToString() : "";
        return a.Code switch
        {
            Code.Copy => x,
            Code.Add => $"{x} + {y}",
            Code.Subtract => $"{x} - {y}",
            Code.Negate => "-" + x,
            Code.Multiply => $"{x} * {y}",
            Code.Select => $"{x} ? {y} : {a.Operands[2]}",
            Code.Convert => $"({a.Result.Type.Text}){x}",
            Code.Less => $"{x} < {y}",
            Code.LessOrEqual => $"{x} <= {y}",
            Code.Equal => $"{x} == {y}",
            Code.NotEqual => $"{x} != {y}",
            Code.And => $"{x} & {y}",
            Code.Or => $"{x} | {y}",
            Code.ExclusiveOr => $"{x} ^ {y}",
            _ => $"{a.Function?.Name ?? a.Code.ToString()}({string.Join(", ", a.Operands.Select(o => o.ToString()))})",
        };
    }
}
