using System.Diagnostics;

namespace Adjoint.Workloads;

/// <summary>Times runs as the peer script does: processor time of the process for one thread, which neighbours disturb least; the time on the wall for more.</summary>
sealed class Clock(int threads, CancellationToken stop)
{
    /// <summary>The median time of a run, in microseconds, over samples of 20 ms or one run.</summary>
    public double Measure(Action run, double seconds)
    {
        for (int i = 0; i < 5; i++) run();
        long start = Stopwatch.GetTimestamp();
        run();
        run();
        double each = Math.Max(1e-7, Stopwatch.GetElapsedTime(start).TotalSeconds / 2);
        int repeat = Math.Max(1, (int)(0.02 / each));
        var samples = new List<double>();
        start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds || samples.Count < 5)
        {
            stop.ThrowIfCancellationRequested();
            double begin = Now();
            for (int i = 0; i < repeat; i++) run();
            samples.Add((Now() - begin) / repeat);
        }
        samples.Sort();
        return samples[samples.Count / 2];
    }

    double Now() => threads == 1 ? Environment.CpuUsage.TotalTime.TotalMicroseconds : Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
}
