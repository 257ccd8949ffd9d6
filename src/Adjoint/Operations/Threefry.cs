using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Operations;

/// <summary>
/// Threefry-2x64-20: a keyed bijection of 128 bits, so that random numbers are a function of key and counter alone. Salmon et al. 2011, "Parallel
/// random numbers: as easy as 1, 2, 3"; verified against the known answers of Random123.
/// </summary>
static class Threefry
{
    // the second word of the counter says what the bits are for, so that uses of one key never share a block
    public const ulong ForDraws = 0, ForSplits = 1, ForFolds = 2;

    static ReadOnlySpan<int> Rotations => [16, 42, 12, 31, 16, 32, 24, 21];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (ulong, ulong) Block(ulong key0, ulong key1, ulong counter0, ulong counter1)
    {
        ReadOnlySpan<ulong> keys = [key0, key1, 0x1BD11BDAA9FC1A22 ^ key0 ^ key1];
        ulong x = counter0 + key0, y = counter1 + key1;
        for (int round = 0; round < 20; round++)
        {
            x += y;
            y = BitOperations.RotateLeft(y, Rotations[round & 7]) ^ x;
            if ((round & 3) != 3) continue;
            int injection = round / 4 + 1;
            x += keys[injection % 3];
            y += keys[(injection + 1) % 3] + (ulong)injection;
        }
        return (x, y);
    }
}
