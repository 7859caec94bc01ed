using System.Globalization;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// Writes what happens to a <see cref="TextWriter"/>, in the manner of <c>curl -v</c>: <c>*</c> for facts and timings, <c>&gt;</c> for the
/// head of a request, <c>&lt;</c> for the head of a response. Set an instance as <see cref="PoolOptions.Events"/>:
/// <c>new PoolOptions { Events = new WireLog(Console.Error) }</c>.
/// </summary>
/// <remarks>
/// <para>Each line begins with the number of its call and of the attempt in it, as in <c>[7-1] &gt; GET / HTTP/1.1</c>, since several calls
/// may write at once. A head is written in one piece.</para>
/// <para>No secret is written: of a URL neither user information nor query nor fragment, of headers the values of a short list that is
/// known to be harmless, of bodies nothing.</para>
/// <para>Safe to use from several threads at once. Each piece is flushed. A writer that fails, or was disposed, ends no call; what it did
/// not take is lost.</para>
/// </remarks>
public sealed class WireLog : HttpEvents
{
    private readonly Lock _gate = new(); // guards the writer
    private readonly TextWriter _output;

    /// <summary>Creates a log.</summary>
    /// <param name="output">Where to write; not disposed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public WireLog(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <inheritdoc/>
    public override void AttemptStarted(HttpAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        string cause = attempt.Cause == AttemptCause.Call ? "" : $" ({attempt.Cause})";
        Write(attempt, $"* {attempt.Method} {FactText.Of(attempt.Url)}{cause}");
    }

    /// <inheritdoc/>
    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) => Write(attempt, $"* {phase}");

    /// <inheritdoc/>
    public override void Resolved(HttpAttempt attempt, ResolvedName name) => Write(attempt, $"* {name}");

    /// <inheritdoc/>
    public override void Dialed(HttpAttempt attempt, DialedAddress address) => Write(attempt, $"* dialed {address}");

    /// <inheritdoc/>
    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var facts = new List<string> { $"* got a {connection}" };
        if (connection.Proxy is { } proxy)
            facts.Add($"* through {FactText.Of(proxy)}{(connection.ProxyTls is { } tls ? $", {Of(tls)}" : "")}");
        if (connection.Tls is { } own)
            facts.Add($"* {Of(own)}");
        Write(attempt, [.. facts]);
    }

    /// <inheritdoc/>
    public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        Write(attempt, [$"> {method} {Escaping.ShowUrl(target)} HTTP/1.1", .. Lines('>', headers)]);
    }

    /// <inheritdoc/>
    public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        string first = string.Create(CultureInfo.InvariantCulture, $"< HTTP/{version} {status} {Escaping.Show(reason)}");
        Write(attempt, [first.TrimEnd(), .. Lines('<', headers)]);
    }

    /// <inheritdoc/>
    public override void Failed(HttpAttempt attempt, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        // Of what is not ours only the type: nobody knows what its message holds.
        Write(attempt, $"* failed with {error.GetType().Name}{(error is HttpException own ? $": {own.Message}" : "")}");
    }

    /// <inheritdoc/>
    public override void Released(HttpAttempt attempt, HttpConnectionInfo connection) => Write(attempt, $"* let go of a {connection}");

    /// <inheritdoc/>
    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) =>
        Write(attempt, $"* goes on after {FactText.Of(pause)}: {reason}");

    /// <inheritdoc/>
    public override void ConnectionOpened(Url origin, HttpConnectionInfo connection) => Write("*", "opened", origin, connection);

    /// <inheritdoc/>
    public override void ConnectionClosed(Url origin, HttpConnectionInfo connection) => Write("*", "closed", origin, connection);

    private static IEnumerable<string> Lines(char mark, HttpHeaderDict headers)
    {
        foreach ((string name, string value) in headers)
            yield return $"{mark} {name}: {ShownHeaders.Value(name, value)}";
        yield return $"{mark}";
    }

    private static string Of(TlsConnectionInfo tls) =>
        $"TLS {tls.Version}, {tls.CipherSuite}, {(tls.ApplicationProtocol is { } alpn ? Escaping.Show(alpn) : "no ALPN")}, "
        + $"{Escaping.Show(tls.PeerCertificate.Subject)}, {(tls.IsVerified ? "verified" : "not verified")}";

    private void Write(HttpAttempt attempt, params ReadOnlySpan<string> lines)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var text = new StringBuilder();
        foreach (string line in lines)
            text.Append(CultureInfo.InvariantCulture, $"[{attempt.CallId}-{attempt.Number}] {line}").Append(_output.NewLine);
        Write(text);
    }

    // It belongs to no call.
    private void Write(string mark, string what, Url origin, HttpConnectionInfo connection)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(connection);
        Write(new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{mark} {what} connection #{connection.Id} to {FactText.Of(origin)}")
            .Append(_output.NewLine));
    }

    private void Write(StringBuilder text)
    {
        lock (_gate)
        {
            try
            {
                _output.Write(text);
                _output.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A log that cannot be written is no reason to end a call.
            }
        }
    }
}
