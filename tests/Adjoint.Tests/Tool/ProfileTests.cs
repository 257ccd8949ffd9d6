using Xunit;

namespace Adjoint.Tests.Tool;

/// <summary><c>adjoint profile</c>. It listens to the whole process, so no other test runs meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class ProfileTests
{
    [Fact]
    public void A_step_is_divided_into_kernels_and_products()
    {
        var (code, text, error) = Workshop.Run("profile", "--steps", "8", "--hidden", "16", "--optimizer", "sgd");
        Assert.Equal((0, ""), (code, error));
        string[] rows = [.. text.Split('\n').Where(line => line.TrimStart().StartsWith("kernel ", StringComparison.Ordinal) || line.TrimStart().StartsWith("product ", StringComparison.Ordinal))];
        // forward and backward through two layers; the images have no cotangent
        Assert.Equal(5, rows.Count(r => r.Contains("contract ij,", StringComparison.Ordinal)));
        Assert.Contains(rows, r => r.Contains("maximum", StringComparison.Ordinal));
        double shares = rows.Sum(r => double.Parse(r.Split('%')[0].TrimEnd().Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(shares, 99, 101);
        Assert.Matches(@"step +[0-9.]+ µs, the mean of 8; [0-9.]+ µs of it below", text);
    }

    [Fact]
    public void A_table_has_no_convolutions()
    {
        using var shop = new Workshop();
        var (code, _, error) = Workshop.Run("profile", "--data", shop.Table(), "--model", "cnn");
        Assert.Equal((2, "adjoint: --model cnn is for images; a table has none.\n"), (code, error));
    }
}
