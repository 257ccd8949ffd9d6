using System.Runtime.InteropServices;

namespace Adjoint.Cli;

/// <summary>What a run of the tool needs of the world: where it writes, and how it is told to stop.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors.</param>
/// <param name="IsTerminal">Whether results are read by somebody at a terminal, where lines can be rewritten.</param>
/// <param name="Width">The columns of the terminal.</param>
/// <param name="HasColor">Whether colours are wanted.</param>
/// <param name="Stop">Asks to end cleanly.</param>
/// <param name="StopCode">The exit code of an end that was asked for.</param>
sealed record Surroundings(TextWriter Out, TextWriter Error, bool IsTerminal, int Width, bool HasColor, CancellationToken Stop, Func<int> StopCode)
{
    const int Narrowest = 20;

    /// <summary>Those of the process. NO_COLOR (no-color.org) and TERM=dumb are respected.</summary>
    public static Surroundings OfProcess(Signals signals)
    {
        bool dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        bool terminal = !Console.IsOutputRedirected && !dumb;
        bool color = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new(Console.Out, Console.Error, terminal, terminal ? Math.Max(Narrowest, Console.WindowWidth) : 120, color, signals.Token, () => signals.ExitCode);
    }
}

/// <summary>Turns the first Ctrl-C or SIGTERM into a request to end cleanly; the second one ends the process at once.</summary>
sealed class Signals : IDisposable
{
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;
    int received;

    public Signals() => registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>128 and the number of the signal, as shells report it.</summary>
    public int ExitCode => 128 + received;

    void Handle(PosixSignalContext context)
    {
        if (source.IsCancellationRequested) return;
        context.Cancel = true;
        received = context.Signal == PosixSignal.SIGINT ? 2 : 15;
        source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
