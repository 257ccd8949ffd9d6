using System.Globalization;
using Adjoint.Learning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Adjoint.Cli;

/// <summary>Shows how training goes.</summary>
abstract class Display : IProgress<StepReport>, IProgress<EpochReport>, IDisposable
{
    /// <summary>A live line at a terminal, lines elsewhere, nothing if it is to be quiet.</summary>
    public static Display Of(Surroundings world, bool quiet, int epochs, int steps, bool regression) =>
        quiet ? new NoDisplay() : world.IsTerminal ? new LiveDisplay(world, epochs, steps) : new LineDisplay(world.Out, epochs);

    /// <summary>Shows progress while this runs.</summary>
    public abstract T During<T>(Func<T> work);

    public virtual void Report(StepReport value) { }
    public virtual void Report(EpochReport value) { }
    public virtual void Dispose() { }

    /// <summary>A number in four digits.</summary>
    protected static string Short(double x) => x is 0 ? "0" : Math.Abs(x) is >= 1e-3 and < 1e5 ? x.ToString("G4", CultureInfo.InvariantCulture) : x.ToString("0.00e0", CultureInfo.InvariantCulture);

    /// <summary>1:23, or 1:02:03.</summary>
    protected static string Time(TimeSpan span) => span.ToString(span.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    protected static string Percent(double share) => (share * 100).ToString("F2", CultureInfo.InvariantCulture) + " %";
}

/// <summary>Shows nothing.</summary>
sealed class NoDisplay : Display
{
    public override T During<T>(Func<T> work) => work();
}

/// <summary>A line for every epoch; of very many epochs for some.</summary>
sealed class LineDisplay(TextWriter writer, int epochs) : Display
{
    const int MostLines = 30;
    static readonly TimeSpan longest = TimeSpan.FromSeconds(10);

    TimeSpan last;

    public override T During<T>(Func<T> work) => work();

    public override void Report(EpochReport value)
    {
        int every = (epochs + MostLines - 1) / MostLines;
        if (value.Epoch != 1 && value.Epoch != epochs && value.Epoch % every != 0 && value.Elapsed - last < longest) return;
        last = value.Elapsed;
        int width = epochs.ToString(CultureInfo.InvariantCulture).Length;
        string validation = value.ValidationLoss is { } loss ? $"  validation {Short(loss),-9}" : "";
        string metrics = string.Concat(value.Metrics.Select(m => $"  {m.Name} {Percent(m.Value),8}"));
        writer.WriteLine($"epoch {value.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(width)}/{epochs}  loss {Short(value.TrainLoss),-9}{validation}{metrics}  rate {Short(value.Rate),-9}  {Time(value.Remaining)} left");
        writer.Flush();
    }
}

/// <summary>A bar with the newest numbers, rewritten in place; a narrow terminal shows fewer of them.</summary>
sealed class LiveDisplay : Display
{
    readonly IAnsiConsole console;
    readonly int epochs, steps, width;
    ProgressTask? task;
    StepReport? step;
    EpochReport? epoch;

    public LiveDisplay(Surroundings world, int epochs, int steps)
    {
        (this.epochs, this.steps, width) = (epochs, steps, world.Width);
        console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(world.Out),
            Ansi = AnsiSupport.Yes,
            ColorSystem = world.HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
        });
        console.Profile.Width = width;
    }

    public override T During<T>(Func<T> work)
    {
        int bar = Math.Clamp(width / 4, 6, 30);
        var progress = console.Progress().Columns(new ProgressBarColumn { Width = bar }, new NumbersColumn(Numbers));
        progress.ExcludeVerticalPadding = true;
        return progress.Start(context =>
        {
            task = context.AddTask("training", maxValue: (double)epochs * steps);
            T result = work();
            task.StopTask();
            return result;
        });
    }

    public override void Report(StepReport value)
    {
        step = value;
        if (task is not null) task.Value = (double)(value.Epoch - 1) * steps + value.Step;
    }

    public override void Report(EpochReport value) => epoch = value;

    /// <summary>The newest numbers, as many as fit.</summary>
    string Numbers(int space)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"epoch {step?.Epoch ?? epoch?.Epoch ?? 1}/{epochs}");
        foreach (string more in Parts())
            if (text.Length + 2 + more.Length <= space) text += "  " + more;
        return text;
    }

    IEnumerable<string> Parts()
    {
        if (epoch is { } done)
        {
            foreach (var (name, value) in done.Metrics) yield return $"{name} {Percent(value)}";
            yield return $"loss {Short(done.ValidationLoss ?? done.TrainLoss)}";
            yield return $"{Time(done.Remaining)} left";
            yield return $"rate {Short(done.Rate)}";
        }
        else if (step is { } now) yield return $"loss {Short(now.Loss)}";
    }

    sealed class NumbersColumn(Func<int, string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            int space = Math.Max(8, options.ConsoleSize.Width - Math.Clamp(options.ConsoleSize.Width / 4, 6, 30) - 2);
            return new Text(text(space));
        }
    }
}
