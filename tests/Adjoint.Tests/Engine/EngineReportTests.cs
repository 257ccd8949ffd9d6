using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>What the engine makes of programs: which kernels, how much memory, what falls back.</summary>
public sealed class EngineReportTests
{
    /// <summary>Operations that some sample runs through its reference: a Contract, Cond, Pad, Reduce, Scan or While only where a size is 0 or known only when it runs, or products fill a diagonal.</summary>
    static readonly string[] falling =
    [
        "ArgReduce", "Cholesky", "Cond", "Contract", "Cumulate", "Determinant", "Eigh", "ForwardOnly", "LinearSolve", "Lu",
        "Pad", "PseudoInverse", "Pullback", "Qr", "Reduce", "Root", "Scan", "Solve", "Sort", "Svd", "While",
    ];

    static Compiled Compile(Func<Tensor[], Tensor[]> f, params Tensor[] like) => (Compiled)new Engine { Threads = 1 }.Prepare(Programs.Trace(f, like));

    static Tensor Zeros(params int[] shape) => new(TensorData.Zeros(DType.Float32, Shape.Of(shape)));

    [Fact]
    public void The_operations_that_fall_back_are_known()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var sample in Samples.All)
            foreach (var f in Orders.Of(sample))
                foreach (var operation in ((Compiled)Engine.Shared.Prepare(f.Trace().System)).Fallbacks) found.Add(operation.GetType().Name);
        Assert.Equal(string.Join(", ", falling), string.Join(", ", found));
    }

    [Fact]
    public void Softmax_is_one_kernel_of_three_passes_over_a_row()
    {
        var step = Assert.IsType<KernelStep>(Assert.Single(Compile(x => [x[0].Softmax(-1)], Zeros(512, 300)).Steps));
        Assert.Equal(1, step.Kernel.Group.Prefix);
        Assert.Equal(3, step.Kernel.Group.Phases.Count);
    }

    [Fact]
    public void A_chain_and_its_gradient_are_one_loop()
    {
        var compiled = Compile(x =>
        {
            var (y, slope) = Differentiation.Gradient("chain", v => [((v[0] * v[1] + v[2]).Tanh() * v[0].Sigmoid()).Sum()], x);
            return [y[0], .. slope];
        }, Zeros(1000), Zeros(1000), Zeros(1000));
        var step = Assert.IsType<KernelStep>(Assert.Single(compiled.Steps));
        Assert.Single(step.Kernel.Group.Phases);
        Assert.Equal(0, compiled.Plan.ArenaSize);
    }

    [Fact]
    public void An_optimizer_update_is_one_loop()
    {
        var compiled = Compile(x =>
        {
            var m = x[1] * 0.9f + x[3] * 0.1f;
            var v = x[2] * 0.999f + x[3].Square() * 0.001f;
            return [x[0] - 0.001f * m / (v.Sqrt() + 1e-8f), m, v];
        }, Zeros(64, 64), Zeros(64, 64), Zeros(64, 64), Zeros(64, 64));
        var step = Assert.IsType<KernelStep>(Assert.Single(compiled.Steps));
        Assert.Single(step.Kernel.Group.Phases);
    }

    [Fact]
    public void Memory_of_dead_values_is_used_again()
    {
        var compiled = Compile(x =>
        {
            var y = x[0];
            for (int i = 0; i < 8; i++) y = y.MatMul(x[1]).Tanh();
            return [y];
        }, Zeros(64, 64), Zeros(64, 64));
        Assert.True(compiled.Plan.ArenaSize * 4 <= compiled.Plan.TotalSize, $"{compiled.Plan.ArenaSize} of {compiled.Plan.TotalSize} bytes");
    }

    [Fact]
    public void A_run_allocates_its_results_and_nothing_for_results_that_it_is_given()
    {
        var compiled = Compile(x => [x[0].MatMul(x[1]).Softmax(-1)], Zeros(32, 64), Zeros(64, 64));
        TensorData[] x = [Zeros(32, 64).Data, Zeros(64, 64).Data];
        TensorData?[] z = [.. compiled.Run(x)];
        var given = z[0];
        compiled.Run(x, z);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) compiled.Run(x, z);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(given, z[0]);
    }

    [Fact]
    public void A_result_takes_the_place_of_an_argument_that_nobody_reads_any_more()
    {
        var compiled = Compile(x => [x[0] - 0.1f * x[1].T.MatMul(x[2]), x[0].Sum(), x[1] + x[1][0, 0], x[2].Flip(0), x[3] * 2f, x[3]],
            Zeros(64, 64), Zeros(64, 64), Zeros(64, 64), Zeros(64, 64));
        Assert.True(compiled.MayReplace(0, 0), "a step along a gradient");
        Assert.False(Compile(x => [x[0].MatMul(x[1])], Zeros(64, 64), Zeros(64, 64)).MayReplace(0, 1), "a matrix while it is multiplied");
        Assert.False(compiled.MayReplace(1, 0), "another shape");
        Assert.False(compiled.MayReplace(2, 1), "an element that every other needs");
        Assert.False(compiled.MayReplace(3, 2), "an axis turned around");
        Assert.False(compiled.MayReplace(4, 3), "an argument that is a result");
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(compiled.IsComputed));
    }

    [Fact]
    public void Nothing_is_written_over_an_argument_before_what_can_fail()
    {
        var compiled = Compile(x => [x[0] * 2f, x[1].Sort(-1)], Zeros(8), Zeros(9));
        Assert.False(compiled.MayReplace(0, 0) && compiled.Steps[^1].CanFail);
        var step = compiled.Steps.Single(s => s is KernelStep);
        Assert.False(new Compiled(compiled.System, compiled.Works, compiled.Plan, [step, new FailingStep()], 1).MayReplace(0, 0));
        var broken = new Compiled(compiled.System, compiled.Works, compiled.Plan, [step, new FailingStep(canFail: false)], 1);
        Assert.True(broken.MayReplace(0, 0));
        TensorData[] x = [Zeros(8).Data, Zeros(9).Data];
        Assert.Throws<OverwrittenException>(() => broken.Run(x, new TensorData?[] { x[0], null }));
        Assert.Throws<NotSupportedException>(() => broken.Run(x, new TensorData?[2]));
    }

    sealed class FailingStep(bool canFail = true) : Step
    {
        public override IEnumerable<Slot> Reads => [];
        public override IEnumerable<Slot> Writes => [];
        public override bool CanFail => canFail;
        public override string Title => "a failure";
        public override long Traffic => 0;
        public override void Run(Frame frame) => throw new NotSupportedException("It fails.");
        public override string Describe() => "fails";
    }

    [Fact]
    public void A_program_runs_on_many_threads_at_once()
    {
        var compiled = Compile(x => [(x[0] * 2f).Sum(-1).Exp(), x[0].Softmax(-1)], Zeros(16, 33));
        Parallel.For(0, 200, i =>
        {
            float[] values = [.. Enumerable.Range(0, 16 * 33).Select(k => (k + i) % 7 * 0.01f)];
            var x = new TensorData<float>(Shape.Of([16, 33]), values);
            var expected = new float[16];
            for (int r = 0; r < 16; r++) expected[r] = MathF.Exp(2 * values.AsSpan(r * 33, 33).ToArray().Sum());
            var z = compiled.Run([x])[0].ToDoubles();
            for (int r = 0; r < 16; r++) Assert.Equal(expected[r], z[r], 1e-4 * expected[r]);
        });
    }

    [Fact]
    public void Sums_in_parts_have_the_same_bits_for_every_number_of_threads()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 300_001).Select(_ => (float)random.NextDouble() - 0.5f)];
        var x = new Tensor(new TensorData<float>(Shape.Of([values.Length]), values));
        var system = Programs.Trace(v => [(v[0] * v[0]).Sum(), v[0].Max(), v[0].Sum().Tanh()], x);
        var expected = new Engine { Threads = 1 }.Prepare(system).Run([x.Data]);
        Assert.Equal(values.Sum(v => (double)v * v), expected[0].First(), 0.01);
        Assert.Equal(values.Max(), expected[1].First());
        foreach (int threads in new[] { 2, 3, 0 })
        {
            var z = new Engine { Threads = threads }.Prepare(system).Run([x.Data]);
            for (int k = 0; k < z.Length; k++) Assert.True(Numbers.SameBits(expected[k].ToDoubles(), z[k].ToDoubles()), $"result {k}, {threads} threads");
        }
    }

    [Fact]
    public void Explain_says_what_runs()
    {
        string text = new Engine().Explain(Programs.Trace(x => [x[0].Softmax(-1), x[0].Sort(-1)], Zeros(8, 5)));
        Assert.Contains("fallback: sort", text, StringComparison.Ordinal);
        Assert.Contains("= exp(", text, StringComparison.Ordinal);
        Assert.Contains("bytes", text, StringComparison.Ordinal);
    }
}
