using System.Text.Json.Serialization;

namespace Urllib4.Har;

// It is one thing: the objects of HAR 1.2, in the order and with the names of the specification.

internal sealed record HarFile(HarLog Log);

internal sealed record HarLog(string Version, HarCreator Creator, IReadOnlyList<HarItem> Entries);

internal sealed record HarCreator(string Name, string Version);

internal sealed record HarItem
{
    public required DateTimeOffset StartedDateTime { get; init; }

    public required double Time { get; init; }

    public required HarRequest Request { get; init; }

    public required HarResponse Response { get; init; }

    public HarCache Cache { get; } = new();

    public required HarTimings Timings { get; init; }

    [JsonPropertyName("serverIPAddress")]
    public string? ServerAddress { get; init; }

    public string? Connection { get; init; }

    public string? Comment { get; init; }

    [JsonPropertyName("_call")]
    public required long Call { get; init; }

    [JsonPropertyName("_attempt")]
    public required int Attempt { get; init; }

    [JsonPropertyName("_cause")]
    public required string Cause { get; init; }

    [JsonPropertyName("_error")]
    public string? Error { get; init; }
}

/// <summary>What a cache did: nothing, since there is none.</summary>
internal sealed record HarCache;

internal sealed record HarRequest
{
    public required string Method { get; init; }

    public required string Url { get; init; }

    public required string HttpVersion { get; init; }

    public required IReadOnlyList<HarCookie> Cookies { get; init; }

    public required IReadOnlyList<HarPair> Headers { get; init; }

    public required IReadOnlyList<HarPair> QueryString { get; init; }

    public HarPostData? PostData { get; init; }

    public required long HeadersSize { get; init; }

    public required long BodySize { get; init; }
}

internal sealed record HarResponse
{
    public required int Status { get; init; }

    public required string StatusText { get; init; }

    public required string HttpVersion { get; init; }

    public required IReadOnlyList<HarCookie> Cookies { get; init; }

    public required IReadOnlyList<HarPair> Headers { get; init; }

    public required HarContent Content { get; init; }

    [JsonPropertyName("redirectURL")]
    public required string RedirectUrl { get; init; }

    public required long HeadersSize { get; init; }

    public required long BodySize { get; init; }
}

internal sealed record HarPair(string Name, string Value);

internal sealed record HarCookie(string Name, string Value)
{
    public string? Path { get; init; }

    public string? Domain { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public bool? HttpOnly { get; init; }

    public bool? Secure { get; init; }
}

internal sealed record HarPostData(string MimeType)
{
    public IReadOnlyList<HarPair>? Params { get; init; }

    public string? Text { get; init; }

    // HAR 1.2 has no place for the coding of what was posted, but for names of one's own, which begin with an underscore.
    [JsonPropertyName("_encoding")]
    public string? Encoding { get; init; }

    public string? Comment { get; init; }
}

internal sealed record HarContent(long Size, string MimeType)
{
    public string? Text { get; init; }

    public string? Encoding { get; init; }

    public string? Comment { get; init; }
}

/// <summary>Milliseconds; -1 for what did not happen.</summary>
internal sealed record HarTimings(double Blocked, double Dns, double Connect, double Send, double Wait, double Receive, double Ssl)
{
    // The time of TLS is part of that of the connection.
    [JsonIgnore]
    public double Sum => Math.Max(0, Blocked) + Math.Max(0, Dns) + Math.Max(0, Connect) + Send + Wait + Receive;
}

[JsonSerializable(typeof(HarFile))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
internal sealed partial class HarJson : JsonSerializerContext;
