using System.Text.Json.Serialization;

namespace Urllib4.Managers;

/// <summary>What a snapshot says as JSON: texts and numbers only, chosen one by one, so that nothing secret slips in with a new
/// member.</summary>
internal sealed record SnapshotJson(SnapshotJson.Pool[] Pools)
{
    public static SnapshotJson Of(IReadOnlyList<PoolSnapshot> pools) => new([.. pools.Select(Of)]);

    private static Pool Of(PoolSnapshot pool) => new(
        pool.Key.ToString(),
        pool.IsClosed,
        pool.IsRetired,
        pool.Dialing,
        pool.Waiting,
        pool.NumConnections,
        pool.NumRequests,
        [.. pool.Busy.Select(Of)],
        [.. pool.Idle.Select(Of)]);

    private static Connection Of(HttpConnectionInfo connection) => new(
        connection.Id,
        connection.Age.TotalSeconds,
        connection.RequestsServed,
        connection.BytesWritten,
        connection.BytesRead,
        connection.LocalEndPoint?.ToString(),
        connection.RemoteEndPoint?.ToString(),
        connection.Tls?.Version.ToString(),
        connection.Tls?.CipherSuite.ToString(),
        connection.Tls?.ApplicationProtocol);

    internal sealed record Pool(
        string Key,
        bool IsClosed,
        bool IsRetired,
        int Dialing,
        int Waiting,
        long NumConnections,
        long NumRequests,
        Connection[] Busy,
        Connection[] Idle);

    internal sealed record Connection(
        long Id,
        double AgeSeconds,
        int RequestsServed,
        long BytesWritten,
        long BytesRead,
        string? Local,
        string? Remote,
        string? TlsVersion,
        string? CipherSuite,
        string? ApplicationProtocol);
}

/// <summary>Made by the compiler, so that programs compiled ahead need no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SnapshotJson))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;
