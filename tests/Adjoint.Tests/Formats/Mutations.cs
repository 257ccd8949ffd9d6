namespace Adjoint.Tests.Formats;

/// <summary>Random damage to files: flipped, set, cut, inserted, doubled and swapped bytes, often near the start or the end, where headers stand.</summary>
static class Mutations
{
    public static byte[] Apply(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            int at = Position(bytes.Count, random), length = Math.Min(random.Next(4) == 0 ? random.Next(1, 200) : random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))); break;
                case 5: bytes.InsertRange(Position(bytes.Count, random), bytes.GetRange(at, length)); break;
                default:
                    int other = Position(bytes.Count, random);
                    (bytes[at], bytes[other]) = (bytes[other], bytes[at]);
                    break;
            }
        }
        return [.. bytes];
    }

    static int Position(int length, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(16, length)),
        1 => random.Next(Math.Min(200, length)),
        2 => length - 1 - random.Next(Math.Min(100, length)),
        _ => random.Next(length),
    };
}
