#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
// Gradients of single examples: Vectorize a gradient over a batch. Here they find the examples that the network finds hardest, and a private step
// (each example's gradient clipped, then noise: Abadi and others 2016) still learns.
// expect: ^the mean of the 64 gradients is the batch's gradient: True$
// expect: ^private training: test accuracy [89][0-9]\.[0-9] %$
using Adjoint.Learning;

var (train, _, test) = Digits.Load().Split(validation: 0, test: 360, seed: 1);
var network = Dense.Create(Key.Of(1), 64, 10);
Tensor Loss(Dense m, Tensor image, Tensor label) => Adjoint.Learning.Loss.CrossEntropy(m.Apply(image.ExpandAxis(0)), label.ExpandAxis(0));

// (image, label) ↦ gradient, for 64 rows side by side: every tensor of the result has a first axis of 64.
var batch = train.Batches(64).First();
Func<Tensor, Tensor, Dense> one = (image, label) => Gradient((Dense m) => Loss(m, image, label))(network);
var each = Evaluate(Vectorize(one)(batch.Inputs, batch.Targets));
Console.WriteLine($"weight {network.Weight.Shape}, gradients {each.Weight.Shape}");

var whole = Gradient((Dense m) => Adjoint.Learning.Loss.CrossEntropy(m.Apply(batch.Inputs), batch.Targets))(network);
Console.WriteLine($"the mean of the 64 gradients is the batch's gradient: {(each.Weight.Mean(0) - whole.Weight).Abs().Max().ToScalar() < 1e-6}");
var norms = (each.Weight.Square().Sum([1, 2]) + each.Bias!.Square().Sum(1)).Sqrt();
Console.WriteLine($"the hardest examples: {norms.ArgSort(descending: true)[..3]}, gradient norms {norms.Sort(descending: true)[..3]}");

// Private learning: no example moves the weights by more than the clipping norm, and noise hides what is left.
var trainer = Compile((Learner<Dense> state, Batch rows, Key key) =>
{
    var slopes = Vectorize((Tensor image, Tensor label) => Gradient((Dense m) => Loss(m, image, label))(state.Model))(rows.Inputs, rows.Targets);
    var scale = (1 / ((slopes.Weight.Square().Sum([1, 2]) + slopes.Bias!.Square().Sum(1)).Sqrt() + 1e-6)).Minimum(1);
    var (a, b) = key.Split();
    var weight = (slopes.Weight * scale.Reshape([-1, 1, 1])).Mean(0) + 0.01 * a.Normal([10, 64]);
    var bias = (slopes.Bias! * scale.ExpandAxis(-1)).Mean(0) + 0.01 * b.Normal([10]);
    return state.Step(new(weight, bias));
});
var learner = new Sgd(0.5).Start(network);
for (int epoch = 0; epoch < 10; epoch++)
    foreach (var (i, rows) in train.Batches(64, Key.Of(epoch)).Index())
        learner = trainer.Invoke(learner, rows, Key.Of(1000 + epoch).Fold(i));
Console.WriteLine(FormattableString.Invariant($"private training: test accuracy {100 * Metrics.Accuracy(learner.Model.Apply(test.Inputs), test.Targets).ToScalar():0.0} %"));
