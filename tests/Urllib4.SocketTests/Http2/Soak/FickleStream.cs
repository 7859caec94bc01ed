namespace Urllib4.SocketTests.Http2.Soak;

/// <summary>What a <see cref="FickleConnection"/> knows of a request.</summary>
internal sealed class FickleStream(int id, string name, bool isHeld, int send, int receive)
{
    public int Id => id;

    /// <summary>The id that the client has given the request.</summary>
    public string Name => name;

    /// <summary>Whether it is never answered, since its caller is going to give up.</summary>
    public bool IsHeld => isHeld;

    /// <summary>What may be sent before the client has read.</summary>
    public long SendRoom { get; set; } = send;

    /// <summary>What the client may send.</summary>
    public long ReceiveRoom { get; set; } = receive;

    public int Received { get; set; }

    public bool HasRequest { get; set; }

    /// <summary>Whether the head of the response has gone.</summary>
    public bool HasHead { get; set; }

    public byte[] Body { get; set; } = [];

    public int Sent { get; set; }

    /// <summary>Whether trailers end the response.</summary>
    public bool HasTrailers { get; set; }
}
