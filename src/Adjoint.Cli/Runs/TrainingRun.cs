using System.Diagnostics;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>Trains, and keeps what was reached in the folder at every moment.</summary>
sealed class TrainingRun(Surroundings world, Settings settings, Examples examples, Splits splits, RunFolder folder, string fingerprint, bool quiet)
{
    /// <summary>Between two writes so many times the time of one: short epochs do not each wait for the disk.</summary>
    const int TimesBetweenWrites = 4;

    readonly Schema schema = examples.Schema;
    readonly Stopwatch clock = Stopwatch.StartNew(), sinceWrite = new();
    double secondsBefore;
    TimeSpan timeOfWrite;
    TrainingState<Sequential>? unwritten;
    TrainingState<Sequential>? newest;

    /// <summary>Trains from the beginning, or on from a checkpoint. The exit code.</summary>
    public int Run(Checkpoint? earlier)
    {
        var inputs = schema.Image is null ? Scaling.Standard(splits.Train.Inputs) : Scaling.DivideBy(splits.Train.Inputs.Max().ToScalar() is var most and > 0 ? most : 1);
        var outputs = schema.IsRegression ? Scaling.Standard(splits.Train.Targets.Reshape([splits.Train.Count, 1])) : Scaling.DivideBy(1);
        var architecture = new Architecture(settings.Model, schema.Image is { } image ? [.. image] : [schema.Width], [.. settings.Hidden!], settings.Activation, schema.IsRegression ? 1 : schema.Classes.Length);
        var model = new TrainedModel(architecture, Functions.Evaluate(architecture.Build(Key.Of(settings.Seed).Fold(1L))), schema, inputs, outputs);
        Dataset Scaled(Dataset raw) => TrainedModel.Scale(raw, schema, inputs, outputs);
        Dataset train = Scaled(splits.Train);
        Dataset? validation = splits.Validation.Count > 0 ? Scaled(splits.Validation) : null;

        var trainer = new Trainer<Sequential>(TrainedModel.Objective(schema), settings.Options());
        var state = trainer.Start(model.Network, settings.Rule(train.Count));
        if (earlier is not null) (state, secondsBefore) = (earlier.Restore(state), earlier.Seconds);
        newest = state;
        if (earlier is null) Checkpoint.Write(folder.Checkpoint, state, settings, fingerprint, 0, isDone: false);

        using var display = Display.Of(world, quiet, settings.Epochs!.Value, settings.Steps(train.Count), schema.IsRegression);
        var report = new Report(world, quiet);
        report.Begin(settings, examples, splits, model, folder, state.Epochs);
        var callbacks = new Callbacks<Sequential> { Step = display, Epoch = display, Checkpoint = next => Keep(next, model) };
        StopReason reason;
        try
        {
            reason = display.During(() => trainer.Resume(state, train, validation, callbacks, world.Stop).Reason);
        }
        catch (TrainingDivergedException e) when (newest.Epochs > 0)
        {
            throw new TrainingDivergedException($"{e.Message} The best model of the {newest.Epochs} epochs before is kept in {folder.Path}.", e);
        }
        finally
        {
            WriteState(model, isDone: false);
        }
        bool interrupted = reason is StopReason.Cancelled;
        if (interrupted && newest.Epochs == 0)
        {
            report.Interrupted(folder, 0);
            return world.StopCode();
        }
        var results = Finish(model with { Network = newest.Best }, interrupted ? "interrupted" : reason.ToString()!);
        if (interrupted) report.Interrupted(folder, newest.Epochs);
        report.End(results, folder);
        return interrupted ? world.StopCode() : ExitCodes.Done;
    }

    double Seconds => secondsBefore + clock.Elapsed.TotalSeconds;

    void Keep(TrainingState<Sequential> next, TrainedModel model)
    {
        newest = unwritten = next;
        if (!sinceWrite.IsRunning || sinceWrite.Elapsed >= TimesBetweenWrites * timeOfWrite) WriteState(model, isDone: false);
    }

    /// <summary>Writes what is not written yet: where to go on, and the best model so far.</summary>
    void WriteState(TrainedModel model, bool isDone)
    {
        if ((unwritten ?? (isDone ? newest : null)) is not { } state) return;
        unwritten = null;
        var start = clock.Elapsed;
        Checkpoint.Write(folder.Checkpoint, state, settings, fingerprint, Seconds, isDone);
        ModelFile.Write(folder.Model, model with { Network = state.Best });
        timeOfWrite = clock.Elapsed - start;
        sinceWrite.Restart();
    }

    /// <summary>Judges the best model, and writes everything.</summary>
    Results Finish(TrainedModel model, string reason)
    {
        Evaluation? Judge(Dataset data) => data.Count > 0 ? model.Evaluate(data) : null;
        var results = new Results(settings, examples, model, newest!, reason, Judge(splits.Train)!, Judge(splits.Validation), Judge(splits.Test), Seconds);
        Pictures.Write(results, folder);
        AtomicFile.WriteText(folder.Metrics, results.ToJson(), overwrite: true);
        if (reason != "interrupted") WriteState(model, isDone: true);
        return results with { Seconds = Seconds };
    }
}
