using Adjoint.Formats;
using Xunit;

namespace Adjoint.Tests.Formats;

public sealed class CsvTests
{
    static Table Read(string text, CsvOptions? options = null) => Csv.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "t.csv", options);

    static string Error(Action action) => Assert.Throws<DataFileException>(action).Message;

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a,b\r1,2\r3,4\r")]
    [InlineData("a;b\n1;2\n3;4\n")]
    [InlineData("a\tb\n1\t2\n3\t4\n")]
    [InlineData("\uFEFFa,b\n1,2\n3,4\n")]
    [InlineData("\n\na, b \n\n 1 ,2\n\r\n3,4\n\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n3,\"4\"\n")]
    public void Separators_line_ends_quotes_and_blanks_are_read(string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        foreach (byte[] file in new[] { bytes, SampleFiles.Gzip(bytes) })
        {
            var table = Csv.Read(new MemoryStream(file), "t.csv");
            Assert.True(table.HasHeader);
            Assert.Equal(["a", "b"], table.Columns.Select(c => c.Name));
            Assert.Equal([2, 2], table.ToTensor().Shape);
            Assert.Equal([1.0, 2, 3, 4], table.ToTensor().ToArray<double>());
        }
    }

    [Fact]
    public void Quoted_cells_hold_separators_quotes_and_line_ends()
    {
        var table = Read("name,x\n\"a,\"\"b\"\"\r\nc\",1\nd \"e\",2\n\"\",bad\n");
        Assert.Equal(["a,\"b\"\r\nc", "d \"e\"", ""], Enumerable.Range(0, 3).Select(table["name"].Text));
        Assert.Equal([2, 4, 5], Enumerable.Range(0, 3).Select(table.Line));
        Assert.Equal("t.csv, line 5, column 2 \"x\": expected a finite number, found \"bad\".", Error(() => table["x"].Numbers()));
    }

    [Theory]
    [InlineData("height, m;weight, kg\n1;2\n", new[] { "height, m", "weight, kg" })]
    [InlineData("a,b;c,d\n1,2;3,4\n1,2;3,5\n", new[] { "a", "b;c", "d" })]
    [InlineData("\"x;y;z\",b\n1,2\n", new[] { "x;y;z", "b" })]
    [InlineData("x\n1\n2\n", new[] { "x" })]
    public void The_separator_is_detected(string text, string[] names) => Assert.Equal(names, Read(text).Columns.Select(c => c.Name));

    [Theory]
    [InlineData("1,2\n3,4\n", false, 2)]
    [InlineData("a,2\n3,4\n", false, 2)]
    [InlineData("a,\n3,4\n", true, 1)]
    [InlineData("NA,b\n3,4\n", false, 2)]
    [InlineData("a,b\nc,d\n", true, 1)]
    public void The_header_is_detected(string text, bool header, int rows)
    {
        Assert.Equal((header, rows), (Read(text).HasHeader, Read(text).RowCount));
        Assert.Equal((true, 1), (Read(text, new() { Header = true }).HasHeader, Read(text, new() { Header = true }).RowCount));
        Assert.Equal((false, 2), (Read(text, new() { Header = false }).HasHeader, Read(text, new() { Header = false }).RowCount));
    }

    [Fact]
    public void Columns_are_found_by_name_or_number()
    {
        var table = Read("a,2,,1\n5,6,7,8\n", new() { Header = true });
        Assert.Equal([0, 1, 2, 3, 2], new[] { "a", "2", "column 3", "1", "3" }.Select(name => table[name].Index));
        Assert.Equal("t.csv: expected a column's name or its number from 1 to 4, found \"b\"; the table has \"a\", \"2\", \"column 3\", \"1\".", Error(() => _ = table["b"]));
        Assert.Equal("t.csv: expected a column's name or its number from 1 to 2, found \"3\"; the table has no names.", Error(() => _ = Read("1,2\n")["3"]));
    }

    [Fact]
    public void Missing_values_and_texts_are_reported_where_they_stand()
    {
        var table = Read("x,y,kind\n1,,a\n-2e3,NA,b\n+.5,?,\nnan,null,1e999\n");
        Assert.Equal([true, false, false], table.Columns.Select(c => c.IsNumeric));
        Assert.Equal([1, 4, 1], table.Columns.Select(c => c.MissingCount));
        Assert.Equal([1, -2000, 0.5], Enumerable.Range(0, 3).Select(table["x"].Number));
        Assert.Equal("t.csv, line 5, column 1 \"x\": expected a number, found a missing value.", Error(() => table["x"].Numbers()));
        Assert.Equal("t.csv, line 2, column 2 \"y\": expected a number, found a missing value.", Error(() => table.ToTensor()));
        Assert.Equal("t.csv, line 4, column 3 \"kind\": expected a class, found a missing value.", Error(() => table["kind"].Categories()));
        Assert.Equal("t.csv, line 5, column 3 \"kind\": expected a finite number, found \"1e999\".", Error(() => table["kind"].Number(3)));
        var bare = Read("1,2\n3,abc\n");
        Assert.Equal("t.csv, line 2, column 2: expected a finite number, found \"abc\".", Error(() => bare.ToTensor()));
        var e = Assert.Throws<DataFileException>(() => bare.ToTensor());
        Assert.Equal(("t.csv", 2L, 2, null), (e.File, e.Line, e.Column, e.ColumnName));
    }

    [Theory]
    [InlineData("x\nb\na\nb\n", new[] { "a", "b" }, new[] { 1, 0, 1 })]
    [InlineData("x\n10\n9\n-1\n10\n", new[] { "-1", "9", "10" }, new[] { 2, 1, 0, 2 })]
    [InlineData("x\n10\n9\nz\n", new[] { "10", "9", "z" }, new[] { 0, 1, 2 })]
    public void Classes_are_ordered(string text, string[] names, int[] codes)
    {
        var classes = Read(text)["x"].Categories();
        Assert.Equal(names, classes.Names);
        Assert.Equal(codes, classes.Codes);
    }

    [Fact]
    public void A_first_line_of_counts_and_class_names_is_detected()
    {
        var table = Read("3,2,red,green\n1,2,1\n3,4,0\n5,6,1\n");
        Assert.Equal((3, 3, false), (table.RowCount, table.Columns.Count, table.HasHeader));
        Assert.Equal(["red", "green"], table.ClassNames);
        Assert.Equal([1, 0, 1], table.Columns[2].Categories().Codes);
        Assert.Equal("t.csv, line 1, column 1: expected 4 rows, as this first cell says, found 3.", Error(() => Read("4,2,red,green\n1,2,1\n3,4,0\n5,6,1\n")));
        Assert.Equal("t.csv, line 3, column 3: expected the index of a class, an integer from 0 to 1, found \"2\".",
            Error(() => Read("2,2,red,green\n1,2,1\n3,4,2\n").Columns[2].Categories()));
        Assert.Equal("t.csv, line 1, column 2: expected 3 features and a class in each row, as this second cell says, found 3 cells.",
            Error(() => Read("2,3,red,green\n1,2,1\n3,4,2\n", new() { Preamble = true })));
        Assert.Equal("t.csv, line 1: expected the number of rows, the number of features and the names of the classes, found another first line.",
            Error(() => Read("a,b\n1,2\n", new() { Preamble = true })));
        Assert.Equal("t.csv, line 2: expected 4 cells, as in line 1, found 3.", Error(() => Read("3,2,red,green\n1,2,1\n3,4,0\n5,6,1\n", new() { Preamble = false })));
    }

    [Theory]
    [InlineData("", "t.csv: expected a table, found an empty file.")]
    [InlineData(" \r\n\t\n", "t.csv: expected a table, found an empty file.")]
    [InlineData("a,b\n", "t.csv, line 1: expected rows after the names of the columns, found the end of the file.")]
    [InlineData("a,b\n1,2\n\n3\n", "t.csv, line 4: expected 2 cells, as in line 1, found 1.")]
    [InlineData("a,b\n1,2\n3,4,\n", "t.csv, line 3: expected 2 cells, as in line 1, found 3.")]
    [InlineData("a,b,c\n1,2\n3,4\n", "t.csv, line 2: expected 3 cells, as in line 1, found 2.")]
    [InlineData("a,b,a\n1,2,3\n", "t.csv, line 1, column 3: expected different names of columns, found \"a\" twice.")]
    [InlineData("a,b\n1,\"2\n3,4\n", "t.csv, line 2, column 2: expected a quote that closes the one here, found the end of the file.")]
    [InlineData("a,b\n\"1\n\"x,2\n", "t.csv, line 3, column 1: expected a separator or the end of the line after the closing quote, found \"x,2\\u000a\".")]
    [InlineData("a,b\n1,\0\n", "t.csv, line 2: expected text, found the control character 00.")]
    public void Wrong_tables_are_explained(string text, string message) => Assert.Equal(message, Error(() => Read(text)));

    [Fact]
    public void Text_that_is_not_UTF8_is_explained() => Assert.Equal("file, line 2: expected text in UTF-8, found the byte e9.",
        SampleFiles.Error((s, n) => Csv.Read(s, n), System.Text.Encoding.Latin1.GetBytes("a,b\né,1\n")));

    [Theory, InlineData(","), InlineData("1\r\n"), InlineData("\"\","), InlineData("\n"), InlineData("1,2\n"), InlineData("abcdefgh;")]
    public void Memory_is_bounded_by_the_size_of_the_file(string unit)
    {
        byte[] file = System.Text.Encoding.UTF8.GetBytes("9" + string.Concat(Enumerable.Repeat(unit, 2_000_000 / unit.Length)) + "9");
        using var stream = new MemoryStream(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try { Csv.Read(stream, "file"); }
        catch (DataFileException) { }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, file.Length, 16L * file.Length);
    }

    [Fact]
    public void Streams_that_cannot_seek_are_read()
    {
        byte[] zlib = SampleFiles.Written(stream =>
        {
            using var packing = new System.IO.Compression.ZLibStream(stream, System.IO.Compression.CompressionLevel.Fastest);
            packing.Write(SampleFiles.Gzip(SampleFiles.Csv));
        });
        using var stream = new System.IO.Compression.ZLibStream(new MemoryStream(zlib), System.IO.Compression.CompressionMode.Decompress);
        Assert.False(stream.CanSeek);
        var table = Csv.Read(stream, "t.csv");
        Assert.Equal((60, 3), (table.RowCount, table.Columns.Count));
    }

    [Fact]
    public void The_digits_are_read()
    {
        using var stream = System.Reflection.Assembly.Load("Adjoint.Learning").GetManifestResourceStream("digits.csv.gz")!;
        var table = Csv.Read(stream, "digits.csv.gz");
        Assert.Equal((false, 1797, 65), (table.HasHeader, table.RowCount, table.Columns.Count));
        Assert.Null(table.ClassNames);
        Assert.Equal((0, 16), (table.ToTensor(table.Columns.Take(64).ToArray()).ToArray<double>().Min(), table.ToTensor(table.Columns.Take(64).ToArray()).ToArray<double>().Max()));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], table["65"].Categories().Names);
    }

    [Theory]
    [InlineData("iris.csv", 150, 5, "setosa", 50)]
    [InlineData("wine_data.csv", 178, 14, "class_0", 59)]
    [InlineData("breast_cancer.csv", 569, 31, "malignant", 212)]
    public void The_tables_of_classes_are_read(string file, int rows, int columns, string first, int count)
    {
        Assert.SkipUnless(Shared.Find("data/" + file) is not null, $"{file} is not here: shared/data is not beside the project.");
        var table = Csv.Read(Shared.Find("data/" + file)!);
        var classes = table.Columns[^1].Categories();
        Assert.Equal([rows, columns], table.ToTensor().Shape);
        Assert.Equal((first, count), (classes.Names[0], classes.Codes.Count(c => c == 0)));
    }
}
