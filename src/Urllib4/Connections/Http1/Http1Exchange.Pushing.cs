using Urllib4.Bodies;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>Bodies that write themselves.</content>
internal sealed partial class Http1Exchange
{
    private async ValueTask PushBody<TMode>(PushedBody body, long? length)
        where TMode : struct, IWaitMode
    {
        _hasOpenedBody = true;
        var upload = new Upload(this, length);
        AwaitSource();
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
        AwaitNetwork();
        session.EndRequest(null, wire);
    }

    // The source takes its own time; the server cannot be blamed for it.
    private void AwaitSource() => Await(HttpPhase.Send, Timeout.InfiniteTimeSpan);

    private void AwaitNetwork() => Await(HttpPhase.Send, _terms.Timeout.Send);

    private sealed class Upload(Http1Exchange exchange, long? length) : UploadStream
    {
        private long _heardAt; // how much had been sent when the server was last listened to

        /// <summary>Whether the rest of the body is not wanted: the server answered early, or the connection broke.</summary>
        public bool IsStopped { get; private set; }

        protected override async ValueTask Send<TMode>(ReadOnlyMemory<byte> data)
        {
            exchange.AwaitNetwork();
            if (data.IsEmpty)
                await exchange.Flush<TMode>().ConfigureAwait(false);
            int most = PartLength<TMode>();
            for (; !data.IsEmpty && !IsStopped; data = data[Math.Min(data.Length, most)..])
            {
                IsStopped = !await exchange.SendPart<TMode>(data[..Math.Min(data.Length, most)], length).ConfigureAwait(false);
                if (!IsStopped)
                    await Listen<TMode>().ConfigureAwait(false);
            }

            IsStopped |= exchange._sendFailure is not null;
            if (IsStopped)
                throw new IOException("The server does not take the rest of the body.", exchange._sendFailure);
            exchange.AwaitSource();
        }

        private async ValueTask Listen<TMode>()
            where TMode : struct, IWaitMode
        {
            // A receive can be begun in the mode only in which it is going to be ended.
            if (TMode.IsBlocking != exchange._isBlocking || exchange._bodySent - _heardAt < PartLength<TMode>())
                return;
            _heardAt = exchange._bodySent;
            await exchange.Flush<TMode>().ConfigureAwait(false);
            IsStopped = await exchange.IsRefused<TMode>().ConfigureAwait(false);
        }
    }
}
