namespace Adjoint.Operations;

/// <summary>
/// Numbers side by side in one vector register, float64 or float32, on which the formulas of scalar functions are written. Every operation rounds like
/// IEEE 754 and works on each number alone, so a formula gives the same bits at any width: the scalar is the first number of the narrowest lanes.
/// Comparisons give masks: all bits of a number set, or none.
/// </summary>
public interface ILane<TSelf> where TSelf : struct, ILane<TSelf>
{
    /// <summary>Whether the numbers are float64; otherwise float32.</summary>
    static abstract bool IsDouble { get; }

    /// <summary>How many numbers there are.</summary>
    static abstract int Count { get; }

    /// <summary>A constant in every place, rounded to the type.</summary>
    static abstract TSelf Of(double value);

    static abstract TSelf operator +(TSelf x, TSelf y);
    static abstract TSelf operator -(TSelf x, TSelf y);
    static abstract TSelf operator *(TSelf x, TSelf y);
    static abstract TSelf operator /(TSelf x, TSelf y);
    static abstract TSelf operator -(TSelf x);
    static abstract TSelf operator <(TSelf x, TSelf y);
    static abstract TSelf operator >(TSelf x, TSelf y);
    static abstract TSelf operator <=(TSelf x, TSelf y);
    static abstract TSelf operator >=(TSelf x, TSelf y);
    static abstract TSelf operator &(TSelf x, TSelf y);
    static abstract TSelf operator |(TSelf x, TSelf y);
    static abstract TSelf operator ^(TSelf x, TSelf y);
    static abstract TSelf operator ~(TSelf x);

    /// <summary>Where x = y.</summary>
    static abstract TSelf Equal(TSelf x, TSelf y);

    /// <summary>x where the mask is set, y elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf x, TSelf y);

    /// <summary>Whether the mask is set anywhere.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>x · y + z, rounded once.</summary>
    static abstract TSelf Fma(TSelf x, TSelf y, TSelf z);

    /// <summary>The greater; NaN if either is, and +0 is greater than −0.</summary>
    static abstract TSelf Max(TSelf x, TSelf y);

    /// <summary>The smaller; NaN if either is, and −0 is smaller than +0.</summary>
    static abstract TSelf Min(TSelf x, TSelf y);

    static abstract TSelf Abs(TSelf x);
    static abstract TSelf Sqrt(TSelf x);
    static abstract TSelf Floor(TSelf x);
    static abstract TSelf Ceiling(TSelf x);
    static abstract TSelf Truncate(TSelf x);

    /// <summary>The nearest integer, of two the even one.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>x · 2ⁿ for integral n, |n| up to twice the exponent range, rounded once.</summary>
    static abstract TSelf Scale(TSelf x, TSelf n);

    /// <summary>The sum of the bit patterns, as integers.</summary>
    static abstract TSelf AddBits(TSelf x, TSelf y);

    /// <summary>The difference of the bit patterns, as integers.</summary>
    static abstract TSelf SubtractBits(TSelf x, TSelf y);

    /// <summary>The bit patterns shifted up.</summary>
    static abstract TSelf ShiftLeft(TSelf x, int count);

    /// <summary>The bit patterns shifted down, with copies of the sign.</summary>
    static abstract TSelf ShiftRight(TSelf x, int count);

    /// <summary>A function computed number by number in float64: for rare arguments.</summary>
    static abstract TSelf Each<TFunction>(TSelf x, TSelf y) where TFunction : IElementFunction;

    /// <summary>A formula computed in float64 and rounded to the type.</summary>
    static abstract TSelf InDouble<TFormula>(TSelf x, TSelf y) where TFormula : IBinaryFormula;
}

/// <summary>A function of two float64 numbers, for <see cref="ILane{TSelf}.Each"/>.</summary>
public interface IElementFunction
{
    static abstract double Of(double x, double y);
}

/// <summary>A scalar function of one number, for lanes of any type and width.</summary>
public interface IUnaryFormula
{
    static abstract T Of<T>(T x) where T : struct, ILane<T>;
}

/// <summary>A scalar function of two numbers, for lanes of any type and width.</summary>
public interface IBinaryFormula
{
    static abstract T Of<T>(T x, T y) where T : struct, ILane<T>;
}
