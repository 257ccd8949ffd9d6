namespace Adjoint.Golden;

/// <summary>How the cases are run: as the operations define them, and by the engine.</summary>
static class Executors
{
    public static readonly (string Name, IExecutor Executor)[] All = [("reference", Interpreter.Shared), ("engine", Engine.Shared)];

    /// <summary>The element types: the floating inputs of a case are converted to each.</summary>
    public static readonly DType[] Types = [DType.Float64, DType.Float32];

    /// <summary>The value with its floating numbers in this type.</summary>
    public static Tensor In(this Tensor x, DType type) => x.DType.IsFloat ? x.To(type) : x;

    /// <summary>A program of some arguments, traced once, to be run for data.</summary>
    public static Func<Tensor[], TensorData[]> Prepare(IExecutor executor, Tensor[] like, Func<Tensor[], Tensor[]> f)
    {
        Tensor[] inputs = Array.ConvertAll(like, x => Input.Like(x));
        var system = EquationSystem.Close(inputs, f(inputs), out var captured);
        var program = executor.Prepare(system);
        return x => program.Run([.. x.Concat(captured).Select(t => t.Data)]);
    }
}
