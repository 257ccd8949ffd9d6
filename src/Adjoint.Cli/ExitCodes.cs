namespace Adjoint.Cli;

/// <summary>How the tool ends. Ended by a signal: 128 and its number, 130 for Ctrl-C, 143 for SIGTERM.</summary>
static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A file could not be read or written, or does not hold what it should.</summary>
    public const int Data = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Training diverged: the loss or a parameter became NaN or infinite.</summary>
    public const int Diverged = 3;

    /// <summary>An error of the tool itself.</summary>
    public const int Internal = 70;

    public const string Help = """
        Exit codes:
          0         done
          1         a file is wrong, or cannot be read or written
          2         options that make no sense
          3         training diverged
          130, 143  interrupted by Ctrl-C or SIGTERM; the best model is kept, and --resume goes on
        """;
}

/// <summary>A command line that makes no sense. The message is one sentence.</summary>
sealed class UsageException(string message) : Exception(message);
