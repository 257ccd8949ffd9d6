using System.Reflection;

namespace Adjoint.Tests;

/// <summary>The libraries that users reference.</summary>
static class Shipped
{
    public static readonly Assembly[] Assemblies = [typeof(Tensor).Assembly, Assembly.Load("Adjoint.Learning"), Assembly.Load("Adjoint.Formats")];

    /// <summary>The projects that are used otherwise than by reference.</summary>
    public static readonly string[] WithoutInterface = ["Adjoint.Cli", "Adjoint.Generators"];
}
