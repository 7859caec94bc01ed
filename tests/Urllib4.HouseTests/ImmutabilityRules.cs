using System.Collections.Frozen;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Urllib4.HouseTests;

/// <summary>
/// What makes a type immutable for those who hold a value of it. Of its state: every field is written by constructors and
/// initialisers only. Of its surface: no property can be set afterwards, and what a property gives out is immutable in turn.
/// </summary>
/// <remarks>
/// Immutable by themselves are numbers, text and moments, delegates, and the platform's read-only, immutable and frozen collections of
/// immutable things. A contract (an abstract class or an interface of the library, a <see cref="TimeProvider"/>, an <see cref="Encoding"/>)
/// is behaviour, as a delegate is, and what it keeps is its own affair. Private fields are not followed: nobody outside reaches them.
/// A read-only interface says only that the holder cannot change what is behind it; a record that takes one copies what it is given,
/// and its own test shows that.
/// </remarks>
internal static class ImmutabilityRules
{
    private static readonly FrozenSet<Type> Plain = new[]
    {
        typeof(string), typeof(decimal), typeof(TimeSpan), typeof(DateTimeOffset), typeof(DateTime), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Type), typeof(IPAddress), typeof(IPEndPoint), typeof(DnsEndPoint), typeof(EndPoint),
        typeof(X509Certificate2), typeof(Encoding), typeof(TimeProvider), typeof(Exception), typeof(System.Net.Security.SslApplicationProtocol),
        typeof(System.Net.Security.CipherSuitesPolicy), typeof(System.Net.Security.SslStreamCertificateContext), typeof(Half), typeof(Int128), typeof(UInt128), typeof(IPNetwork),
        typeof(Url), // what it writes later is only what its text has said all along
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> ReadOnly = new[]
    {
        typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyDictionary<,>), typeof(IReadOnlySet<>), typeof(ReadOnlyMemory<>),
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(IComparer<>), typeof(IEqualityComparer<>),
        typeof(FrozenSet<>), typeof(FrozenDictionary<,>),
        typeof(IProgress<>), // behaviour, as a delegate is
    }.ToFrozenSet();

    /// <summary>Whether a type is a record, class or struct: the compiler gives each a way to print its members.</summary>
    public static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            ?.IsDefined(typeof(CompilerGeneratedAttribute)) is true;

    /// <summary>What makes a type mutable: the member, a colon, and the reason; nothing when it is immutable.</summary>
    public static IEnumerable<string> Violations(Type type) => Violations(type, []);

    private static IEnumerable<string> Violations(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            yield break;
        for (Type? at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            foreach (FieldInfo field in at.GetFields(Members).Where(f => !f.IsInitOnly && !BelongsToInit(at, f) && !IsSeal(f)))
                yield return $"{Name(type)}.{field.Name}: the field can be written";
            foreach (PropertyInfo property in at.GetProperties(Members).Where(static p => p.GetMethod is not { IsPrivate: true }))
            {
                if (property.SetMethod is { } set && !IsInit(set))
                    yield return $"{Name(type)}.{property.Name}: can be set";
                if (property.Name != "EqualityContract" && !IsImmutable(property.PropertyType, seen))
                    yield return $"{Name(type)}.{property.Name}: {Name(property.PropertyType)} is mutable";
            }
        }
    }

    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static bool IsImmutable(Type type, HashSet<Type> seen)
    {
        if (type.IsPrimitive || type.IsEnum || Plain.Contains(type) || typeof(Delegate).IsAssignableFrom(type))
            return true;
        if (type.IsGenericType && (ReadOnly.Contains(type.GetGenericTypeDefinition()) || type.Namespace == "System.Collections.Immutable"))
            return type.GetGenericArguments().All(a => IsImmutable(a, seen));
        if (IsTuple(type))
            return type.GetGenericArguments().All(a => IsImmutable(a, seen));
        bool ours = type.Namespace?.StartsWith("Urllib4", StringComparison.Ordinal) is true;
        return ours && (type.IsAbstract || type.IsInterface || !Violations(type, seen).Any());
    }

    private static bool IsTuple(Type type) => type is { IsGenericType: true, IsValueType: true } && typeof(ITuple).IsAssignableFrom(type);

    // The field behind an init property is not marked in metadata, but only its property's initialiser reaches it.
    private static bool BelongsToInit(Type type, FieldInfo field) =>
        field.Name is ['<', ..] && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
        && type.GetProperty(field.Name[1..field.Name.IndexOf('>')], Members)?.SetMethod is { } set && IsInit(set);

    // It only closes: after it no collection of the options can be written.
    private static bool IsSeal(FieldInfo field) => field.DeclaringType == typeof(OptionsRecord) && field.Name == "_isSealed";

    private static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
