using Xunit;
using static Adjoint.Tests.LinearAlgebra.MatrixLaws;

namespace Adjoint.Tests.LinearAlgebra;

public sealed class FactorizationTests
{
    static Tensor T(Tensor x) => x.SwapAxes();
    static Tensor One(int n) => Tensor.Identity(n, DType.Float64);

    [Fact]
    public void Cholesky_of_a_known_matrix()
    {
        Tensor a = new double[,] { { 4, 12, -16 }, { 12, 37, -43 }, { -16, -43, 98 } };
        Assert.Equal([2.0, 0, 0, 6, 1, 0, -8, 5, 3], a.Cholesky().ToArray());
    }

    [Fact]
    public void Cholesky_reconstructs()
    {
        var a = PositiveDefinite([2, 4, 4], 1);
        var l = a.Cholesky();
        Close(a, l.MatMul(T(l)));
    }

    [Fact]
    public void Cholesky_names_the_minor()
    {
        Tensor a = new double[,] { { 1, 2 }, { 2, 1 } };
        Assert.Equal("cholesky: the leading minor of order 2 ([2, 2]) is not positive, so the matrix is not positive definite. Add a multiple of the identity, or use Eigh.",
            Assert.Throws<NotPositiveDefiniteException>(() => a.Cholesky().ToArray()).Message);
    }

    [Fact]
    public void Laws_hold_for_cholesky() => Hold(x => [x[0].Cholesky()], PositiveDefinite([3, 3], 2));

    [Fact]
    public void Lu_reconstructs()
    {
        var a = Random([2, 4, 4], 3);
        var (p, l, u) = a.Lu();
        Close(a, p.MatMul(l).MatMul(u));
        Assert.All(l.ToArray(), v => Assert.True(Math.Abs(v) <= 1));
        Tensor singular = new double[,] { { 0, 1 }, { 0, 2 } };
        (p, l, u) = singular.Lu();
        Close(singular, p.MatMul(l).MatMul(u));
    }

    [Fact]
    public void Laws_hold_for_lu() => Hold(x => { var (_, l, u) = x[0].Lu(); return [l, u]; }, Random([3, 3], 4));

    [Theory]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    [InlineData(4, 1)]
    public void Qr_reconstructs_and_obeys_the_laws(int m, int n)
    {
        var a = Random([2, m, n], 5);
        var (q, r) = a.Qr();
        Close(a, q.MatMul(r));
        Close(One(n).BroadcastTo([2, n, n]), T(q).MatMul(q));
        Assert.All(r.Diagonal().ToArray(), v => Assert.True(v > 0));
        Hold(x => { var (y, z) = x[0].Qr(); return [y, z]; }, Random([m, n], 6));
    }

    [Fact]
    public void Qr_refuses_wide_matrices() =>
        Assert.Equal("qr: the matrix [2, 3] has more columns than rows. Factor its transpose, or its first 2 columns.", Assert.Throws<ShapeException>(() => Random([2, 3], 1).Qr()).Message);

    [Fact]
    public void Eigh_of_a_known_matrix()
    {
        Tensor a = new double[,] { { 2, 1 }, { 1, 2 } };
        var (w, v) = a.Eigh();
        Close([1, 3], w.ToArray(), 1e-15);
        double h = Math.Sqrt(0.5);
        Close([h, h, -h, h], v.ToArray(), 1e-15);
    }

    [Fact]
    public void Eigh_reconstructs()
    {
        var a = Random([2, 6, 6], 7);
        a = (a + T(a)).Evaluate();
        var (w, v) = a.Eigh();
        Close(a, (v * w.ExpandAxis(-2)).MatMul(T(v)));
        Close(One(6).BroadcastTo([2, 6, 6]), T(v).MatMul(v));
        var values = w.ToArray();
        for (int i = 1; i < 6; i++) Assert.True(values[i] >= values[i - 1]);
        Close(Tensor.Zeros([3], DType.Float64), Tensor.Zeros([3, 3], DType.Float64).EigenvaluesSymmetric());
    }

    [Fact]
    public void Laws_hold_for_eigh() => Hold(x => { var (w, v) = x[0].Eigh(); return [w, v]; }, Random([4, 4], 8));

    [Fact]
    public void Laws_hold_for_eigenvalues() => Hold(x => [x[0].EigenvaluesSymmetric()], Random([2, 3, 3], 8));

    [Fact]
    public void The_gradient_of_eigenvalues_needs_no_distinct_ones()
    {
        var gradient = Differentiation.Gradient("test", x => [x[0].EigenvaluesSymmetric().Square().Sum()], [One(3)]).Gradient[0];
        Close(2.0 * One(3), gradient);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(2, 4)]
    public void Svd_reconstructs_and_obeys_the_laws(int m, int n)
    {
        int k = Math.Min(m, n);
        var a = Random([2, m, n], 9);
        var (u, s, vt) = a.Svd();
        Close(a, (u * s.ExpandAxis(-2)).MatMul(vt));
        Close(One(k).BroadcastTo([2, k, k]), T(u).MatMul(u));
        Close(One(k).BroadcastTo([2, k, k]), vt.MatMul(T(vt)));
        var values = s.ToArray();
        for (int i = 1; i < k; i++) Assert.True(values[i] <= values[i - 1] && values[i] >= 0);
        Hold(x => { var (l, d, r) = x[0].Svd(); return [l, d, r]; }, Random([m, n], 10));
    }

    [Fact]
    public void Svd_of_a_matrix_without_full_rank_completes_the_basis()
    {
        Tensor a = new double[,] { { 1, 2 }, { 2, 4 }, { 3, 6 } };
        foreach (var x in new[] { a, T(a), 0.0 * a })
        {
            var (u, s, vt) = x.Svd();
            Close(x, (u * s.ExpandAxis(-2)).MatMul(vt));
            Close(One(2), T(u).MatMul(u));
            Close(One(2), vt.MatMul(T(vt)));
        }
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(2, 4)]
    public void The_pseudo_inverse_obeys_its_equations_and_the_laws(int m, int n)
    {
        var a = Random([m, n], 11);
        var z = a.PseudoInverse();
        Close(a, a.MatMul(z).MatMul(a));
        Close(z, z.MatMul(a).MatMul(z));
        Close(T(a.MatMul(z)), a.MatMul(z));
        Hold(x => [x[0].PseudoInverse()], a);
    }

    [Fact]
    public void The_pseudo_inverse_of_a_singular_matrix()
    {
        Tensor a = new double[,] { { 1, 1 }, { 1, 1 } };
        Close([0.25, 0.25, 0.25, 0.25], a.PseudoInverse().ToArray(), 1e-15);
    }

    [Fact]
    public void A_third_derivative_exists()
    {
        // log det of 1 + x on the diagonal: n log(1 + x), third derivative 2n / (1 + x)³
        Tensor F(Tensor x) => (One(3) * (1 + x)).Cholesky().Diagonal().Log().Sum() * 2;
        Tensor D(Func<Tensor, Tensor> f, Tensor x) => Differentiation.Gradient("test", y => [f(y[0])], [x]).Gradient[0];
        var third = D(x => D(y => D(F, y), x), Tensor.Scalar(0.5, DType.Float64));
        Assert.Equal(6 / Math.Pow(1.5, 3), third.ToScalar(), 10);
    }
}
