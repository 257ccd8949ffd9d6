using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Tests;

/// <summary>The public interface of an assembly as text: what users can name, one member a line.</summary>
static class PublicApi
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<Type, string> keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    /// <summary>The types that users can name.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) =>
        assembly.GetExportedTypes().Where(t => !t.FullName!.Contains('<', StringComparison.Ordinal)).OrderBy(t => t.FullName, StringComparer.Ordinal);

    /// <summary>The members of a type that somebody wrote and users can name. What overrides an inherited member brings nothing new.</summary>
    public static IEnumerable<MemberInfo> Members(Type type) =>
        type.IsSubclassOf(typeof(Delegate)) ? [] : type.GetMembers(Declared).Where(m => IsPublic(m) && !IsGenerated(m) && !IsOverride(m));

    /// <summary>The text of an assembly.</summary>
    public static string Print(Assembly assembly)
    {
        var text = new System.Text.StringBuilder();
        foreach (var type in Types(assembly))
        {
            text.Append(Head(type)).Append('\n');
            foreach (string line in Members(type).Select(Line).Order(StringComparer.Ordinal)) text.Append("    ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    static bool IsPublic(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(true).Any(IsPublic),
        EventInfo @event => IsPublic(@event.AddMethod!),
        _ => false,
    };

    static bool IsOverride(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetBaseDefinition() != method,
        PropertyInfo property => IsOverride(property.GetAccessors(true)[0]),
        _ => false,
    };

    static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), false) || member.Name.Contains('<', StringComparison.Ordinal)
        || (member is MethodInfo { IsSpecialName: true } method && !method.Name.StartsWith("op_", StringComparison.Ordinal) && !IsExtensionAccessor(method))
        || (member is PropertyInfo property && property.GetAccessors(true).Any(a => a.Name.EndsWith("EqualityContract", StringComparison.Ordinal)));

    // extension properties exist in metadata as static accessors without a property
    static bool IsExtensionAccessor(MethodInfo method) =>
        method.IsStatic && method.Name is ['g' or 's', 'e', 't', '_', ..] && method.DeclaringType!.GetProperty(method.Name[4..], Declared) is null;

    static string Head(Type type)
    {
        var invoke = type.IsSubclassOf(typeof(Delegate)) ? type.GetMethod("Invoke") : null;
        if (invoke is not null) return $"delegate {Name(invoke.ReturnType)} {Name(type)}({Parameters(invoke)})";
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var above = type.GetInterfaces().Except(inherited).Except(type.GetInterfaces().SelectMany(i => i.GetInterfaces())).Select(Name).Order(StringComparer.Ordinal);
        if (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum)) above = above.Prepend(Name(b)).Order(StringComparer.Ordinal);
        string bases = type.IsEnum ? "" : string.Join(", ", above);
        return $"{kind} {Name(type)}{(bases.Length > 0 ? " : " + bases : "")}";
    }

    static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo c => $"{Access(c)}new({Parameters(c)})",
        MethodInfo m => $"{Access(m)}{Annotated(m.ReturnParameter)} {m.Name}{Generics(m)}({Parameters(m)})",
        FieldInfo f => (f.IsLiteral ? "const " : f.IsStatic ? "static " : "") + Annotated(f.FieldType, new NullabilityInfoContext().Create(f)) + " " + f.Name,
        PropertyInfo p => Access(p.GetAccessors(true).First(IsPublic)) + Annotated(p.PropertyType, new NullabilityInfoContext().Create(p)) + " "
            + (p.GetIndexParameters() is [_, ..] index ? $"this[{string.Join(", ", index.Select(Annotated))}]" : p.Name)
            + " {" + string.Concat(p.GetAccessors(true).Where(IsPublic).Select(a => a.ReturnType == typeof(void) ? IsInit(a) ? " init;" : " set;" : " get;")) + " }",
        _ => member.ToString()!,
    };

    static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    static string Access(MethodBase m) => (m.IsPublic ? "" : "protected ") + (m.IsStatic ? m.IsAbstract ? "static abstract " : "static " : m.IsAbstract && !m.DeclaringType!.IsInterface ? "abstract " : "");

    static string Generics(MethodInfo m) => m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(t => t.Name))}>" : "";

    static string Parameters(MethodBase m) =>
        (m.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "") + string.Join(", ", m.GetParameters().Select(p => Annotated(p) + " " + p.Name + Default(p)));

    static string Default(ParameterInfo p) => !p.HasDefaultValue ? ""
        : " = " + (p.DefaultValue is null ? "default" : p.ParameterType.IsEnum ? Enum.ToObject(p.ParameterType, p.DefaultValue).ToString()
            : System.Convert.ToString(p.DefaultValue, System.Globalization.CultureInfo.InvariantCulture));

    static string Annotated(ParameterInfo p)
    {
        string prefix = p.IsDefined(typeof(ParamArrayAttribute), false) || p.IsDefined(typeof(ParamCollectionAttribute), false) ? "params "
            : p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "";
        return prefix + Annotated(p.ParameterType, new NullabilityInfoContext().Create(p));
    }

    static string Annotated(Type type, NullabilityInfo info)
    {
        if (type.IsByRef) type = type.GetElementType()!;
        string mark = info.ReadState == NullabilityState.Nullable && type is { IsValueType: false, IsGenericParameter: false } ? "?" : "";
        if (type.IsArray && info.ElementType is { } element) return Annotated(type.GetElementType()!, element) + $"[{new string(',', type.GetArrayRank() - 1)}]" + mark;
        return (info.GenericTypeArguments is { Length: > 0 } arguments && type.IsGenericType && Nullable.GetUnderlyingType(type) is null
            ? Generic(type, [.. type.GetGenericArguments().Zip(arguments, Annotated)]) : Name(type)) + mark;
    }

    static string Name(Type type) => keywords.TryGetValue(type, out string? keyword) ? keyword
        : type.IsArray ? Name(type.GetElementType()!) + $"[{new string(',', type.GetArrayRank() - 1)}]"
        : Nullable.GetUnderlyingType(type) is { } inner ? Name(inner) + "?"
        : type.IsGenericType ? Generic(type, [.. type.GetGenericArguments().Select(Name)])
        : type is { IsNested: true, IsGenericParameter: false } ? Name(type.DeclaringType!) + "." + type.Name : type.Name;

    static string Generic(Type type, string[] arguments)
    {
        if (type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)) return $"({string.Join(", ", arguments)})";
        string name = type.Name.Split('`')[0];
        return type.Name.Contains('`', StringComparison.Ordinal) ? $"{name}<{string.Join(", ", arguments)}>" : name;
    }
}
