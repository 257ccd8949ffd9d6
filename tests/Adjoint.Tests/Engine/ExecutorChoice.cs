using System.Runtime.CompilerServices;

namespace Adjoint.Tests;

/// <summary>All tests run on the engine where the environment variable ADJOINT_EXECUTOR is "engine".</summary>
static class ExecutorChoice
{
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("ADJOINT_EXECUTOR") == "engine") Executor.Default = Engine.Shared;
    }
}
