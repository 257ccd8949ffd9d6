using Adjoint;

[Tree] sealed partial record InNoNamespace(Tensor X);

namespace Adjoint.Tests.TreeTypes
{
#nullable disable
    [Tree] public sealed partial record Oblivious(Tensor X, Tensor[] Y);
#nullable restore
}
