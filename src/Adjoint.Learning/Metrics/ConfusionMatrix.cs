using System.Globalization;
using System.Text;

namespace Adjoint.Learning;

/// <summary>
/// How often examples of each class were taken for each class, and what follows from it. Where a share is of nothing (a class that never occurs, or is never predicted), it is 0.
/// </summary>
public sealed class ConfusionMatrix
{
    readonly long[,] counts;

    ConfusionMatrix(long[,] counts) => this.counts = counts;

    /// <summary>Counts predictions against classes.</summary>
    /// <param name="outputs">Logits or probabilities [B, C].</param>
    /// <param name="labels">Integers [B], from 0 to C − 1.</param>
    /// <exception cref="ShapeException">The shapes do not fit each other.</exception>
    public static ConfusionMatrix Of(Tensor outputs, Tensor labels) => outputs.Rank == 2 ? OfClasses(outputs.ArgMax(-1), labels, outputs.Shape[1])
        : throw new ShapeException($"confusion matrix: outputs {outputs.Shape} must be [examples, classes].");

    /// <summary>Counts predicted classes against classes.</summary>
    /// <param name="predicted">Integers [B].</param>
    /// <param name="labels">Integers [B].</param>
    /// <param name="classes">C: the classes are 0 to C − 1.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">A number is no class.</exception>
    public static ConfusionMatrix OfClasses(Tensor predicted, Tensor labels, int classes)
    {
        if (predicted.Shape != labels.Shape) throw new ShapeException($"confusion matrix: predictions {predicted.Shape} and labels {labels.Shape} must have the same shape.");
        var counts = new long[classes, classes];
        foreach (var (p, l) in predicted.ToArray().Zip(labels.ToArray()))
        {
            if (!(p >= 0 && p < classes && l >= 0 && l < classes))
                throw new ArgumentException($"confusion matrix: a label {l} with prediction {p}; both must be from 0 to {classes - 1}.");
            counts[(int)l, (int)p]++;
        }
        return new(counts);
    }

    /// <summary>The number of classes.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>The number of examples of class <paramref name="actual"/> that were taken for class <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>The number of all examples.</summary>
    public long Count => counts.Cast<long>().Sum();

    /// <summary>The share of examples taken for what they are: also precision, recall and F1 averaged over examples ("micro").</summary>
    public double Accuracy => Share(Enumerable.Range(0, Classes).Sum(c => counts[c, c]), Count);

    /// <summary>Of the examples taken for this class, the share that are of it.</summary>
    public double Precision(int ofClass) => Share(counts[ofClass, ofClass], Enumerable.Range(0, Classes).Sum(a => counts[a, ofClass]));

    /// <summary>Of the examples of this class, the share taken for it.</summary>
    public double Recall(int ofClass) => Share(counts[ofClass, ofClass], Enumerable.Range(0, Classes).Sum(p => counts[ofClass, p]));

    /// <summary>The harmonic mean of precision and recall: 2 · both / (taken for it + are of it).</summary>
    public double F1(int ofClass) => Share(2 * counts[ofClass, ofClass], Enumerable.Range(0, Classes).Sum(k => counts[k, ofClass] + counts[ofClass, k]));

    /// <summary>The mean of the classes' precisions ("macro").</summary>
    public double MacroPrecision => Enumerable.Range(0, Classes).Average(Precision);

    /// <summary>The mean of the classes' recalls.</summary>
    public double MacroRecall => Enumerable.Range(0, Classes).Average(Recall);

    /// <summary>The mean of the classes' F1.</summary>
    public double MacroF1 => Enumerable.Range(0, Classes).Average(F1);

    /// <summary>A row for every class, a column for every prediction.</summary>
    public override string ToString()
    {
        int width = counts.Cast<long>().Append(Classes - 1).Max().ToString(CultureInfo.InvariantCulture).Length + 1;
        var text = new StringBuilder();
        for (int actual = 0; actual < Classes; actual++)
        {
            for (int predicted = 0; predicted < Classes; predicted++)
                text.Append(counts[actual, predicted].ToString(CultureInfo.InvariantCulture).PadLeft(width));
            text.Append('\n');
        }
        return text.ToString();
    }

    static double Share(long part, long of) => of == 0 ? 0 : (double)part / of;
}
