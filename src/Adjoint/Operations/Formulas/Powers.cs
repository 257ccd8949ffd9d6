using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>Roots, powers, quotients and remainders.</summary>
public static class Powers
{
    /// <summary>x²</summary>
    public readonly struct Square : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => x * x;
    }

    /// <summary>1 / x</summary>
    public readonly struct Reciprocal : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Of(1) / x;
    }

    /// <summary>√x</summary>
    public readonly struct Sqrt : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Sqrt(x);
    }

    /// <summary>1 / √x</summary>
    public readonly struct Rsqrt : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T> => T.Of(1) / T.Sqrt(x);
    }

    /// <summary>∛x: |x| = 2³ᵏ·m with m from 1 to 8, a polynomial, two steps of Halley, and one of Newton with the exact remainder</summary>
    public readonly struct Cbrt : IUnaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x) where T : struct, ILane<T>
        {
            T a = T.Abs(x), isTiny = a < T.Of(T.IsDouble ? 2.2250738585072014e-308 : 1.17549435e-38f);
            a = T.Select(isTiny, a * T.Of(T.IsDouble ? 18014398509481984 : 134217728), a);
            T magic = T.Of(T.IsDouble ? 6755399441055744 : 12582912);
            T exponent = T.AddBits(T.ShiftRight(T.SubtractBits(a, T.Of(1)), T.IsDouble ? 52 : 23), magic) - magic;
            T k = T.Floor(T.Fma(exponent, T.Of(1 / 3.0), T.Of(0.01)));
            T m = T.Scale(a, T.Of(-3) * k);
            T z = Lane.Polynomial(m, 0.6084349186865862, 0.48881233581505845, -0.11212010655657866, 0.018251656689589422, -0.001596887337316374, 5.655254894221102e-05);
            for (int i = 0; i < (T.IsDouble ? 2 : 1); i++)
            {
                T cube = z * z * z;
                z *= T.Fma(T.Of(2), m, cube) / T.Fma(T.Of(2), cube, m);
            }
            var power = Pair<T>.Product(z, z) * z;
            T rest = (m - power.High) - power.Low;
            z += rest / (T.Of(3) * z * z);
            z *= Lane.PowerOfTwo(k - (isTiny & T.Of(T.IsDouble ? 18 : 9)));
            return T.Select((T.Abs(x) < T.Of(double.PositiveInfinity)) & (T.Abs(x) > T.Of(0)), Lane.CopySign(z, x), x);
        }
    }

    /// <summary>x / y</summary>
    public readonly struct Divide : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T> => x / y;
    }

    /// <summary>|x|ʸ = e^(y log |x|), the logarithm and the product as pairs, with the sign of odd powers</summary>
    public readonly struct Pow : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T>
        {
            T zero = T.Of(0), one = T.Of(1), infinity = T.Of(double.PositiveInfinity), a = T.Abs(x);
            var log = Logarithms.Natural(a);
            T isUsual = (a > zero) & (a < infinity);
            log = Pair<T>.Select(isUsual, log, new(T.Select(T.Equal(a, zero), -infinity, a), zero));
            var product = Pair<T>.Product(y, log.High);
            T isTame = T.Abs(product.High) < T.Of(1000);
            T z = Exponentials.Of(product.High, T.Select(isTame, T.Fma(y, log.Low, product.Low), zero));

            T isInteger = T.Equal(T.Floor(y), y), half = y * T.Of(0.5);
            T isOdd = isInteger & ~T.Equal(T.Floor(half), half);
            z = z | (x & isOdd & T.Of(-0.0));
            z = T.Select((x < zero) & (a < infinity) & ~isInteger, T.Of(double.NaN), z);
            T isOne = T.Equal(y, zero) | T.Equal(x, one) | (T.Equal(a, one) & T.Equal(T.Abs(y), infinity));
            return T.Select(isOne, one, z);
        }
    }

    /// <summary>√(x² + y²): the squares as pairs, scaled by a power of two</summary>
    public readonly struct Hypot : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T>
        {
            T infinity = T.Of(double.PositiveInfinity), zero = T.Of(0);
            T a = T.Abs(x), b = T.Abs(y), most = T.Max(a, b);
            T up = T.Of(T.IsDouble ? 1.3407807929942597e154 : 1.8446744e19), down = T.Of(T.IsDouble ? 7.458340731200207e-155 : 5.421011e-20);
            T isHuge = most > T.Of(T.IsDouble ? 1e150 : 1e18), isTiny = most < T.Of(T.IsDouble ? 1e-130 : 1e-12);
            T scale = T.Select(isHuge, down, T.Select(isTiny, up, T.Of(1))), back = T.Select(isHuge, up, T.Select(isTiny, down, T.Of(1)));
            T u = T.Max(a, b) * scale, v = T.Min(a, b) * scale;
            T z = Pair<T>.Sqrt(Pair<T>.Product(u, u) + Pair<T>.Product(v, v)).Value * back;
            z = T.Select(T.Equal(most, zero), zero, z);
            return T.Select(T.Equal(a, infinity) | T.Equal(b, infinity), infinity, z);
        }
    }

    readonly struct ExactRemainder : IElementFunction { public static double Of(double x, double y) => x % y; }

    // x − y·trunc(x/y), exact: the quotient may be one too great, which the sign of the rest tells; beyond 2⁵² (float32: 2²³) number by number
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Truncated<T>(T x, T y) where T : struct, ILane<T>
    {
        T quotient = T.Truncate(x / y), rest = T.Fma(-quotient, y, x);
        T isOver = (T.Abs(rest) > T.Of(0)) & Lane.IsNegative(rest ^ x);
        rest = T.Select(isOver, rest + Lane.CopySign(y, x), rest);
        T isRare = ~(T.Abs(quotient) < T.Of(T.IsDouble ? 4503599627370496 : 8388608)) | (T.Abs(y) < T.Of(T.IsDouble ? 1e-290 : 1e-30)) | T.Equal(T.Abs(y), T.Of(double.PositiveInfinity));
        return T.Any(isRare) ? T.Select(isRare, T.Each<ExactRemainder>(x, y), rest) : rest;
    }

    /// <summary>x − y·⌊x/y⌋, exact but for one rounding: it has the sign of y, like Python's %</summary>
    public readonly struct Remainder : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T>
        {
            T rest = Truncated(x, y), isZero = T.Equal(rest, T.Of(0));
            T differs = Lane.IsNegative(rest ^ y) & ~isZero;
            return T.Select(isZero, Lane.CopySign(rest, y), T.Select(differs, rest + y, rest));
        }
    }

    /// <summary>⌊x/y⌋, consistent with <see cref="Remainder"/>; x/y where y = 0</summary>
    public readonly struct FloorDivide : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T x, T y) where T : struct, ILane<T>
        {
            T rest = Remainder.Of(x, y), quotient = (x - rest) / y, floor = T.Floor(quotient);
            floor = T.Select(quotient - floor > T.Of(0.5), floor + T.Of(1), floor);
            floor = T.Select(T.Equal(floor, T.Of(0)), Lane.CopySign(floor, x ^ y), floor);
            return T.Select(T.Equal(y, T.Of(0)), x / y, floor);
        }
    }
}
