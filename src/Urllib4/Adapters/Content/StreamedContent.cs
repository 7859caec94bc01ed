using System.Buffers;
using System.Net;
using System.Net.Http;
using System.Text;
using Urllib4.Connections;
using Urllib4.Managers;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>A body that is still on its way, as a content: read from the connection.</summary>
internal sealed class StreamedContent : ResponseContent
{
    private const int CopyLength = 64 * 1024;

    private readonly ResponseBody _body;
    private readonly ConnectionFigures _stamp;
    private readonly HandlerSettings _settings;
    private HttpResponseMessage? _message;
    private HeaderTexts _texts;

#pragma warning disable CA2213 // it holds nothing between two reads
    private SpanMemory? _lent;
#pragma warning restore CA2213

    public StreamedContent(ResponseBody body, in ConnectionFigures stamp, HandlerSettings settings)
    {
        _body = body;
        _settings = settings;
        _stamp = stamp;
    }

    public override ExchangeReport? Report => _body.Report;

    public override HttpConnectionInfo Connection => _stamp.ToInfo();

    /// <summary>Says which message it belongs to, which gets the trailers, and how they are read.</summary>
    public void BelongTo(HttpResponseMessage message, HeaderTexts texts) => (_message, _texts) = (message, texts);

    public override async ValueTask<int> Read<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int count = _body.IsSwitched ? 0 : await _body.Read<TMode>(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0 && !buffer.IsEmpty)
                TakeTrailers();
            return count;
        }
        catch (Exception e) when (FailureMapping.OfBody(e, cancellationToken) is var mapped && mapped != e)
        {
            throw mapped;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            int count = _body.IsSwitched ? 0 : SpanMemory.Read(ref _lent, _body, buffer);
            if (count == 0 && !buffer.IsEmpty)
                TakeTrailers();
            return count;
        }
        catch (Exception e) when (FailureMapping.OfBody(e, CancellationToken.None) is var mapped && mapped != e)
        {
            throw mapped;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A rest of the body that comes soon is read away, so that the connection can be used again.
    /// </remarks>
    public override void GiveUp()
    {
        // Never fails, and ends soon by itself.
        _ = _body.Discard<Asynchronous>(_settings.MaxResponseDrainSize, _settings.ResponseDrainTimeout).AsTask();
    }

    protected override async ValueTask Copy<TMode>(Stream destination, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyLength);
        try
        {
            while (await Read<TMode>(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int count)
                await TMode.Write(destination, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // After a switch of protocols, or the CONNECT of a caller, the content is the connection itself, to be read and written.
    protected override Stream Open() =>
        _body.IsSwitched
            ? _body.TakeOver() ?? throw new InvalidOperationException("The connection was taken over or given up before.")
            : base.Open();

    private void TakeTrailers()
    {
        if (_message is not { } message || _body.Trailers is not { } trailers || message.TrailingHeaders.NonValidated.Count > 0)
            return;
        foreach ((string name, string value) in trailers)
            message.TrailingHeaders.TryAddWithoutValidation(name, _texts.Read(name, Encoding.Latin1.GetBytes(value)) ?? value);
    }
}
