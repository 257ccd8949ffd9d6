#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
// Regression: a noisy function of two numbers, by a straight plane (least squares) and by a small network. The noise alone would leave 0.100.
// expect: ^plane: RMSE 0\.[3-9]
// expect: ^network: RMSE 0\.1[0-2]
using Adjoint.Learning;

var (forPoints, forNoise, forNetwork) = Key.Of(3).Split(3);
Tensor x = forPoints.Uniform([2000, 2], -2, 2);
Tensor y = ((2 * x[.., 0]).Sin() * x[.., 1] + 0.5 * x[.., 0] + 0.1 * forNoise.Normal([2000])).ExpandAxis(-1);
var (train, validation, test) = new Dataset(Evaluate(x), Evaluate(y)).Split(validation: 200, test: 400);

// The plane: the normal equations of [x, 1] w = y, solved.
Tensor Columns(Tensor inputs) => Tensor.Concatenate([inputs, Tensor.Ones([inputs.Shape[0], 1])], axis: 1);
var design = Columns(train.Inputs);
var plane = design.T.MatMul(design).Solve(design.T.MatMul(train.Targets));
Console.WriteLine($"plane: RMSE {Metrics.Rmse(Columns(test.Inputs).MatMul(plane), test.Targets).ToScalar():0.000}");

// The network: layers in a row, Adam with a cosine schedule, the best epoch by validation.
var (k1, k2, k3) = forNetwork.Split(3);
var network = Sequential.Of(Dense.Create(k1, 2, 48), Activation.Tanh, Dense.Create(k2, 48, 48), Activation.Tanh, Dense.Create(k3, 48, 1));
var trainer = new Trainer<Sequential>(Objective.Regression(), new() { Epochs = 60, BatchSize = 32 });
var result = trainer.Run(network, new Adam(new CosineDecay(0.01, 60 * 44)), train, validation);
Console.WriteLine($"network: RMSE {Metrics.Rmse(trainer.Predict(result.Model, test.Inputs), test.Targets).ToScalar():0.000} ({result.Reason})");
