#:project ../src/Adjoint/Adjoint.csproj
// Programs: Compile traces a function once and runs it from then on. What changes is an argument; what is captured is read when it is traced.
// expect: ^fit: slope 2\.000, offset -1\.000, from 1 program$
// expect: ^captured: 6, still 6, by argument 30$
// expect: ^one program for both batch sizes\? False$

var (forInputs, forNoise) = Key.Of(1).Split();
Tensor x = Evaluate(forInputs.Uniform([256], -1, 1)), y = Evaluate(2 * x - 1 + 0.001 * forNoise.Normal([256]));

// A step of training, with a learning rate that changes: it is an argument, so one program serves all steps.
var step = Compile((Line line, Tensor rate) =>
{
    var (loss, slope) = ValueAndGradient(line, m => (m.Slope * x + m.Offset - y).Square().Mean());
    return (new Line(line.Slope - rate * slope.Slope, line.Offset - rate * slope.Offset), loss);
});
var line = new Line(Tensor.Scalar(0), Tensor.Scalar(0));
for (int i = 0; i < 200; i++) (line, _) = step.Invoke(line, Tensor.Scalar(0.5 / (1 + 0.01 * i)));
Console.WriteLine(FormattableString.Invariant($"fit: slope {line.Slope.ToScalar():0.000}, offset {line.Offset.ToScalar():0.000}, from {step.Programs} program"));

// A captured variable is read once.
Tensor factor = [1.0, 2.0];
var scaled = Compile((Tensor t) => (factor * t).Sum());
var passed = Compile((Tensor t, Tensor f) => (f * t).Sum());
double before = scaled.Invoke([2.0, 2.0]).ToScalar();
factor = [5.0, 10.0];
Console.WriteLine($"captured: {before}, still {scaled.Invoke([2.0, 2.0])}, by argument {passed.Invoke([2.0, 2.0], factor)}");

// Another shape is another program; Explain prints them.
passed.Invoke([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]);
Console.WriteLine($"one program for both batch sizes? {passed.Programs == 1}");
Console.WriteLine(scaled.Explain());

// Programs compose with derivatives and batches, in any order.
Console.WriteLine(Vectorize(Gradient<Tensor>(scaled))([[1.0, 1.0], [2.0, 2.0]]));

[Tree]
partial record Line(Tensor Slope, Tensor Offset);
