using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Operations;

/// <summary>8 float64 or 16 float32 numbers.</summary>
/// <typeparam name="T">double or float.</typeparam>
public readonly struct Lanes512<T>(Vector512<T> value) : ILane<Lanes512<T>> where T : struct
{
    /// <summary>The register.</summary>
    public readonly Vector512<T> Value = value;

    public static bool IsDouble => typeof(T) == typeof(double);
    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Of(double value) => new(IsDouble ? Vector512.Create(value).As<double, T>() : Vector512.Create((float)value).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> x, Lanes512<T> y) => new(x.Value + y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x, Lanes512<T> y) => new(x.Value - y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> x, Lanes512<T> y) => new(x.Value * y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> x, Lanes512<T> y) => new(x.Value / y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> x) => new(-x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator <(Lanes512<T> x, Lanes512<T> y) => new(Vector512.LessThan(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator >(Lanes512<T> x, Lanes512<T> y) => new(Vector512.GreaterThan(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator <=(Lanes512<T> x, Lanes512<T> y) => new(Vector512.LessThanOrEqual(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator >=(Lanes512<T> x, Lanes512<T> y) => new(Vector512.GreaterThanOrEqual(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator &(Lanes512<T> x, Lanes512<T> y) => new(x.Value & y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator |(Lanes512<T> x, Lanes512<T> y) => new(x.Value | y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator ^(Lanes512<T> x, Lanes512<T> y) => new(x.Value ^ y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator ~(Lanes512<T> x) => new(~x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Equal(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Equals(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> x, Lanes512<T> y) => new(Vector512.ConditionalSelect(mask.Value, x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes512<T> mask) => IsDouble ? Vector512.ExtractMostSignificantBits(mask.Value.AsInt64()) != 0 : Vector512.ExtractMostSignificantBits(mask.Value.AsInt32()) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Fma(Lanes512<T> x, Lanes512<T> y, Lanes512<T> z) => new(IsDouble
        ? Vector512.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>()
        : Vector512.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Max(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> x, Lanes512<T> y) => new(Vector512.Min(x.Value, y.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> x) => new(Vector512.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> x) => new(Vector512.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> x) => new(IsDouble ? Vector512.Floor(x.Value.AsDouble()).As<double, T>() : Vector512.Floor(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Ceiling(Lanes512<T> x) => new(IsDouble ? Vector512.Ceiling(x.Value.AsDouble()).As<double, T>() : Vector512.Ceiling(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Truncate(Lanes512<T> x) => new(IsDouble ? Vector512.Truncate(x.Value.AsDouble()).As<double, T>() : Vector512.Truncate(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> x) => new(IsDouble ? Vector512.Round(x.Value.AsDouble()).As<double, T>() : Vector512.Round(x.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Scale(Lanes512<T> x, Lanes512<T> n) => !Avx512F.IsSupported ? Lane.InHalves(x, n) : new(IsDouble
        ? Avx512F.Scale(x.Value.AsDouble(), n.Value.AsDouble()).As<double, T>() : Avx512F.Scale(x.Value.AsSingle(), n.Value.AsSingle()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AddBits(Lanes512<T> x, Lanes512<T> y) => new(IsDouble ? (x.Value.AsInt64() + y.Value.AsInt64()).As<long, T>() : (x.Value.AsInt32() + y.Value.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SubtractBits(Lanes512<T> x, Lanes512<T> y) => new(IsDouble ? (x.Value.AsInt64() - y.Value.AsInt64()).As<long, T>() : (x.Value.AsInt32() - y.Value.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftLeft(Lanes512<T> x, int count) => new(IsDouble ? (x.Value.AsInt64() << count).As<long, T>() : (x.Value.AsInt32() << count).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftRight(Lanes512<T> x, int count) => new(IsDouble ? (x.Value.AsInt64() >> count).As<long, T>() : (x.Value.AsInt32() >> count).As<int, T>());

    public static Lanes512<T> Each<TFunction>(Lanes512<T> x, Lanes512<T> y) where TFunction : IElementFunction
    {
        var z = Vector512<T>.Zero;
        for (int i = 0; i < Count; i++)
            z = IsDouble
                ? z.AsDouble().WithElement(i, TFunction.Of(x.Value.AsDouble()[i], y.Value.AsDouble()[i])).As<double, T>()
                : z.AsSingle().WithElement(i, (float)TFunction.Of(x.Value.AsSingle()[i], y.Value.AsSingle()[i])).As<float, T>();
        return new(z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> InDouble<TFormula>(Lanes512<T> x, Lanes512<T> y) where TFormula : IBinaryFormula
    {
        if (IsDouble) return TFormula.Of(x, y);
        var (lowX, highX) = Vector512.Widen(x.Value.AsSingle());
        var (lowY, highY) = Vector512.Widen(y.Value.AsSingle());
        Lanes512<double> low = TFormula.Of(new Lanes512<double>(lowX), new(lowY)), high = TFormula.Of(new Lanes512<double>(highX), new(highY));
        return new(Vector512.Narrow(low.Value, high.Value).As<float, T>());
    }
}
