using Adjoint.Learning;
using static Adjoint.Compilation;
using static Adjoint.Functions;

namespace Adjoint.Workloads;

/// <summary>A step of training: forward, backward, optimizer.</summary>
sealed class Training : Workload
{
    readonly Sequential model;
    readonly Batch batch;
    readonly Stepper<Learner<Sequential>, Batch, Tensor> stepper;
    readonly Learner<Sequential> start;

    public Training(string kind, int size, string optimizer, int[] sizes, int threads)
    {
        (model, batch, var loss) = Networks.Create(kind, size, sizes);
        (model, batch) = Evaluate((model, batch));
        Optimizer rule = optimizer == "sgd" ? new Sgd(0.01) : new Adam(1e-3);
        start = rule.Start(model);
        stepper = Compile<Learner<Sequential>, Batch, Tensor>((learner, batch) =>
        {
            var (error, slope) = ValueAndGradient(learner.Model, m => loss(m.Run(batch.Inputs, Pass.Evaluation).Output, batch.Targets));
            return (learner.Step(slope), error);
        }, start, threads);
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> Given =>
        [.. Trees.Leaves(model).Select((leaf, i) => KeyValuePair.Create($"p{i}", leaf)), new("x", batch.Inputs), new("y", batch.Targets)];

    public override void Step() => stepper.Next(batch);

    public override IEnumerable<KeyValuePair<string, Tensor>> Results(int steps)
    {
        stepper.State = start;
        return [new("losses", Tensor.Stack([.. Enumerable.Range(0, steps).Select(_ => Evaluate(stepper.Next(batch)))]))];
    }

    public override string Explain() => stepper.Explain();
}
