using System.Text.Json;
using Adjoint.Learning;

namespace Adjoint.Golden;

/// <summary>The optimizers by the names of the reference, with PyTorch's hyperparameters and their defaults.</summary>
static class OptimizerTable
{
    static readonly Dictionary<string, Func<Hyperparameters, Optimizer>> all = new()
    {
        ["sgd"] = Sgd, ["sgd_momentum"] = Sgd, ["sgd_nesterov"] = Sgd,
    };

    /// <summary>Whether there is such an optimizer.</summary>
    public static bool Known(string name) => all.ContainsKey(name);

    /// <summary>An optimizer with these hyperparameters.</summary>
    public static Optimizer Of(string name, JsonElement attributes) => all[name](new(attributes));

    static Sgd Sgd(Hyperparameters h) => new(h["lr"], h["momentum", 0], h.Flag("nesterov"), h["weight_decay", 0]);

    /// <summary>Hyperparameters by PyTorch's names.</summary>
    readonly struct Hyperparameters(JsonElement json)
    {
        public double this[string name] => json.Field(name).GetDouble();
        public double this[string name, double otherwise] => json.Optional(name)?.GetDouble() ?? otherwise;
        public bool Flag(string name) => json.Optional(name)?.GetBoolean() ?? false;
        public (double First, double Second) Betas => json.Optional("betas") is { } betas ? (betas[0].GetDouble(), betas[1].GetDouble()) : (0.9, 0.999);
    }
}
