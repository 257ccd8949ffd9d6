using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Workloads;

[Tree]
sealed partial record ChainInputs(Tensor X, Tensor W, Tensor B);

/// <summary>y = tanh(x w + b) σ(x), its value and its gradients with respect to x, w and b for a cotangent.</summary>
sealed class Chain : Workload
{
    readonly ChainInputs inputs;
    readonly Tensor cotangent;
    readonly Compiled<ChainInputs, Tensor, (Tensor Value, ChainInputs Gradient)> function;
    (Tensor, ChainInputs)? results;

    public Chain(int n, int threads)
    {
        function = Compile<ChainInputs, Tensor, Tensor, ChainInputs>((at, cotangent) =>
        {
            var (y, pullback) = Vjp<ChainInputs, Tensor>(v => (v.X * v.W + v.B).Tanh() * v.X.Sigmoid(), at);
            return (y, pullback(cotangent));
        }, threads);
        Key[] keys = Key.Of(0).Split(3);
        inputs = Evaluate(new ChainInputs(keys[0].Normal([n]), keys[1].Normal([n]), keys[2].Normal([n])));
        cotangent = Evaluate(Tensor.Ones([n]));
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> Given => [new("x", inputs.X), new("w", inputs.W), new("b", inputs.B), new("g", cotangent)];

    // the results of one run are the memory for the next
    public override void Step() => results = results is { } known ? function.Into(known, inputs, cotangent) : function.Invoke(inputs, cotangent);

    public override IEnumerable<KeyValuePair<string, Tensor>> Results(int steps)
    {
        var (y, slope) = function.Invoke(inputs, cotangent);
        return [new("y", y), new("dx", slope.X), new("dw", slope.W), new("db", slope.B)];
    }

    public override string Explain() => function.Explain();
}

/// <summary>Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² (Rosenbrock 1960), its value and its gradient.</summary>
sealed class Rosenbrock : Workload
{
    readonly Tensor x;
    readonly Compiled<Tensor, (Tensor Value, Tensor Gradient)> function;

    public Rosenbrock(int n, int threads)
    {
        x = Evaluate(Key.Of(0).Normal([n]));
        function = Compile<Tensor, Tensor, Tensor>(x =>
            ValueAndGradient(x, x => (100 * (x[1..] - x[..^1].Square()).Square() + (1 - x[..^1]).Square()).Sum()), threads);
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> Given => [new("x", x)];

    public override void Step() => function.Invoke(x);

    public override IEnumerable<KeyValuePair<string, Tensor>> Results(int steps)
    {
        var (y, slope) = function.Invoke(x);
        return [new("y", y), new("dx", slope)];
    }

    public override string Explain() => function.Explain();
}

/// <summary>A matrix product A B, A Bᵀ or Aᵀ B.</summary>
sealed class Product : Workload
{
    readonly Tensor left, right;
    readonly Compiled<Tensor, Tensor, Tensor> function;

    Product(int m, int k, int n, string variant, DType type, int threads)
    {
        (Rows, Depth, Columns, IsLeftTransposed, IsRightTransposed, Type) = (m, k, n, variant == "TN", variant == "NT", type);
        var (forLeft, forRight) = Key.Of(0).Split();
        left = Evaluate(forLeft.Uniform(IsLeftTransposed ? [k, m] : [m, k], -0.5, 0.5, type));
        right = Evaluate(forRight.Uniform(IsRightTransposed ? [n, k] : [k, n], -0.5, 0.5, type));
        function = Compile<Tensor, Tensor, Tensor>((a, b) => (IsLeftTransposed ? a.T : a).MatMul(IsRightTransposed ? b.T : b), threads);
    }

    public int Rows { get; }
    public int Depth { get; }
    public int Columns { get; }
    public bool IsLeftTransposed { get; }
    public bool IsRightTransposed { get; }
    public DType Type { get; }

    public static Func<int, Product> Recipe(string name, string[] parts)
    {
        string[] sizes = parts[1].Split('x');
        if (sizes.Length != 3) throw new UsageException($"'{name}': '{parts[1]}' must be ROWSxDEPTHxCOLUMNS, such as 64x784x256.");
        string variant = "NN";
        var type = DType.Float32;
        foreach (string part in parts[2..])
        {
            if (part is "NN" or "NT" or "TN") variant = part;
            else if (part is "float32" or "float64") type = part == "float64" ? DType.Float64 : DType.Float32;
            else throw new UsageException($"'{name}': '{part}' must be NN, NT or TN, or float32 or float64.");
        }
        int[] lengths = [.. sizes.Select(size => Whole(name, size, 1))];
        return threads => new(lengths[0], lengths[1], lengths[2], variant, type, threads) { Name = name };
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> Given => [new("a", left), new("b", right)];

    public override void Step() => function.Invoke(left, right);

    public override IEnumerable<KeyValuePair<string, Tensor>> Results(int steps) => [new("c", function.Invoke(left, right))];

    public override string Explain() => function.Explain();
}
