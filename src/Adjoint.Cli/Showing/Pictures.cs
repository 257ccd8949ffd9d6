using System.Collections.Immutable;
using System.Globalization;
using Adjoint.Formats;
using Adjoint.Learning;

namespace Adjoint.Cli;

/// <summary>The pictures of a run.</summary>
static class Pictures
{
    const string Training = "#2563eb", Validation = "#ea580c";

    /// <summary>Draws the curve of training, and for classes what was taken for what.</summary>
    /// <exception cref="DataFileException">A file cannot be written.</exception>
    public static void Write(Results results, RunFolder folder)
    {
        AtomicFile.WriteText(folder.Curve, Curve(results), overwrite: true);
        var (part, judged) = results.Test is { } test ? ("test", test) : results.Validation is { } validation ? ("validation", validation) : ("training", results.Train);
        if (judged.Confusion is { } confusion) AtomicFile.WriteText(folder.Confusion, Confusion(confusion, results.Model.Schema.Classes, part), overwrite: true);
    }

    /// <summary>Losses, and below them accuracies, over epochs.</summary>
    public static string Curve(Results results)
    {
        const double width = 820, left = 76, top = 96, panel = 250, gap = 74, right = 30;
        var history = results.History;
        bool hasValidation = results.Validation is not null, hasAccuracy = history[0].Length > 3;
        double height = top + panel + (hasAccuracy ? gap + panel * 0.6 : 0) + 56, inner = width - left - right;
        var picture = new Svg(width, height, "Training curve");
        picture.Write(left, 34, $"Training on {Path.GetFileName(results.Examples.Origin)}", size: 17, bold: true);
        picture.Write(left, 54, $"{results.Model.Architecture}; {results.Settings.Optimizer}, {results.Settings.Schedule}", Svg.Faint, size: 12);
        Legend(picture, width - right, hasValidation);

        double[] train = [.. history.Select(row => row[0])], validation = [.. history.Select(row => row[1])];
        int best = results.BestEpoch;
        var losses = new Chart(picture, left, top, inner, panel);
        losses.Axes([.. train, .. validation], history.Count, "loss");
        losses.Mark(best, hasValidation ? validation[best - 1] : train[best - 1], hasValidation ? Validation : Training);
        losses.Line(train, Training);
        if (hasValidation) losses.Line(validation, Validation);
        if (hasAccuracy)
        {
            double[] accuracy = [.. history.Select(row => row[3])];
            string color = hasValidation ? Validation : Training;
            var accuracies = new Chart(picture, left, top + panel + gap, inner, panel * 0.6);
            accuracies.Axes(accuracy, history.Count, "accuracy", x => (x * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %");
            accuracies.Mark(best, accuracy[best - 1], color);
            accuracies.Line(accuracy, color);
        }
        picture.Write(left + inner, height - 12, $"epoch; the dotted line is the model that was kept, epoch {best}", Svg.Faint, "end", 12);
        return picture.ToString();
    }

    /// <summary>A row for every class, a column for every prediction; the stronger the colour, the greater the share of the row.</summary>
    public static string Confusion(ConfusionMatrix confusion, ImmutableArray<string> classes, string part)
    {
        const double top = 70, right = 92;
        int count = classes.Length;
        string[] names = [.. classes.Select(name => name.Length > 24 ? name[..23] + "…" : name)];
        double cell = count <= 5 ? 84 : count <= 12 ? 52 : Math.Max(8, 624.0 / count), longest = names.Max(n => Svg.WidthOf(n)), left = Math.Max(76, longest + 44);
        bool isNumbered = cell >= 26, isNamed = cell >= 15, isTurned = longest > cell - 6;
        double side = cell * count, below = isTurned ? longest + 40 : 52, width = Math.Max(430, left + side + right);
        var picture = new Svg(width, top + side + below, "Confusion matrix");
        picture.Write(24, 30, "What was taken for what", size: 17, bold: true);
        picture.Write(24, 50, string.Create(CultureInfo.InvariantCulture, $"{confusion.Count:N0} {part} examples, {confusion.Accuracy * 100:F2} % right"), Svg.Faint, size: 12);
        for (int actual = 0; actual < count; actual++)
        {
            long all = Enumerable.Range(0, count).Sum(p => confusion[actual, p]);
            double y = top + actual * cell, middle = y + cell / 2 + 4.5;
            for (int predicted = 0; predicted < count; predicted++)
            {
                long n = confusion[actual, predicted];
                double share = all == 0 ? 0 : (double)n / all, x = left + predicted * cell;
                picture.Rectangle(x + 0.5, y + 0.5, cell - 1, cell - 1, Shade(share, actual == predicted));
                if (isNumbered && n > 0) picture.Write(x + cell / 2, middle, n.ToString(CultureInfo.InvariantCulture), share > 0.55 ? "#ffffff" : Svg.Ink, "middle");
            }
            if (!isNamed) continue;
            picture.Write(left - 8, middle, names[actual], Svg.Ink, "end");
            picture.Write(left + side + 8, middle, all == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{confusion.Recall(actual) * 100:F1} %"), Svg.Faint, size: 12);
            double column = left + (actual + 0.5) * cell;
            if (isTurned) picture.Write(column + 4, top + side + 10, names[actual], Svg.Ink, "end", turn: -90);
            else picture.Write(column, top + side + 18, names[actual], Svg.Ink, "middle");
        }
        picture.Write(left + side / 2, top + side + below - 10, "predicted", Svg.Faint, "middle");
        picture.Write(22, top + side / 2, "actual", Svg.Faint, "middle", turn: -90);
        if (isNamed) picture.Write(left + side + 8, top - 8, "found", Svg.Faint, size: 12);
        return picture.ToString();
    }

    static void Legend(Svg picture, double right, bool hasValidation)
    {
        (string Text, string Color)[] entries = hasValidation ? [("training", Training), ("validation", Validation)] : [("training", Training)];
        double x = right - entries.Sum(e => Svg.WidthOf(e.Text) + 44) + 16;
        foreach (var (text, color) in entries)
        {
            picture.Line(x, 30, x + 20, 30, color, 3);
            picture.Write(x + 26, 34, text);
            x += Svg.WidthOf(text) + 44;
        }
    }

    /// <summary>From near white to a full colour: blue for right answers, red for wrong ones.</summary>
    static string Shade(double share, bool isRight)
    {
        var (r, g, b) = isRight ? (37, 99, 235) : (220, 38, 38);
        double strength = share == 0 ? 0 : 0.12 + 0.88 * Math.Sqrt(share);
        int Mix(int color) => (int)Math.Round(246 + (color - 246) * strength);
        return $"#{Mix(r):x2}{Mix(g):x2}{Mix(b):x2}";
    }
}
