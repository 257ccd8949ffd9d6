namespace Adjoint;

/// <summary>
/// Control flow and custom derivatives over lists of tensors: the core of the vocabulary, on which trees are built. A function given here is traced
/// once, into a closed program: its arguments have no values, so reading one (ToScalar, ToArray) is an error. It may use tensors from outside; those
/// become inputs of the program, and derivatives with respect to them are the true ones. All of it has derivatives of any order in both modes, except
/// where a custom derivative has no transpose, and under Vectorize the rows are independent.
/// </summary>
public static class Control
{
    /// <summary>
    /// <c>predicate ? then(operands) : otherwise(operands)</c>; only one of the two is computed. Under Vectorize, with a predicate that differs between
    /// rows, both are computed for every row. Where one branch returns a C# number it takes the other's element type.
    /// </summary>
    /// <param name="predicate">One bool.</param>
    /// <param name="then">If it holds.</param>
    /// <param name="otherwise">If it does not: results of the same number, shapes and element types.</param>
    /// <param name="operands">The arguments of both.</param>
    /// <exception cref="ShapeException">The predicate is not one bool, or the results are not alike.</exception>
    public static Tensor[] Cond(Tensor predicate, Func<Tensor[], Tensor[]> then, Func<Tensor[], Tensor[]> otherwise, params Tensor[] operands)
    {
        var a = Body.Trace(then, operands);
        var b = Body.Trace(otherwise, operands);
        if (a.System.Results.Length == b.System.Results.Length && !a.System.Results.Zip(b.System.Results).All(p => p.First.DType == p.Second.DType))
        {
            DType[] types = [.. a.System.Results.Zip(b.System.Results, (x, y) =>
                x.DType == y.DType || x.IsWeak == y.IsWeak ? x.DType : DTypes.Promote(x.DType, x.IsWeak, y.DType, y.IsWeak))];
            Tensor[] Typed(Tensor[] results) => [.. results.Select((z, k) => z.IsWeak && z.DType != types[k] ? z.To(types[k]) : z)];
            a = Body.Trace(x => Typed(then(x)), operands);
            b = Body.Trace(x => Typed(otherwise(x)), operands);
        }
        var (systems, captured) = Body.CapturedFirst(operands.Length, a, b);
        return [.. Equation.Of(new Cond(systems[0], systems[1]), [predicate, .. captured, .. operands]).Results];
    }

    /// <summary>
    /// <c>while (condition(carries)) carries = body(carries)</c>, for as many steps as it takes; the derivative is that of the steps taken. Reverse mode
    /// keeps what a step needs, for every step. Under Vectorize a row that has finished keeps its carries until all have; the steps it does not take are
    /// computed and dropped, as by Select, so the body should be differentiable at its last carries too.
    /// </summary>
    /// <param name="condition">One bool.</param>
    /// <param name="body">The next carries, of the same shapes and element types.</param>
    /// <param name="carries">The first ones. A C# number takes the element type that the body gives it.</param>
    /// <exception cref="ShapeException">The condition is not one bool, or a carry changes its shape or element type.</exception>
    public static Tensor[] While(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, params Tensor[] carries)
    {
        var (step, first) = Settle(x => CheckCount("while", body(x), x.Length), carries, []);
        var (systems, captured) = Body.CapturedFirst(first.Length, Body.Trace(x => [condition(x)], first), step);
        return [.. Equation.Of(new While(systems[0], systems[1], captured.Length), [.. captured, .. first]).Results];
    }

    /// <summary>
    /// <c>(carries, result) = body(carries, row)</c> for every row, in order or in reverse; returns the last carries, and the results with the steps as
    /// a new first axis: the result of row t is at index t in both orders.
    /// </summary>
    /// <param name="body">The next carries, of the same shapes and element types, and what to collect.</param>
    /// <param name="carries">The first carries. A C# number takes the element type that the body gives it.</param>
    /// <param name="rows">Tensors with the steps as first axis; the body gets one index of each.</param>
    /// <param name="length">The number of steps; needed only without rows.</param>
    /// <param name="reverse">From the last row to the first.</param>
    /// <exception cref="ShapeException">The rows differ in length, or a carry changes its shape or element type.</exception>
    public static (Tensor[] Carries, Tensor[] Results) Scan(Func<Tensor[], Tensor[], (Tensor[] Carries, Tensor[] Results)> body, Tensor[] carries, Tensor[] rows,
        int? length = null, bool reverse = false)
    {
        int steps = Steps(rows, length), n = carries.Length;
        Tensor[] likeRows = [.. rows.Select(x => Input.Of("row", new(x.Shape.Remove(0), x.DType), x.IsWeak))];
        var (step, first) = Settle(x =>
        {
            var (next, results) = body(x[..n], x[n..]);
            return [.. CheckCount("scan", next, n), .. results];
        }, carries, likeRows);
        var (systems, captured) = Body.CapturedFirst(n + rows.Length, step);
        var all = Equation.Of(new Scan(systems[0], captured.Length, n, steps, reverse), [.. captured, .. first, .. rows]).Results;
        return ([.. all.Take(n)], [.. all.Skip(n)]);
    }

