namespace Adjoint;

/// <summary>Functions of matrices that need a loop.</summary>
public static class MatrixFunctions
{
    // the [13/13] Padé approximant of eˣ, its coefficients divided by the first; good for ‖A‖₁ up to θ (Higham 2005, table 2.3)
    const double Theta = 5.371920351148152;
    static readonly double[] padé = [.. new[] { 64764752532480000.0, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1 }
        .Select(b => b / 64764752532480000)];

    extension(Tensor a)
    {
        /// <summary>
        /// e^A = I + A + A²/2 + … of the square matrices in the last two axes, by scaling and squaring (Higham 2005): r(A / 2ˢ) squared s times, where s depends on the norm; one s for
        /// a batch.
        /// </summary>
        /// <exception cref="ShapeException">A is not square.</exception>
        public Tensor MatrixExponential()
        {
            var x = Arithmetic.Floating(a);
            if (x.Rank < 2 || x.Shape[^1] != x.Shape[^2]) throw new ShapeException($"matrix-exponential: the matrix {a.Shape} must be square in its last two axes.");
            if (x.Size == 0) return x;
            // the result does not depend on s: it is a constant to derivatives
            var norm = x.StopGradient().Abs().Sum(-2).Max();
            var squarings = (norm / Theta).Maximum(1).Log2().Ceiling().Clip(0, 1000);
            var scaled = x * (-squarings).Exp2();
            return Control.While(s => s[0] > 0, s => [s[0] - 1, s[1].MatMul(s[1])], squarings.To(DType.Int32), Approximant(scaled))[1];
        }
    }

    static Tensor Approximant(Tensor a)
    {
        var (b, one) = (padé, Tensor.Identity(a.Shape[^1], a.DType));
        Tensor a2 = a.MatMul(a), a4 = a2.MatMul(a2), a6 = a2.MatMul(a4);
        var odd = a.MatMul(a6.MatMul(b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * one);
        var even = a6.MatMul(b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * one;
        return (even - odd).Solve(even + odd);
    }
}
