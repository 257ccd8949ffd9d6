#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
// An LSTM forecasts a series with two seasons and noise, one step ahead; beside it the forecast that tomorrow is like today.
// expect: ^like today: RMSE 0\.4
// expect: ^LSTM: RMSE 0\.1[0-9]
using Adjoint.Learning;

const int length = 24;
Tensor time = Tensor.Arange(1600).To(DType.Float32);
Tensor series = Evaluate((2 * Math.PI / 12 * time).Sin() + 0.5 * (2 * Math.PI / 7 * time).Cos() + 0.1 * Key.Of(1).Normal([1600]));

// Windows of 24 values, and the value after each.
var inputs = series[..^1].Windows([length]).ExpandAxis(-1);
var data = new Dataset(Evaluate(inputs), Evaluate(series[length..].ExpandAxis(-1)));
var (train, test) = (new Dataset(Evaluate(data.Inputs[..1200]), Evaluate(data.Targets[..1200])), new Dataset(Evaluate(data.Inputs[1200..]), Evaluate(data.Targets[1200..])));
Console.WriteLine($"like today: RMSE {Metrics.Rmse(test.Inputs[.., ^1], test.Targets).ToScalar():0.000}");

var (forCell, forOutput) = Key.Of(2).Split();
var network = Sequential.Of(Lstm.Create(forCell, 1, 24), new LastStep(), Dense.Create(forOutput, 24, 1));
var trainer = new Trainer<Sequential>(Objective.Regression(), new() { Epochs = 15, BatchSize = 32, ClipNorm = 1 });
var result = trainer.Run(network, new Adam(0.01), train);
Console.WriteLine($"LSTM: RMSE {Metrics.Rmse(trainer.Predict(result.Model, test.Inputs), test.Targets).ToScalar():0.000} (the noise alone is 0.1)");
