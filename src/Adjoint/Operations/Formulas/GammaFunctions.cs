using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>The logarithm of the gamma function and its derivatives; and those of sin(πx)/(πx). Computed in float64 for both types.</summary>
public static class GammaFunctions
{
    // log Γ(2 + f) / f on |f| ≤ ½: error 2⁻⁶⁶
    static ReadOnlySpan<double> aroundTwo =>
    [
        0.42278433509846713, 0.3224670334241132, -0.06735230105319809, 0.02058080842778463, -0.007385551028674025, 0.0028905103307344045, -0.0011927539116998527,
        0.0005096695250241955, -0.00022315475858818615, 9.94575066878814e-05, -4.4926233820610826e-05, 2.0507291996563825e-05, -9.439526202058818e-06, 4.374223481082048e-06,
        -2.0389077825677104e-06, 9.584207048594987e-07, -4.508168225446838e-07, 2.0193835401136915e-07, -9.558178101635195e-08, 6.472569840064724e-08, -3.085985478390577e-08,
    ];

    readonly struct LogGamma64 : IBinaryFormula
    {
        // log Γ(a) for a > 0: Stirling's series from 8 on; below, Γ(a) is a product with Γ(2 + f), |f| ≤ ½
        static T Positive<T>(T a) where T : struct, ILane<T>
        {
            T one = T.Of(1), half = T.Of(0.5), large = T.Min(T.Max(a, T.Of(7)), T.Of(1e15)), w = one / (large * large);
            T series = Lane.Polynomial(w, 0.08333333333333333, -0.00277777777777753, 0.0007936507933577391, -0.0005952379626838185, 0.0008417212044647813,
                -0.0019138893144208886, 0.006157629874267405, -0.019928768735518528) / large;
            T stirling = ((Logarithms.Natural(large) + -one) * (large - half) + Pair<T>.Of(0.4189385332046727, 1.6728209650585413e-17) + series).Value;
            T huge = a * (Logarithms.Log.Of(a) - one);

            T y = a, product = one;
            for (int i = 0; i < 6; i++)
            {
                T isAbove = y > T.Of(2.5);
                y = T.Select(isAbove, y - one, y);
                product = T.Select(isAbove, product * y, product);
            }
            T isLow = a < T.Of(1.5), isLower = a < half;
            product = T.Select(isLower, a * (a + one), T.Select(isLow, a, product));
            T f = T.Select(isLower, a, T.Select(isLow, a - one, y - T.Of(2)));
            T log = Logarithms.Log.Of(product);
            T small = T.Fma(f, Lane.Polynomial(f, aroundTwo), T.Select(isLow, -log, log));
            return T.Select(a < T.Of(8), small, T.Select(a > T.Of(1e15), huge, stirling));
        }

        // log |Γ(x)| = log π − log |x sin πx| − log Γ(−x)
        public static T Of<T>(T x, T _) where T : struct, ILane<T>
        {
            T a = T.Abs(x), value = Positive(a), infinity = T.Of(double.PositiveInfinity);
            var (k, r) = Angles.ReducePi(a);
            T product = T.Abs(Angles.Sin(k, r)) * a;
            T reflected = (T.Of(1.1447298858494002) - Logarithms.Log.Of(product)) - value;
            reflected = T.Select(a < T.Of(1e-30), value, T.Select(T.Equal(T.Floor(a), a), infinity, reflected));
            T z = T.Select(x < T.Of(0), reflected, value);
            return T.Select(T.Equal(a, infinity), infinity, z);
        }
    }

    readonly struct Digamma64 : IBinaryFormula
    {
        // ψ(x) = ψ(x + n) − Σ 1/(x + i);  ψ(y) = log y − 1/(2y) − 1/(12y²) + …;  ψ(x) = ψ(1 − x) − π / tan πx
        public static T Of<T>(T x, T _) where T : struct, ILane<T>
        {
            T one = T.Of(1), isPositive = x > T.Of(0), y = T.Select(isPositive, x, one - x), sum = T.Of(0);
            for (int i = 0; i < 8; i++)
            {
                T isBelow = y < T.Of(8);
                sum = T.Select(isBelow, sum + one / y, sum);
                y = T.Select(isBelow, y + one, y);
            }
            T w = one / (y * y);
            T series = w * Lane.Polynomial(w, 0.08333333333333333, -0.008333333333333273, 0.003968253968150779, -0.0041666665982644955, 0.007575734736252119,
                -0.021088476563015532, 0.08284662584146768, -0.4103919397123186, 1.7723438848038762);
            T value = (Logarithms.Log.Of(y) - sum) - (T.Of(0.5) / y + series);
            var (k, r) = Angles.ReducePi(x);
            T pole = T.Of(3.141592653589793) * Angles.Sin(k + one, r) / Angles.Sin(k, r);
            T isPole = T.Equal(T.Floor(x), x) & (x < T.Of(0));
            T z = T.Select(isPositive, value, value - pole);
            return T.Select(isPole, T.Of(double.NaN), T.Select(T.Equal(x, T.Of(0)), Lane.CopySign(T.Of(double.PositiveInfinity), -x), z));
        }
    }

