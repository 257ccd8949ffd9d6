namespace Adjoint;

/// <summary>How alike vectors are.</summary>
public static class Similarity
{
    extension(Tensor x)
    {
        /// <summary>x · y / (‖x‖ ‖y‖) along an axis: 1 for one direction, −1 for opposite ones. A norm below ε counts as ε.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor CosineSimilarity(Tensor y, int axis = -1, double epsilon = 1e-8)
        {
            var (a, b) = Broadcasting.Match("cosine-similarity", Arithmetic.Floating(x), Arithmetic.Floating(y));
            Tensor Unit(Tensor t) => t / t.Norm([axis], keepAxes: true).Maximum(epsilon);
            return (Unit(a) * Unit(b)).Sum(axis);
        }
    }
}
