using System.Text.Json;

namespace Adjoint.Golden;

/// <summary>An operation on some inputs: its outputs, its vjp for some cotangents, and the gradient of ⟨vjp, direction⟩ with the cotangents held fixed.</summary>
public sealed record OperationCase : GoldenCase
{
    readonly string operation;
    readonly JsonElement attributes;
    readonly Tensor[] inputs, outputs;
    readonly Tensor?[]? cotangents, vjp, direction, second;
    readonly double tolerance;

    OperationCase(string number, JsonElement json) : base($"ops {number} {json.Field("op").GetString()} {Text(json.Field("attrs"))}")
    {
        operation = json.Field("op").GetString()!;
        attributes = json.Field("attrs");
        inputs = Present(json, "inputs");
        outputs = Present(json, "outputs");
        tolerance = json.Field("tolerance").GetDouble();
        (cotangents, vjp, direction, second) = (json.Arrays("cotangents"), json.Arrays("vjp"), json.Arrays("direction"), json.Arrays("second"));
        Require(vjp is null || cotangents is not null, "there is a vjp, but no cotangents.");
        Require(second is null || (direction is not null && cotangents is not null), "there is a second derivative, but no direction or no cotangents.");
        foreach (var (name, list, length) in new[] { ("cotangents", cotangents, outputs.Length), ("vjp", vjp, inputs.Length), ("direction", direction, inputs.Length), ("second", second, inputs.Length) })
            Require(list is null || list.Length == length, $"field '{name}' has {list?.Length} arrays; {length} are expected.");
    }

    internal static GoldenCase Read(string number, JsonElement json) => new OperationCase(number, json);

    public override IReadOnlyList<string> Failures()
    {
        var failures = new List<string>();
        if (!OperationTable.Known(operation)) return [$"the operation '{operation}' is not known."];
        foreach (var type in Executors.Types)
            foreach (var (name, executor) in Executors.All)
            {
                string where = $"{type.Text}, {name}: ";
                try { failures.AddRange(Run(executor, type).Select(f => where + f)); }
                catch (Exception e) when (e is not (OutOfMemoryException or CaseException)) { failures.Add(where + e.Message); }
            }
        if (failures.Count > 0 && IgnoresWeights) failures.Add("the reference is wrong: its derivatives with respect to all weights are zero, so it was computed with other weights than it lists.");
        return failures;
    }

    bool IgnoresWeights => operation is "lstm" or "gru" && vjp is [_, ..] && vjp.Skip(1).All(λ => λ is null || λ.ToArray().All(v => v == 0));

    List<string> Run(IExecutor executor, DType type)
    {
        Tensor[] x = Array.ConvertAll(inputs, t => t.In(type));
        int[] floating = [.. Enumerable.Range(0, x.Length).Where(i => x[i].DType.IsFloat)];
        var (λ, d) = (cotangents?.Select(c => c?.In(type)).ToArray(), direction?.Select(c => c?.In(type)).ToArray());
        var expected = new List<(string, Tensor)>();
        var program = Executors.Prepare(executor, x, arguments =>
        {
            Tensor[] With(Tensor[] some)
            {
                Tensor[] all = [.. arguments];
                for (int i = 0; i < floating.Length; i++) all[floating[i]] = some[i];
                return all;
            }
            Tensor[] F(Tensor[] some) => OperationTable.Apply(operation, attributes, With(some));
            Tensor[] Pullback(Tensor[] some) => Differentiation.Filled(Differentiation.Vjp(F, some).Pullback(λ!), some);

            expected.Clear();
            Tensor[] at = [.. floating.Select(i => arguments[i])];
            var results = new List<Tensor>();
            void Compare(string what, Tensor result, Tensor? reference) { if (reference is not null) { results.Add(result); expected.Add((what, reference)); } }
            var values = F(at);
            if (values.Length != outputs.Length) throw new InvalidOperationException($"there are {values.Length} outputs; {outputs.Length} are expected.");
            for (int k = 0; k < values.Length; k++) Compare($"output {k}", values[k], outputs[k]);
            if (vjp is not null)
            {
                var found = Pullback(at);
                for (int i = 0; i < found.Length; i++) Compare($"vjp of input {floating[i]}", found[i], vjp[floating[i]]);
            }
            if (second is not null)
            {
                var found = Differentiation.Gradient("second", some => [Inner(Pullback(some), d!, floating)], at).Gradient;
                for (int i = 0; i < found.Length; i++) Compare($"second derivative of input {floating[i]}", found[i], second[floating[i]]);
            }
            return [.. results];
        });
        var actual = program(x);
        double limit = type == DType.Float32 ? Math.Max(tolerance, Comparison.SingleTolerance) : tolerance;
        double LimitOf(string what) => what.StartsWith("vjp", StringComparison.Ordinal) ? Math.Max(limit, OperationTable.PrecisionOfVjp(operation)) : limit;
        return [.. expected.Select((e, k) => e.Item2.DType.IsFloat && actual[k].Type != type ? $"{e.Item1} is {actual[k].Type.Text}" : Comparison.Difference(e.Item1, actual[k], e.Item2.Data, LimitOf(e.Item1))).OfType<string>()];
    }

    static Tensor Inner(Tensor[] x, Tensor?[] directions, int[] floating)
    {
        Tensor sum = x[0].ZerosLike().Sum();
        for (int i = 0; i < x.Length; i++) if (directions[floating[i]] is { } d) sum += (x[i] * d).Sum();
        return sum;
    }

    static Tensor[] Present(JsonElement json, string name) => [.. (json.Arrays(name) ?? throw new CaseException($"field '{name}' is missing.")).Select((x, i) => x ?? throw new CaseException($"'{name}[{i}]' is null."))];

    static void Require(bool holds, string message)
    {
        if (!holds) throw new CaseException(message);
    }

    static string Text(JsonElement attributes) => attributes.GetRawText().Replace("\"", "", StringComparison.Ordinal);
}
