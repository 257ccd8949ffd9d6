namespace Adjoint.Learning;

/// <summary>
/// A function of a tensor with parameters, as a tree. Layers are values: one whose running statistics change returns itself as it is afterwards.
/// </summary>
public interface ILayer : ITree
{
    /// <summary>The output for an input, and the layer afterwards.</summary>
    /// <param name="x">The input, [batch…, features…]; each layer says which axes.</param>
    /// <param name="pass">Whether this is for training, and the key for what is random then.</param>
    (Tensor Output, ILayer Next) Run(Tensor x, Pass pass);
}

/// <summary>A layer that has no state and draws no random numbers: the same in training and evaluation.</summary>
public interface IPlainLayer : ILayer
{
    /// <summary>The output for an input.</summary>
    Tensor Apply(Tensor x);

    (Tensor Output, ILayer Next) ILayer.Run(Tensor x, Pass pass) => (Apply(x), this);
}

/// <summary>What a layer must know of the pass that it is in.</summary>
/// <param name="Key">In training the source of randomness; null in evaluation.</param>
public readonly record struct Pass(Key? Key)
{
    /// <summary>Evaluation: no dropout, running statistics are used and kept.</summary>
    public static Pass Evaluation => default;

    /// <summary>Training: dropout draws from the key, statistics are those of the batch.</summary>
    public static Pass Training(Key key) => new(key);

    /// <summary>Whether this is training.</summary>
    public bool IsTraining => Key is not null;

    /// <summary>The pass of the part of a layer with this number: with a key of its own.</summary>
    public Pass Part(int number) => Key is { } key ? new(key.Fold((long)number)) : this;
}

/// <summary>What can be done with every layer.</summary>
public static class Layers
{
    extension(ILayer layer)
    {
        /// <summary>The output in evaluation: no dropout, running statistics as they are.</summary>
        public Tensor Apply(Tensor x) => layer.Run(x, Pass.Evaluation).Output;
    }
}
