namespace Urllib4.Protocol;

/// <summary>What a checked response head means for the body and the connection, whichever version of HTTP it came in.</summary>
/// <param name="Version">The version the server answered in.</param>
/// <param name="Status">The status code, 100 to 999.</param>
/// <param name="ContentLength">The announced length; null for none.</param>
/// <param name="IsChunked">Whether <c>Transfer-Encoding: chunked</c> was announced; HTTP/1.1 only.</param>
/// <param name="KeepAlive">Whether the server is willing to take another request on this connection.</param>
internal readonly record struct ResponseTerms(Version Version, int Status, long? ContentLength, bool IsChunked, bool KeepAlive)
{
    /// <summary>How many header lines were left out, since they had no name.</summary>
    public int DroppedLines { get; init; }
}
