namespace Adjoint;

/// <summary>
/// Recurrent cells, and sequences of them. Batches are any axes before the last: x is [B…, I] in a cell and [B…, T, I] in a sequence. Weights are PyTorch's: the gates one below the
/// other, [G·H, I] for the input, [G·H, H] for the hidden state.
/// </summary>
public static class Recurrent
{
    extension(Tensor x)
    {
        /// <summary>
        /// One step of long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates): i, f, o = σ(…), g = tanh(…); c' = f c + i g;  h' = o tanh c'. Gates in the order i, f, g, o.
        /// </summary>
        /// <param name="hidden">h [B…, H].</param>
        /// <param name="cell">c [B…, H].</param>
        /// <param name="inputWeights">[4 H, I].</param>
        /// <param name="hiddenWeights">[4 H, H].</param>
        /// <param name="inputBias">[4 H].</param>
        /// <param name="hiddenBias">[4 H].</param>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public (Tensor Hidden, Tensor Cell) LstmCell(Tensor hidden, Tensor cell, Tensor inputWeights, Tensor hiddenWeights, Tensor? inputBias = null, Tensor? hiddenBias = null)
        {
            Check("lstm", 4, x, inputWeights, hiddenWeights, inputBias, hiddenBias);
            return Lstm(Affine(x, inputWeights, inputBias), hidden, cell, hiddenWeights, hiddenBias);
        }

        /// <summary>
        /// One step of a gated recurrent unit (Cho and others 2014, as in PyTorch): r, z = σ(…); n = tanh(Wₓ x + bₓ + r (Wₕ h + bₕ));  h' = (1 − z) n + z h. Gates in the order r, z, n.
        /// </summary>
        /// <param name="hidden">h [B…, H].</param>
        /// <param name="inputWeights">[3 H, I].</param>
        /// <param name="hiddenWeights">[3 H, H].</param>
        /// <param name="inputBias">[3 H].</param>
        /// <param name="hiddenBias">[3 H].</param>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public Tensor GruCell(Tensor hidden, Tensor inputWeights, Tensor hiddenWeights, Tensor? inputBias = null, Tensor? hiddenBias = null)
        {
            Check("gru", 3, x, inputWeights, hiddenWeights, inputBias, hiddenBias);
            return Gru(Affine(x, inputWeights, inputBias), hidden, hiddenWeights, hiddenBias);
        }

        /// <summary>Long short-term memory along the second-to-last axis: every hidden state [B…, T, H], and the last hidden state and cell [B…, H].</summary>
        /// <param name="inputWeights">[4 H, I].</param>
        /// <param name="hiddenWeights">[4 H, H].</param>
        /// <param name="inputBias">[4 H].</param>
        /// <param name="hiddenBias">[4 H].</param>
        /// <param name="hidden">The first h [B…, H]; zeros unless given.</param>
        /// <param name="cell">The first c [B…, H]; zeros unless given.</param>
        /// <param name="reverse">From the last step to the first; the state of step t still stands at index t.</param>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public (Tensor Outputs, Tensor Hidden, Tensor Cell) Lstm(Tensor inputWeights, Tensor hiddenWeights, Tensor? inputBias = null, Tensor? hiddenBias = null, Tensor? hidden = null, Tensor? cell = null,
            bool reverse = false)
        {
            Check("lstm", 4, x, inputWeights, hiddenWeights, inputBias, hiddenBias, sequence: true);
            var steps = Steps(x, inputWeights, inputBias);
            var (state, outputs) = Control.Scan((s, gates) =>
            {
                var (h, c) = Lstm(gates[0], s[0], s[1], hiddenWeights, hiddenBias);
                return ([h, c], [h]);
            }, [First(hidden, steps, 4), First(cell, steps, 4)], [steps], reverse: reverse);
            return (outputs[0].MoveAxis(0, -2), state[0], state[1]);
        }

