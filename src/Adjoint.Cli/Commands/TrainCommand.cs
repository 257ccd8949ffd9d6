using System.CommandLine;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary><c>adjoint train</c>: decides what is to be trained and where it goes; <see cref="TrainingRun"/> does it.</summary>
sealed class TrainCommand(Surroundings world)
{
    readonly TrainOptions options = new();

    /// <summary>The command.</summary>
    public Command Command()
    {
        var command = options.Command();
        command.SetAction(line => Run(line, new RootCommand { command }));
        return command;
    }

    int Run(ParseResult line, RootCommand root)
    {
        var given = options.Read(line);
        var folder = new RunFolder(line.GetValue(options.Output) ?? Path.Combine("runs", given.Data.Name));
        bool resume = line.GetValue(options.Resume), force = line.GetValue(options.Force), quiet = line.GetValue(options.Quiet);
        if (resume && force) throw new UsageException("--resume continues a run and --force replaces it: give one of them.");
        var earlier = resume ? folder.Find() ?? throw new UsageException($"--resume: there is no interrupted run in {folder.Path}; name its folder with --output.") : null;
        var settings = earlier is null ? given : Continue(earlier, options.Read(root.Parse(earlier.Line)), given, [.. options.Given(line)]);
        var examples = settings.Data.Load();
        CheckModel(settings, examples);
        string fingerprint = examples.Fingerprint();
        if (earlier is not null && earlier.Fingerprint != fingerprint)
            throw new DataFileException(settings.Data.Data ?? settings.Data.Images ?? "digits", "expected the examples that the run began with, found changed ones; train anew, with another --output or --force");
        var splits = Split(examples, settings);
        settings = settings.Resolve(splits.Train.Count, examples.Schema.Width);
        if (earlier is null) MakeRoom(folder, settings, fingerprint, force);
        return new TrainingRun(world, settings, examples, splits, folder, fingerprint, quiet).Run(earlier);
    }

    /// <summary>The settings of a run that is continued. What is given again must be the same; only the number of epochs may grow, if the schedule does not depend on it.</summary>
    static Settings Continue(Checkpoint earlier, Settings stored, Settings given, HashSet<string> names)
    {
        var before = earlier.Arguments.ToDictionary();
        var now = given.Arguments().ToDictionary();
        foreach (string name in names)
        {
            if (before.GetValueOrDefault(name) == now.GetValueOrDefault(name)) continue;
            if (name == "--epochs" && !Recipes.IsPlanned(stored.Schedule)) { stored = stored with { Epochs = given.Epochs }; continue; }
            string text = before.GetValueOrDefault(name) is { } value ? $"the run has {name} {value}".TrimEnd() : $"the run has no {name}";
            throw new UsageException($"--resume: {text}, and must go on with it{(name == "--epochs" ? $" because the {stored.Schedule} schedule is planned for so many" : "")}; "
                + "leave the option out, or train anew with another --output.");
        }
        return stored;
    }

    /// <summary>Sees that nothing is lost: only the same run again, which gives the same result, replaces one.</summary>
    static void MakeRoom(RunFolder folder, Settings settings, string fingerprint, bool force)
    {
        AtomicFile.CreateDirectory(folder.Path);
        if (force || folder.Foreign() is not { } file) return;
        if (folder.Find() is not { } run) throw new UsageException($"{file} exists, and a new run would replace it: choose another --output, or add --force.");
        if (run.Epochs == 0) return;
        if (!run.IsDone) throw new UsageException($"{folder.Path} holds a run that was interrupted after epoch {run.Epochs}: continue it with --resume, choose another --output, or replace it with --force.");
        var before = run.Arguments.ToDictionary();
        var now = settings.Arguments().ToDictionary();
        if (before.Keys.Union(now.Keys).FirstOrDefault(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name)) is { } name)
        {
            string Say(Dictionary<string, string> arguments) => arguments.TryGetValue(name, out string? value) ? $"{name} {value}".TrimEnd() : $"no {name}";
            throw new UsageException($"{folder.Path} holds another run, with {Say(before)} where this has {Say(now)}: choose another --output, or replace it with --force.");
        }
        if (run.Fingerprint != fingerprint) throw new UsageException($"{folder.Path} holds a run on other examples: choose another --output, or replace it with --force.");
    }

    static void CheckModel(Settings settings, Examples examples)
    {
        if (settings.Model != "cnn") return;
        if (examples.Schema.Image is not { } image) throw new UsageException("--model cnn is for images; a table has none.");
        if (Architecture.Unfit(image) is { } reason) throw new UsageException($"--model cnn: {reason}.");
    }

    static Splits Split(Examples examples, Settings settings)
    {
        int count = examples.Count, validation = settings.Validation.Of(count), test = settings.Test.Of(count);
        if ((long)validation + test >= count)
            throw new UsageException($"--validation {settings.Validation} and --test {settings.Test} leave no example for training: {examples.Origin} has {count}, and they take {validation} and {test}.");
        var raw = TrainedModel.Raw(examples);
        if (settings.Split == "random") return raw.Split(validation, test, settings.Seed);
        int train = count - validation - test;
        Dataset Part(int start, int length) => raw.Rows([.. Enumerable.Range(start, length)]);
        return new(Part(0, train), Part(train, validation), Part(train + validation, test));
    }
}
