using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint;

delegate Vector512<T> One<T>(Vector512<T> x);
delegate Vector512<T> Two<T>(Vector512<T> x, Vector512<T> y);
delegate Vector512<T> Three<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z);
delegate Vector512<T> Shift<T>(Vector512<T> x, int count);

/// <summary>A number of a formula that is being written down: what the formula does with it is noted as a step, not computed.</summary>
/// <typeparam name="T">float or double.</typeparam>
readonly struct Traced<T>(int step) : ILane<Traced<T>> where T : struct
{
    public int Step { get; } = step;

    public static bool IsDouble => typeof(T) == typeof(double);
    public static int Count => Vector512<T>.Count;

    public static Traced<T> Of(double value) => new(FormulaTrace.Note(FormulaStep.Of(IsDouble ? value : (float)value)));

    static Traced<T> Do<F>(F f, Traced<T> x, Traced<T> y, Traced<T> z) where F : Delegate => new(FormulaTrace.Note(new(f.Method, x.Step, y.Step, z.Step)));
    static Traced<T> Do<F>(F f, Traced<T> x, Traced<T> y) where F : Delegate => new(FormulaTrace.Note(new(f.Method, x.Step, y.Step)));
    static Traced<T> Do<F>(F f, Traced<T> x, int count = 0) where F : Delegate => new(FormulaTrace.Note(new(f.Method, x.Step, Number: count)));

    public static Traced<T> operator +(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Add, x, y);
    public static Traced<T> operator -(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Subtract, x, y);
    public static Traced<T> operator *(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Multiply, x, y);
    public static Traced<T> operator /(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Divide, x, y);
    public static Traced<T> operator -(Traced<T> x) => Do<One<T>>(Vector512.Negate, x);
    public static Traced<T> operator <(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.LessThan, x, y);
    public static Traced<T> operator >(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.GreaterThan, x, y);
    public static Traced<T> operator <=(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.LessThanOrEqual, x, y);
    public static Traced<T> operator >=(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.GreaterThanOrEqual, x, y);
    public static Traced<T> operator &(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.BitwiseAnd, x, y);
    public static Traced<T> operator |(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.BitwiseOr, x, y);
    public static Traced<T> operator ^(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Xor, x, y);
    public static Traced<T> operator ~(Traced<T> x) => Do<One<T>>(Vector512.OnesComplement, x);
    public static Traced<T> Equal(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Equals, x, y);
    public static Traced<T> Select(Traced<T> mask, Traced<T> x, Traced<T> y) => Do<Three<T>>(Vector512.ConditionalSelect, mask, x, y);
    public static Traced<T> Max(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Max, x, y);
    public static Traced<T> Min(Traced<T> x, Traced<T> y) => Do<Two<T>>(Vector512.Min, x, y);
    public static Traced<T> Abs(Traced<T> x) => Do<One<T>>(Vector512.Abs, x);
    public static Traced<T> Sqrt(Traced<T> x) => Do<One<T>>(Vector512.Sqrt, x);
    // intrinsics of one type: what calls others would not be inlined any more in a long kernel
    public static Traced<T> Fma(Traced<T> x, Traced<T> y, Traced<T> z) => IsDouble ? Do<Three<double>>(Vector512.FusedMultiplyAdd, x, y, z) : Do<Three<float>>(Vector512.FusedMultiplyAdd, x, y, z);
    public static Traced<T> Floor(Traced<T> x) => IsDouble ? Do<One<double>>(Vector512.Floor, x) : Do<One<float>>(Vector512.Floor, x);
    public static Traced<T> Ceiling(Traced<T> x) => IsDouble ? Do<One<double>>(Vector512.Ceiling, x) : Do<One<float>>(Vector512.Ceiling, x);
    public static Traced<T> Truncate(Traced<T> x) => IsDouble ? Do<One<double>>(Vector512.Truncate, x) : Do<One<float>>(Vector512.Truncate, x);
    public static Traced<T> Round(Traced<T> x) => IsDouble ? Do<One<double>>(Vector512.Round, x) : Do<One<float>>(Vector512.Round, x);
    public static Traced<T> Scale(Traced<T> x, Traced<T> n) => !Avx512F.IsSupported ? Lane.InHalves(x, n) : IsDouble ? Do<Two<double>>(Avx512F.Scale, x, n) : Do<Two<float>>(Avx512F.Scale, x, n);
    public static Traced<T> AddBits(Traced<T> x, Traced<T> y) => IsDouble ? Do<Two<double>>(TracedBits.Add, x, y) : Do<Two<float>>(TracedBits.Add, x, y);
    public static Traced<T> SubtractBits(Traced<T> x, Traced<T> y) => IsDouble ? Do<Two<double>>(TracedBits.Subtract, x, y) : Do<Two<float>>(TracedBits.Subtract, x, y);
    public static Traced<T> ShiftLeft(Traced<T> x, int count) => IsDouble ? Do<Shift<double>>(TracedBits.ShiftLeft, x, count) : Do<Shift<float>>(TracedBits.ShiftLeft, x, count);
    public static Traced<T> ShiftRight(Traced<T> x, int count) => IsDouble ? Do<Shift<double>>(TracedBits.ShiftRight, x, count) : Do<Shift<float>>(TracedBits.ShiftRight, x, count);

    /// <summary>Assumes that it is not, which is checked where the steps run.</summary>
    public static bool Any(Traced<T> mask) => FormulaTrace.Assume(mask.Step);

    public static Traced<T> Each<TFunction>(Traced<T> x, Traced<T> y) where TFunction : IElementFunction => new(FormulaTrace.GiveUp());
    public static Traced<T> InDouble<TFormula>(Traced<T> x, Traced<T> y) where TFormula : IBinaryFormula => new(FormulaTrace.GiveUp());
}

/// <summary>Vectors as integers of their size.</summary>
static class TracedBits
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)] public static Vector512<float> Add(Vector512<float> x, Vector512<float> y) => (x.AsInt32() + y.AsInt32()).AsSingle();
    [MethodImpl(Inline)] public static Vector512<double> Add(Vector512<double> x, Vector512<double> y) => (x.AsInt64() + y.AsInt64()).AsDouble();
    [MethodImpl(Inline)] public static Vector512<float> Subtract(Vector512<float> x, Vector512<float> y) => (x.AsInt32() - y.AsInt32()).AsSingle();
    [MethodImpl(Inline)] public static Vector512<double> Subtract(Vector512<double> x, Vector512<double> y) => (x.AsInt64() - y.AsInt64()).AsDouble();
    [MethodImpl(Inline)] public static Vector512<float> ShiftLeft(Vector512<float> x, int count) => (x.AsInt32() << count).AsSingle();
    [MethodImpl(Inline)] public static Vector512<double> ShiftLeft(Vector512<double> x, int count) => (x.AsInt64() << count).AsDouble();
    [MethodImpl(Inline)] public static Vector512<float> ShiftRight(Vector512<float> x, int count) => (x.AsInt32() >> count).AsSingle();
    [MethodImpl(Inline)] public static Vector512<double> ShiftRight(Vector512<double> x, int count) => (x.AsInt64() >> count).AsDouble();
}
