using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Urllib4.HouseTests;

/// <summary>The public surface of an assembly as text: a type a paragraph, a member a line, in an order that does not change by itself.</summary>
internal static class PublicApiText
{
    private static readonly SymbolDisplayFormat Format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeMemberKeyword | SymbolDisplayKindOptions.IncludeTypeKeyword,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    /// <summary>The surface of the assembly in a file.</summary>
    public static string Of(string assemblyPath)
    {
        MetadataReference reference = MetadataReference.CreateFromFile(assemblyPath);
        var compilation = CSharpCompilation.Create("api", references: Platform.ReferencesWithoutLibrary.Append(reference));
        return Of((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!);
    }

    /// <summary>The surface of an assembly.</summary>
    public static string Of(IAssemblySymbol assembly)
    {
        var text = new StringBuilder();
        foreach (INamedTypeSymbol type in Types(assembly.GlobalNamespace).OrderBy(static t => t.ToDisplayString(), StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (string member in Members(type))
                text.Append("    ").Append(member).Append('\n');
            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol within) =>
        within.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(static m => m switch
        {
            INamedTypeSymbol type when IsVisible(type) => Types(type).Prepend(type),
            INamespaceSymbol space => Types(space),
            _ => [],
        });

    private static string Head(INamedTypeSymbol type)
    {
        string modifiers = (type.IsStatic, type.TypeKind) switch
        {
            (true, _) => "static ",
            (_, TypeKind.Class) when type.IsAbstract => "abstract ",
            (_, TypeKind.Class) when type.IsSealed => "sealed ",
            (_, TypeKind.Struct) when type.IsReadOnly => "readonly ",
            _ => "",
        };
        IEnumerable<INamedTypeSymbol> parents = type.TypeKind is TypeKind.Enum or TypeKind.Delegate ? [] : Parents(type);
        string[] names = [.. parents.Select(static p => p.ToDisplayString(Format.WithKindOptions(SymbolDisplayKindOptions.None)))];
        return $"{type.ContainingNamespace.ToDisplayString()}: {modifiers}{type.ToDisplayString(Format)}{(names.Length > 0 ? " : " : "")}{string.Join(", ", names)}";
    }

    private static IEnumerable<INamedTypeSymbol> Parents(INamedTypeSymbol type)
    {
        if (type.BaseType is { SpecialType: SpecialType.None } parent)
            yield return parent;
        foreach (INamedTypeSymbol contract in type.Interfaces.OrderBy(static i => i.Name, StringComparer.Ordinal))
            yield return contract;
    }

    private static IEnumerable<string> Members(INamedTypeSymbol type)
    {
        if (type is { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } invoke })
            return [invoke.ToDisplayString(Format)];
        IEnumerable<ISymbol> members = type.GetMembers().Where(m => m is not INamedTypeSymbol && IsVisible(m) && !IsPartOfAnother(m) && !IsGenerated(m));
        return members.Select(m => (Order: Order(m), Text: Line(m))).OrderBy(static m => m.Order).ThenBy(static m => m.Text, StringComparer.Ordinal).Select(static m => m.Text);
    }

    private static string Line(ISymbol member)
    {
        string access = member.DeclaredAccessibility is Accessibility.Public ? "" : "protected ";
        string text = member.ToDisplayString(Format);
        return access + (member is IPropertySymbol { SetMethod: { } set } && !IsVisible(set) ? text.Replace(" set; ", " ", StringComparison.Ordinal).Replace(" init; ", " ", StringComparison.Ordinal) : text);
    }

    private static int Order(ISymbol member) => member switch
    {
        IFieldSymbol => 0,
        IMethodSymbol { MethodKind: MethodKind.Constructor } => 1,
        IPropertySymbol => 2,
        IEventSymbol => 3,
        _ => 4,
    };

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public
        || (symbol.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal && symbol.ContainingType is not { IsSealed: true });

    private static bool IsPartOfAnother(ISymbol member) => member is IMethodSymbol { AssociatedSymbol: not null } or IMethodSymbol { MethodKind: MethodKind.StaticConstructor };

    // What the compiler writes for a record or a value goes without saying.
    private static bool IsGenerated(ISymbol member) =>
        member.IsImplicitlyDeclared || (member is IMethodSymbol && member.GetAttributes().Any(static a => a.AttributeClass?.Name == "CompilerGeneratedAttribute"));
}
