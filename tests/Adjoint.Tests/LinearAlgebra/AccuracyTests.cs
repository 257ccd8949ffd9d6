using Xunit;
using static Adjoint.Tests.LinearAlgebra.MatrixLaws;

namespace Adjoint.Tests.LinearAlgebra;

public sealed class AccuracyTests
{
    static Tensor T(Tensor x) => x.SwapAxes();
    static Tensor One(int n) => Tensor.Identity(n, DType.Float64);
    static Tensor Hilbert(int n) => Tensor.FromFunction<double>([n, n], i => 1.0 / (i[0] + i[1] + 1));

    [Fact]
    public void Eigh_of_matrices_with_repeated_and_zero_eigenvalues()
    {
        var b = Random([30, 5], 20);
        foreach (var a in new[] { b.MatMul(T(b)), One(30), Tensor.Ones([30, 30], DType.Float64), 1e150 * Hilbert(12), 1e-150 * Hilbert(12) })
        {
            var (w, v) = a.Eigh();
            int n = a.Shape[0];
            double scale = a.ToArray().Max(Math.Abs);
            Close(a / scale, (v * w.ExpandAxis(-2)).MatMul(T(v)) / scale, 1e-13);
            Close(One(n), T(v).MatMul(v), 1e-13);
        }
    }

    [Fact]
    public void Svd_of_an_ill_conditioned_matrix_keeps_small_singular_values()
    {
        // the smallest singular value of the Hilbert matrix of order 8, condition 1.5e10
        var s = Hilbert(8).SingularValues().ToArray();
        Assert.Equal(1.695938996921949, s[0], 12);
        Assert.Equal(1, s[7] / 1.1115389663e-10, 6);
        var a = Random([40, 25], 21);
        var (u, d, vt) = a.Svd();
        Close(a, (u * d.ExpandAxis(-2)).MatMul(vt), 1e-13);
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    public void Factorizations_neither_overflow_nor_underflow(double scale)
    {
        var a = (scale * Random([4, 3], 22)).Evaluate();
        var (u, s, vt) = a.Svd();
        Close(a / scale, (u * (s / scale).ExpandAxis(-2)).MatMul(vt), 1e-13);
        Close(One(3), T(u).MatMul(u), 1e-13);
        Close(One(4), a.MatMul(a.PseudoInverse()).MatMul(a).MatMul(a.PseudoInverse()) + One(4) - a.MatMul(a.PseudoInverse()), 1e-13);
        var (w, v) = (a.MatMul(T(a / scale))).Eigh();
        Close(One(4), T(v).MatMul(v), 1e-13);
        Close((a / scale).MatMul(T(a / scale)), (v * (w / scale).ExpandAxis(-2)).MatMul(T(v)), 1e-13);
        var (q, r) = a.Qr();
        Close(a / scale, q.MatMul(r / scale), 1e-13);
    }

    [Fact]
    public void A_permuted_system_is_solved_to_rounding()
    {
        var a = Random([60, 60], 23);
        var x = Random([60, 2], 24);
        Close(x, a.Solve(a.MatMul(x)), 1e-10);
        Close(One(60), a.Inverse().MatMul(a), 1e-10);
    }

    [Fact]
    public void Float32_results_are_rounded_once()
    {
        var a = PositiveDefinite([3, 3], 25);
        var single = a.To(DType.Float32);
        foreach (var (x, y) in new[] { (a.Cholesky(), single.Cholesky()), (a.Qr().R, single.Qr().R), (a.Eigh().Values, single.Eigh().Values), (a.Svd().U, single.Svd().U), (a.Determinant(), single.Determinant()), (a.PseudoInverse(), single.PseudoInverse()) })
        {
            Assert.Equal(DType.Float32, y.DType);
            Close(x, y.To(DType.Float64), 2e-6);
        }
    }

    [Fact]
    public void Integers_are_taken_as_float32() => Assert.Equal(-2f, Tensor.Of([[1, 2], [3, 4]]).Determinant().ToScalar<float>(), 1e-6f);

    [Fact]
    public void NaN_passes_through()
    {
        Tensor a = new[,] { { double.NaN, 1 }, { 1, 1 } };
        Tensor[] results = [a.Determinant(), a.Inverse(), a.Cholesky(), a.Lu().U, a.Qr().R, a.Eigh().Values, a.Svd().S];
        Assert.All(results, z => Assert.Contains(z.ToArray(), double.IsNaN));
    }
}
