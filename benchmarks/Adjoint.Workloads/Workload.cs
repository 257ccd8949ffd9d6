namespace Adjoint.Workloads;

/// <summary>What is measured: a step that runs through Compile, with what a peer needs to do the same.</summary>
abstract class Workload
{
    /// <summary>The kinds, with their sizes where a name gives none.</summary>
    static readonly Dictionary<string, (string Sizes, string Names)> networks = new()
    {
        ["tiny"] = ("2-16-16-1", "the widths of the layers"),
        ["mlp"] = ("784-256-128-10", "the widths of the layers"),
        ["cnn"] = ("28-8-16-5-10", "side, channels, channels, window, classes"),
        ["lstm"] = ("32-32-64-10", "steps, inputs, hidden, classes"),
        ["gru"] = ("32-32-64-10", "steps, inputs, hidden, classes"),
        ["gpt"] = ("4-4-128-64-65", "layers, heads, width, context, vocabulary"),
    };

    /// <summary>What runs when no workload is named.</summary>
    public static string[] Standard { get; } =
    [
        "tiny:1:sgd", "tiny:32:sgd", "mlp:1:sgd", "mlp:32:sgd", "mlp:64:sgd", "mlp:64:adam", "mlp:256:sgd", "cnn:64:adam", "lstm:32:adam", "gru:32:adam", "gpt:16:adam",
        "chain:1000000", "chain:1000", "rosen:1000",
        "mm:64x64x64", "mm:256x256x256", "mm:512x512x512", "mm:1024x1024x1024", "mm:2048x2048x2048", "mm:64x784x256", "mm:64x256x10", "mm:128x512x512", "mm:4096x128x512",
    ];

    /// <summary>How workloads are written, for the help.</summary>
    public static string Grammar { get; } = string.Concat(networks.Select(n => $"  {n.Key}:BATCH:sgd|adam[:SIZES]".PadRight(34) + $"SIZES {n.Value.Sizes}: {n.Value.Names}\n")) +
        "  chain:N                         y = tanh(x w + b) σ(x) of N elements: value and gradients\n" +
        "  rosen:N                         Rosenbrock's function of N numbers: value and gradient\n" +
        "  mm:MxKxN[:NN|NT|TN][:float64]   a matrix product, the left or right matrix transposed\n";

    /// <summary>The name with all its sizes.</summary>
    public required string Name { get; init; }

    /// <summary>What a peer starts from: weights p0, p1, … and data.</summary>
    public abstract IEnumerable<KeyValuePair<string, Tensor>> Given { get; }

    /// <summary>One run.</summary>
    public abstract void Step();

    /// <summary>What comes out from the start: the losses of the steps, or values and gradients.</summary>
    public abstract IEnumerable<KeyValuePair<string, Tensor>> Results(int steps);

    /// <summary>The programs that run.</summary>
    public abstract string Explain();

    /// <summary>The workload of a name, with its weights and data, on at most so many threads.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Workload Parse(string name, int threads) => Recipe(name)(threads);

    /// <summary>Whether a name is one.</summary>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public static void Check(string name) => Recipe(name);

    static Func<int, Workload> Recipe(string name)
    {
        string[] parts = name.Split(':');
        int Size(int least) => Whole(name, parts[1], least);
        switch (parts[0], parts.Length)
        {
            case ("chain", 2):
                int n = Size(1);
                return threads => new Chain(n, threads) { Name = name };
            case ("rosen", 2):
                int count = Size(2);
                return threads => new Rosenbrock(count, threads) { Name = name };
            case ("mm", >= 2 and <= 4): return Product.Recipe(name, parts);
            case (var kind, 3 or 4) when networks.TryGetValue(kind, out var known): return Network(name, parts, known.Sizes);
            case (var kind, _) when networks.ContainsKey(kind) || kind is "chain" or "rosen" or "mm": throw new UsageException($"'{name}' is not a whole workload. Workloads are\n{Grammar}");
            default: throw new UsageException($"there is no workload '{name}'{Nearest(name)} Workloads are\n{Grammar}");
        }
    }

    static Func<int, Training> Network(string name, string[] parts, string standard)
    {
        int batch = Whole(name, parts[1], 1);
        if (parts[2] is not ("sgd" or "adam")) throw new UsageException($"'{name}': there is no optimizer '{parts[2]}'; write sgd or adam.");
        string sizes = parts.Length > 3 ? parts[3] : standard;
        int[] numbers = [.. sizes.Split('-').Select(size => Whole(name, size, 1))];
        bool isPerceptron = parts[0] is "tiny" or "mlp";
        int expected = standard.Split('-').Length;
        if (isPerceptron ? numbers.Length < 2 : numbers.Length != expected)
            throw new UsageException($"'{name}' has {numbers.Length} sizes; {parts[0]} has {(isPerceptron ? "two or more" : expected)}: {networks[parts[0]].Names}, such as {standard}.");
        if (parts[0] == "gpt" && numbers[2] % numbers[1] != 0) throw new UsageException($"'{name}': the width {numbers[2]} does not divide into {numbers[1]} heads.");
        if (parts[0] == "cnn" && ((numbers[0] - numbers[3] + 1) / 2 - numbers[3] + 1) / 2 < 1) throw new UsageException($"'{name}': two windows of {numbers[3]} and two poolings leave nothing of {numbers[0]} pixels.");
        return threads => new(parts[0], batch, parts[2], numbers, threads) { Name = $"{parts[0]}:{parts[1]}:{parts[2]}:{sizes}" };
    }

    /// <summary>A number in a name.</summary>
    protected static int Whole(string name, string text, int least) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out int number) && number >= least ? number
        : throw new UsageException($"'{name}': '{text}' must be a whole number of at least {least}.");

    static string Nearest(string name) =>
        Standard.Where(known => known.StartsWith(name.Split(':')[0], StringComparison.OrdinalIgnoreCase) || name.StartsWith(known.Split(':')[0], StringComparison.OrdinalIgnoreCase))
            .FirstOrDefault() is { } near ? $"; did you mean {near}?" : ".";
}

/// <summary>A mistake on the command line.</summary>
sealed class UsageException(string message) : Exception(message);
