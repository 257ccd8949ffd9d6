using Microsoft.CodeAnalysis;

namespace Adjoint.Generators;

/// <summary>What can be wrong with a [Tree] record.</summary>
static class Rules
{
    public static readonly DiagnosticDescriptor NotPartial = Error("ADJ001", "A tree must be partial",
        "'{0}' is marked [Tree], so it must be partial: declare it as 'partial {1} {0}'");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Error("ADJ002", "What contains a tree must be partial",
        "'{0}' contains the tree '{1}', so it must be partial: declare it as 'partial {2} {0}'");

    public static readonly DiagnosticDescriptor NotRecord = Error("ADJ003", "A tree must be a record",
        "'{0}' is marked [Tree], but is a {1}; a tree must be a record or a record struct, because it is rebuilt with 'with'");

    public static readonly DiagnosticDescriptor Abstract = Error("ADJ004", "A tree must not be abstract",
        "'{0}' is marked [Tree], but is abstract; mark the records that derive from it, and hold them through an interface that derives from ITree");

    public static readonly DiagnosticDescriptor DerivedTree = Error("ADJ005", "A tree must not derive from a tree",
        "'{0}' derives from '{1}', which is a tree already; derive from an abstract record that is not a tree, or hold a '{1}' in a field");

    public static readonly DiagnosticDescriptor UnknownShape = Error("ADJ006", "A field that contains trees cannot be walked",
        "'{0}' has the type '{1}', which contains trees but cannot be walked; use an array, a list, a dictionary with string keys or a tuple, or mark it [Static]");

    public static readonly DiagnosticDescriptor HoldsTensors = Error("ADJ007", "A field holds tensors but is not a tree",
        "'{0}' has the type '{1}', which holds tensors but is not a tree; mark '{1}' as [Tree], or this field as [Static]");

    public static readonly DiagnosticDescriptor ReadOnly = Error("ADJ008", "A field of a tree cannot be rebuilt",
        "'{0}' contains tensors but cannot be set; give it an init accessor ('{{ get; init; }}'), or mark it [Static]");

    public static readonly DiagnosticDescriptor OpenParameter = Error("ADJ009", "A type parameter may be a tree",
        "'{0}' has the type '{1}', which may or may not be a tree; add 'where {1} : ITree<{1}>', or mark it [Static]");

    public static readonly DiagnosticDescriptor ByReference = Warning("ADJ010", "A static field compares by reference",
        "'{0}' is static, but two equal values of '{1}' count as different structures; use an array, a list or a record, or mark it [Static] to compare references");

    public static readonly DiagnosticDescriptor Inaccessible = Error("ADJ011", "A field of the base record cannot be reached",
        "'{0}' of the base '{1}' cannot be reached from the tree '{2}'; make it protected or public");

    public static readonly DiagnosticDescriptor NoState = Warning("ADJ012", "[State] has no effect",
        "'{0}' is marked [State], but is static; remove [State], which is for tensors and trees");

    public static readonly DiagnosticDescriptor FileLocal = Error("ADJ013", "A tree must not be local to a file",
        "'{0}' is local to its file, where generated code cannot reach it; remove 'file'");

    static DiagnosticDescriptor Error(string id, string title, string message) => new(id, title, message, "Adjoint.Trees", DiagnosticSeverity.Error, true);

    static DiagnosticDescriptor Warning(string id, string title, string message) => new(id, title, message, "Adjoint.Trees", DiagnosticSeverity.Warning, true);
}
