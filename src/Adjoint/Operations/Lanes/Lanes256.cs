using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Operations;

/// <summary>4 float64 or 8 float32 numbers.</summary>
/// <typeparam name="T">double or float.</typeparam>
public readonly struct Lanes256<T>(Vector256<T> value) : ILane<Lanes256<T>> where T : struct
{
    /// <summary>The register.</summary>
    public readonly Vector256<T> Value = value;

    public static bool IsDouble => typeof(T) == typeof(double);
    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Of(double value) => new(IsDouble ? Vector256.Create(value).As<double, T>() : Vector256.Create((float)value).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> x, Lanes256<T> y) => new(x.Value + y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x, Lanes256<T> y) => new(x.Value - y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> x, Lanes256<T> y) => new(x.Value * y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> x, Lanes256<T> y) => new(x.Value / y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> x) => new(-x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator <(Lanes256<T> x, Lanes256<T> y) => new(Vector256.LessThan(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator >(Lanes256<T> x, Lanes256<T> y) => new(Vector256.GreaterThan(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator <=(Lanes256<T> x, Lanes256<T> y) => new(Vector256.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator >=(Lanes256<T> x, Lanes256<T> y) => new(Vector256.GreaterThanOrEqual(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator &(Lanes256<T> x, Lanes256<T> y) => new(x.Value & y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator |(Lanes256<T> x, Lanes256<T> y) => new(x.Value | y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator ^(Lanes256<T> x, Lanes256<T> y) => new(x.Value ^ y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator ~(Lanes256<T> x) => new(~x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Equal(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Equals(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> x, Lanes256<T> y) => new(Vector256.ConditionalSelect(mask.Value, x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes256<T> mask) => IsDouble ? Vector256.ExtractMostSignificantBits(mask.Value.AsInt64()) != 0 : Vector256.ExtractMostSignificantBits(mask.Value.AsInt32()) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Fma(Lanes256<T> x, Lanes256<T> y, Lanes256<T> z) => new(IsDouble
        ? Vector256.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>()
        : Vector256.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Max(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> x, Lanes256<T> y) => new(Vector256.Min(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> x) => new(Vector256.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> x) => new(Vector256.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> x) => new(IsDouble ? Vector256.Floor(x.Value.AsDouble()).As<double, T>() : Vector256.Floor(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Ceiling(Lanes256<T> x) => new(IsDouble ? Vector256.Ceiling(x.Value.AsDouble()).As<double, T>() : Vector256.Ceiling(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Truncate(Lanes256<T> x) => new(IsDouble ? Vector256.Truncate(x.Value.AsDouble()).As<double, T>() : Vector256.Truncate(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> x) => new(IsDouble ? Vector256.Round(x.Value.AsDouble()).As<double, T>() : Vector256.Round(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Scale(Lanes256<T> x, Lanes256<T> n) => Lane.InHalves(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AddBits(Lanes256<T> x, Lanes256<T> y) => new(IsDouble ? (x.Value.AsInt64() + y.Value.AsInt64()).As<long, T>() : (x.Value.AsInt32() + y.Value.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SubtractBits(Lanes256<T> x, Lanes256<T> y) => new(IsDouble ? (x.Value.AsInt64() - y.Value.AsInt64()).As<long, T>() : (x.Value.AsInt32() - y.Value.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftLeft(Lanes256<T> x, int count) => new(IsDouble ? (x.Value.AsInt64() << count).As<long, T>() : (x.Value.AsInt32() << count).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftRight(Lanes256<T> x, int count) => new(IsDouble ? (x.Value.AsInt64() >> count).As<long, T>() : (x.Value.AsInt32() >> count).As<int, T>());

    public static Lanes256<T> Each<TFunction>(Lanes256<T> x, Lanes256<T> y) where TFunction : IElementFunction
    {
        var z = Vector256<T>.Zero;
        for (int i = 0; i < Count; i++)
            z = IsDouble
                ? z.AsDouble().WithElement(i, TFunction.Of(x.Value.AsDouble()[i], y.Value.AsDouble()[i])).As<double, T>()
                : z.AsSingle().WithElement(i, (float)TFunction.Of(x.Value.AsSingle()[i], y.Value.AsSingle()[i])).As<float, T>();
        return new(z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> InDouble<TFormula>(Lanes256<T> x, Lanes256<T> y) where TFormula : IBinaryFormula
    {
        if (IsDouble) return TFormula.Of(x, y);
        var (lowX, highX) = Vector256.Widen(x.Value.AsSingle());
        var (lowY, highY) = Vector256.Widen(y.Value.AsSingle());
        Lanes256<double> low = TFormula.Of(new Lanes256<double>(lowX), new(lowY)), high = TFormula.Of(new Lanes256<double>(highX), new(highY));
        return new(Vector256.Narrow(low.Value, high.Value).As<float, T>());
    }
}