    /// <summary><c>carries = body(carries, row)</c> for every row: a scan that collects nothing.</summary>
    public static Tensor[] Fold(Func<Tensor[], Tensor[], Tensor[]> body, Tensor[] carries, Tensor[] rows, bool reverse = false) =>
        Scan((c, row) => (body(c, row), []), carries, rows, reverse: reverse).Carries;

    /// <summary><c>carries = body(i, carries)</c> for i = 0, 1, …, steps − 1, an int32 scalar.</summary>
    public static Tensor[] For(int steps, Func<Tensor, Tensor[], Tensor[]> body, params Tensor[] carries) =>
        Scan((c, _) => ([c[0] + 1, .. CheckCount("for", body(c[0], c[1..]), carries.Length)], []), [Tensor.Literal(DType.Int32, 0, weak: false), .. carries], [], steps).Carries[1..];

    /// <summary>
    /// f(x), of which derivatives keep only the arguments and what f uses from outside: in reverse mode everything inside is computed again. Memory is
    /// traded for one more evaluation.
    /// </summary>
    public static Tensor[] Checkpoint(Func<Tensor[], Tensor[]> f, params Tensor[] x)
    {
        var (system, captured) = Body.Trace(f, x);
        return [.. Equation.Of(new Call("checkpoint", system), [.. x, .. captured]).Results];
    }

    /// <summary>
    /// f(x) with a jvp of one's own: <paramref name="jvp"/> takes x, the results z and the tangents dx to the tangents dz. Reverse mode is its transpose,
    /// where it is linear in dx; else asking for it is an error. Derivatives of higher order are those of the rule. An absent tangent comes as zeros.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Raised when it is differentiated with respect to a tensor that f or the rule use from outside: the rule says nothing about those.
    /// </exception>
    /// <exception cref="ShapeException">The rule does not return one tangent for each result, of its shape and element type.</exception>
    public static Tensor[] CustomJvp(Func<Tensor[], Tensor[]> f, Func<Tensor[], Tensor[], Tensor[], Tensor[]> jvp, params Tensor[] x)
    {
        int n = x.Length;
        var primal = Body.Trace(f, x);
        var z = primal.System.Results;
        var rule = Body.Trace(a => jvp(a[..n], a[n..(n + z.Length)], a[(n + z.Length)..]), [.. x, .. z, .. x]);
        CheckRule("custom jvp", "tangent", "result", rule.System, [.. z]);
        return Custom("custom jvp", primal, rule, x, isJvp: true);
    }

    /// <summary>
    /// f(x) with a vjp of one's own: <paramref name="vjp"/> takes x, the results z and their cotangents λ to the cotangents of x. Forward mode is its
    /// transpose, where it is linear in λ; else asking for it is an error. Derivatives of higher order are those of the rule. An absent cotangent comes
    /// as zeros; for an argument that is not floating any tensor of its shape will do, such as the argument itself.
    /// </summary>
    /// <inheritdoc cref="CustomJvp" path="/exception"/>
    public static Tensor[] CustomVjp(Func<Tensor[], Tensor[]> f, Func<Tensor[], Tensor[], Tensor[], Tensor[]> vjp, params Tensor[] x)
    {
        int n = x.Length;
        var primal = Body.Trace(f, x);
        var z = primal.System.Results;
        var rule = Body.Trace(a => vjp(a[..n], a[n..(n + z.Length)], a[(n + z.Length)..]), [.. x, .. z, .. z]);
        CheckRule("custom vjp", "cotangent", "argument", rule.System, x);
        return Custom("custom vjp", primal, rule, x, isJvp: false);
    }

    /// <summary>
    /// The x with f(x) = x, by Newton's method from a guess, so that it is found where iterating f would diverge. The derivative is that of the equations.
    /// </summary>
    /// <inheritdoc cref="Root" path="/exception"/>
    public static Tensor[] FixedPoint(Func<Tensor[], Tensor[]> f, params Tensor[] guess) => Root(x => [.. x.Zip(f(x), (a, b) => a - b)], guess);

    /// <summary>
    /// The x with g(x) = 0, from a guess, on which no derivative depends; parameters are the tensors from outside that g uses. The derivative is that of
    /// the equations, at the solution, by one linear solve: it does not see the iteration.
    /// </summary>
    /// <exception cref="ShapeException">g does not return one equation for each unknown, of its shape and element type.</exception>
    /// <exception cref="NotConvergedException">No solution was found; thrown when the value is computed.</exception>
    /// <exception cref="SingularMatrixException">The equations do not determine the unknowns; thrown when the value is computed.</exception>
    public static Tensor[] Root(Func<Tensor[], Tensor[]> g, params Tensor[] guess)
    {
        var (systems, captured) = Body.CapturedFirst(guess.Length, Body.Trace(g, guess));
        return [.. Equation.Of(new Root(systems[0], captured.Length), [.. captured, .. guess]).Results];
    }

