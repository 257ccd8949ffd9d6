namespace Adjoint;

/// <summary>Walks over equations, without recursion: graphs are deep.</summary>
static class Graph
{
    /// <summary>
    /// The equations that <paramref name="results"/> depend on, in the order in which they were built, which is topological. The walk does not go
    /// past tensors for which <paramref name="stop"/> holds, nor past data.
    /// </summary>
    public static List<Equation> Order(IEnumerable<Tensor> results, Func<Tensor, bool> stop)
    {
        var found = new HashSet<Equation>();
        var open = new Stack<Equation>();
        void Visit(Tensor x)
        {
            if (x.Equation is { } equation && !stop(x) && found.Add(equation)) open.Push(equation);
        }
        foreach (var result in results) Visit(result);
        while (open.TryPop(out var equation))
            foreach (var x in equation.Inputs) Visit(x);
        var order = new List<Equation>(found);
        order.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return order;
    }
}
