using System.Text.Json;
using Adjoint.Learning;

namespace Adjoint.Golden;

/// <summary>The optimizers by the names of the reference, with PyTorch's hyperparameters and their defaults.</summary>
static class OptimizerTable
{
    static readonly Dictionary<string, Func<Hyperparameters, Optimizer>> all = new()
    {
        ["sgd"] = h => new Sgd(h["lr"], h["momentum", 0], h.Flag("nesterov"), h["weight_decay", 0], h["dampening", 0]),
        ["adam"] = h => new Adam(h["lr", 1e-3], h.Betas.First, h.Betas.Second, h["eps", 1e-8], h["weight_decay", 0], h.Flag("amsgrad")),
        ["adamw"] = h => new AdamW(h["lr", 1e-3], h.Betas.First, h.Betas.Second, h["eps", 1e-8], h["weight_decay", 0.01], h.Flag("amsgrad")),
        ["nadam"] = h => new NAdam(h["lr", 2e-3], h.Betas.First, h.Betas.Second, h["eps", 1e-8], h["weight_decay", 0], h["momentum_decay", 4e-3]),
        ["radam"] = h => new RAdam(h["lr", 1e-3], h.Betas.First, h.Betas.Second, h["eps", 1e-8], h["weight_decay", 0]),
        ["rmsprop"] = h => new RmsProp(h["lr", 0.01], h["alpha", 0.99], h["eps", 1e-8], h["weight_decay", 0], h["momentum", 0], h.Flag("centered")),
        ["adagrad"] = h => new Adagrad(h["lr", 0.01], h["lr_decay", 0], h["weight_decay", 0], h["initial_accumulator_value", 0], h["eps", 1e-10]),
        ["adadelta"] = h => new Adadelta(h["lr", 1], h["rho", 0.9], h["eps", 1e-6], h["weight_decay", 0]),
    };

    /// <summary>Whether there is such an optimizer.</summary>
    public static bool Known(string name) => all.ContainsKey(Kind(name));

    /// <summary>An optimizer with these hyperparameters.</summary>
    public static Optimizer Of(string name, JsonElement attributes) => all[Kind(name)](new(attributes));

    // adam_l2 is an adam with other hyperparameters
    static string Kind(string name) => name.Split('_')[0];

    /// <summary>Hyperparameters by PyTorch's names.</summary>
    readonly struct Hyperparameters(JsonElement json)
    {
        public double this[string name] => json.Field(name).GetDouble();
        public double this[string name, double otherwise] => json.Optional(name)?.GetDouble() ?? otherwise;
        public bool Flag(string name) => json.Optional(name)?.GetBoolean() ?? false;
        public (double First, double Second) Betas => json.Optional("betas") is { } betas ? (betas[0].GetDouble(), betas[1].GetDouble()) : (0.9, 0.999);
    }
}