    /// <summary>The z with A(z) = b, for a function A that is linear, and may use tensors from outside.</summary>
    /// <exception cref="InvalidOperationException">A is not linear; where it takes 0 to something else, thrown when the value is computed.</exception>
    /// <exception cref="ShapeException">A does not return a tensor for each of the b, of its shape and element type.</exception>
    /// <exception cref="SingularMatrixException">A is singular; thrown when the value is computed.</exception>
    public static Tensor[] LinearSolve(Func<Tensor[], Tensor[]> a, params Tensor[] b)
    {
        var (systems, captured) = Body.CapturedFirst(b.Length, Body.Trace(a, b));
        CheckRule("linear solve", "image", "unknown", systems[0], b);
        try { Calls.Transposed(systems[0], captured.Length, [.. Enumerable.Range(captured.Length, b.Length)], b); }
        catch (InvalidOperationException error)
        {
            throw new InvalidOperationException("linear solve: the operator is not linear in its argument. For equations that are not linear use Root.", error);
        }
        return [.. Equation.Of(new LinearSolve(systems[0], captured.Length), [.. captured, .. b]).Results];
    }

    // the programs take arguments, then what either captured, then results, then tangents or cotangents
    static Tensor[] Custom(string label, (EquationSystem, Tensor[]) primal, (EquationSystem System, Tensor[] Captured) rule, Tensor[] x, bool isJvp)
    {
        Tensor[] all = [.. primal.Item2.Concat(rule.Captured).Distinct()];
        var body = Body.Over(primal, all, x.Length, x.Length);
        var derivative = Body.Over(rule, all, x.Length, rule.System.Inputs.Length - rule.Captured.Length);
        return [.. Equation.Of(new Call(label, body, 0, isJvp ? derivative : null, isJvp ? null : derivative, all.Length), [.. x, .. all]).Results];
    }

    static Tensor[] CheckCount(string name, Tensor[] next, int carries) => next.Length == carries ? next
        : throw new ShapeException($"{name}: the body takes {carries} carries and returns {next.Length}; it must return as many.");

    static void CheckRule(string name, string what, string of, EquationSystem rule, Tensor[] like)
    {
        if (rule.Results.Length != like.Length) throw new ShapeException($"{name}: there are {rule.Results.Length} {what}s for {like.Length} {of}s; each needs one.");
        for (int k = 0; k < like.Length; k++)
            if (rule.Results[k].Shape != like[k].Shape || rule.Results[k].DType != like[k].DType && like[k].DType.IsFloat)
                throw new ShapeException($"{name}: {what} {k} is {rule.Results[k].DType.Text}{rule.Results[k].Shape}, its {of} {like[k].DType.Text}{like[k].Shape}; they must be alike.");
    }

    static int Steps(Tensor[] rows, int? length)
    {
        if (rows.Length == 0 && length is null) throw new ShapeException("scan: there are no rows, so the number of steps must be given: length.");
        if (length < 0) throw new ShapeException($"scan: {length} steps cannot be taken.");
        if (Array.Find(rows, x => x.Rank == 0) is { } scalar) throw new ShapeException($"scan: a tensor of rows is a scalar {scalar.DType.Text}; its first axis must be the steps. Capture what is the same in every step.");
        int steps = length ?? rows[0].Shape[0];
        return rows.All(x => x.Shape[0] == steps) ? steps
            : throw new ShapeException($"scan: the rows have shapes {string.Join(", ", rows.Select(x => x.Shape))}; their first axis must have length {steps}, the number of steps.");
    }

    // weak carries take the type that a step gives them, until none changes
    static ((EquationSystem, Tensor[]) Step, Tensor[] Carries) Settle(Func<Tensor[], Tensor[]> body, Tensor[] carries, Tensor[] rows)
    {
        var first = (Tensor[])carries.Clone();
        while (true)
        {
            var traced = Body.Trace(x =>
            {
                var next = body(x);
                return [.. next.Select((z, k) => k < first.Length && z.IsWeak && z.DType != x[k].DType && Promoted(x[k], z) == x[k].DType ? z.To(x[k].DType) : z)];
            }, [.. first, .. rows]);
            bool settled = true;
            for (int k = 0; k < first.Length; k++)
            {
                var (before, after) = (first[k], traced.System.Results[k]);
                if (!before.IsWeak || after.IsWeak && after.DType == before.DType) continue;
                settled = false;
                first[k] = after.IsWeak ? Equation.Solve(new Convert(Promoted(before, after)), before) : before.To(Promoted(before, after));
            }
            if (settled) return (traced, first);
        }
    }

    static DType Promoted(Tensor a, Tensor b) => DTypes.Promote(a.DType, a.IsWeak, b.DType, b.IsWeak);
}
