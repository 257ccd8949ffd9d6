using Xunit;

namespace Adjoint.Tests;

/// <summary>The arrows between the folders of src/Adjoint go up only, but for the knots declared here.</summary>
public sealed class LayeringTests
{
    /// <summary>Each room may use those before it.</summary>
    static readonly string[] order = ["Tensors", "Trees", "Operations", "Vocabulary", "Programs", "Transforms", "ControlFlow", "Derivatives", "Compilation"];

    /// <summary>Stands beside the others behind <see cref="IExecutor"/>: it uses what programs consist of, and nobody uses it.</summary>
    const string Engine = "Engine";

    /// <summary>The highest room that the engine may use.</summary>
    const string BelowEngine = "ControlFlow";

    /// <summary>The uses that go down, each with its reason. <c>*</c> is every file of a room.</summary>
    static readonly (string File, string To, string Reason)[] knots =
    [
        ("src/Adjoint/Tensors/Equation.cs", "Operations", "an equation is an operation applied to tensors"),
        ("src/Adjoint/Tensors/Tensor.cs", "Operations", "a variable is an alias; inputs and conversions decide what is symbolic and weak"),
        ("src/Adjoint/Tensors/Tensor.cs", "Trees", "a tensor is the smallest tree"),
        ("src/Adjoint/Tensors/Tensor.cs", "Vocabulary", "C# wants operators and conversions declared in the type"),
        ("src/Adjoint/Tensors/Tensor.cs", "Programs", "reading a tensor evaluates it"),
        ("src/Adjoint/Tensors/Equation.cs", "Programs", "a chain of unread equations without end is evaluated in pieces; the finite-value check asks for the user's line"),
        ("src/Adjoint/Trees/Trees.cs", "Vocabulary", "a tree of zeros is made of zeros"),
        ("src/Adjoint/Programs/Interpreter.cs", "Engine", "the engine is the executor that is chosen where nobody chooses"),
        ("src/Adjoint/Operations/*", "Vocabulary", "rules are written in the vocabulary, and the vocabulary builds operations"),
    ];

    static readonly Lazy<List<Reference>> references = new(Rooms.References);

    [Fact]
    public void Arrows_go_up()
    {
        var wrong = references.Value.Where(r => !Allowed(r.From, r.To) && Knot(r) < 0).ToArray();
        Assert.True(wrong.Length == 0, $"{wrong.Length} uses go down. Move the code, or declare the knot in {nameof(LayeringTests)} with its reason:\n"
            + string.Join('\n', wrong.Select(r => r.ToString()).Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_room_has_its_place()
    {
        var rooms = Repository.Sources(Rooms.Language).Select(Rooms.Of).Distinct();
        Assert.Empty(rooms.Except([.. order, Engine]));
    }

    [Fact]
    public void Every_declared_knot_exists()
    {
        var used = references.Value.Select(Knot).ToHashSet();
        Assert.Empty(knots.Where((_, i) => !used.Contains(i)).Select(k => $"{k.File} no longer uses {k.To}: remove the knot"));
    }

    /// <summary>The test would see a wrong arrow: it sees the right ones.</summary>
    [Theory]
    [InlineData("Derivatives", "Transforms")]
    [InlineData("ControlFlow", "Programs")]
    [InlineData("Vocabulary", "Operations")]
    [InlineData("Trees", "Tensors")]
    public void Arrows_are_seen(string from, string to)
    {
        Assert.Contains(references.Value, r => r.From == from && r.To == to);
        Assert.False(Allowed(to, from));
    }

    static bool Allowed(string from, string to) => to != Engine
        && Array.IndexOf(order, to) is var rank && rank >= 0
        && (from == Engine ? rank <= Array.IndexOf(order, BelowEngine) : rank < Array.IndexOf(order, from));

    static int Knot(Reference r) =>
        Array.FindIndex(knots, k => k.To == r.To && (k.File == r.File || (k.File.EndsWith('*') && r.File.StartsWith(k.File[..^1], StringComparison.Ordinal))));
}
