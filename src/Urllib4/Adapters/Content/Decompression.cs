using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Urllib4.Adapters;

/// <summary>What <see cref="DecompressionMethods"/> means for the headers of a request and of its response.</summary>
internal static class Decompression
{
    private static readonly (DecompressionMethods Method, string Name)[] _codings =
    [
        (DecompressionMethods.GZip, "gzip"), (DecompressionMethods.Deflate, "deflate"), (DecompressionMethods.Brotli, "br"),
    ];

    /// <summary>The codings to ask for besides those that the request asks for itself.</summary>
    public static IEnumerable<string> Missing(DecompressionMethods methods, HttpRequestHeaders headers)
    {
        foreach ((DecompressionMethods method, string name) in _codings)
        {
            if (methods.HasFlag(method) && !Asks(headers, name))
                yield return name;
        }
    }

    // With whatever weight: who asks for it has said what it is worth to him.
    private static bool Asks(HttpRequestHeaders headers, string coding) =>
        headers.AcceptEncoding.Any(asked => asked.Value.Equals(coding, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether every coding of a body is among the methods, and there is one.</summary>
    public static bool Covers(DecompressionMethods methods, HttpHeaderDict headers)
    {
        if (methods == DecompressionMethods.None || headers["Content-Encoding"] is not { } codings)
            return false;
        foreach (Range range in codings.AsSpan().Split(','))
        {
            if (!Covers(methods, codings.AsSpan()[range].Trim(" \t")))
                return false;
        }

        return true;
    }

    private static bool Covers(DecompressionMethods methods, ReadOnlySpan<char> coding)
    {
        foreach ((DecompressionMethods method, string name) in _codings)
        {
            if (methods.HasFlag(method) && coding.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
