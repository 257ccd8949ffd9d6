using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Operations;

/// <summary>2 float64 or 4 float32 numbers.</summary>
/// <typeparam name="T">double or float.</typeparam>
public readonly struct Lanes128<T>(Vector128<T> value) : ILane<Lanes128<T>> where T : struct
{
    /// <summary>The register.</summary>
    public readonly Vector128<T> Value = value;

    public static bool IsDouble => typeof(T) == typeof(double);
    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Of(double value) => new(IsDouble ? Vector128.Create(value).As<double, T>() : Vector128.Create((float)value).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> x, Lanes128<T> y) => new(x.Value + y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> x, Lanes128<T> y) => new(x.Value - y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> x, Lanes128<T> y) => new(x.Value * y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> x, Lanes128<T> y) => new(x.Value / y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> x) => new(-x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator <(Lanes128<T> x, Lanes128<T> y) => new(Vector128.LessThan(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator >(Lanes128<T> x, Lanes128<T> y) => new(Vector128.GreaterThan(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator <=(Lanes128<T> x, Lanes128<T> y) => new(Vector128.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator >=(Lanes128<T> x, Lanes128<T> y) => new(Vector128.GreaterThanOrEqual(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator &(Lanes128<T> x, Lanes128<T> y) => new(x.Value & y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator |(Lanes128<T> x, Lanes128<T> y) => new(x.Value | y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator ^(Lanes128<T> x, Lanes128<T> y) => new(x.Value ^ y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator ~(Lanes128<T> x) => new(~x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Equal(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Equals(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> x, Lanes128<T> y) => new(Vector128.ConditionalSelect(mask.Value, x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes128<T> mask) => IsDouble ? Vector128.ExtractMostSignificantBits(mask.Value.AsInt64()) != 0 : Vector128.ExtractMostSignificantBits(mask.Value.AsInt32()) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Fma(Lanes128<T> x, Lanes128<T> y, Lanes128<T> z) => new(IsDouble
        ? Vector128.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>()
        : Vector128.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Max(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> x, Lanes128<T> y) => new(Vector128.Min(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> x) => new(Vector128.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> x) => new(Vector128.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Floor(Lanes128<T> x) => new(IsDouble ? Vector128.Floor(x.Value.AsDouble()).As<double, T>() : Vector128.Floor(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Ceiling(Lanes128<T> x) => new(IsDouble ? Vector128.Ceiling(x.Value.AsDouble()).As<double, T>() : Vector128.Ceiling(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Truncate(Lanes128<T> x) => new(IsDouble ? Vector128.Truncate(x.Value.AsDouble()).As<double, T>() : Vector128.Truncate(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> x) => new(IsDouble ? Vector128.Round(x.Value.AsDouble()).As<double, T>() : Vector128.Round(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Scale(Lanes128<T> x, Lanes128<T> n) => Lane.InHalves(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AddBits(Lanes128<T> x, Lanes128<T> y) => new(IsDouble ? (x.Value.AsInt64() + y.Value.AsInt64()).As<long, T>() : (x.Value.AsInt32() + y.Value.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SubtractBits(Lanes128<T> x, Lanes128<T> y) => new(IsDouble ? (x.Value.AsInt64() - y.Value.AsInt64()).As<long, T>() : (x.Value.AsInt32() - y.Value.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftLeft(Lanes128<T> x, int count) => new(IsDouble ? (x.Value.AsInt64() << count).As<long, T>() : (x.Value.AsInt32() << count).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftRight(Lanes128<T> x, int count) => new(IsDouble ? (x.Value.AsInt64() >> count).As<long, T>() : (x.Value.AsInt32() >> count).As<int, T>());

    public static Lanes128<T> Each<TFunction>(Lanes128<T> x, Lanes128<T> y) where TFunction : IElementFunction
    {
        var z = Vector128<T>.Zero;
        for (int i = 0; i < Count; i++)
            z = IsDouble
                ? z.AsDouble().WithElement(i, TFunction.Of(x.Value.AsDouble()[i], y.Value.AsDouble()[i])).As<double, T>()
                : z.AsSingle().WithElement(i, (float)TFunction.Of(x.Value.AsSingle()[i], y.Value.AsSingle()[i])).As<float, T>();
        return new(z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> InDouble<TFormula>(Lanes128<T> x, Lanes128<T> y) where TFormula : IBinaryFormula
    {
        if (IsDouble) return TFormula.Of(x, y);
        var (lowX, highX) = Vector128.Widen(x.Value.AsSingle());
        var (lowY, highY) = Vector128.Widen(y.Value.AsSingle());
        Lanes128<double> low = TFormula.Of(new Lanes128<double>(lowX), new(lowY)), high = TFormula.Of(new Lanes128<double>(highX), new(highY));
        return new(Vector128.Narrow(low.Value, high.Value).As<float, T>());
    }
}
