using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>An unevaluated sum: <c>High</c> is the sum rounded, <c>Low</c> what the rounding lost. Twice the precision, for the middle of formulas.</summary>
readonly struct Pair<T>(T high, T low) where T : struct, ILane<T>
{
    public readonly T High = high, Low = low;

    /// <summary>A constant, given as a sum of two float64 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Of(double high, double low) => new(T.Of(high), T.Of(T.IsDouble ? low : high - (float)high));

    /// <summary>x + y exactly (Knuth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Sum(T x, T y)
    {
        T sum = x + y, part = sum - x;
        return new(sum, (x - (sum - part)) + (y - part));
    }

    /// <summary>x + y exactly, where |x| ≥ |y| or x = 0 (Dekker).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Ordered(T x, T y)
    {
        T sum = x + y;
        return new(sum, y - (sum - x));
    }

    /// <summary>x · y exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Product(T x, T y)
    {
        T product = x * y;
        return new(product, T.Fma(x, y, -product));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator +(Pair<T> x, Pair<T> y)
    {
        var sum = Sum(x.High, y.High);
        return Ordered(sum.High, sum.Low + (x.Low + y.Low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator +(Pair<T> x, T y)
    {
        var sum = Sum(x.High, y);
        return Ordered(sum.High, sum.Low + x.Low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator *(Pair<T> x, Pair<T> y)
    {
        var product = Product(x.High, y.High);
        return Ordered(product.High, T.Fma(x.High, y.Low, T.Fma(x.Low, y.High, product.Low)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator *(Pair<T> x, T y)
    {
        var product = Product(x.High, y);
        return Ordered(product.High, T.Fma(x.Low, y, product.Low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> operator /(Pair<T> x, Pair<T> y)
    {
        T quotient = x.High / y.High;
        T rest = T.Fma(-quotient, y.High, x.High) + T.Fma(-quotient, y.Low, x.Low);
        return Ordered(quotient, rest / y.High);
    }

    /// <summary>√x, for positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Sqrt(Pair<T> x)
    {
        T root = T.Sqrt(x.High);
        return Ordered(root, (T.Fma(-root, root, x.High) + x.Low) / (root + root));
    }

    public static Pair<T> operator -(Pair<T> x) => new(-x.High, -x.Low);

    /// <summary>The rounded sum.</summary>
    public T Value => High + Low;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Select(T mask, Pair<T> x, Pair<T> y) => new(T.Select(mask, x.High, y.High), T.Select(mask, x.Low, y.Low));
}
