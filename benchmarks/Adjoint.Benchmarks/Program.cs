using Adjoint.Benchmarks;

if (args is ["quick"]) { Quick.Run(); return; }
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(ScriptStep).Assembly).Run(args);
