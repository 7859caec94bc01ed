using System.Buffers;
using Urllib4.Bodies;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http2;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>The request on its way. The body goes in parts, as large as the windows of the server and our own queue allow.</content>
internal sealed partial class Http2Exchange
{
    private const int PartLength = 64 * 1024;

    private bool _isOpened;
    private bool _isSent;
    private bool _isUploadStopped; // the server wants no more
    private bool _isUnprocessed;
    private bool _hasOpenedBody;
    private long _bodySent;
    private long _headStart; // where in all frames of the connection its own begin
    private long _bytesWritten;

    public override long BodyBytesSent => _bodySent;

    public override bool HasOpenedBody => _hasOpenedBody;

    public override ValueTask Send(bool isBlocking, RequestHead head, RequestBody? body) =>
        isBlocking ? SendAs<Blocking>(head, body) : SendAs<Asynchronous>(head, body);

    /// <summary>The server wants no more of the request. Under the gate.</summary>
    public void StopUpload()
    {
        _isUploadStopped = true;
        UnparkUpload();
    }

    private void StartSending()
    {
        _isOpened = _isSent = _isUploadStopped = _isUnprocessed = _hasOpenedBody = false;
        _bodySent = _bytesWritten = _headStart = 0;
    }

    private async ValueTask SendAs<TMode>(RequestHead head, RequestBody? body)
        where TMode : struct, IWaitMode
    {
        IsBlocking = TMode.IsBlocking;
        while (!TryOpen<TMode>(head))
            await Parked().ConfigureAwait(false);
        bool isComplete = Stream.IsRequestComplete;
        // A small body leaves together with its head.
        if (isComplete || body is null || Stream.AwaitsContinue || body.InMemory is null)
            _connection.Submit(TMode.IsBlocking);
        _connection.StartReading();
        if (!isComplete && body is not null && await MaySendBody<TMode>().ConfigureAwait(false))
            await SendBody<TMode>(body).ConfigureAwait(false);
        _isSent = Stream.IsRequestComplete;
    }

    // False when the server allows no other stream at this moment: then the caller waits.
    private bool TryOpen<TMode>(in RequestHead head)
        where TMode : struct, IWaitMode
    {
        lock (_connection.Gate)
        {
            ThrowIfStopped();
            ThrowIfExpired();
            Http2Session session = _connection.Session;
            if (_connection.HasEnded || session.IsClosing)
            {
                _isUnprocessed = true;
                throw _connection.HasEnded ? _connection.FailureFor(this) : new ConnectionClosedException(
                    "The server closes the connection and takes no more requests on it (RFC 9113, section 6.8).", HttpPhase.Send);
            }

            if (session.FreeStreams == 0)
            {
                Park<TMode>(HttpPhase.PoolWait, _terms.Timeout.Pool);
                _connection.AwaitStream(this);
                return false;
            }

            _headStart = _connection.Frames.Total;
            session.Open(Stream, head, _connection.Frames);
            _bytesWritten = _connection.Frames.Total - _headStart;
            _isOpened = true;
            _isSent = Stream.IsRequestComplete;
            return true;
        }
    }

    // Under the gate.
    private bool IsUnwanted => _failure is not null || _isUploadStopped || _connection.HasEnded || _connection.SendFailure is not null
        || _head is { Status: >= 300 };

    // Expect: 100-continue (RFC 9110, section 10.1.1): the body waits for a word of the server, but not for ever.
    private async ValueTask<bool> MaySendBody<TMode>()
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            lock (_connection.Gate)
            {
                ThrowIfStopped();
                if (IsUnwanted)
                    return false;
                if (!Stream.AwaitsContinue)
                    return true;
                if (_hasExpired && !_terms.Total.HasPassed)
                {
                    _hasExpired = false;
                    return true;
                }

                ThrowIfExpired();
                Park<TMode>(HttpPhase.Send, _terms.Timeout.Continue, isUpload: true);
            }

