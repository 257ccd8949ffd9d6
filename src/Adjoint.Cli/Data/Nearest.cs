namespace Adjoint.Cli;

/// <summary>What somebody who mistyped a name probably meant.</summary>
static class Nearest
{
    /// <summary>The known name that takes the fewest changes to reach, if they are few for its length; null if none is near. Case and -, _ and blanks do not count.</summary>
    public static string? To(string typed, IEnumerable<string> known)
    {
        string plain = Plain(typed);
        var (best, fewest) = ((string?)null, int.MaxValue);
        foreach (string name in known)
        {
            string other = Plain(name);
            int changes = plain.Length >= 3 && other.StartsWith(plain, StringComparison.Ordinal) ? 1 : Changes(plain, other);
            if (changes <= Math.Max(1, Math.Max(plain.Length, other.Length) / 3) && changes < fewest) (best, fewest) = (name, changes);
        }
        return best;
    }

    /// <summary><c>; did you mean "species"?</c>, or nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> known) => To(typed, known) is { } name ? $"; did you mean {name}?" : "";

    static string Plain(string name) => string.Concat(name.ToLowerInvariant().Where(c => c is not ('-' or '_' or ' ')));

    /// <summary>Insertions, deletions, replacements and swaps of neighbours from one text to the other (Damerau and Levenshtein).</summary>
    static int Changes(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) table[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