    readonly struct Polygamma64 : IBinaryFormula
    {
        // B₂ⱼ / (2j)!
        static ReadOnlySpan<double> bernoulli =>
            [1 / 12.0, -1 / 720.0, 1 / 30240.0, -1 / 1209600.0, 1 / 47900160.0, -691 / 1307674368000.0, 1 / 74724249600.0, -3617 / 10670622842880000.0];

        // ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! Σ (x + i)^−s, s = n + 1; from y = x + m on the sum is y^(1−s)/(s − 1) + y^−s/2 + Σ B₂ⱼ/(2j)! s(s+1)…(s+2j−2) y^−(s+2j−1)
        public static T Of<T>(T n, T x) where T : struct, ILane<T>
        {
            T one = T.Of(1), s = n + one, y = x, sum = T.Of(0), least = T.Fma(n, T.Of(1.5), T.Of(12));
            T isDefined = T.Equal(T.Floor(n), n) & (n >= one) & (n <= T.Of(170)) & (x > T.Of(-1000));
            for (T isBelow = isDefined & (y < least); T.Any(isBelow); isBelow = isDefined & (y < least))
            {
                sum = T.Select(isBelow, sum + Powers.Pow.Of(y, -s), sum);
                y = T.Select(isBelow, y + one, y);
            }
            T power = Powers.Pow.Of(y, -s), tail = power * y / n + T.Of(0.5) * power, term = s * power / y;
            for (int j = 0; j < bernoulli.Length; j++)
            {
                tail = T.Fma(term, T.Of(bernoulli[j]), tail);
                term = term * (s + T.Of(2 * j + 1)) * (s + T.Of(2 * j + 2)) / (y * y);
            }
            T factorial = Exponentials.Exp.Of(LogGamma64.Of(s, s));
            factorial = T.Select(n <= T.Of(18), T.Round(factorial), factorial);
            T sign = Lane.IsOdd(T.Min(T.Max(s, T.Of(0)), T.Of(1000))) & T.Of(-0.0);
            T z = (factorial * (sum + tail)) ^ sign;
            T isInfinite = T.Equal(x, T.Of(double.PositiveInfinity));
            z = T.Select(isDefined, T.Select(isInfinite, sign, z), T.Of(double.NaN));
            return T.Select(T.Equal(n, T.Of(0)), Digamma64.Of(x, x), z);
        }
    }

    readonly struct SincDerivative64 : IBinaryFormula
    {
        // f(t) = sin t / t. Near 0: f⁽ⁿ⁾(t) = Σ (−1)^((i+n)/2) tⁱ / (i! (i + n + 1)) over i + n even; beyond: f⁽ʲ⁾ = (sin⁽ʲ⁾ t − j f⁽ʲ⁻¹⁾) / t
        public static T Of<T>(T n, T x) where T : struct, ILane<T>
        {
            T one = T.Of(1), two = T.Of(2), t = x * T.Of(3.141592653589793), square = t * t;
            T isDefined = T.Equal(T.Floor(n), n) & (n >= T.Of(0)) & (n <= T.Of(40));
            n = T.Select(isDefined, n, T.Of(0));
            T isOdd = Lane.IsOdd(n), i = isOdd & one, term = T.Select(isOdd, t, one), near = T.Of(0);
            for (int m = 0; m < 60; m++)
            {
                near += term / (i + n + one);
                term = -term * square / ((i + one) * (i + two));
                i += two;
            }
            near ^= Lane.IsOdd(T.Floor((n + one) * T.Of(0.5))) & T.Of(-0.0);

            var (k, r) = Angles.ReducePi(x);
            T far = Angles.Sin(k, r) / t, j = one;
            for (T isBelow = j <= n; T.Any(isBelow); isBelow = j <= n)
            {
                far = T.Select(isBelow, (Angles.Sin(k + j, r) - j * far) / t, far);
                j += one;
            }
            T f = T.Select(T.Abs(t) < n + two, near, T.Select(T.Equal(T.Abs(x), T.Of(double.PositiveInfinity)), T.Of(0), far));
            return T.Select(isDefined, T.Fma(f, Powers.Pow.Of(T.Of(3.141592653589793), n), T.Of(0)), T.Of(double.NaN));
        }
    }

    /// <summary>log |Γ(x)|</summary>
    public readonly struct LogGamma : IUnaryFormula
    {
        public static T Of<T>(T x) where T : struct, ILane<T> => T.InDouble<LogGamma64>(x, x);
    }

    /// <summary>ψ(x), the derivative of log Γ(x)</summary>
    public readonly struct Digamma : IUnaryFormula
    {
        public static T Of<T>(T x) where T : struct, ILane<T> => T.InDouble<Digamma64>(x, x);
    }

    /// <summary>ψ⁽ⁿ⁾(x), the derivative of order n of ψ, for integral n from 0 to 170; NaN for x below −1000 where n ≥ 1</summary>
    public readonly struct Polygamma : IBinaryFormula
    {
        public static T Of<T>(T n, T x) where T : struct, ILane<T> => T.InDouble<Polygamma64>(n, x);
    }

    /// <summary>The derivative of order n of sin(πx)/(πx), for integral n from 0 to 40</summary>
    public readonly struct SincDerivative : IBinaryFormula
    {
        public static T Of<T>(T n, T x) where T : struct, ILane<T> => T.InDouble<SincDerivative64>(n, x);
    }
}
