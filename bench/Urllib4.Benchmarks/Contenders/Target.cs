using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>What is asked for, and of whom.</summary>
/// <param name="Work">The request.</param>
/// <param name="Port">The port of the server on this machine.</param>
/// <param name="File">The file that is written, or sent.</param>
internal sealed record Target(Workload Work, int Port, string File)
{
    /// <summary>What every client sends besides Host.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } =
        [new("User-Agent", "bench/1.0"), new("Accept", "*/*"), new("Accept-Encoding", Work.AcceptEncoding)];

    // By name over TLS, since sessions are resumed by name only.
    public string Host => string.Create(CultureInfo.InvariantCulture, $"{(Work.IsTls ? "localhost" : "127.0.0.1")}:{Port}");

    /// <summary>The port of the same server for HTTP/1.1 without TLS.</summary>
    public int Http1Port { get; init; } = Port;

    /// <summary>The same over HTTP/1.1.</summary>
    public Target OverHttp1 => this with { Work = Work with { Version = 1 }, Port = Work.IsTls ? Port : Http1Port };

    public string Url => $"{(Work.IsTls ? "https" : "http")}://{Host}{Work.Path}";
}
