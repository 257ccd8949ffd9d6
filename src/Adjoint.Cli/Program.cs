using Adjoint.Cli;

using var signals = new Signals();
return Tool.Run(args, Surroundings.OfProcess(signals));
