using System.Runtime.CompilerServices;

namespace Adjoint.Tests;

/// <summary>All tests run on the reference interpreter where the environment variable ADJOINT_EXECUTOR is "interpreter".</summary>
static class ExecutorChoice
{
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("ADJOINT_EXECUTOR") == "interpreter") Executor.Default = Interpreter.Shared;
    }
}
