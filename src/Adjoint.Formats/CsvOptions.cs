namespace Adjoint.Formats;

/// <summary>How a table is read; what is not set is detected.</summary>
public sealed record CsvOptions
{
    /// <summary>The byte between cells. Detected: comma, semicolon or tab, whichever splits the first lines alike into the most cells.</summary>
    public char? Separator { get; init; }

    /// <summary>
    /// Whether the first line names the columns. Detected: it does if none of its cells is a number or a mark of a missing value.
    /// </summary>
    public bool? Header { get; init; }

    /// <summary>
    /// Whether the first line holds the number of rows, the number of features and the names of the classes, whose indices stand in the last column:
    /// <c>150,4,setosa,versicolor,virginica</c>. Detected: it does if its second number is one less than the next line's number of cells, names
    /// follow, and that line ends with the index of one of them.
    /// </summary>
    public bool? Preamble { get; init; }
}
