using System.Net.Security;
using System.Text;

namespace Urllib4.TestKit;

/// <summary>
/// Leads every connection of a pool to a TLS server in memory, which answers each request with the same response. Safe to use from
/// several threads.
/// </summary>
/// <param name="handshakes">
/// The handshakes that the server does, each inside the one before; where there are several, a CONNECT stands between them.
/// </param>
/// <param name="response">What it answers.</param>
public sealed class MemoryTlsDialer(IReadOnlyList<SslServerAuthenticationOptions> handshakes, string response) : Dialer
{
    private int _connections;

    /// <summary>A server with one certificate.</summary>
    public MemoryTlsDialer(IssuedCertificate certificate, string response)
        : this([certificate.ServerOptions()], response)
    {
    }

    /// <summary>Whether a CONNECT in plain text comes before the first handshake.</summary>
    public bool BeginsWithTunnel { get; init; }

    /// <summary>How many connections were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _connections);
        var pair = new StreamPair();
        _ = Serve(pair.Server);
        return pair.Client;
    }

    // A client that goes away, or that refuses what it is shown, ends the conversation; what it thinks of it is for the test to say.
    private async Task Serve(Stream stream)
    {
        await Task.Yield();
        try
        {
            if (BeginsWithTunnel)
                await Answer(stream, "HTTP/1.1 200 Connection established\r\n\r\n");
            for (int i = 0; i < handshakes.Count; i++)
            {
                if (i > 0)
                    await Answer(stream, "HTTP/1.1 200 Connection established\r\n\r\n");
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(handshakes[i]);
                stream = secure;
            }

            while (await Answer(stream, response))
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    // Reads one head, byte by byte so that nothing of what follows is taken.
    private static async Task<bool> Answer(Stream stream, string answer)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return false;
            head.Append((char)one[0]);
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        return true;
    }
}
