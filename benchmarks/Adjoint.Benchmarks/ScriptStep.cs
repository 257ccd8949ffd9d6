using BenchmarkDotNet.Attributes;

namespace Adjoint.Benchmarks;

/// <summary>
/// A step that a script builds again and again: a network of dense layers, its loss, its gradient, and new parameters. Measured is what
/// the script pays besides the arithmetic: building the equations, reading their structure, and finding their program. Per equation.
/// </summary>
[MemoryDiagnoser]
public class ScriptStep
{
    const int Layers = 8;

    readonly Walk walk = new(x => x.Cached is not null);
    readonly Tensor[] parameters;
    readonly Tensor images, targets;

    public ScriptStep()
    {
        var random = new Random(1);
        Tensor Draw(Shape shape) => Tensor.From<double>(shape, [.. Enumerable.Range(0, shape.Size).Select(_ => random.NextDouble() - 0.5)]);
        parameters = [.. Enumerable.Range(0, Layers).SelectMany(_ => new[] { Draw(Shape.Of([4, 4])), Draw(Shape.Of([4])) })];
        (images, targets) = (Draw(Shape.Of([3, 4])), Draw(Shape.Of([3, 4])));
        Find(Forward());
        Find(Step());
    }

    /// <summary>Equations built for the loss.</summary>
    public static int ForwardEquations { get; } = Count(s => s.Forward());

    /// <summary>Equations built for a step: those of its program, and the tangents that transposition leaves behind.</summary>
    public static int StepEquations { get; } = Count(s => s.Step());

    /// <summary>The loss only: equations built one by one, as a script does.</summary>
    [Benchmark]
    public object BuildForward() => Forward();

    /// <summary>The loss, and its program.</summary>
    [Benchmark]
    public object BuildAndFindForward() => Find(Forward());

    /// <summary>The loss, its gradient and the new parameters: equations built by the transforms too.</summary>
    [Benchmark]
    public object BuildStep() => Step();

    /// <summary>The whole step, and its program.</summary>
    [Benchmark]
    public object BuildAndFindStep() => Find(Step());

    Tensor[] Forward() => [Loss(parameters)];

    Tensor[] Step()
    {
        var (results, slopes) = Differentiation.Gradient("gradient", x => [Loss(x)], parameters);
        return [results[0], .. parameters.Zip(slopes, (p, g) => p - 0.1 * g)];
    }

    Tensor Loss(Tensor[] p)
    {
        var x = images;
        for (int i = 0; i < Layers; i++) x = (x.MatMul(p[2 * i]) + p[2 * i + 1]).Tanh();
        return (x - targets).Square().Mean();
    }

    object Find(Tensor[] results)
    {
        walk.Read(results);
        return ProgramCache.Shared.Find(walk, results).Program;
    }

    static int Count(Func<ScriptStep, Tensor[]> build)
    {
        var step = new ScriptStep();
        long before = Equation.Newest;
        build(step);
        return (int)(Equation.Newest - before);
    }
}
