namespace Adjoint;

/// <summary>The derivatives of functions of lists of tensors; the front door adds trees.</summary>
static class Differentiation
{
    /// <summary>Calls a function with aliases of its arguments, whose history stays open until <paramref name="use"/> returns.</summary>
    public static T WithAliases<T>(Tensor[] arguments, Func<Tensor[], T> use)
    {
        var history = History.Start();
        try
        {
            var alias = new Alias(history);
            return use(Array.ConvertAll(arguments, x => Equation.Solve(alias, x)));
        }
        finally { history.Close(); }
    }

    /// <summary>Results, and their tangents in the direction <paramref name="dx"/> (absent: zero).</summary>
    public static (Tensor[] Results, Tensor?[] Tangents) Jvp(Func<Tensor[], Tensor[]> f, Tensor[] x, Tensor?[] dx) => WithAliases(x, aliases =>
    {
        var results = f(aliases);
        var seeds = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < x.Length; i++) if (dx[i] is { } d) seeds[aliases[i]] = d;
        if (seeds.Count == 0) return (results, new Tensor?[results.Length]);
        var (values, tangents) = Linearize.Apply(results, seeds);
        return (values, tangents);
    });

    /// <summary>Results, and the function that takes cotangents of the results to cotangents of the arguments.</summary>
    public static (Tensor[] Results, Func<Tensor?[], Tensor?[]> Pullback) Vjp(Func<Tensor[], Tensor[]> f, Tensor[] x) => WithAliases(x, aliases =>
    {
        var (results, seeds, tangents) = Linear(f(aliases), aliases);
        return (results, (Func<Tensor?[], Tensor?[]>)(λ => Back(seeds, tangents, λ)));
    });

    /// <summary>The cotangents of tensors that the results were computed from: partial, each with the others fixed, or total.</summary>
    public static Tensor?[] Pull(Tensor[] results, Tensor[] from, Tensor?[] λ, bool total = false)
    {
        var (_, seeds, tangents) = Linear(results, from, total);
        return Back(seeds, tangents, λ);
    }

    /// <summary>The results linearized around tensors that they depend on: seeds are inputs that stand for the tangents of those.</summary>
    public static (Tensor[] Results, Tensor?[] Seeds, Tensor?[] Tangents) Linear(Tensor[] results, Tensor[] from, bool total = false)
    {
        var seeds = Array.ConvertAll(from, x => x.DType.IsFloat ? Input.Like(x, "d") : null);
        var map = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < from.Length; i++) if (seeds[i] is { } seed) map.TryAdd(from[i], seed);
        if (map.Count == 0) return (results, seeds, new Tensor?[results.Length]);
        var (values, tangents) = Linearize.Apply(results, map, total);
        return (values, seeds, tangents);
    }

    static Tensor?[] Back(Tensor?[] seeds, Tensor?[] tangents, Tensor?[] λ)
    {
        Tensor[] present = [.. seeds.OfType<Tensor>()];
        if (present.Length == 0) return new Tensor?[seeds.Length];
        var found = new Queue<Tensor?>(Transpose.Apply(present, tangents, λ));
        return Array.ConvertAll(seeds, seed => seed is null ? null : found.Dequeue());
    }

    /// <summary>A scalar result and its gradient, of the first result; the others are auxiliary.</summary>
    public static (Tensor[] Results, Tensor[] Gradient) Gradient(string name, Func<Tensor[], Tensor[]> f, Tensor[] x)
    {
        var (results, pullback) = Vjp(f, x);
        CheckScalar(name, results[0]);
        var λ = new Tensor?[results.Length];
        λ[0] = results[0].OnesLike();
        return (results, Filled(pullback(λ), x));
    }

    /// <summary>Zeros for absent cotangents: a gradient has the shape of what it is the gradient with respect to.</summary>
    public static Tensor[] Filled(Tensor?[] λ, Tensor[] x)
    {
        var result = new Tensor[λ.Length];
        for (int i = 0; i < result.Length; i++) result[i] = λ[i] ?? x[i].ZerosLike();
        return result;
    }

    public static void CheckScalar(string name, Tensor loss)
    {
        if (loss.Rank != 0)
            throw new ShapeException($"{name}: the result has shape {loss.Shape}; a gradient needs a scalar. Reduce it, for example with Sum() or Mean(), or use Vjp with a cotangent, or Jacobian.");
        if (!loss.DType.IsFloat)
            throw new ShapeException($"{name}: the result is {loss.DType.Text}, which has no derivative. Compute the loss in float32 or float64.");
    }
}
