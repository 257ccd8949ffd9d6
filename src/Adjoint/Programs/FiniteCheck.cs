using System.Diagnostics;

namespace Adjoint;

/// <summary>
/// Finds where NaN and infinities come from. Inside <c>using (FiniteCheck.Scope())</c> every evaluated equation is inspected, and the first whose
/// results are not finite though its inputs are stops the run with its name, operands, and the line of the user's program that built it. Programs
/// compiled earlier are inspected too, but do not know their lines. Holds for the current thread of control.
/// </summary>
public sealed class FiniteCheck : IDisposable
{
    static readonly AsyncLocal<FiniteCheck?> current = new();
    static int scopes;

    readonly FiniteCheck? before = current.Value;

    FiniteCheck()
    {
        current.Value = this;
        Interlocked.Increment(ref scopes);
    }

    internal static FiniteCheck? Current => Volatile.Read(ref scopes) == 0 ? null : current.Value;

    /// <summary>Checks everything that is evaluated until it is disposed.</summary>
    public static IDisposable Scope() => new FiniteCheck();

    public void Dispose()
    {
        current.Value = before;
        Interlocked.Decrement(ref scopes);
    }

    /// <summary>The first line outside this library on the current stack.</summary>
    internal static string? UserLine()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
            if (DiagnosticMethodInfo.Create(frame) is { } method && !Internal(method.DeclaringAssemblyName))
                return frame.GetFileName() is { } file ? $"{file}:{frame.GetFileLineNumber()} ({method.Name})" : method.Name;
        return null;
    }

    static bool Internal(string? assembly) => assembly is null || assembly == typeof(FiniteCheck).Assembly.FullName || assembly.StartsWith("System", StringComparison.Ordinal);

    internal void Inspect(Equation equation, TensorData[] x, TensorData[] z)
    {
        for (int k = 0; k < z.Length; k++)
        {
            if (Bad(z[k]) is not { } bad || x.Any(d => Bad(d) is not null)) continue;
            throw new NotFiniteException(
                $"{equation.Operation.Name}: result {k} {z[k].Type.Text}{z[k].Shape} has {bad.Value} at flat index {bad.Index}, from finite inputs " +
                string.Join(", ", x.Select(d => $"{d.Type.Text}{d.Shape}" + (d.Shape.Size == z[k].Shape.Size ? $" ({d.ToDoubles()[bad.Index]:R} there)" : ""))) +
                (equation.Site is { } site ? $". Built at {site}." : "."));
        }
    }

    static (double Value, int Index)? Bad(TensorData data)
    {
        if (!data.Type.IsFloat) return null;
        double[] values = data.ToDoubles();
        int index = Array.FindIndex(values, v => !double.IsFinite(v));
        return index < 0 ? null : (values[index], index);
    }
}

/// <summary>An equation produced NaN or infinity from finite inputs.</summary>
public sealed class NotFiniteException(string message) : ArithmeticException(message);
