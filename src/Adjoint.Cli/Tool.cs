using System.CommandLine;
using System.CommandLine.Invocation;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>The tool: reads the command line, runs the command, and says in one sentence what went wrong.</summary>
static class Tool
{
    /// <summary>Runs one command line. The exit code.</summary>
    public static int Run(string[] arguments, Surroundings world)
    {
        try
        {
            var root = new RootCommand("Adjoint trains, evaluates and uses small networks on digits, tables and images.\n\n" + ExitCodes.Help) { HelpName = "adjoint" };
            root.Add(new TrainCommand(world).Command());
            root.Add(new EvaluateCommand(world).Command());
            root.Add(new PredictCommand(world).Command());
            root.Add(new ProfileCommand(world).Command());
            var line = root.Parse(arguments);
            if (line.Action is ParseErrorAction || (line.Errors.Count > 0 && line.Action is null)) return Fail(world, ExitCodes.Usage, Problem(line), line.CommandResult.Command);
            return line.Invoke(new InvocationConfiguration { Output = world.Out, Error = world.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e) { return Fail(world, ExitCodes.Usage, e.Message); }
        catch (DataFileException e) { return Fail(world, ExitCodes.Data, e.Message); }
        catch (TrainingDivergedException e) { return Fail(world, ExitCodes.Diverged, e.Message); }
        catch (IOException e) { return Fail(world, ExitCodes.Data, $"The output cannot be written ({e.Message.TrimEnd('.')})."); }
        catch (OutOfMemoryException) { return Fail(world, ExitCodes.Data, "There is not enough memory: choose a smaller --batch or --hidden."); }
        catch (Exception e) when (Environment.GetEnvironmentVariable("ADJOINT_TRACE") is not "1")
        {
            return Fail(world, ExitCodes.Internal, $"An error of adjoint itself: {e.Message.ReplaceLineEndings(" ")} (set ADJOINT_TRACE=1 to see where it arose).");
        }
    }

    static int Fail(Surroundings world, int code, string message, Command? command = null)
    {
        world.Error.WriteLine($"adjoint: {message}");
        if (command is not null) world.Error.WriteLine($"See: adjoint {(command is RootCommand ? "" : command.Name + " ")}--help");
        return code;
    }

    /// <summary>The first problem of a command line; for mistyped words with what was probably meant.</summary>
    static string Problem(ParseResult line)
    {
        var command = line.CommandResult.Command;
        if (line.UnmatchedTokens.FirstOrDefault() is { } word)
        {
            bool option = word.StartsWith('-');
            string[] known = [.. option ? command.Options.Where(o => !o.Hidden).Select(o => o.Name) : command.Subcommands.Select(c => c.Name)];
            string name = word.Split('=')[0], what = option ? "option" : command is RootCommand ? "command" : "argument";
            return $"there is no {what} {name}{(Nearest.To(name, known) is { } meant ? $"; did you mean {meant}?" : known.Length is > 0 and < 5 ? $"; there are {string.Join(", ", known)}." : ".")}";
        }
        return command is RootCommand && line.Tokens.Count == 0 ? "expected a command: " + string.Join(", ", command.Subcommands.Select(c => c.Name)) + "." : line.Errors[0].Message;
    }
}
