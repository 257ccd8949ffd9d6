using static Adjoint.Testing.Domain;

namespace Adjoint.Testing;

/// <summary>Operations that move elements.</summary>
static class StructuralSamples
{
    public static readonly Sample[] All =
    [
        new("reshape", x => [x[0].Reshape([3, 2]), x[0].Reshape([-1, 3]), x[0].Flatten()], Real(2, 3)),
        new("reshape twice", x => [x[0].Reshape([3, 2]).Reshape([6]), x[0].Reshape([6]).Reshape([2, 3])], Real(2, 3)),
        new("reshape of integers", x => [x[0].Reshape([4]), x[1].Reshape([2, 2])], Integers(0, 9, 2, 2), Bools(4)),
        new("expand and squeeze", x => [x[0].ExpandAxis(0), x[0].ExpandAxis(-1), x[0].ExpandAxis(1).Squeeze(1), x[0].ExpandAxis(0).Squeeze()], Real(2, 3)),
        new("reshape then transpose", x => [x[0].Reshape([3, 2]).T.Reshape([6]).Square()], Real(2, 3)),
    ];
}
