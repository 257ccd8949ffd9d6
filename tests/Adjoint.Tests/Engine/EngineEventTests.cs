using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Adjoint.Testing;
using Xunit;

namespace Adjoint.Tests;

/// <summary>Tests during which no other runs: they watch the whole process, and who watches makes others allocate.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>What dotnet-counters and dotnet-trace see of the engine.</summary>
[Collection(Alone.Name)]
public sealed class EngineEventTests
{
    [Fact]
    public void The_meter_counts_programs_hits_kernels_bytes_and_time()
    {
        var counts = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == "Adjoint.Engine") self.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        double Count(string name) => counts.GetValueOrDefault(name);
        var before = new Dictionary<string, double>(counts);
        // a script that builds the same equations in every step
        var x = new Tensor(Tensor.From<float>([30], new float[30]).Data);
        for (int step = 0; step < 10; step++) x = Read((x.Sin() + 1f).Sort() * 0.5f);
        var program = (Compiled)new Engine { Threads = 1, Emission = Emission.Always }.Prepare(Programs.Trace(v => [v[0].MatMul(v[0]).Exp()], Zeros(40, 40)));
        program.Run([Zeros(40, 40).Data]);
        double Since(string name) => Count(name) - before.GetValueOrDefault(name);
        Assert.True(Since("adjoint.compilations") >= 2);
        Assert.True(Since("adjoint.compile_time") > 0);
        Assert.True(Since("adjoint.cache_misses") >= 1);
        Assert.True(Since("adjoint.cache_hits") >= 9, $"{Since("adjoint.cache_hits")} hits");
        Assert.True(Since("adjoint.runs") >= 11);
        Assert.True(Since("adjoint.fallbacks") >= 10);
        Assert.True(Since("adjoint.emissions") >= 1);
        Assert.True(Since("adjoint.kernels") >= 11);
        Assert.True(Since("adjoint.bytes") >= 10 * 2 * 30 * 4 + 2 * 40 * 40 * 4);
        Assert.True(Since("adjoint.time") > 0);
    }

    [Fact]
    public void Events_tell_of_programs_kernels_and_steps()
    {
        using var listener = new Listener();
        var program = (Compiled)new Engine { Threads = 1, Emission = Emission.Always }.Prepare(Programs.Trace(v => [v[0].MatMul(v[0]).Exp().Sort()], Zeros(41, 41)));
        program.Run([Zeros(41, 41).Data]);
        new Engine { Threads = 1, Emission = Emission.Always }.Prepare(Programs.Trace(v => [v[0].Exp()], Zeros(43))).Run([Zeros(43).Data]);
        var events = listener.Events.ToArray();
        Assert.Contains(events, e => e.Name == "Compiled" && e.Values is [3, 1, int]);
        Assert.Contains(events, e => e.Name == "Emitted");
        Assert.Contains(events, e => e.Name == "FellBack" && e.Values[0] is string operation && operation.StartsWith("sort", StringComparison.Ordinal));
        Assert.Contains(events, e => e.Name == "Ran" && e.Values is [int, "product", string what, long bytes, 2L * 41 * 41 * 41, long] && what.StartsWith("contract ij,jk->ik", StringComparison.Ordinal) && bytes == 3 * 41 * 41 * 4);
        Assert.Contains(events, e => e.Name == "Ran" && e.Values is [int, "kernel", "exp", long bytes, 43L, long] && bytes == 2 * 43 * 4);
    }

    [Fact]
    public void Nobody_listens_and_nothing_is_allocated()
    {
        var program = (Compiled)new Engine { Threads = 1, Emission = Emission.Always }.Prepare(Programs.Trace(v => [v[0].Exp()], Zeros(7)));
        TensorData[] x = [Zeros(7).Data];
        TensorData?[] z = [.. program.Run(x)];
        program.Run(x, z);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) program.Run(x, z);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 64);
    }

    static Tensor Read(Tensor x)
    {
        x.ToArray();
        return x;
    }

    static Tensor Zeros(params int[] shape) => new(TensorData.Zeros(DType.Float32, Shape.Of(shape)));

    sealed class Listener : EventListener
    {
        public ConcurrentQueue<(string Name, object?[] Values)> Events { get; } = [];

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "Adjoint-Engine") EnableEvents(source, EventLevel.Verbose, (EventKeywords)1);
        }

        protected override void OnEventWritten(EventWrittenEventArgs e) => Events?.Enqueue((e.EventName!, [.. e.Payload!]));
    }
}
