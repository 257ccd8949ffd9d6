#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
// A first network: 1,797 real handwritten digits, trained in a few seconds to about 97 % on digits that it has not seen.
// expect: ^test accuracy 9[6-9]\.[0-9] %$
using Adjoint.Learning;

// sample: digits
var (train, _, test) = Digits.Load().Split(validation: 0, test: 360, seed: 1);
var (forHidden, forOutput) = Key.Of(1).Split();
var network = new Network(Dense.Create(forHidden, 64, 64), Dense.Create(forOutput, 64, 10));

// One step as one program: loss, gradient and update. The stepper owns the state.
var trainer = Compile((Learner<Network> state, Batch batch) =>
{
    var (loss, slope) = ValueAndGradient(state.Model, m => Loss.CrossEntropy(m.Apply(batch.Inputs), batch.Targets));
    return (state.Step(slope), loss);
}, new Sgd(0.1, Momentum: 0.9).Start(network));

for (int epoch = 1; epoch <= 30; epoch++)
{
    double loss = train.Batches(32, Key.Of(epoch)).Average(batch => trainer.Next(batch).ToScalar());
    if (epoch % 5 == 0) Console.WriteLine($"epoch {epoch,2}: loss {loss:0.0000}");
}
var accuracy = Metrics.Accuracy(trainer.State.Model.Apply(test.Inputs), test.Targets);
Console.WriteLine($"test accuracy {100 * accuracy.ToScalar():0.0} %");

[Tree]
partial record Network(Dense Hidden, Dense Output)
{
    public Tensor Apply(Tensor images) => Output.Apply(Hidden.Apply(images).Relu());
}
// end
