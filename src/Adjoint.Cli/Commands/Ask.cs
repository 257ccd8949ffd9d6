using System.CommandLine;
using System.Globalization;

namespace Adjoint.Cli;

/// <summary>Reads the text of an option.</summary>
delegate bool TextReader<T>(string text, out T value);

/// <summary>A number of examples, or a share of all.</summary>
/// <param name="Value">A whole number from 1, a share below 1, or 0.</param>
readonly record struct Portion(double Value)
{
    /// <summary>Reads <c>360</c>, <c>0.2</c>, <c>20%</c>.</summary>
    public static bool TryRead(string text, out Portion portion)
    {
        bool percent = text.EndsWith('%');
        bool read = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        if (percent) value /= 100;
        portion = new(value);
        return read && (value < 1 || (!percent && value == Math.Floor(value) && value <= int.MaxValue));
    }

    /// <summary>So many of these examples; a share is rounded up.</summary>
    public int Of(int count) => Value >= 1 ? (int)Value : (int)Math.Ceiling(Value * count);

    public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Options that say what they expect when they get something else.</summary>
static class Ask
{
    /// <summary>An option with one value.</summary>
    /// <param name="name"><c>--epochs</c>.</param>
    /// <param name="hint">What stands for the value in the help.</param>
    /// <param name="description">What it is.</param>
    /// <param name="expected">What its value must be, for errors.</param>
    /// <param name="read">Reads it.</param>
    public static Option<T?> Value<T>(string name, string hint, string description, string expected, TextReader<T> read) where T : struct => new(name)
    {
        HelpName = hint,
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (read(text, out var value)) return value;
            result.AddError($"{name}: expected {expected}, found \"{text}\".");
            return null;
        },
    };

    /// <summary>A whole number in a range.</summary>
    public static Option<int?> Count(string name, string description, int least = 1, int most = 1_000_000_000) =>
        Value<int>(name, "n", description, $"a whole number from {least} to {most:N0}", (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    /// <summary>A number in a range.</summary>
    public static Option<double?> Number(string name, string description, string expected, Func<double, bool> isAllowed) =>
        Value<double>(name, "x", description, expected, (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && isAllowed(value));

    /// <summary>A number of examples or a share.</summary>
    public static Option<Portion?> Portion(string name, string description) => Value<Portion>(name, "n|share", description,
        "a number of examples such as 360, or a share below 1 such as 0.2 or 20%", Cli.Portion.TryRead);

    /// <summary>A text as it is.</summary>
    public static Option<string?> Text(string name, string hint, string description) => new(name) { HelpName = hint, Description = description };

    /// <summary>One of some names; a mistyped one gets a suggestion.</summary>
    public static Option<string?> Choice(string name, string description, params string[] names) => new(name)
    {
        HelpName = string.Join('|', names).Length <= 24 ? string.Join('|', names) : "name",
        Description = string.Join('|', names).Length <= 24 ? description : $"{description} One of {string.Join(", ", names)}.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value.ToLowerInvariant();
            if (names.Contains(text)) return text;
            result.AddError($"{name}: expected one of {string.Join(", ", names)}, found \"{result.Tokens[0].Value}\"{Nearest.Hint(text, names)}{(Nearest.To(text, names) is null ? "." : "")}");
            return null;
        },
    };

    /// <summary>Several texts, separated by commas.</summary>
    public static Option<string[]?> Texts(string name, string hint, string description) => new(name)
    {
        HelpName = hint,
        Description = description,
        CustomParser = result => result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>Yes, if it is there.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
