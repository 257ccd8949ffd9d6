using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>The reduction of an angle: x = k·π/2 + r, with r from −π/4 to π/4 as a pair.</summary>
static class Angles
{
    /// <summary>
    /// k and r. Below 2²⁷ (float32: 2¹⁷) by subtraction of k·π/2 in three parts, of which the first is exact (Cody and Waite); beyond, number by number,
    /// by multiplication with as many digits of 2/π as matter (Payne and Hanek).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T K, Pair<T> R) Reduce<T>(T x) where T : struct, ILane<T>
    {
        T k = T.Round(x * T.Of(0.6366197723675814));
        T r = T.Fma(-k, T.Of(1.5707963267948966), x);
        var second = Pair<T>.Product(-k, T.Of(T.IsDouble ? 6.123233995736766e-17 : -4.37113883e-08));
        var reduced = Pair<T>.Sum(r, second.High);
        T low = reduced.Low + T.Fma(-k, T.Of(T.IsDouble ? -1.4973849048591698e-33 : -1.71512451e-15), second.Low);
        T isLarge = ~(T.Abs(x) <= T.Of(T.IsDouble ? 134217728 : 131072));
        if (T.Any(isLarge))
        {
            k = T.Select(isLarge, T.Each<Quadrant>(x, x), k);
            reduced = new(T.Select(isLarge, T.Each<High>(x, x), reduced.High), reduced.Low);
            low = T.Select(isLarge, T.IsDouble ? T.Each<Low>(x, x) : T.Each<LowOfSingle>(x, x), low);
        }
        return (k, Pair<T>.Ordered(reduced.High, low));
    }

    /// <summary>k and r for the angle π·x, where k counts modulo 4: exact but for the product with π.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T K, Pair<T> R) ReducePi<T>(T x) where T : struct, ILane<T>
    {
        T turns = T.Round(x * T.Of(0.5)), rest = T.Fma(turns, T.Of(-2), x);
        T k = T.Round(rest + rest), f = T.Fma(k, T.Of(-0.5), rest);
        return (k, Pair<T>.Of(3.141592653589793, 1.2246467991473532e-16) * f);
    }

    // (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ in z = r² ≤ 0.64: errors 2⁻⁶⁵ and 2⁻³⁵
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T SinTail<T>(T z) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(z, -0.16666666666666666, 0.008333333333333331, -0.000198412698412641, 2.7557319218602575e-06, -2.5052105981350752e-08, 1.6058492556729892e-10, -7.584436884170301e-13)
        : Lane.Polynomial(z, -0.166666672, 0.00833333191, -0.000198399968, 2.72384545e-06);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T CosTail<T>(T z) where T : struct, ILane<T> => T.IsDouble
        ? Lane.Polynomial(z, 0.041666666666666664, -0.0013888888888888887, 2.480158730158411e-05, -2.7557319220993294e-07, 2.0876755651474404e-09, -1.1470439169481705e-11, 4.7446152351836426e-14)
        : Lane.Polynomial(z, 0.0416666679, -0.00138888881, 2.48005254e-05, -2.72913837e-07);

    /// <summary>sin r as a sum of two; the second is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Sin<T>(Pair<T> r) where T : struct, ILane<T>
    {
        T z = r.High * r.High;
        return new(r.High, T.Fma(r.High * z, SinTail(z), r.Low * T.Fma(z, T.Of(-0.5), T.Of(1))));
    }

    /// <summary>cos r as a sum of two; the second is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<T> Cos<T>(Pair<T> r) where T : struct, ILane<T>
    {
        T z = r.High * r.High, half = T.Of(0.5) * z, w = T.Of(1) - half;
        return new(w, ((T.Of(1) - w) - half) + T.Fma(z * z, CosTail(z), -r.High * r.Low));
    }

    /// <summary>sin(k·π/2 + r)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin<T>(T k, Pair<T> r) where T : struct, ILane<T>
    {
        T z = Pair<T>.Select(Lane.IsOdd(k), Cos(r), Sin(r)).Value;
        T isReversed = Lane.IsOdd(T.Floor(k * T.Of(0.5)));
        return z ^ (isReversed & T.Of(-0.0));
    }

    readonly struct Quadrant : IElementFunction { public static double Of(double x, double _) => Far(x).K; }
    readonly struct High : IElementFunction { public static double Of(double x, double _) => Far(x).High; }
    readonly struct Low : IElementFunction { public static double Of(double x, double _) => Far(x).Low; }
    readonly struct LowOfSingle : IElementFunction { public static double Of(double x, double _) => Far(x) is var (_, high, low) ? high - (float)high + low : 0; }

    // the digits of 2/π: 1,280 bits after the point
    static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E,
        0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7,
        0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    // 64 bits of 2/π from bit `start` after the point; before the point it has none
    static ulong Digits(int start)
    {
        int word = start >> 6, shift = start & 63;
        ulong first = word < 0 ? 0 : TwoOverPi[word], second = word < -1 ? 0 : TwoOverPi[word + 1];
        return shift == 0 ? first : first << shift | second >> (64 - shift);
    }

    // x = ±m·2ᵉ with 53 bits of m; ¼ of x·2/π modulo 1 is m times the 192 bits of 2/π from bit e − 2 on, modulo 1: those before give whole turns
    static (double K, double High, double Low) Far(double x)
    {
        if (!double.IsFinite(x)) return (0, double.NaN, double.NaN);
        long bits = BitConverter.DoubleToInt64Bits(x);
        int start = (int)((bits >> 52) & 0x7FF) - 1075 - 2;
        ulong m = (ulong)bits & 0xFFFFFFFFFFFFF | 0x10000000000000;
        ulong high2 = Math.BigMul(m, Digits(start + 128), out ulong low2), high1 = Math.BigMul(m, Digits(start + 64), out ulong low1);
        UInt128 lower = new UInt128(low1, low2) + new UInt128(0, high2) * (UInt128.One << 64);
        ulong carry = lower < new UInt128(low1, low2) ? 1UL : 0;
        ulong top = unchecked(m * Digits(start) + high1 + carry);
        int k = (int)(top >> 62);
        var fraction = (Int128)new UInt128(top << 2 | (ulong)(lower >> 126), (ulong)(lower >> 62));
        if (fraction < 0) k++;
        double high = (double)fraction, low = (double)(fraction - (Int128)high);
        high *= 2.9387358770557188e-39;                                             // 2⁻¹²⁸
        low *= 2.9387358770557188e-39;
        double r = high * 1.5707963267948966;
        double rest = Math.FusedMultiplyAdd(high, 1.5707963267948966, -r) + (high * 6.123233995736766e-17 + low * 1.5707963267948966);
        return x < 0 ? (-k, -r, -rest) : (k, r, rest);
    }
}
