using Xunit;
using static Adjoint.Tests.LinearAlgebra.MatrixLaws;

namespace Adjoint.Tests.LinearAlgebra;

public sealed class SolveTests
{
    [Fact]
    public void A_system_is_solved()
    {
        Tensor a = new double[,] { { 0, 2 }, { 4, 1 } };
        Assert.Equal([1.0, 3.0], a.Solve(Tensor.Of(6.0, 7.0)).ToArray());
        Assert.Equal([1.0, 3.0], a.Solve(Tensor.From<double>([2, 1], [6, 7])).ToArray());
    }

    [Fact]
    public void Triangular_solves_read_one_triangle()
    {
        Tensor a = new double[,] { { 2, 100 }, { 1, 4 } };
        Assert.Equal([1.0, 2.0], a.SolveTriangular(Tensor.Of(2.0, 9.0), lower: true).ToArray());
        Assert.Equal([2.0, 1.0], a.SolveTriangular(Tensor.Of(5.0, 4.0), lower: true, transposed: true).ToArray());
    }

    [Theory]
    [InlineData(MatrixKind.General, false)]
    [InlineData(MatrixKind.General, true)]
    [InlineData(MatrixKind.LowerTriangular, false)]
    [InlineData(MatrixKind.LowerTriangular, true)]
    [InlineData(MatrixKind.UpperTriangular, false)]
    [InlineData(MatrixKind.UpperTriangular, true)]
    public void Laws_hold(MatrixKind kind, bool transposed) =>
        Hold(x => [Equation.Solve(new Solve(kind, transposed), x[0], x[1])], Regular([3, 3], 1), Random([3, 2], 2));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Laws_hold_in_batches(bool transposed) =>
        Hold(x => [Equation.Solve(new Solve(MatrixKind.General, transposed), x[0], x[1])], Regular([2, 3, 3], 1), Random([2, 3, 2], 2));

    [Fact]
    public void Batch_axes_broadcast()
    {
        var a = Regular([2, 3, 3], 1);
        var b = Random([3, 2], 2);
        Close(b.BroadcastTo([2, 3, 2]), a.MatMul(a.Solve(b)));
    }

    [Fact]
    public void Laws_hold_for_inverse() => Hold(x => [x[0].Inverse()], Regular([3, 3], 3));

    [Fact]
    public void Laws_hold_for_determinant() => Hold(x => [x[0].Determinant()], Regular([2, 3, 3], 4));

    [Fact]
    public void Laws_hold_for_log_determinant() => Hold(x => [x[0].LogDeterminant().Logarithm], -Regular([3, 3], 5));

    [Fact]
    public void Laws_hold_for_powers() { Hold(x => [x[0].MatrixPower(5)], Random([3, 3], 5)); Hold(x => [x[0].MatrixPower(-2)], Regular([3, 3], 5)); }

    [Fact]
    public void Determinants_are_exact_for_small_integers()
    {
        Tensor a = new double[,] { { 0, 2, 0 }, { 3, 0, 0 }, { 0, 0, 5 } };
        Assert.Equal(-30, a.Determinant().ToScalar());
        var (sign, logarithm) = a.LogDeterminant();
        Assert.Equal(-1, sign.ToScalar());
        Assert.Equal(Math.Log(30), logarithm.ToScalar(), 14);
        Assert.Equal(0, (0.0 * a).Determinant().ToScalar());
        Assert.Equal(0, (0.0 * a).LogDeterminant().Sign.ToScalar());
    }

    [Fact]
    public void Powers_multiply()
    {
        Tensor a = new double[,] { { 1, 1 }, { 1, 0 } };
        Assert.Equal([89.0, 55, 55, 34], a.MatrixPower(10).ToArray());
        Assert.Equal([1.0, 0, 0, 1], a.MatrixPower(0).ToArray());
    }

    [Fact]
    public void Float32_computes_in_double()
    {
        Tensor a = new float[,] { { 3, 1 }, { 1, 2 } };
        var x = a.Solve(Tensor.Of(9f, 8f));
        Assert.Equal(DType.Float32, x.DType);
        Assert.Equal([2f, 3f], x.ToArray<float>());
    }

    [Fact]
    public void A_singular_matrix_is_named()
    {
        var a = Tensor.From<double>([2, 2, 2], [1, 0, 0, 1, 1, 2, 2, 4]);
        var e = Assert.Throws<SingularMatrixException>(() => a.Inverse().ToArray());
        Assert.Equal("solve general: pivot 1 of the matrix at batch index [1] ([2, 2]) is zero, so the matrix is singular. Use PseudoInverse for a least-squares solution, or add a multiple of the identity.", e.Message);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        Assert.Equal("solve general: the matrix [2, 3] must be square in its last two axes.", Assert.Throws<ShapeException>(() => Random([2, 3], 1).Solve(Random([2], 1))).Message);
        Assert.Equal("solve general: the right side [3, 1] must have the leading axes of the matrix [2, 2], and 2 rows. Give a vector a last axis with ExpandAxis(-1).",
            Assert.Throws<ShapeException>(() => Random([2, 2], 1).Solve(Random([3], 1))).Message);
    }
}
