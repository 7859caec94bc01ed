using System.Text.Encodings.Web;
using System.Text.Json;

namespace Urllib4.Bodies;

/// <summary>How JSON is written when the caller does not say.</summary>
internal static class JsonDefaults
{
    public const string MediaType = "application/json";

    public const string Reflection = "Writing a type found at run time needs reflection; use the overload that takes a JsonTypeInfo.";

    // The relaxed encoder keeps letters outside ASCII, as urllib3 does; what it leaves unescaped is dangerous inside HTML only.
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
