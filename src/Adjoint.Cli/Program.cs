using Adjoint;
using Adjoint.Cli;

Executor.Default = Engine.Shared;
using var signals = new Signals();
return Tool.Run(args, Surroundings.OfProcess(signals));
