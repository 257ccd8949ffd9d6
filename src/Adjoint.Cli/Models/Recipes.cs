using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>Optimizers and schedules by name.</summary>
static class Recipes
{
    static readonly (string Name, double Rate, bool HasMomentum, Func<Schedule, double, double?, Optimizer> Make)[] optimizers =
    [
        ("sgd", 0.05, true, (rate, momentum, decay) => new Sgd(rate, momentum, WeightDecay: decay ?? 0)),
        ("nesterov", 0.05, true, (rate, momentum, decay) => new Sgd(rate, momentum, Nesterov: momentum > 0, WeightDecay: decay ?? 0)),
        ("adam", 0.003, false, (rate, _, decay) => new Adam(rate, WeightDecay: decay ?? 0)),
        ("adamw", 0.003, false, (rate, _, decay) => new AdamW(rate, WeightDecay: decay ?? 0.01)),
        ("amsgrad", 0.003, false, (rate, _, decay) => new Adam(rate, WeightDecay: decay ?? 0, Amsgrad: true)),
        ("nadam", 0.003, false, (rate, _, decay) => new NAdam(rate, WeightDecay: decay ?? 0)),
        ("radam", 0.003, false, (rate, _, decay) => new RAdam(rate, WeightDecay: decay ?? 0)),
        ("rmsprop", 0.001, true, (rate, momentum, decay) => new RmsProp(rate, WeightDecay: decay ?? 0, Momentum: momentum)),
        ("adagrad", 0.02, false, (rate, _, decay) => new Adagrad(rate, WeightDecay: decay ?? 0)),
        ("adadelta", 1, false, (rate, _, decay) => new Adadelta(rate, WeightDecay: decay ?? 0)),
        ("lamb", 0.01, false, (rate, _, decay) => new Lamb(rate, WeightDecay: decay ?? 0.01)),
        ("lion", 0.0003, false, (rate, _, decay) => new Lion(rate, WeightDecay: decay ?? 0)),
    ];

    /// <summary>The names of the optimizers.</summary>
    public static IEnumerable<string> Optimizers => optimizers.Select(o => o.Name);

    /// <summary>The names of the schedules.</summary>
    public static IEnumerable<string> Schedules => ["constant", "cosine", "linear", "step", "exponential", "warmup", "onecycle", "plateau"];

    /// <summary>The rate that an optimizer has if none is given.</summary>
    public static double DefaultRate(string optimizer) => Named(optimizer).Rate;

    /// <summary>Whether an optimizer has a momentum to choose.</summary>
    public static bool HasMomentum(string optimizer) => Named(optimizer).HasMomentum;

    /// <summary>Whether a schedule depends on the number of all steps.</summary>
    public static bool IsPlanned(string schedule) => schedule is not ("constant" or "plateau");

    /// <summary>An optimizer.</summary>
    public static Optimizer Optimizer(string name, Schedule rate, double momentum, double? decay) => Named(name).Make(rate, momentum, decay);

    /// <summary>A schedule over so many steps. That of plateaus is constant here: it depends on results.</summary>
    public static Schedule Schedule(string name, double rate, int steps) => name switch
    {
        "cosine" => new CosineDecay(rate, steps),
        "linear" => new PolynomialDecay(rate, steps),
        "step" => new StepDecay(rate, Math.Max(1, (steps + 2) / 3)),
        "exponential" => new ExponentialDecay(rate, Math.Pow(0.01, 1.0 / steps)),
        "warmup" => new WarmUp(new CosineDecay(rate, Math.Max(1, steps - WarmSteps(steps))), WarmSteps(steps)),
        "onecycle" when steps > 10 => new OneCycle(rate, steps),
        _ => new ConstantRate(rate),
    };

    static int WarmSteps(int steps) => Math.Max(1, steps / 20);

    static (string Name, double Rate, bool HasMomentum, Func<Schedule, double, double?, Optimizer> Make) Named(string name) => Array.Find(optimizers, o => o.Name == name);
}
