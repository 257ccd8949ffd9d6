using System.Runtime.InteropServices;
using Adjoint.Workloads;

using var source = new CancellationTokenSource();
int signal = 0;
void Interrupt(PosixSignalContext context)
{
    // the second one ends the process at once
    if (source.IsCancellationRequested) return;
    context.Cancel = true;
    signal = context.Signal == PosixSignal.SIGINT ? 2 : 15;
    source.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    var options = Options.Parse(args);
    if (options.Help) Console.Write($"{Options.Usage}\n{Workload.Grammar}\nby default {string.Join(' ', Workload.Standard)}\n");
    else return new Runner(options, source.Token).Run();
    return 0;
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message.TrimEnd());
    return 2;
}
catch (PeerException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 128 + signal;
}
