namespace Adjoint;

/// <summary>
/// Makes a partial record a tree: generated code implements <see cref="ITree{TSelf}"/>. Its fields are all that it stores, positional parameters first.
/// Tensors, keys, trees, and arrays, lists, string dictionaries and tuples of them are walked; any other field is static, part of the structure.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class TreeAttribute : Attribute;

/// <summary>
/// Marks a field of a tree that is carried along but not learned, such as running statistics: its leaves, also those of trees inside it, have the role
/// <see cref="LeafRole.State"/>. Keys stay keys.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class StateAttribute : Attribute;

/// <summary>Marks a field of a tree as static, whatever its type: not walked, but part of the structure, compared with <see cref="object.Equals(object)"/>.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class StaticAttribute : Attribute;
