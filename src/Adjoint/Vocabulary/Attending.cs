namespace Adjoint;

/// <summary>Weighted means whose weights are similarities.</summary>
public static class Attending
{
    extension(Tensor queries)
    {
        /// <summary>
        /// softmax(Q Kᵀ · scale + mask) V for queries Q [B…, n, d], keys K [B…, m, d], values V [B…, m, e]: [B…, n, e] (Vaswani and others 2017). Heads are batch axes. A query that may
        /// attend to nothing gives zeros.
        /// </summary>
        /// <param name="keys">[B…, m, d].</param>
        /// <param name="values">[B…, m, e].</param>
        /// <param name="mask">Broadcasts to [B…, n, m]: bools say which query may attend to which key; numbers are added to the scores.</param>
        /// <param name="causal">Whether query i attends to no key after i; with more keys than queries the last query meets the last key.</param>
        /// <param name="scale">1 / √d unless given.</param>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public Tensor Attention(Tensor keys, Tensor values, Tensor? mask = null, bool causal = false, double? scale = null)
        {
            if (queries.Rank < 2 || keys.Rank < 2 || values.Rank < 2 || queries.Shape[^1] != keys.Shape[^1] || keys.Shape[^2] != values.Shape[^2])
                throw new ShapeException($"attention: queries {queries.Shape}, keys {keys.Shape} and values {values.Shape} must be […, n, d], […, m, d] and […, m, e].");
            int n = queries.Shape[^2], m = keys.Shape[^2];
            var scores = queries.MatMul(keys.SwapAxes()) * (scale ?? 1 / Math.Sqrt(queries.Shape[^1]));
            var allowed = causal ? Equation.Solve(new Triangle(n, m, 1 - n, m - n, DType.Bool)) : null;
            if (mask is { DType: DType.Bool }) allowed = allowed is null ? mask : mask & allowed;
            else if (mask is not null) scores += mask;
            if (allowed is null) return scores.Softmax().MatMul(values);

            // a row without any key is computed as if it had all, so that nothing in it is NaN, and then dropped
            var reachable = allowed | !allowed.Any(-1, keepAxes: true);
            return Tensor.Select(allowed, Tensor.Select(reachable, scores, double.NegativeInfinity).Softmax(), 0).MatMul(values);
        }
    }
}