            await Parked().ConfigureAwait(false);
        }
    }

    private async ValueTask SendBody<TMode>(RequestBody body)
        where TMode : struct, IWaitMode
    {
        long? length = body.Length; // once: for a file it is a question to the system
        if (body.InMemory is { } bytes)
        {
            await SendPart<TMode>(bytes, length, isLast: true).ConfigureAwait(false);
            return;
        }

        _hasOpenedBody = true;
        if (body is PushedBody pushed)
        {
            await PushBody<TMode>(pushed, length).ConfigureAwait(false);
            return;
        }

        Stream source = body.Open();
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length ?? PartLength, 1, PartLength));
        try
        {
            int count;
            while ((count = await TMode.Read(source, buffer, _terms.CancellationToken).ConfigureAwait(false)) > 0)
            {
                if (!await SendPart<TMode>(buffer.AsMemory(0, count), length, isLast: false).ConfigureAwait(false))
                    return;
            }

            await EndBody<TMode>(body.GetTrailers()).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await TMode.Dispose(source).ConfigureAwait(false);
        }
    }

    private async ValueTask EndBody<TMode>(HttpHeaderDict? trailers)
        where TMode : struct, IWaitMode
    {
        if (trailers is not { Count: > 0 })
        {
            await SendPart<TMode>(default, _bodySent, isLast: true).ConfigureAwait(false);
            return;
        }

        lock (_connection.Gate)
        {
            ThrowIfStopped();
            if (IsUnwanted)
                return;
            _connection.Session.SendTrailers(Stream, trailers, _connection.Frames);
        }

        _connection.Submit(TMode.IsBlocking);
    }

    // False when the rest is not wanted.
    private async ValueTask<bool> SendPart<TMode>(ReadOnlyMemory<byte> data, long? length, bool isLast)
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            int sent = QueuePart<TMode>(data.Span, isLast, out bool isUnwanted);
            if (isUnwanted)
                return false;
            data = data[sent..];
            bool isDone = data.IsEmpty && (!isLast || Stream.IsRequestComplete);
            // While more can be queued, it leaves together.
            if (sent == 0 || isDone)
                _connection.Submit(TMode.IsBlocking);
            if (sent > 0)
                _terms.UploadProgress?.Report(new TransferProgress(_bodySent, length));
            if (isDone)
                return true;
            if (sent == 0)
                await Parked().ConfigureAwait(false);
        }
    }

    // Puts one frame into the queue. When there is no room, the caller has to wait.
    private int QueuePart<TMode>(ReadOnlySpan<byte> data, bool isLast, out bool isUnwanted)
        where TMode : struct, IWaitMode
    {
        lock (_connection.Gate)
        {
            ThrowIfStopped();
            ThrowIfExpired();
            isUnwanted = IsUnwanted;
            if (isUnwanted)
                return 0;
            FrameQueue frames = _connection.Frames;
            bool hasRoom = _connection.HasRoom;
            long before = frames.Total;
            int count = hasRoom ? _connection.Session.BeginData(Stream, data.Length, isLast, frames) : 0;
            data[..count].CopyTo(frames.GetSpan(count));
            frames.Advance(count);
            _bodySent += count;
            _bytesWritten += frames.Total - before;
            if (count > 0 || Stream.IsRequestComplete || (hasRoom && data.IsEmpty))
                return count;
            Park<TMode>(HttpPhase.Send, _terms.Timeout.Send, isUpload: true);
            if (!hasRoom)
                _connection.AwaitRoom(this);
            return 0;
        }
    }

    private async ValueTask PushBody<TMode>(PushedBody body, long? length)
        where TMode : struct, IWaitMode
    {
        var upload = new Upload(this, length);
        try
        {
            await body.WriteTo<TMode>(upload, _terms.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (upload.IsStopped)
        {
            // Its complaint that it may not write on is no failure: the server's answer is.
        }
        catch (Exception e) when (upload.Failure is { } own && own != e)
        {
            throw own;
        }
        finally
        {
            upload.End();
        }

        if (upload.IsStopped)
            return;
        if (upload.Failure is { } hidden)
            throw hidden;
        await EndBody<TMode>(null).ConfigureAwait(false);
    }

    private sealed class Upload(Http2Exchange exchange, long? length) : UploadStream
    {
        /// <summary>Whether the rest of the body is not wanted: the server answered early, or the connection broke.</summary>
        public bool IsStopped { get; private set; }

        protected override async ValueTask Send<TMode>(ReadOnlyMemory<byte> data)
        {
            if (data.IsEmpty)
            {
                exchange._connection.Submit(TMode.IsBlocking);
                return;
            }

            IsStopped = !await exchange.SendPart<TMode>(data, length, isLast: false).ConfigureAwait(false);
            if (IsStopped)
                throw new IOException("The server does not take the rest of the body.", exchange._connection.SendFailure);
        }
    }
}
