using System.Globalization;
using System.Text.Json;
using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Tool;

public sealed class TrainTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void The_digits_are_learned_and_everything_is_written()
    {
        var outcome = Workshop.Run("train", "--epochs", "8", "--output", workshop.At("run"));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(["checkpoint.safetensors", "confusion-matrix.svg", "metrics.json", "model.safetensors", "training-curve.svg"], Directory.GetFiles(workshop.At("run")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var metrics = JsonDocument.Parse(File.ReadAllText(workshop.At("run/metrics.json")));
        double Number(string name) => metrics.RootElement.GetProperty(name).GetDouble();
        Assert.Equal((8, 1, 360), (Number("epochs"), Number("seed"), Number("test_examples")));
        Assert.InRange(Number("test_accuracy"), 0.93, 1);
        Assert.InRange(Number("train_loss"), 0, Number("validation_loss"));
        Assert.InRange(Number("seconds"), 0.001, 600);
        foreach (string picture in new[] { "training-curve.svg", "confusion-matrix.svg" }) Assert.Equal("svg", System.Xml.Linq.XDocument.Load(workshop.At("run/" + picture)).Root!.Name.LocalName);
        Assert.Contains("test accuracy", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", outcome.Out, StringComparison.Ordinal);

        var evaluated = Workshop.Run("evaluate", workshop.At("run"), "--output", workshop.At("judged.json"));
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        Assert.InRange(JsonDocument.Parse(File.ReadAllText(workshop.At("judged.json"))).RootElement.GetProperty("accuracy").GetDouble(), 0.93, 1);
        var predicted = Workshop.Run("predict", workshop.At("run"));
        Assert.Equal(1798, predicted.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_table_of_classes_is_learned_and_predicted()
    {
        string table = workshop.Table();
        Assert.Equal(0, Workshop.Run("train", "--data", table, "--target", "kind", "--epochs", "20", "--output", workshop.At("run")).Code);
        var predicted = Workshop.Run("predict", workshop.At("run"), "--data", table, "--output", workshop.At("answers.csv"));
        Assert.Equal((0, ""), (predicted.Code, predicted.Error));
        var answers = Csv.Read(workshop.At("answers.csv"));
        Assert.Equal(["kind", "probability of left", "probability of right"], answers.Columns.Select(c => c.Name));
        var truth = Csv.Read(table).Columns[2];
        Assert.All(Enumerable.Range(0, 60), row => Assert.Equal(truth.Text(row), answers.Columns[0].Text(row)));
        string swapped = workshop.Write("swapped.csv", "width,extra,length\n-10,7,10\n0,7,0\n");
        Assert.Equal(["right", "left"], Workshop.Run("predict", workshop.At("run"), "--data", swapped).Out.Split('\n')[1..3].Select(line => line.Split(',')[0]));
    }

    /// <summary>Tables whose first line holds the counts of rows and features and the names of the classes.</summary>
    [Theory]
    [InlineData("iris.csv", "setosa", 0.85)]
    [InlineData("wine_data.csv", "class_1", 0.9)]
    [InlineData("breast_cancer.csv", "benign", 0.93)]
    public void Known_tables_are_learned(string name, string className, double least)
    {
        string? table = Formats.Shared.Find("data/" + name);
        Assert.SkipUnless(table is not null, $"{name} is not here: shared/data is not beside the project.");
        var outcome = Workshop.Run("train", "--data", table, "--epochs", "40", "--output", workshop.At("run"));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        using var metrics = JsonDocument.Parse(File.ReadAllText(workshop.At("run/metrics.json")));
        Assert.InRange(metrics.RootElement.GetProperty("test_accuracy").GetDouble(), least, 1);
        Assert.Contains(className, Workshop.Run("evaluate", workshop.At("run"), "--data", table).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_is_learned_in_its_own_unit()
    {
        string text = "x,y,price\n" + string.Concat(Enumerable.Range(0, 80).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 9},{i % 13},{1000.5 + 20 * (i % 9) - 7 * (i % 13)}\n")));
        string table = workshop.Write("prices.csv", text);
        var outcome = Workshop.Run("train", "--data", table, "--hidden", "none", "--rate", "0.05", "--epochs", "80", "--output", workshop.At("run"));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        using var metrics = JsonDocument.Parse(File.ReadAllText(workshop.At("run/metrics.json")));
        Assert.InRange(metrics.RootElement.GetProperty("test_rmse").GetDouble(), 0, 2);
        Assert.False(metrics.RootElement.TryGetProperty("test_accuracy", out _));
        Assert.False(File.Exists(workshop.At("run/confusion-matrix.svg")));
        string[] answers = Workshop.Run("predict", workshop.At("run"), "--data", workshop.Write("new.csv", "x,y\n4,6\n")).Out.Split('\n');
        Assert.Equal("price", answers[0]);
        Assert.InRange(double.Parse(answers[1], CultureInfo.InvariantCulture), 1036, 1041);
    }

    [Fact]
    public void Images_are_learned_by_convolutions()
    {
        // bright in the upper or in the lower half
        string images = workshop.Idx("images", [60, 6, 6], i => i / 18 % 2 == i / 36 % 2 ? 200 + i % 50 : i % 40), labels = workshop.Idx("labels", [60], i => i % 2 == 0 ? 4 : 7);
        var outcome = Workshop.Run("train", "--images", images, "--labels", labels, "--model", "cnn", "--epochs", "6", "--test", "10", "--output", workshop.At("run"));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("100.00 %   (10 of 10)", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(["4", "7"], Workshop.Run("predict", workshop.At("run"), "--images", images).Out.Split('\n')[1..3].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public void The_same_run_again_replaces_itself_and_another_is_refused()
    {
        string table = workshop.Table(), run = workshop.At("run");
        string[] line = ["train", "--data", table, "--epochs", "3", "--quiet", "--output", run];
        Assert.Equal(0, Workshop.Run(line).Code);
        byte[] model = File.ReadAllBytes(workshop.At("run/model.safetensors"));
        Assert.Equal(0, Workshop.Run(line).Code);
        Assert.Equal(model, File.ReadAllBytes(workshop.At("run/model.safetensors")));
        var before = workshop.Content();
        var other = Workshop.Run([.. line, "--seed", "2"]);
        Assert.Equal((2, $"adjoint: {run} holds another run, with --seed 1 where this has --seed 2: choose another --output, or replace it with --force.\n"), (other.Code, other.Error));
        Assert.Equal(before, workshop.Content());
        Assert.Equal(0, Workshop.Run([.. line, "--seed", "2", "--force"]).Code);
        Assert.NotEqual(model, File.ReadAllBytes(workshop.At("run/model.safetensors")));

        Directory.CreateDirectory(workshop.At("mine"));
        string foreign = workshop.Write("mine/model.safetensors", "mine");
        var refused = Workshop.Run("train", "--data", table, "--output", workshop.At("mine"));
        Assert.Equal((2, $"adjoint: {foreign} exists, and a new run would replace it: choose another --output, or add --force.\n"), (refused.Code, refused.Error));
        Assert.Equal("mine", File.ReadAllText(foreign));
    }

    [Fact]
    public void Resuming_goes_on_bitwise_and_refuses_other_settings()
    {
        string table = workshop.Table(), whole = workshop.At("whole"), part = workshop.At("part");
        string[] line = ["train", "--data", table, "--schedule", "constant", "--quiet", "--hidden", "8"];
        Assert.Equal(0, Workshop.Run([.. line, "--epochs", "9", "--output", whole]).Code);
        Assert.Equal(0, Workshop.Run([.. line, "--epochs", "4", "--output", part]).Code);
        var refused = Workshop.Run("train", "--resume", "--output", part, "--rate", "1");
        Assert.Equal((2, "adjoint: --resume: the run has --rate 0.003, and must go on with it; leave the option out, or train anew with another --output.\n"), (refused.Code, refused.Error));
        var resumed = Workshop.Run("train", "--resume", "--output", part, "--epochs", "9");
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("after epoch 4", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(part, "model.safetensors")));

        workshop.Table();
        File.AppendAllText(table, "1,2,left\n");
        var changed = Workshop.Run("train", "--resume", "--output", part);
        Assert.Equal((1, $"adjoint: {table}: expected the examples that the run began with, found changed ones; train anew, with another --output or --force.\n"), (changed.Code, changed.Error));
        Assert.Equal(2, Workshop.Run("train", "--resume", "--output", workshop.At("none")).Code);
    }

    [Fact]
    public void A_request_to_stop_before_the_first_epoch_keeps_nothing_and_says_so()
    {
        var outcome = Workshop.Run(new CancellationToken(canceled: true), "train", "--data", workshop.Table(), "--output", workshop.At("run"));
        Assert.Equal((130, ""), (outcome.Code, outcome.Error));
        Assert.EndsWith("Interrupted before the first epoch ended: there is no model yet.\n", outcome.Out, StringComparison.Ordinal);
    }
}
