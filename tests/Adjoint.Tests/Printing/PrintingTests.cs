using Xunit;

namespace Adjoint.Tests.PrintedTensors;

public sealed class PrintingTests
{
    static void Prints(string expected, Tensor x) => Assert.Equal(expected.ReplaceLineEndings("\n"), x.ToString());

    [Fact]
    public void Scalars_are_plain_numbers()
    {
        Prints("2", Tensor.Scalar(2, DType.Float64));
        Prints("0.1", Tensor.Scalar(0.1));
        Prints("0.30000000000000004", Tensor.Scalar(0.1 + 0.2, DType.Float64));
        Prints("-1234567.5", Tensor.Scalar(-1234567.5));
        Prints("1e+16", Tensor.Scalar(1e16, DType.Float64));
        Prints("1000000000000000", Tensor.Scalar(1e15, DType.Float64));
        Prints("1.5e-05", Tensor.Scalar(1.5e-5, DType.Float64));
        Prints("0.0001", Tensor.Scalar(1e-4, DType.Float64));
        Prints("5e-324", Tensor.Scalar(5e-324, DType.Float64));
        Prints("1.7976931348623157e+308", Tensor.Scalar(double.MaxValue, DType.Float64));
        Prints("9.99999999999999e-08", Tensor.Scalar(9.99999999999999e-08, DType.Float64));
        Prints("16777216", Tensor.Scalar(16777216));
        Prints("nan", Tensor.Scalar(double.NaN));
        Prints("-inf", Tensor.Scalar(double.NegativeInfinity));
        Prints("-0", Tensor.Scalar(-0.0));
        Prints("7", Tensor.Scalar(7, DType.Int32));
        Prints("true", Tensor.Scalar(1, DType.Bool));
    }

    [Fact]
    public void Vectors_have_common_columns()
    {
        Prints("[2 4 6]", Tensor.Of(2.0, 4.0, 6.0));
        Prints("[1   2.5]", Tensor.Of(1.0, 2.5));
        Prints("[-1    10.25  0   ]", Tensor.Of(-1.0, 10.25, 0.0));
        Prints("[0.33333333 0.66666667]", Tensor.Of(1 / 3.0, 2 / 3.0));
        Prints("[0.33333334 0.6666667 ]", Tensor.Of(1 / 3f, 2 / 3f));
        Prints("[0.1 0.2 0.3]", Tensor.Of(0.1f, 0.2f, 0.3f));
        Prints("[  1 nan inf]", Tensor.Of(1.0, double.NaN, double.PositiveInfinity));
        Prints("[-1  2 30]", Tensor.Of(-1, 2, 30));
        Prints("[ true false]", Tensor.Of(true, false));
        Prints("[1 1]", Tensor.Of(0.9999999999, 1.0));
    }

    [Fact]
    public void Wide_ranges_take_powers_of_ten()
    {
        Prints("[1e+00 1e+10]", Tensor.Of(1.0, 1e10));
        Prints("[ 1.00000e-05 -2.50000e+00  3.33325e+00  0.00000e+00]", Tensor.Of(1e-5, -2.5, 3.33325, 0.0));
        Prints("[1.23456789e+08]", Tensor.Of(123456789.0));
        Prints("[3.33333333e-01 1.00000000e+03]", Tensor.Of(1 / 3.0, 1000));
        Prints("[1e-200]", Tensor.Of(1e-200));
        Prints("[1.00000000e+00 9.99999999e-06 1.00000000e-05]", Tensor.Of(1.0, 9.99999999e-6, 9.9999999999e-6));
    }

    [Fact]
    public void Matrices_have_a_row_a_line_and_blocks_an_empty_line()
    {
        Prints("""
            [[ 1    2.5]
             [-3   10  ]]
            """, new[,] { { 1, 2.5 }, { -3, 10 } });
        Prints("""
            [[[0 1]
              [2 3]]

             [[4 5]
              [6 7]]]
            """, Tensor.Arange(8).Reshape([2, 2, 2]));
        Prints("[]", Tensor.Zeros([0, 3]));
        Prints("[[1]]", Tensor.Ones([1, 1]));
    }

    [Fact]
    public void Long_lines_wrap() => Prints("""
        [100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117
         118 119]
        """, Tensor.Arange(100, 120));

    [Fact]
    public void Large_tensors_show_their_ends()
    {
        Prints("[   0    1    2 ... 1998 1999 2000]", Tensor.Arange(2001));
        Prints("""
            [[   0    1    2 ...   97   98   99]
             [ 100  101  102 ...  197  198  199]
             [ 200  201  202 ...  297  298  299]
             ...
             [2700 2701 2702 ... 2797 2798 2799]
             [2800 2801 2802 ... 2897 2898 2899]
             [2900 2901 2902 ... 2997 2998 2999]]
            """, Tensor.Arange(3000).Reshape([30, 100]));
    }

    [Fact]
    public void A_symbolic_tensor_prints_its_type() => Assert.Equal("float64[2, 3]", Input.Of("x", new([2, 3], DType.Float64)).ToString());
}
