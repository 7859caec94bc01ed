using System.Buffers;
using System.Net;
using System.Net.Http;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>A body that is still on its way, as a content: read from the connection.</summary>
internal sealed class StreamedContent(UrllibResponse response) : ResponseContent
{
    private const int CopyLength = 64 * 1024;

    /// <summary>The message it belongs to, which gets the trailers.</summary>
    public HttpResponseMessage? Message { get; set; }

    public override ExchangeReport? Report => response.Report;

    public override HttpConnectionInfo Connection => response.Connection;

    public override async ValueTask<int> Read<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int count = await response.ReadSome<TMode>(buffer, cancellationToken).ConfigureAwait(false);
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
            int count = response.Read(buffer);
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
    /// A rest of the body that is there already is read away, so that the connection can be used again.
    /// </remarks>
    public override void GiveUp()
    {
        // Never fails, and ends soon by itself.
        _ = response.DisposeAsync().AsTask();
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

    // After a switch of protocols the content is the connection itself, to be read and written.
    protected override Stream Open() =>
        response.Status == (int)HttpStatusCode.SwitchingProtocols ? response.TakeOver() : base.Open();

    private void TakeTrailers()
    {
        if (Message is not { } message || response.Trailers is not { } trailers || message.TrailingHeaders.NonValidated.Count > 0)
            return;
        foreach ((string name, string value) in trailers)
            message.TrailingHeaders.TryAddWithoutValidation(name, value);
    }
}
