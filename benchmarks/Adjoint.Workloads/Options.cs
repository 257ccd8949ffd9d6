using System.Globalization;

namespace Adjoint.Workloads;

/// <summary>What the command line asks for.</summary>
sealed record Options(string[] Workloads, int[] Threads, bool Json, bool Check, bool Explain, bool Help, double Seconds, string Python)
{
    public const string Usage =
        """
        usage: dotnet run -c Release --project benchmarks/Adjoint.Workloads -- [WORKLOAD...] [options]

        Measures workloads, each in a process of its own, and side by side with a peer where one is installed: training and formulas with PyTorch
        (Debian: apt-get install python3-torch), matrix products with OpenBLAS (apt-get install libopenblas0). Adjoint and the peer take turns.
        Times are medians: of processor time for one thread, of time on the wall for more. All workloads run unless some are named.
        An OpenBLAS older than the processor may choose kernels without AVX-512, for itself and for PyTorch: the table names its choice, and
        the environment variable OPENBLAS_CORETYPE=SkylakeX changes it.

          --threads N      threads of both; a list such as 1,2 runs every workload with each (default 1)
          --json           one JSON object a line: workload, threads, adjoint_us, peer, peer_us, ratio (peer / adjoint), peak_mib
          --check          measures nothing; compares ten losses, or values and gradients, with the peer's from the same weights; fails beyond 1e-4
          --explain        no peer; prints the compiled programs: kernels, their times, memory, and what falls back to the interpreter
          --seconds S      how long each side is measured, in all (default 3)
          --python PATH    the interpreter that has PyTorch (default /usr/bin/python3)
          --help           this text

        workloads:
        """;

    /// <exception cref="UsageException">The command line has a mistake.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options([], [1], false, false, false, false, 3, "/usr/bin/python3");
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new UsageException($"{arguments[i - 1]} needs a value.");
            options = arguments[i] switch
            {
                "--threads" => options with { Threads = [.. Value().Split(',').Select(Count)] },
                "--json" => options with { Json = true },
                "--check" => options with { Check = true },
                "--explain" => options with { Explain = true },
                "--seconds" => options with { Seconds = Duration(Value()) },
                "--python" => options with { Python = Value() },
                "--help" or "-h" => options with { Help = true },
                ['-', ..] unknown => throw new UsageException($"there is no option '{unknown}'; --help lists them."),
                var name => options with { Workloads = [.. options.Workloads, name] },
            };
        }
        if (options is { Check: true, Explain: true }) throw new UsageException("--check and --explain do not go together.");
        return options.Workloads.Length > 0 ? options : options with { Workloads = Workload.Standard };
    }

    static int Count(string text) => int.TryParse(text, NumberStyles.None, null, out int count) && count is >= 1 and <= 1024 ? count
        : throw new UsageException($"--threads: '{text}' must be a number from 1 to 1024, or a list of such.");

    static double Duration(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 3600 ? seconds
        : throw new UsageException($"--seconds: '{text}' must be a number above 0 and at most 3600.");
}
