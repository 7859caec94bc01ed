using System.IO.Pipelines;
using System.Threading.Channels;
using Urllib4.Protocol.Hpack;
using Urllib4.Protocol.Http2;
using Urllib4.TestKit;
using Urllib4.Tests.Protocol.Http2;

namespace Urllib4.Tests.Connections.Http2;

/// <summary>A server of HTTP/2 in memory: a test reads what the client sent, frame by frame, and sends what it likes.</summary>
internal sealed class Http2Peer : Dialer
{
    private readonly Channel<Http2PeerConnection> _dialed = Channel.CreateUnbounded<Http2PeerConnection>();
    private int _dials;

    /// <summary>How often it was dialed.</summary>
    public int Dials => Volatile.Read(ref _dials);

    public VirtualTime Time { get; } = new();

    /// <summary>The next connection.</summary>
    public Task<Http2PeerConnection> Accept() => _dialed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public PoolManager Manager(PoolOptions? options = null) => new((options ?? new PoolOptions()) with
    {
        Dialer = this,
        Clock = Time,
        HttpVersions = HttpVersions.Http2,
    });

    public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _dials);
        var connection = new Http2PeerConnection();
        _dialed.Writer.TryWrite(connection);
        return connection.ClientEnd;
    }
}

/// <summary>One connection to the peer.</summary>
internal sealed class Http2PeerConnection
{
    private readonly Pipe _fromClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Queue<string> _frames = new();
    private readonly HpackDecoder _decoder = new();
    private bool _hasPreface;

    public Http2PeerConnection() => ClientEnd = new TwoWayStream(_toClient.Reader, _fromClient.Writer);

    public Stream ClientEnd { get; }

    /// <summary>The next frame of the client, described; those that are about the connection alone are passed over.</summary>
    public async Task<string> Next()
    {
        while (true)
        {
            string frame = await Any().WaitAsync(TimeSpan.FromSeconds(30));
            if (!frame.StartsWith("SETTINGS", StringComparison.Ordinal) && !frame.StartsWith("WINDOW_UPDATE", StringComparison.Ordinal)
                && frame != "PREFACE")
                return frame;
        }
    }

    public async Task Send(params byte[][] frames)
    {
        foreach (byte[] frame in frames)
            await _toClient.Writer.WriteAsync(frame);
    }

    /// <summary>Ends the connection, after what was sent.</summary>
    public void Close() => _toClient.Writer.Complete();

    private async Task<string> Any()
    {
        while (_frames.Count == 0)
        {
            ReadResult read = await _fromClient.Reader.ReadAsync();
            if (read is { IsCompleted: true, Buffer.IsEmpty: true })
                return "end";
            byte[] bytes = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
            int taken = Whole(bytes);
            foreach (string frame in Frames.Describe(bytes.AsSpan(0, taken), _decoder))
                _frames.Enqueue(frame);
            _fromClient.Reader.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.End);
        }

        return _frames.Dequeue();
    }

    private int Whole(byte[] bytes)
    {
        int at = 0;
        if (!_hasPreface)
        {
            if (bytes.Length < 24)
                return 0;
            at = 24;
            _hasPreface = true;
        }

        while (bytes.Length - at >= FrameHeader.Size)
        {
            int length = FrameHeader.Size + FrameHeader.Read(bytes.AsSpan(at)).Length;
            if (bytes.Length - at < length)
                break;
            at += length;
        }

        return at;
    }

    private sealed class TwoWayStream(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _in = reader.AsStream();
        private readonly Stream _out = writer.AsStream();

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _in.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _in.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => _out.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _out.WriteAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            reader.CancelPendingRead();
            writer.Complete();
            base.Dispose(disposing);
        }
    }
}
