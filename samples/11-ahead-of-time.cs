#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
#:property PublishAot=$(_IsPublishing)
#:property IlcInstructionSet=native
// One program, compiled as it runs (dotnet run samples/11-ahead-of-time.cs) or ahead of time, where no code can be emitted and kernels run block by block:
//
//   dotnet publish samples/11-ahead-of-time.cs -o out && out/11-ahead-of-time
//
// The weights that training ends with are the same, to the last bit. IlcInstructionSet matters: without it the compiler assumes a processor without wide
// vectors, and the program is several times slower. "native" means the processor of this machine; x86-64-v3 and x86-64-v4 are the usual ones with AVX2 and AVX-512.
// expect: ^dense +loss 0\.[0-9]{6}, weights [0-9A-F]{16}$
// expect: ^recurrent +loss [0-9.]+, weights [0-9A-F]{16}$
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Learning;

var start = Stopwatch.StartNew();
var digits = Digits.Load();
Key[] keys = Key.Of(1).Split(5);
Train("dense", Sequential.Of(Dense.Create(keys[0], 64, 64), Activation.Relu, Dense.Create(keys[1], 64, 10)), x => x, 600);
Train("convolution", Sequential.Of(Convolution.Create(keys[2], 1, 6, [3, 3]), Activation.Relu, new MaxPooling([2, 2]), new Flattening(), Dense.Create(keys[1], 54, 10)), x => x.Reshape([-1, 1, 8, 8]), 60);
Train("recurrent", Sequential.Of(new Rows(Lstm.Create(keys[3], 8, 16), Dense.Create(keys[4], 16, 10))), x => x.Reshape([-1, 8, 8]), 60);
Console.WriteLine($"{(RuntimeFeature.IsDynamicCodeSupported ? "compiled as it runs" : "compiled ahead of time")}, vectors of {(Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16)} bytes, {start.ElapsedMilliseconds} ms in all");

void Train(string name, Sequential network, Func<Tensor, Tensor> view, int steps)
{
    var trainer = Compile((Learner<Sequential> state, Batch batch) =>
    {
        var (error, slope) = ValueAndGradient(state.Model, m => Loss.CrossEntropy(m.Run(view(batch.Inputs), Pass.Evaluation).Output, batch.Targets));
        return (state.Step(slope), error);
    }, new Adam(3e-3).Start(network));
    double loss = trainer.Next(digits.Batches(32, Key.Of(0)).First()).ToScalar();
    var clock = Stopwatch.StartNew();
    int taken = 0;
    for (int epoch = 1; taken < steps; epoch++)
        foreach (var batch in digits.Batches(32, Key.Of(epoch)).TakeWhile(_ => taken++ < steps)) loss = trainer.Next(batch).ToScalar();
    Console.WriteLine($"{name,-11} {clock.Elapsed.TotalMicroseconds / steps:0} µs a step");
    Console.WriteLine($"{name,-11} loss {loss:0.000000}, weights {Hash(trainer.State):X16}");
}

// FNV-1a over the bits of every number
static ulong Hash(Learner<Sequential> state)
{
    ulong hash = 14695981039346656037;
    foreach (var leaf in Trees.Leaves(state))
        foreach (double x in leaf.To(DType.Float64).ToArray()) hash = (hash ^ BitConverter.DoubleToUInt64Bits(x)) * 1099511628211;
    return hash;
}

/// <summary>Reads an image row by row and answers after the last.</summary>
[Tree]
partial record Rows(Lstm Recurrence, Dense Output) : IPlainLayer
{
    public Tensor Apply(Tensor x) => Output.Apply(Recurrence.Apply(x.MoveAxis(1, 0))[^1]);
}
