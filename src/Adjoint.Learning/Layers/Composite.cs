using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Adjoint.Learning;

/// <summary>Layers one after the other.</summary>
/// <param name="Items">The layers.</param>
[Tree]
public sealed partial record Sequential(ImmutableArray<ILayer> Items) : ILayer
{
    /// <summary>These layers one after the other.</summary>
    public static Sequential Of(params ReadOnlySpan<ILayer> layers) => new([.. layers]);

    /// <inheritdoc cref="ILayer.Run"/>
    public (Tensor Output, Sequential Next) Run(Tensor x, Pass pass)
    {
        var next = ImmutableArray.CreateBuilder<ILayer>(Items.Length);
        for (int i = 0; i < Items.Length; i++)
        {
            (x, var layer) = Items[i].Run(x, pass.Part(i));
            next.Add(layer);
        }
        return (x, new(next.MoveToImmutable()));
    }

    (Tensor Output, ILayer Next) ILayer.Run(Tensor x, Pass pass) => Run(x, pass);

    /// <summary>Layers are compared one by one.</summary>
    public bool Equals(Sequential? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(Items.Length, HashCode.Combine);
}

/// <summary>x + f(x) (He and others 2016).</summary>
/// <param name="Inner">f; its output has the shape of x.</param>
[Tree]
public sealed partial record Residual(ILayer Inner) : ILayer
{
    /// <inheritdoc cref="ILayer.Run"/>
    public (Tensor Output, Residual Next) Run(Tensor x, Pass pass)
    {
        var (z, next) = Inner.Run(x, pass);
        return z.Shape == x.Shape ? (x + z, new(next)) : throw new ShapeException($"residual: the inner layer makes {z.Shape} of {x.Shape}; it must keep the shape.");
    }

    (Tensor Output, ILayer Next) ILayer.Run(Tensor x, Pass pass) => Run(x, pass);
}

/// <summary>A function of every element, as a layer. Equal if the functions are.</summary>
/// <param name="Function">The function.</param>
/// <param name="Name">What it is called in summaries and files; by default as it is written in the program.</param>
[Tree]
public sealed partial record Activation(Func<Tensor, Tensor> Function, [CallerArgumentExpression(nameof(Function))] string Name = "") : IPlainLayer
{
    public static Activation Relu { get; } = new(static x => x.Relu(), "relu");
    public static Activation Tanh { get; } = new(static x => x.Tanh(), "tanh");
    public static Activation Sigmoid { get; } = new(static x => x.Sigmoid(), "sigmoid");
    public static Activation Gelu { get; } = new(static x => x.Gelu(), "gelu");
    public static Activation Silu { get; } = new(static x => x.Silu(), "silu");
    public static Activation Softplus { get; } = new(static x => x.Softplus(), "softplus");

    /// <summary>The activations that have names, for files and command lines.</summary>
    public static ImmutableArray<Activation> Named { get; } = [Relu, Tanh, Sigmoid, Gelu, Silu, Softplus];

    public Tensor Apply(Tensor x) => Function(x);
}

/// <summary>
/// In training every element becomes 0 with a probability, and the others are divided by the rest (Srivastava and others 2014); in evaluation nothing happens.
/// </summary>
/// <param name="Rate">The probability, in [0, 1).</param>
[Tree]
public sealed partial record Dropout(double Rate) : ILayer
{
    /// <inheritdoc cref="ILayer.Run"/>
    public (Tensor Output, ILayer Next) Run(Tensor x, Pass pass)
    {
        if (Rate is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Rate), $"dropout: the rate is {Rate}; it must be in [0, 1).");
        return pass.Key is { } key && Rate > 0 ? (Tensor.Select(key.Bernoulli(1 - Rate, x.Shape), x / (1 - Rate), 0), this) : (x, this);
    }
}
