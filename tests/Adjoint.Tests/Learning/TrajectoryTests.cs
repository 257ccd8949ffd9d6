using System.Text.Json;
using System.Text.Json.Nodes;
using Adjoint.Learning;
using Xunit;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Tests.LearningTests;

/// <summary>Every optimizer of PyTorch 1.13 takes the same 25 steps here: losses before each step and final parameters.</summary>
public sealed partial class TrajectoryTests
{
    [Tree]
    public sealed partial record Network(Tensor W1, Tensor B1, Tensor W2, Tensor B2)
    {
        public Tensor Loss(Tensor x, Tensor y) => -((x.MatMul(W1.T) + B1).Tanh().MatMul(W2.T) + B2).LogSoftmax().TakeAlongAxis(y.ExpandAxis(-1), -1).Mean();
    }

    static readonly JsonArray cases = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden.Cases.Own, "trajectories.json")))!.AsArray();

    public static IEnumerable<TheoryDataRow<string>> Names => cases.Select(c => new TheoryDataRow<string>(c!["optimizer"]!.GetValue<string>()));

    [Fact]
    public void All_twelve_are_here() => Assert.Equal(12, cases.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Takes_the_steps_of_PyTorch(string name)
    {
        var golden = cases.Single(c => c!["optimizer"]!.GetValue<string>() == name)!;
        Tensor x = Read(golden["X"]!), y = Read(golden["Y"]!);
        Tensor[] initial = [.. golden["initial"]!.AsArray().Select(p => Read(p!))];
        double tolerance = golden["tolerance"]!.GetValue<double>();
        var trainer = Compile((Learner<Network> state, Batch batch) =>
        {
            var (loss, slope) = ValueAndGradient(state.Model, m => m.Loss(batch.Inputs, batch.Targets));
            return (state.Step(slope), loss);
        }, Optimizer(name.Split('_')[0], golden["attrs"]!.AsObject()).Start(new Network(initial[0], initial[1], initial[2], initial[3])));
        foreach (var expected in golden["losses"]!.AsArray()) Near(expected!.GetValue<double>(), trainer.Next(new(x, y)).ToScalar(), tolerance);
        var final = golden["final"]!.AsArray().Select(p => Read(p!).ToArray()).ToArray();
        Tensor[] actual = Trees.Leaves(trainer.State.Model);
        for (int i = 0; i < final.Length; i++)
            foreach (var (e, a) in final[i].Zip(actual[i].ToArray())) Near(e, a, tolerance);
        Assert.Equal(1, trainer.Programs);
    }

    static void Near(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{actual} instead of {expected}");

    /// <summary>PyTorch's names for hyperparameters; those that are absent have the same defaults.</summary>
    static Optimizer Optimizer(string name, JsonObject attributes)
    {
        double rate = attributes["lr"]!.GetValue<double>();
        double Number(string key, double otherwise) => attributes[key]?.GetValue<double>() ?? otherwise;
        bool Flag(string key) => attributes[key]?.GetValue<bool>() ?? false;
        double Beta(int i, double otherwise) => attributes["betas"]?[i]!.GetValue<double>() ?? otherwise;
        return name switch
        {
            "sgd" => new Sgd(rate, Number("momentum", 0), Flag("nesterov"), Number("weight_decay", 0), Number("dampening", 0)),
            "adam" => new Adam(rate, Beta(0, 0.9), Beta(1, 0.999), Number("eps", 1e-8), Number("weight_decay", 0), Flag("amsgrad")),
            "adamw" => new AdamW(rate, Beta(0, 0.9), Beta(1, 0.999), Number("eps", 1e-8), Number("weight_decay", 0.01), Flag("amsgrad")),
            "rmsprop" => new RmsProp(rate, Number("alpha", 0.99), Number("eps", 1e-8), Number("weight_decay", 0), Number("momentum", 0), Flag("centered")),
            "adagrad" => new Adagrad(rate, Number("lr_decay", 0), Number("weight_decay", 0), Number("initial_accumulator_value", 0), Number("eps", 1e-10)),
            "adadelta" => new Adadelta(rate, Number("rho", 0.9), Number("eps", 1e-6), Number("weight_decay", 0)),
            "nadam" => new NAdam(rate, Beta(0, 0.9), Beta(1, 0.999), Number("eps", 1e-8), Number("weight_decay", 0), Number("momentum_decay", 4e-3)),
            "radam" => new RAdam(rate, Beta(0, 0.9), Beta(1, 0.999), Number("eps", 1e-8), Number("weight_decay", 0)),
            _ => throw new ArgumentException($"no optimizer {name}"),
        };
    }

    static Tensor Read(JsonNode array)
    {
        Shape shape = Shape.Of(array["shape"].Deserialize<int[]>());
        return array["dtype"]!.GetValue<string>() == "int64" ? Tensor.From(shape, array["data"].Deserialize<long[]>().AsSpan()) : Tensor.From(shape, array["data"].Deserialize<double[]>().AsSpan());
    }
}
