namespace Adjoint;

/// <summary>How a Jacobian is computed.</summary>
public enum JacobianMode
{
    /// <summary>Forward if the argument has fewer elements than the result, else reverse.</summary>
    Auto,

    /// <summary>One tangent for each element of the argument, all in one batch.</summary>
    Forward,

    /// <summary>One cotangent for each element of the result, all in one batch.</summary>
    Reverse,
}

/// <summary>
/// All partial derivatives of a function with one tensor as its result: leaf [a…] of the argument becomes [result…, a…]. Forward mode pushes a batch of
/// unit tangents for each leaf by itself, so that what a leaf does not reach is never computed; reverse mode pulls a batch of unit cotangents.
/// </summary>
/// <typeparam name="T">The argument: a tensor or a tree.</typeparam>
public sealed class Jacobian<T> where T : ITree<T>
{
    readonly Func<T, Tensor> f;
    readonly JacobianMode mode;

    internal Jacobian(Func<T, Tensor> f, JacobianMode mode) => (this.f, this.mode) = (f, mode);

    public static implicit operator Func<T, T>(Jacobian<T> jacobian) => jacobian.Invoke;

    /// <summary>The Jacobian at a point; integer and non-parameter leaves have zeros.</summary>
    public T Invoke(T at)
    {
        var leaves = Trees.Leaves(at);
        int[] places = TreeFunctions.Differentiable(at, leaves);
        Tensor[] blocks = [], all = [];
        var result = Differentiation.WithAliases(leaves.Pick(places), x =>
        {
            var z = f(at.Rebuild(leaves.With(places, x)));
            blocks = Blocks(z, x, Choose(z, x));
            return z;
        });
        all = [.. leaves.Select(x => Tensor.Zeros(Joined(result.Shape, x.Shape), x.DType))];
        return at.Rebuild(all.With(places, blocks));
    }

    /// <summary>Which mode is taken at a point, and why: sweeps and elementary operations of both.</summary>
    public string Explain(T at)
    {
        var leaves = Trees.Leaves(at);
        int[] places = TreeFunctions.Differentiable(at, leaves);
        Tensor[] inputs = Array.ConvertAll(leaves, x => Input.Like(x));
        var x = inputs.Pick(places);
        var z = f(at.Rebuild(inputs));
        long Count(JacobianMode how)
        {
            var system = Simplification.Simplify(EquationSystem.Close(inputs, Blocks(z, x, how), out _));
            return OperationCount.Of(system);
        }
        int forward = x.Sum(t => t.Size), reverse = z.Size;
        var chosen = Choose(z, x);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"jacobian of {z.DType.Text}{z.Shape} by {string.Join(", ", x.Select(t => t.DType.Text + t.Shape))}: {chosen.ToString().ToLowerInvariant()} mode\n" +
            $"  forward: {forward} tangents, {Count(JacobianMode.Forward)} operations\n" +
            $"  reverse: {reverse} cotangents, {Count(JacobianMode.Reverse)} operations\n");
    }

    JacobianMode Choose(Tensor z, Tensor[] x) => mode != JacobianMode.Auto ? mode
        : x.Sum(t => (long)t.Size) < z.Size ? JacobianMode.Forward : JacobianMode.Reverse;

    static Tensor[] Blocks(Tensor z, Tensor[] x, JacobianMode mode)
    {
        if (!z.DType.IsFloat) throw new ShapeException($"jacobian: the result is {z.DType.Text}, which has no derivative.");
        return mode == JacobianMode.Forward ? Array.ConvertAll(x, leaf => Pushed(z, leaf)) : Pulled(z, x);
    }

    // column by column: the tangents for unit tangents of one leaf
    static Tensor Pushed(Tensor z, Tensor leaf)
    {
        var (_, seeds, tangents) = Differentiation.Linear([z], [leaf]);
        if (tangents[0] is not { } dz) return Tensor.Zeros(Joined(z.Shape, leaf.Shape), z.DType);
        var columns = Vectorization.Apply([dz], new Dictionary<Tensor, Tensor> { [seeds[0]!] = Units(leaf) }, leaf.Size)[0];
        return columns.MoveAxis(0, -1).Reshape(Joined(z.Shape, leaf.Shape));
    }

    // row by row: the cotangents for unit cotangents of the result
    static Tensor[] Pulled(Tensor z, Tensor[] x)
    {
        var λ = Input.Like(z, "λ");
        var below = Differentiation.Pull([z], x, [λ]);
        return [.. below.Select((b, i) => b is null ? Tensor.Zeros(Joined(z.Shape, x[i].Shape), x[i].DType)
            : Vectorization.Apply([b], new Dictionary<Tensor, Tensor> { [λ] = Units(z) }, z.Size)[0].Reshape(Joined(z.Shape, x[i].Shape)))];
    }

    /// <summary>All tensors like x that are 1 at one element and 0 elsewhere, along a first axis.</summary>
    static Tensor Units(Tensor x) => Tensor.Identity(x.Size, x.DType).Reshape(x.Shape.Insert(0, x.Size));

    static Shape Joined(Shape z, Shape x) => Shape.Of([.. z.Lengths, .. x.Lengths]);
}
