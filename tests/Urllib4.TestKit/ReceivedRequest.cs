using System.Text;

namespace Urllib4.TestKit;

/// <summary>A request as a peer received it, to the letter.</summary>
public sealed class ReceivedRequest
{
    internal ReceivedRequest(string head, string method, string target, string version, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        Head = head;
        Method = method;
        Target = target;
        Version = version;
        Headers = headers;
    }

    /// <summary>The head as it came, the empty line at its end included.</summary>
    public string Head { get; }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The request target.</summary>
    public string Target { get; }

    /// <summary>The version, such as <c>HTTP/1.1</c>.</summary>
    public string Version { get; }

    /// <summary>The header lines in the order and spelling in which they came.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The body with its framing removed.</summary>
    public byte[] Body { get; internal set; } = [];

    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The sizes of the chunks of the body; empty when it was not chunked.</summary>
    public IReadOnlyList<int> Chunks { get; internal set; } = [];

    /// <summary>The trailers of a chunked body.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; internal set; } = [];

    /// <summary>Which connection of the peer it came on, from zero.</summary>
    public int Connection { get; internal set; }

    /// <summary>The value of the first header of a name, or null.</summary>
    public string? this[string name] => ValuesOf(name).FirstOrDefault();

    /// <summary>The values of every header of a name.</summary>
    public IEnumerable<string> ValuesOf(string name) =>
        Headers.Where(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Select(static h => h.Value);

    /// <inheritdoc/>
    public override string ToString() => Head + Text;
}
