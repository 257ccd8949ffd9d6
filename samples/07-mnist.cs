#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
#:project ../src/Adjoint.Formats/Adjoint.Formats.csproj
// A convolutional network on the 10,000 test images of MNIST: 9,000 to learn from, the last 1,000 to judge by.
//   dotnet run -c Release samples/07-mnist.cs FOLDER [EPOCHS]
// FOLDER holds t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. With 8 epochs it reaches about 98 %; one epoch, the default, 95 %.
// expect: ^(after 1 epochs: 9[3-7]\.|No MNIST at )
using Adjoint.Formats;
using Adjoint.Learning;

string folder = args.Length > 0 ? args[0] : Path.Combine("..", "shared", "data", "mnist");
int epochs = args.Length > 1 ? int.Parse(args[1]) : 1;
if (!File.Exists(Path.Combine(folder, "t10k-images-idx3-ubyte.gz")))
{
    Console.WriteLine($"No MNIST at {Path.GetFullPath(folder)}: give the folder of t10k-images-idx3-ubyte.gz as argument.");
    return;
}
var images = Evaluate(Idx.Read(Path.Combine(folder, "t10k-images-idx3-ubyte.gz")).To(DType.Float32).Reshape([-1, 1, 28, 28]) / 255);
var labels = Idx.Read(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));
var (train, test) = (new Dataset(images[..9000], labels[..9000]), new Dataset(images[9000..], labels[9000..]));

var (k1, k2, k3) = Key.Of(1).Split(3);
var network = Sequential.Of(
    Convolution.Create(k1, 1, 16, [5, 5]), Activation.Relu, new MaxPooling([2, 2]),
    Convolution.Create(k2, 16, 32, [5, 5]), Activation.Relu, new MaxPooling([2, 2]),
    new Flattening(), Dense.Create(k3, 512, 10));
Console.WriteLine(Summary.Of(network));

var trainer = new Trainer<Sequential>(Objective.Classification(), new() { Epochs = epochs, BatchSize = 64 });
var progress = new Callbacks<Sequential> { Epoch = new Progress(report => Console.WriteLine($"epoch {report.Epoch}: loss {report.TrainLoss:0.000}, {report.Elapsed.TotalSeconds:0} s")) };
var result = trainer.Run(network, new Sgd(0.05, Momentum: 0.9), train, callbacks: progress);
Console.WriteLine($"after {epochs} epochs: {100 * trainer.Measure(result.Model, test)["accuracy"]:0.0} % of {test.Count} unseen images are right");

sealed class Progress(Action<EpochReport> report) : IProgress<EpochReport>
{
    public void Report(EpochReport value) => report(value);
}