        /// <summary>A gated recurrent unit along the second-to-last axis: every hidden state [B…, T, H], and the last [B…, H].</summary>
        /// <param name="inputWeights">[3 H, I].</param>
        /// <param name="hiddenWeights">[3 H, H].</param>
        /// <param name="inputBias">[3 H].</param>
        /// <param name="hiddenBias">[3 H].</param>
        /// <param name="hidden">The first h [B…, H]; zeros unless given.</param>
        /// <param name="reverse">From the last step to the first; the state of step t still stands at index t.</param>
        /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
        public (Tensor Outputs, Tensor Hidden) Gru(Tensor inputWeights, Tensor hiddenWeights, Tensor? inputBias = null, Tensor? hiddenBias = null, Tensor? hidden = null, bool reverse = false)
        {
            Check("gru", 3, x, inputWeights, hiddenWeights, inputBias, hiddenBias, sequence: true);
            var steps = Steps(x, inputWeights, inputBias);
            var (state, outputs) = Control.Scan((s, gates) =>
            {
                var h = Gru(gates[0], s[0], hiddenWeights, hiddenBias);
                return ([h], [h]);
            }, [First(hidden, steps, 3)], [steps], reverse: reverse);
            return (outputs[0].MoveAxis(0, -2), state[0]);
        }
    }

    static (Tensor Hidden, Tensor Cell) Lstm(Tensor input, Tensor hidden, Tensor cell, Tensor weights, Tensor? bias)
    {
        var gates = (input + Affine(hidden, weights, bias)).Split(4, -1);
        var next = gates[1].Sigmoid() * cell + gates[0].Sigmoid() * gates[2].Tanh();
        return (gates[3].Sigmoid() * next.Tanh(), next);
    }

    static Tensor Gru(Tensor input, Tensor hidden, Tensor weights, Tensor? bias)
    {
        Tensor[] x = input.Split(3, -1), h = Affine(hidden, weights, bias).Split(3, -1);
        var update = (x[1] + h[1]).Sigmoid();
        var proposal = (x[2] + (x[0] + h[0]).Sigmoid() * h[2]).Tanh();
        return proposal + update * (hidden - proposal);
    }

    static Tensor Affine(Tensor x, Tensor weights, Tensor? bias) => bias is null ? x.MatMul(weights.T) : x.MatMul(weights.T) + bias;

    // what the inputs add to the gates of all steps at once, the steps first
    static Tensor Steps(Tensor x, Tensor weights, Tensor? bias) => Affine(x, weights, bias).MoveAxis(-2, 0);

    static Tensor First(Tensor? given, Tensor steps, int gates)
    {
        var shape = Shape.Of([.. steps.Shape.Lengths[1..^1], steps.Shape[^1] / gates]);
        if (given is null) return Tensor.Zeros(shape, steps.DType);
        return given.Shape == shape ? given : throw new ShapeException($"{(gates == 4 ? "lstm" : "gru")}: the first state has shape {given.Shape}; it must be {shape}.");
    }

    static void Check(string name, int gates, Tensor x, Tensor inputWeights, Tensor hiddenWeights, Tensor? inputBias, Tensor? hiddenBias, bool sequence = false)
    {
        if (x.Rank < (sequence ? 2 : 1)) throw new ShapeException($"{name}: x {x.Shape} must be {(sequence ? "[…, steps, features]" : "[…, features]")}.");
        int rows = inputWeights.Rank == 2 ? inputWeights.Shape[0] : 0, h = rows / gates;
        if (rows == 0 || rows % gates != 0 || inputWeights.Shape[1] != x.Shape[^1])
            throw new ShapeException($"{name}: the input weights have shape {inputWeights.Shape}; for x {x.Shape} they must be [{gates}·hidden, {x.Shape[^1]}].");
        if (hiddenWeights.Rank != 2 || hiddenWeights.Shape[0] != rows || hiddenWeights.Shape[1] != h)
            throw new ShapeException($"{name}: the hidden weights have shape {hiddenWeights.Shape}; with input weights {inputWeights.Shape} they must be [{rows}, {h}].");
        foreach (var bias in new[] { inputBias, hiddenBias })
            if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != rows)) throw new ShapeException($"{name}: a bias has shape {bias.Shape}; with input weights {inputWeights.Shape} it must be [{rows}].");
    }
}
