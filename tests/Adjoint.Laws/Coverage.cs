namespace Adjoint.Testing;

/// <summary>Which operations and scalar functions programs use.</summary>
public sealed class Coverage
{
    /// <summary>The kinds of operations seen.</summary>
    public HashSet<Type> Operations { get; } = [];

    /// <summary>The scalar functions seen.</summary>
    public HashSet<ScalarFunction> Functions { get; } = [];

    /// <summary>Every kind of operation that the library has, without those that close away when a program is traced.</summary>
    public static IEnumerable<Type> AllOperations => typeof(Operation).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract && t != typeof(Input) && t != typeof(Alias));

    /// <summary>Adds the operations of a program and of the programs inside it.</summary>
    public void Add(EquationSystem system)
    {
        foreach (var equation in system.Equations)
        {
            Operations.Add(equation.Operation.GetType());
            if (equation.Operation is Map map) Functions.Add(map.Function);
            if (equation.Operation is IContainsSystems container)
                foreach (var (_, body) in container.Systems) Add(body);
        }
    }

    /// <summary>Adds a sample and its derivatives.</summary>
    public void Add(Sample sample)
    {
        foreach (var subject in Orders.Of(sample)) Add(subject.Trace().System);
    }
}
