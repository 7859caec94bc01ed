using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>The floor: prebuilt bytes through a blocking socket, and the answer taken as it comes.</summary>
internal sealed class SocketContender : Contender
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[4096];

    public SocketContender(Target target)
    {
        var text = new StringBuilder($"GET {Target.Path} HTTP/1.1\r\nHost: {target.Host}\r\n");
        foreach ((string name, string value) in Target.Headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        _request = Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
        _socket.Connect(IPAddress.Loopback, target.Port);
    }

    public override byte[] Get()
    {
        _socket.Send(_request);
        ReadOnlySpan<byte> response = [];
        int bodyStart = 0;
        while (bodyStart < 4 || response.Length < bodyStart + Responder.Body.Length)
        {
            int received = _socket.Receive(_buffer.AsSpan(response.Length));
            response = _buffer.AsSpan(0, response.Length + received);
            if (received == 0)
                throw new EndOfStreamException();
            bodyStart = response.IndexOf("\r\n\r\n"u8) + "\r\n\r\n"u8.Length;
        }

        int status = response.StartsWith("HTTP/1.1 200"u8) ? 200 : 0;
        string? header = response[..bodyStart].IndexOf("Cache-Control: max-age=60\r\n"u8) > 0 ? "max-age=60" : null;
        return Checked(status, header, response[bodyStart..].ToArray());
    }

    public override ValueTask<byte[]> GetAsync() => throw new NotSupportedException();

    public override void Dispose() => _socket.Dispose();
}
