using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Adjoint;
using Adjoint.Learning;
using Adjoint.Operations;
using Adjoint.Testing;
using Adjoint.Workloads;
using static Adjoint.Compilation;
using static Adjoint.Functions;
using Tensor = Adjoint.Tensor;

// Arguments: the number of threads, and whether kernels are compiled (Always, Never, WhenWorthwhile). The first line names the instructions that the
// process may use; then a line for each program: its name and a hash of all bits of its results, which depend on neither.
Executor.Default = new Engine { Threads = int.Parse(args[0], CultureInfo.InvariantCulture), Emission = Enum.Parse<Emission>(args[1]) };
Console.WriteLine(Avx512F.IsSupported ? "Avx512F" : Avx2.IsSupported ? "Avx2" : "none");

foreach (var (kind, batch, rule, sizes) in ((string, int, Optimizer, int[])[])
    [("tiny", 5, new Sgd(0.01), [2, 16, 16, 1]), ("mlp", 33, new Adam(1e-3), [100, 65, 31, 10]), ("mlp", 64, new Sgd(0.01), [784, 256, 128, 10]), ("cnn", 5, new Adam(1e-3), [28, 8, 16, 5, 10]),
     ("lstm", 7, new Adam(1e-3), [9, 17, 33, 10]), ("gru", 3, new Sgd(0.01), [6, 5, 16, 4]), ("gpt", 3, new Adam(1e-3), [2, 2, 32, 17, 31])])
{
    var (model, data, loss) = Networks.Create(kind, batch, sizes);
    (model, data) = Evaluate((model, data));
    var stepper = Compile<Learner<Sequential>, Batch, Tensor>((learner, batch) =>
    {
        var (error, slope) = ValueAndGradient(learner.Model, m => loss(m.Run(batch.Inputs, Pass.Evaluation).Output, batch.Targets));
        return (learner.Step(slope), error);
    }, rule.Start(model));
    var losses = Enumerable.Range(0, 4).Select(_ => Evaluate(stepper.Next(data)).Data).ToArray();
    Show($"{kind}:{batch}", [.. losses, .. Trees.Leaves(stepper.State).Select(x => x.Data)]);
}

double[] specials = [0, -0.0, 1, -1, 0.5, double.Epsilon, -double.Epsilon, 1e-310, 1e-39, double.MaxValue, -double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
var random = new Random(7);
double[] Points(int n) => [.. Enumerable.Range(0, n).Select(i => i < specials.Length ? specials[i] : (random.Next(2) * 2 - 1) * Math.Exp(40 * random.NextDouble() - 25))];
foreach (var type in (DType[])[DType.Float64, DType.Float32])
{
    Tensor Make(params int[] shape) => new(Tensor.From<double>(Shape.Of(shape), Points(shape.Aggregate(1, (a, b) => a * b))).To(type).Data);
    Tensor Tame(params int[] shape) => new(Make(shape).Tanh().Data);
    foreach (var function in Functions()) Show($"{function.Name} {type.Text}", [Map.Of(function, [.. Enumerable.Range(0, function.Arity).Select(_ => Make(1003))]).Data]);
    Tensor all = Tame(300_001), matrix = Tame(129, 517);
    Show("reductions " + type.Text, [all.Sum().Data, all.Max().Data, (all * all).Mean().Data, matrix.Sum(0).Data, matrix.Sum(1).Data, matrix.Max(0).Data, matrix.Min(1).Data, (matrix * 0.01).Product(1).Data]);
    Show("rows " + type.Text, [matrix.Softmax().Data, matrix.Softmax(0).Data, matrix.LayerNorm().Data, matrix.LogSumExp(1).Data, matrix.CumulativeSum(1).Data]);
}

for (int seed = 0; seed < 24; seed++)
{
    var small = new RandomProgram(seed, 20, seed % 2 == 0);
    var program = seed % 3 == 0 ? new Subject("", small.Build, small.Inputs()) : EngineShapes.Program(seed, 10);
    foreach (var f in (Subject[])[program, Orders.Reverse(program)])
    {
        var (system, captured) = f.Trace();
        Show($"random {seed}{(f == program ? "" : " derivative")}", Executor.Default.Prepare(system).Run([.. f.Inputs.Concat(captured).Select(x => x.Data)]));
    }
}

static IEnumerable<ScalarFunction> Functions() => typeof(Scalars).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
    .Where(f => f.FieldType == typeof(ScalarFunction) && !f.Name.StartsWith('<')).Select(f => (ScalarFunction)f.GetValue(null)!);

// NaN is one value here: which bits of it an instruction keeps is the processor's matter
static void Show(string name, TensorData[] results)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var z in results) hash.AppendData(MemoryMarshal.AsBytes<double>(Array.ConvertAll(z.ToDoubles(), x => double.IsNaN(x) ? double.NaN : x)));
    Console.WriteLine($"{name} {System.Convert.ToHexString(hash.GetHashAndReset())[..16]}");
}
