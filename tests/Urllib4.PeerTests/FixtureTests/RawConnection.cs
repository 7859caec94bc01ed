using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Urllib4.PeerTests.FixtureTests;

/// <summary>One connection without a client, to see what a server does with connections.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { ReceiveTimeout = 10_000 };
    private readonly NetworkStream _stream;

    public RawConnection(int port)
    {
        _client.Connect(IPAddress.Loopback, port);
        _stream = _client.GetStream();
    }

    /// <summary>Sends a GET and reads the response, whose length must be in its headers.</summary>
    /// <returns>Head and body.</returns>
    public string Get(string target)
    {
        _stream.Write(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var response = new StringBuilder();
        while (!response.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            response.Append((char)ReadByte());
        string length = response.ToString().Split("\r\n")
            .Single(static line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        for (int left = int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture); left > 0; left--)
            response.Append((char)ReadByte());
        return response.ToString();
    }

    /// <summary>Whether the server closes the connection without another byte.</summary>
    public bool IsClosedByServer() => _stream.ReadByte() < 0;

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private int ReadByte() => _stream.ReadByte() is var read and >= 0 ? read : throw new EndOfStreamException();
}
