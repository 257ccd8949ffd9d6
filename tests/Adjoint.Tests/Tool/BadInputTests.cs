using System.IO.Compression;
using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Tool;

/// <summary>Every kind of bad input: one clear sentence, its exit code, and everything as it was.</summary>
public sealed class BadInputTests : IDisposable
{
    readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("a,b,kind\n1,2,x\n3,4\n", "line 3: expected 3 cells, as in line 1, found 2.")]
    [InlineData("a,b,kind\n1,2,x\n3,foo,y\n", "line 3, column 2 \"b\": expected a number, found \"foo\"; leave the column out with --ignore, or the row out of the file.")]
    [InlineData("a,b,kind\n1,2,x\n3,,y\n", "line 3, column 2 \"b\": expected a number, found a missing value; leave the column out with --ignore, or the row out of the file.")]
    [InlineData("a,b,kind\n1,2,x\n3,4,\n", "line 3, column 3 \"kind\": expected a class, found a missing value.")]
    [InlineData("a,b,kind\n1,2,x\n3,4,x\n", "column 3 \"kind\": expected at least two classes, found only \"x\" in all 2 rows.")]
    [InlineData("a,b,kind\n", "line 1: expected rows after the names of the columns, found the end of the file.")]
    [InlineData("kind\nx\ny\n", "expected columns of features besides the target \"kind\", found none.")]
    [InlineData("a,b,kind\n1,\"2,x\n", "line 2, column 2: expected a quote that closes the one here, found the end of the file.")]
    [InlineData("", "expected a table, found an empty file.")]
    public void A_wrong_table(string text, string problem)
    {
        string file = workshop.Write("data.csv", text);
        Fails(1, $"{file}{(problem.StartsWith("line", StringComparison.Ordinal) || problem.StartsWith("column", StringComparison.Ordinal) ? ", " : ": ")}{problem}", "train", "--data", file);
    }

    [Fact]
    public void A_missing_file() => Fails(1, $"{workshop.At("none.csv")}: there is no such file.", "train", "--data", workshop.At("none.csv"));

    [Fact]
    public void An_unknown_column()
    {
        string table = workshop.Table();
        Fails(1, $"{table}: there is no column \"knid\", did you mean \"kind\"? the columns are length, width, kind.", "train", "--data", table, "--target", "knid");
        Fails(1, $"{table}: there is no column \"4\"; the columns are length, width, kind.", "train", "--data", table, "--ignore", "4");
    }

    [Fact]
    public void Classes_for_a_regression()
    {
        string table = workshop.Table();
        Fails(1, $"{table}, line 2, column 3 \"kind\": expected a finite number, found \"left\".", "train", "--data", table, "--regression");
    }

    [Fact]
    public void Wrong_images()
    {
        string images = workshop.Idx("images", [20, 4, 4], i => i % 256), labels = workshop.Idx("labels", [20], i => i % 2);
        string few = workshop.Idx("few", [19], i => i % 2), one = workshop.Idx("one", [20], _ => 3), cut = workshop.Write("cut", File.ReadAllBytes(images)[..100]);
        Fails(1, $"{few}: expected 20 labels, one for each image in {images}, found 19.", "train", "--images", images, "--labels", few);
        Fails(1, $"{one}: expected at least two classes, found only 3.", "train", "--images", images, "--labels", one);
        Fails(1, $"{labels}: expected images of shape [images, height, width] or [images, channels, height, width], found [20].", "train", "--images", labels, "--labels", images);
        Fails(1, $"{images}: expected labels, one axis, found shape [20, 4, 4] (--images and --labels may be swapped).", "train", "--images", images, "--labels", images);
        Assert.StartsWith($"adjoint: {cut}: expected ", Fails(1, null, "train", "--images", cut, "--labels", labels), StringComparison.Ordinal);
        string text = workshop.Table();
        Assert.StartsWith($"adjoint: {text}: expected an IDX file", Fails(1, null, "train", "--images", text, "--labels", labels), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_gzip_file()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(File.ReadAllBytes(workshop.Idx("images", [20, 4, 4], i => i * 7919 % 251)));
        string labels = workshop.Idx("labels", [20], i => i % 2);
        byte[] whole = packed.ToArray(), flipped = [.. whole];
        flipped[whole.Length / 2] ^= 16;
        foreach (var (name, bytes) in new[] { ("cut.gz", whole[..^9]), ("flipped.gz", flipped) })
        {
            string file = workshop.Write(name, bytes);
            Assert.StartsWith($"adjoint: {file}: expected ", Fails(1, null, "train", "--images", file, "--labels", labels), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_model()
    {
        string table = workshop.Table(), model = Train(table);
        byte[] whole = File.ReadAllBytes(model);
        byte[] flipped = [.. whole];
        flipped[^5] ^= 1;
        string Damaged(byte[] bytes) => workshop.Write("damaged.safetensors", bytes);
        Fails(1, $"{workshop.At("damaged.safetensors")}: expected the content that was written, found another: its checksum does not fit, so that the file is damaged.", "evaluate", Damaged(flipped), "--data", table);
        Assert.StartsWith($"adjoint: {workshop.At("damaged.safetensors")}: expected ", Fails(1, null, "predict", Damaged(whole[..^40]), "--data", table), StringComparison.Ordinal);
        string other = workshop.At("other.safetensors");
        Safetensors.Write(other, [new("x", Tensor.Zeros([2]).Evaluate())]);
        Fails(1, $"{other}: expected a model that adjoint train wrote, found another safetensors file.", "evaluate", other, "--data", table);
    }

    [Fact]
    public void A_model_and_data_that_do_not_fit()
    {
        string table = workshop.Table(), model = Train(table);
        string narrow = workshop.Write("narrow.csv", "length,kind\n1,left\n2,right\n"), strange = workshop.Write("strange.csv", "length,width,kind\n1,2,left\n1,2,middle\n");
        string images = workshop.Idx("images", [4, 4, 4], i => i);
        Fails(1, $"{narrow}: expected a column \"width\", which the model {model} reads, found none.", "evaluate", model, "--data", narrow);
        Fails(1, $"{strange}, line 3, column 3 \"kind\": expected a class that the model {model} knows (left, right), found \"middle\".", "evaluate", model, "--data", strange);
        Fails(1, $"{images}: expected a table with 2 features, which the model {model} reads (--data), found images.", "predict", model, "--images", images);
        Fails(1, $"the built-in digits: expected a table with 2 features, which the model {model} reads (--data), found images.", "evaluate", model);
    }

    [Fact]
    public void A_place_that_cannot_be_written()
    {
        string table = workshop.Table(), model = Train(table);
        Fails(1, "/dev/full: the directory cannot be made (there is a file of this name).", "train", "--data", table, "--output", "/dev/full");
        Fails(1, "/dev/full: expected the name of a file to write, found a device.", "predict", model, "--data", table, "--output", "/dev/full", "--force");
        Fails(1, $"{table}: the file exists already and is not overwritten.", "predict", model, "--data", table, "--output", table);
        if (!OperatingSystem.IsLinux()) return;
        Directory.CreateDirectory(workshop.At("full"));
        File.CreateSymbolicLink(workshop.At("full/checkpoint.safetensors"), "/dev/full");
        var outcome = Workshop.Run("train", "--data", table, "--output", workshop.At("full"), "--force");
        Assert.Equal((1, $"adjoint: {workshop.At("full/checkpoint.safetensors")}: expected the name of a file to write, found a device.\n"), (outcome.Code, outcome.Error));
    }

    /// <summary>No file may be longer than 4 KiB: as on a disk that is full in the middle of a write.</summary>
    [Fact]
    public void A_full_disk_keeps_the_earlier_model()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The length of files is limited with ulimit.");
        string table = workshop.Table();
        Train(table);
        var before = workshop.Content();
        const string limited = "trap '' XFSZ; ulimit -f 4; export DOTNET_EnableWriteXorExecute=0; exec \"$0\" \"$@\"";
        var outcome = Workshop.RunProcess("bash", ["-c", limited, .. Workshop.Command("train", "--data", table, "--hidden", "500", "--force", "--quiet", "--output", workshop.At("trained"))]);
        string sentence = $"adjoint: {workshop.At("trained/checkpoint.safetensors")}: the file cannot be written (it would be larger than the system allows); the earlier file is unchanged.\n";
        Assert.Equal((1, "", sentence), (outcome.Code, outcome.Out, outcome.Error));
        Assert.Equal(before, workshop.Content());
    }

    [Theory]
    [InlineData("train --epochs -3", "--epochs: expected a whole number from 1 to 1,000,000, found \"-3\".")]
    [InlineData("train --batch 0", "--batch: expected a whole number from 1 to 1,000,000, found \"0\".")]
    [InlineData("train --rate fast", "--rate: expected a positive number, found \"fast\".")]
    [InlineData("train --rate nan", "--rate: expected a positive number, found \"nan\".")]
    [InlineData("train --optimizer adma", "--optimizer: expected one of sgd, nesterov, adam, adamw, amsgrad, nadam, radam, rmsprop, adagrad, adadelta, lamb, lion, found \"adma\"; did you mean adam?")]
    [InlineData("train --schedule sometimes", "--schedule: expected one of constant, cosine, linear, step, exponential, warmup, onecycle, plateau, found \"sometimes\".")]
    [InlineData("train --hidden 64,x", "--hidden: expected numbers of units separated by commas, such as 64,32, or none, found \"64,x\".")]
    [InlineData("train --hidden 1000000,1000000", "--hidden: a layer of 1,000,000 units after 1,000,000 has more than 100,000,000 weights; choose fewer units.")]
    [InlineData("train --test 1.5", "--test: expected a number of examples such as 360, or a share below 1 such as 0.2 or 20%, found \"1.5\".")]
    [InlineData("train --epoch 3", "there is no option --epoch; did you mean --epochs?")]
    [InlineData("trian", "there is no command trian; did you mean train?")]
    [InlineData("", "expected a command: train, evaluate, predict, profile.")]
    [InlineData("train --target 3", "--target is about a table: name its file with --data.")]
    [InlineData("train --images x", "--images needs --labels, the file of their labels.")]
    [InlineData("train --labels x", "--labels needs --images, the file of the images that are labelled.")]
    [InlineData("train --data x --images y --labels z", "--data names a table and --images images: give one of them.")]
    [InlineData("train --momentum 0.5", "--momentum is for sgd, nesterov and rmsprop; adam has its own.")]
    [InlineData("train --test 1700 --validation 97", "--validation 97 and --test 1700 leave no example for training: 1,797 handwritten digits of 8 x 8 pixels has 1797, and they take 97 and 1700.")]
    [InlineData("train --resume --force", "--resume continues a run and --force replaces it: give one of them.")]
    public void Nonsense(string line, string message) => Fails(2, message, [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. line.StartsWith("train", StringComparison.Ordinal) ? ["--output", workshop.At("out")] : (string[])[]]);

    [Fact]
    public void Convolutions_over_a_table() => Fails(2, "--model cnn is for images; a table has none.", "train", "--data", workshop.Table(), "--model", "cnn");

    [Fact]
    public void Diverging_training_says_where_and_what_helps()
    {
        string table = workshop.Table();
        var outcome = Workshop.Run("train", "--data", table, "--optimizer", "sgd", "--rate", "1e30", "--output", workshop.At("out"));
        Assert.Equal(3, outcome.Code);
        Assert.Matches("^adjoint: training: the loss is NaN in step [0-9]+ of epoch 1. It arose here: .+: result 0 .+ from finite inputs .+ Lower the learning rate [(]it is 1E[+]30[)], clip gradients, or scale the inputs[.]\n$", outcome.Error);
        Assert.False(File.Exists(workshop.At("out/model.safetensors")));
    }

    string Train(string table)
    {
        var outcome = Workshop.Run("train", "--data", table, "--epochs", "2", "--quiet", "--output", workshop.At("trained"));
        Assert.Equal((0, "", ""), (outcome.Code, outcome.Out, outcome.Error));
        return workshop.At("trained/model.safetensors");
    }

    /// <summary>Fails with this sentence, and leaves all files as they are.</summary>
    string Fails(int code, string? message, params string[] arguments)
    {
        if (arguments is ["train", ..] && !arguments.Contains("--output")) arguments = [.. arguments, "--output", workshop.At("out")];
        var before = workshop.Content();
        var outcome = Workshop.Run(arguments);
        Assert.Equal(before, workshop.Content());
        string sentence = outcome.Error.Split('\n')[0];
        if (message is not null) Assert.Equal("adjoint: " + message, sentence);
        Assert.Equal((code, ""), (outcome.Code, outcome.Out));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Matches("[.?]$", sentence);
        return sentence;
    }
}
