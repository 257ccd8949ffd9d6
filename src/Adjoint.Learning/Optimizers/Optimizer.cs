using System.Collections.Immutable;

namespace Adjoint.Learning;

/// <summary>
/// A rule that moves parameters against their gradients: hyperparameters, nothing else. <see cref="Start{TModel}"/> makes a <see cref="Learner{TModel}"/>, which
/// has the state.
/// </summary>
/// <param name="Rate">The learning rate, by step.</param>
public abstract record Optimizer(Schedule Rate)
{
    /// <summary>The tensors that are remembered about a parameter, before the first step.</summary>
    public abstract Tensor[] Memory(Tensor parameter);

    /// <summary>The parameter after a step; what is remembered about it is replaced in <paramref name="memory"/>.</summary>
    /// <param name="parameter">w.</param>
    /// <param name="gradient">∂L/∂w.</param>
    /// <param name="memory">What <see cref="Memory(Tensor)"/> made, or the step before left.</param>
    /// <param name="step">t, the number of this step, from 1: a scalar of the parameter's type.</param>
    /// <param name="rate">η, the learning rate of this step: a scalar of the parameter's type.</param>
    public abstract Tensor Update(Tensor parameter, Tensor gradient, Tensor[] memory, Tensor step, Tensor rate);

    private protected static Tensor[] Zeros(Tensor parameter, int count) => [.. Enumerable.Repeat(parameter.ZerosLike(), count)];

    /// <summary>A model and what this rule remembers about its parameters.</summary>
    public Learner<TModel> Start<TModel>(TModel model) where TModel : ITree<TModel>
    {
        Tensor[] leaves = Trees.Leaves(model);
        var memory = Trees.Learned(model).Select((learned, i) => learned ? Memory(leaves[i]) : []);
        return new(model, [.. memory.SelectMany(m => m)], Tensor.Scalar(0, DType.Int64), Tensor.Scalar(1), this);
    }
}

/// <summary>A model that learns: its parameters, what the optimizer remembers about them, the number of steps. One tree, so that a step is one program.</summary>
/// <param name="Model">The model.</param>
/// <param name="Memory">What the optimizer remembers, parameter by parameter.</param>
/// <param name="Steps">The number of steps taken: an int64 scalar.</param>
/// <param name="RateFactor">What the learning rate is multiplied with, 1 at first: a float32 scalar, for changes that depend on results.</param>
/// <param name="Optimizer">The rule.</param>
[Tree]
public sealed partial record Learner<TModel>(TModel Model, [State] ImmutableArray<Tensor> Memory, [State] Tensor Steps, [State] Tensor RateFactor, Optimizer Optimizer)
    where TModel : ITree<TModel>
{
    /// <summary>The learner after one step. State leaves and integers of the model stay as they are.</summary>
    /// <param name="gradient">The gradient of the loss, structured like the model.</param>
    /// <exception cref="ArgumentException">The gradient has another structure.</exception>
    public Learner<TModel> Step(TModel gradient)
    {
        Tensor[] leaves = Trees.Leaves(Model), slopes = Trees.Leaves(gradient);
        if (slopes.Length != leaves.Length) throw new ArgumentException($"step: the gradient has {slopes.Length} tensors, the model {leaves.Length}.");
        var memory = ImmutableArray.CreateBuilder<Tensor>(Memory.Length);
        var next = Steps + 1;
        var counts = new Dictionary<DType, (Tensor Step, Tensor Rate)>();
        bool[] learned = Trees.Learned(Model);
        for (int i = 0; i < leaves.Length; i++)
        {
            if (!learned[i]) continue;
            if (slopes[i].Shape != leaves[i].Shape)
                throw new ShapeException($"step: the gradient of {Trees.Paths(Model)[i]} has shape {slopes[i].Shape}; the parameter has {leaves[i].Shape}.");
            Tensor[] own = [.. Memory.AsSpan(memory.Count, Optimizer.Memory(leaves[i]).Length)];
            var type = leaves[i].DType;
            if (!counts.TryGetValue(type, out var count)) counts[type] = count = (next.To(type), Rate(type));
            leaves[i] = Optimizer.Update(leaves[i], slopes[i], own, count.Step, count.Rate);
            memory.AddRange(own);
        }
        return this with { Model = Model.Rebuild(leaves), Memory = memory.MoveToImmutable(), Steps = next };
    }

    /// <summary>The learner after one step, with state leaves and keys of the model from <paramref name="after"/>: the model as the pass left it.</summary>
    /// <param name="gradient">The gradient of the loss, structured like the model.</param>
    /// <param name="after">The model after the pass, structured like it: its running statistics are taken, its parameters are not.</param>
    /// <exception cref="ArgumentException">One has another structure.</exception>
    public Learner<TModel> Step(TModel gradient, TModel after)
    {
        Tensor[] leaves = Trees.Leaves(Model), news = Trees.Leaves(after);
        if (news.Length != leaves.Length) throw new ArgumentException($"step: the model after the pass has {news.Length} tensors, the model {leaves.Length}.");
        var roles = Trees.Roles(Model);
        for (int i = 0; i < leaves.Length; i++)
            if (roles[i] != LeafRole.Parameter) leaves[i] = news[i];
        return (this with { Model = Model.Rebuild(leaves) }).Step(gradient);
    }

    /// <summary>The learning rate of the next step: a scalar.</summary>
    public Tensor Rate(DType type = DType.Float32) => Optimizer.Rate.At(Steps.To(type)) * RateFactor.To(type);
}
