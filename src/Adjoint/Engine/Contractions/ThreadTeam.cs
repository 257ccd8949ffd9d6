using System.Runtime.ExceptionServices;

namespace Adjoint;

/// <summary>One piece of work: <paramref name="index"/> of the count given to <see cref="ThreadTeam.For"/>.</summary>
unsafe delegate void Chunk(int index, void* context);

/// <summary>
/// A small fork-join pool. The caller works too and claims chunks one by one from a shared counter, so it never waits for a worker that has not started.
/// Idle workers spin for some microseconds, then park. A call from inside a chunk, or while another thread uses the team, runs on the calling thread alone.
/// </summary>
sealed unsafe class ThreadTeam : IDisposable
{
    const int SpinLimit = 2000;

    readonly Thread[] workers;
    readonly SemaphoreSlim wake = new(0);
    Chunk? body;
    void* context;
    int count, limit, joined, parked, busy;
    long state;             // epoch (high half) and the next chunk (low half): claimed by compare-and-swap, so a late worker cannot claim from the next call
    int done;
    volatile bool stopped;
    volatile ExceptionDispatchInfo? failure;

    /// <summary>A team of this many threads, the caller included.</summary>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { IsBackground = true, Name = $"Adjoint {i + 1}" };
            workers[i].Start();
        }
    }

    /// <summary>One thread per processor.</summary>
    public static ThreadTeam Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>The calling thread alone.</summary>
    public static ThreadTeam Alone { get; } = new(1);

    /// <summary>The number of threads, the caller included.</summary>
    public int Threads => workers.Length + 1;

    /// <summary>
    /// Runs <c>work(i, context)</c> for every i below <paramref name="chunks"/>, in any order, on at most <paramref name="threads"/> threads (0: all).
    /// The first exception of a chunk is rethrown after all have ended; chunks not yet begun are then skipped.
    /// </summary>
    public void For(int chunks, Chunk work, void* argument, int threads = 0)
    {
        if (chunks <= 0) return;
        if (chunks == 1 || threads == 1 || workers.Length == 0 || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (int i = 0; i < chunks; i++) work(i, argument);
            return;
        }
        try
        {
            Share(chunks, work, argument, threads);
        }
        finally
        {
            body = null;
            Volatile.Write(ref busy, 0);
        }
    }

    void Share(int chunks, Chunk work, void* argument, int threads)
    {
        // odd epochs are closed: a worker that holds the last epoch cannot claim with the fields of the next
        int epoch = (int)(state >> 32) + 2;
        Interlocked.Exchange(ref state, (long)(epoch - 1) << 32);
        (body, count, failure) = (work, chunks, null);
        context = argument;
        limit = threads == 0 ? workers.Length : threads - 1;
        joined = done = 0;
        Interlocked.Exchange(ref state, (long)epoch << 32);
        int asleep = Math.Min(Math.Min(Volatile.Read(ref parked), limit), chunks - 1);
        if (asleep > 0) wake.Release(asleep);
        Claim(epoch, chunks, work, argument);
        var spin = new SpinWait();
        while (Volatile.Read(ref done) < chunks)
            if (spin.Count < 40) spin.SpinOnce(-1);
            else Thread.SpinWait(20);
        failure?.Throw();
    }

    void Work()
    {
        int last = 0;
        while (!stopped)
        {
            int epoch = Await(last);
            if (stopped) return;
            last = epoch;
            if (Interlocked.Increment(ref joined) > limit) continue;
            // read before claiming: a successful claim proves that they belong to this epoch
            var work = Volatile.Read(ref body);
            void* argument = context;
            int chunks = Volatile.Read(ref count);
            if (work is not null) Claim(epoch, chunks, work, argument);
        }
    }

    int Await(int last)
    {
        for (int spins = 0; ; spins++)
        {
            int epoch = (int)(Volatile.Read(ref state) >> 32);
            if ((epoch != last && (epoch & 1) == 0) || stopped) return epoch;
            if (spins < SpinLimit) Thread.SpinWait(10);
            else
            {
                Interlocked.Increment(ref parked);
                if ((int)(Volatile.Read(ref state) >> 32) == last && !stopped) wake.Wait();
                Interlocked.Decrement(ref parked);
                spins = 0;
            }
        }
    }

    void Claim(int epoch, int chunks, Chunk work, void* argument)
    {
        while (true)
        {
            long seen = Volatile.Read(ref state);
            if ((int)(seen >> 32) != epoch || (int)seen >= chunks) return;
            if (Interlocked.CompareExchange(ref state, seen + 1, seen) != seen) continue;
            try
            {
                if (failure is null) work((int)seen, argument);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
            Interlocked.Increment(ref done);
        }
    }

    public void Dispose()
    {
        stopped = true;
        wake.Release(workers.Length + 1);
        foreach (var worker in workers) worker.Join();
        wake.Dispose();
    }
}
