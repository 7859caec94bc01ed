using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Tests.Managers;

/// <summary>A one-host pool whose connections lead to streams in memory, on a clock that stands still.</summary>
internal sealed class CallRig : ModeTests, IConnectionFactory, IDisposable
{
    /// <summary>Real time after which a broken test ends; nothing passes because of it.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private readonly Func<Stream> _dial;
    private readonly ConnectionPool _core;
    private readonly TimeSpan _dialTime;

    /// <param name="dial">Gives the stream of a new connection, or throws what dialing ends in.</param>
    /// <param name="clock">The clock of everything; one of its own when left out.</param>
    /// <param name="options">What holds for every request.</param>
    /// <param name="dialTime">How far the clock moves in each phase of a dial.</param>
    public CallRig(Func<Stream> dial, VirtualTime? clock = null, PoolOptions? options = null, TimeSpan dialTime = default)
    {
        Clock = clock ?? new VirtualTime();
        _dial = dial;
        _dialTime = dialTime;
        // Without the headers of ours, whose length is not the same everywhere, the bytes of a request can be counted.
        var headers = new HttpHeaderDict { ["User-Agent"] = HttpHeaderDict.SkipHeader, ["Accept-Encoding"] = HttpHeaderDict.SkipHeader };
        PoolOptions own = (options ?? PoolOptions.Default) with { Clock = Clock, Headers = headers };
        _core = new ConnectionPool(new PoolKey("http", "example.com", 80, own), own, this);
        Pool = new HttpConnectionPool(_core, own);
    }

    public VirtualTime Clock { get; }

    public HttpConnectionPool Pool { get; }

    public PoolCounts Counts => _core.Counts;

    /// <summary>A rig over peers that follow dialogues, one a connection; the clock of each is the clock of the rig.</summary>
    public static CallRig Over(PoolOptions? options, params Dialogue[] dialogues)
    {
        var clock = new VirtualTime();
        var peers = new Queue<Dialogue>(dialogues);
        return new CallRig(() => new ScriptedPeer(peers.Dequeue(), clock).ClientEnd, clock, options);
    }

    public Task<UrllibResponse> Send(
        Mode mode, string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Call(
            mode,
            () => Pool.Request(method, url, options, cancellationToken),
            () => Pool.RequestAsync(method, url, options, cancellationToken)).WaitAsync(Guard, CancellationToken.None);

    /// <summary>Reads a body that was left on its way, part by part, to its end.</summary>
    public static Task<string> ReadParts(Mode mode, UrllibResponse response, CancellationToken cancellationToken = default) => Call(
        mode,
        () => string.Concat(response.Stream(7).Select(Text)),
        async () =>
        {
            string text = "";
            await foreach (ReadOnlyMemory<byte> part in response.StreamAsync(7, cancellationToken))
                text += Text(part);
            return text;
        });

    /// <summary>The number of the connection differs from run to run.</summary>
    public static string Anonymous(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"#\d+", "#N");

    ValueTask<HttpConnection> IConnectionFactory.Open(bool isBlocking, ConnectTerms terms)
    {
        foreach (HttpPhase phase in new[] { HttpPhase.Resolve, HttpPhase.Connect })
        {
            terms.Recorder?.Enter(phase);
            Clock.Advance(_dialTime);
        }

        var wire = new Wire(_dial(), Clock, isBlocking, "example.com");
        var identity = new HttpConnectionInfo { Id = HttpConnection.NextId() };
        return new ValueTask<HttpConnection>(new Http1Connection(wire, identity, HttpLimits.Default, Clock, isBlocking));
    }

    public void Dispose() => Pool.Dispose();

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes.Span);
}
