using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;

namespace Adjoint.Learning;

/// <summary>
/// 1,797 handwritten digits of 8 × 8 pixels: the test set of "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, UCI 1998, CC BY 4.0),
/// part of this library.
/// </summary>
public static class Digits
{
    /// <summary>The digits: inputs float32 [1797, 64] in [0, 1] (pixels of 0 to 16, divided by 16), targets int32 [1797].</summary>
    public static Dataset Load()
    {
        const int pixels = 64;
        using var packed = typeof(Digits).Assembly.GetManifestResourceStream("digits.csv.gz") ?? throw new InvalidOperationException("digits: the library is incomplete.");
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        var (inputs, targets) = (new List<float>(), new List<int>());
        while (reader.ReadLine() is { } line)
        {
            int before = inputs.Count;
            foreach (var cell in line.AsSpan().Split(','))
            {
                int value = int.Parse(line.AsSpan(cell), NumberStyles.None, CultureInfo.InvariantCulture);
                if (inputs.Count - before < pixels) inputs.Add(value / 16f);
                else targets.Add(value);
            }
        }
        int count = targets.Count;
        return new(Tensor.From([count, pixels], inputs.ToArray().AsSpan()), Tensor.From([count], targets.ToArray().AsSpan()),
            [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))]);
    }
}
