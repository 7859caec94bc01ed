using Urllib4.TestKit;

namespace Urllib4.Tests;

/// <summary>What tests share that send whole requests over peers in memory, in both modes.</summary>
public abstract class MemoryTests : ModeTests
{
    /// <summary>A good response with a body of two bytes.</summary>
    protected const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Ends a test that hangs; no test passes because of it.</summary>
    protected static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>A dialer that leads to one connection, on which each request gets the next response.</summary>
    protected static MemoryDialer Answering(params string[] responses)
    {
        var dialogue = new Dialogue();
        foreach (string response in responses)
            dialogue.ExpectRequest().Send(response);
        return new MemoryDialer(dialogue);
    }

    /// <summary>Options that lead to the peers of a dialer, on its clock.</summary>
    protected static PoolOptions Over(MemoryDialer dialer) => new() { Dialer = dialer, Clock = dialer.Time, Retries = Retry.None };

    /// <summary>Sends a request in a mode.</summary>
    protected static Task<UrllibResponse> Send(
        Mode mode, IRequestMethods client, string method, string url, RequestOptions? options = null, CancellationToken token = default) =>
        Call(mode, () => client.Request(method, url, options, token), () => client.RequestAsync(method, url, options, token))
            .WaitAsync(Patience, CancellationToken.None);

    /// <summary>Reads from a stream in a mode.</summary>
    protected static Task<int> Read(Mode mode, Stream stream, byte[] buffer) => Call(
        mode, () => stream.Read(buffer.AsSpan()), () => stream.ReadAsync(buffer.AsMemory()).AsTask())
        .WaitAsync(Patience, CancellationToken.None);

    /// <summary>Writes to a stream in a mode.</summary>
    protected static Task Write(Mode mode, Stream stream, byte[] data) => Call(
        mode, () => stream.Write(data.AsSpan()), () => stream.WriteAsync(data.AsMemory()).AsTask())
        .WaitAsync(Patience, CancellationToken.None);

    /// <summary>Asserts that the clients kept to every dialogue.</summary>
    protected static void Verify(MemoryDialer dialer)
    {
        foreach (ScriptedPeer peer in dialer.Peers)
            peer.AssertFinished();
    }
}
