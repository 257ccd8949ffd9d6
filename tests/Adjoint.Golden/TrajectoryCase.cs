using System.Text.Json;
using Adjoint.Learning;

namespace Adjoint.Golden;

/// <summary>A small network trained on one batch: the loss before each step, and the parameters after the last.</summary>
public sealed record TrajectoryCase : GoldenCase
{
    const string KnownNetwork = "tanh(X W1^T + b1) W2^T + b2, mean cross-entropy, full batch";

    /// <summary>Rounding errors of float32 grow from step to step, and Adam-like rules divide them by small numbers.</summary>
    const double SingleTolerance = 1e-3;

    readonly string optimizer;
    readonly JsonElement attributes;
    readonly Tensor x, y;
    readonly Tensor[] initial, final;
    readonly double[] losses;
    readonly double tolerance;

    TrajectoryCase(string number, JsonElement json) : base($"trajectories {number} {json.Field("optimizer").GetString()}")
    {
        (optimizer, attributes) = (json.Field("optimizer").GetString()!, json.Field("attrs"));
        if (json.Field("network").GetString() is var network && network != KnownNetwork) throw new CaseException($"the network is '{network}'; only '{KnownNetwork}' is known.");
        (x, y) = (json.Field("X").Array("X"), json.Field("Y").Array("Y"));
        (initial, final) = (Four(json, "initial"), Four(json, "final"));
        losses = [.. json.Field("losses").EnumerateArray().Select(l => l.GetDouble())];
        tolerance = json.Field("tolerance").GetDouble();
    }

    internal static GoldenCase Read(string number, JsonElement json) => new TrajectoryCase(number, json);

    public override IReadOnlyList<string> Failures()
    {
        if (!OptimizerTable.Known(optimizer)) return [$"the optimizer '{optimizer}' is not known."];
        var failures = new List<string>();
        foreach (var type in Executors.Types)
            foreach (var (name, executor) in Executors.All)
            {
                string where = $"{type.Text}, {name}: ";
                try { failures.AddRange(Run(executor, type).Select(f => where + f)); }
                catch (Exception e) when (e is not (OutOfMemoryException or CaseException)) { failures.Add(where + e.Message); }
            }
        return failures;
    }

    IEnumerable<string> Run(IExecutor executor, DType type)
    {
        var (inputs, limit) = (x.In(type), type == DType.Float32 ? SingleTolerance : tolerance);
        var start = OptimizerTable.Of(optimizer, attributes).Start(Network.Of([.. initial.Select(w => w.In(type))]));
        Tensor[] state = Trees.Leaves(start);
        var step = Executors.Prepare(executor, state, leaves =>
        {
            var learner = Rebuild(start, leaves);
            var (loss, slope) = Functions.ValueAndGradient<Network>(network => Loss.CrossEntropy(network.Apply(inputs), y))(learner.Model);
            return [loss, .. Trees.Leaves(learner.Step(slope))];
        });
        var found = new double[losses.Length];
        for (int i = 0; i < found.Length; i++)
        {
            var results = step(state);
            found[i] = results[0].First();
            state = [.. results.Skip(1).Select(data => new Tensor(data))];
        }
        Tensor[] parameters = Trees.Leaves(Rebuild(start, state).Model);
        return new[] { Comparison.Difference("losses", ((Tensor)found).Data, ((Tensor)losses).Data, limit) }
            .Concat(parameters.Select((p, i) => Comparison.Difference($"final parameter {i}", p.Data, final[i].Data, limit))).OfType<string>();
    }

    static T Rebuild<T>(T tree, Tensor[] leaves) where T : ITree<T> => tree.Rebuild(leaves);

    static Tensor[] Four(JsonElement json, string name) => json.Arrays(name) is [{ } w1, { } b1, { } w2, { } b2] ? [w1, b1, w2, b2]
        : throw new CaseException($"field '{name}' must hold four arrays: W1, b1, W2, b2.");
}

/// <summary>tanh(X W1ᵀ + b1) W2ᵀ + b2.</summary>
[Tree]
public sealed partial record Network(Tensor W1, Tensor B1, Tensor W2, Tensor B2)
{
    internal static Network Of(Tensor[] w) => new(w[0], w[1], w[2], w[3]);
    internal Tensor Apply(Tensor x) => (x.MatMul(W1.T) + B1).Tanh().MatMul(W2.T) + B2;
}
