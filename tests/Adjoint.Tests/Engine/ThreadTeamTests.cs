using Xunit;

namespace Adjoint.Tests;

public sealed unsafe class ThreadTeamTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Every_chunk_runs_once(int threads)
    {
        using var team = new ThreadTeam(threads);
        int* counts = stackalloc int[23];
        for (int round = 0; round < 2000; round++)
        {
            int chunks = round % 23;
            new Span<int>(counts, 23).Clear();
            team.For(chunks, static (i, context) => Interlocked.Increment(ref ((int*)context)[i]), counts);
            for (int i = 0; i < 23; i++) Assert.Equal(i < chunks ? 1 : 0, counts[i]);
        }
    }

    [Fact]
    public void Parked_workers_wake()
    {
        using var team = new ThreadTeam(3);
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(20);
            int sum = 0;
            team.For(100, static (i, context) => Interlocked.Add(ref *(int*)context, i), &sum);
            Assert.Equal(4950, sum);
        }
    }

    [Fact]
    public void A_limit_of_one_thread_stays_on_the_caller()
    {
        using var team = new ThreadTeam(4);
        int caller = Environment.CurrentManagedThreadId;
        int others = 0;
        Chunk chunk = (_, context) => { if (Environment.CurrentManagedThreadId != caller) Interlocked.Increment(ref *(int*)context); };
        for (int round = 0; round < 100; round++) team.For(50, chunk, &others, threads: 1);
        Assert.Equal(0, others);
    }

    [Fact]
    public void Nested_and_concurrent_callers_are_served()
    {
        using var team = new ThreadTeam(2);
        long total = 0;
        Chunk outer = (_, _) =>
        {
            int inner = 0;
            team.For(10, static (i, context) => Interlocked.Add(ref *(int*)context, i), &inner);
            Interlocked.Add(ref total, inner);
        };
        var callers = Enumerable.Range(0, 4).Select(_ => new Thread(() => { for (int round = 0; round < 200; round++) team.For(4, outer, null); })).ToArray();
        foreach (var thread in callers) thread.Start();
        foreach (var thread in callers) thread.Join();
        Assert.Equal(4L * 200 * 4 * 45, total);
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_team_goes_on()
    {
        using var team = new ThreadTeam(2);
        for (int round = 0; round < 50; round++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => team.For(20, static (i, _) => { if (i == 7) throw new InvalidOperationException("seven"); }, null));
            Assert.Equal("seven", error.Message);
        }
        int sum = 0;
        team.For(4, static (i, context) => Interlocked.Add(ref *(int*)context, i), &sum);
        Assert.Equal(6, sum);
    }
}
