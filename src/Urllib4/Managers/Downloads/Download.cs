using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// One download into a file: asks, keeps what comes, and asks for the rest when it is cut. Bytes are put behind others only under the same
/// strong entity tag and at the very place the server names; in any other case it begins anew (RFC 9110, sections 13.1.5 and 14). What is
/// missing from an answer counts as different.
/// </summary>
internal sealed class Download(
    IRequestMethods client, RequestUrl url, string path, DownloadOptions options, CancellationToken cancellationToken)
{
    private readonly PartialFile _part = PartialFile.Find(path, url.Text);
    private long _kept;
    private int _requests;

    public async ValueTask<DownloadResult> Run<TMode>()
        where TMode : struct, IWaitMode
    {
        _kept = _part.Length;
        int resumes = 0;
        while (true)
        {
            long before = _part.Length;
            try
            {
                if (await Ask<TMode>().ConfigureAwait(false))
                    break;
                resumes += _part.Length > before ? 1 : 0;
            }
            catch (HttpException e) when (IsCut(e) && _part.Validator is not null && resumes < options.MaxResumes)
            {
                resumes++;
            }
            catch
            {
                if (_part.Validator is null)
                    _part.Forget();
                throw;
            }

            _part.Measure();
            if (resumes > options.MaxResumes)
                throw new ProtocolException($"The server gave the file in more than {resumes} parts.", HttpPhase.Body);
        }

        _part.Measure();
        long length = _part.Length;
        _part.Finish();
        return new DownloadResult(length, _kept, _requests);
    }

    // The end of the call's own time is no cut: asking again would only take more of it.
    private static bool IsCut(HttpException e) => e is { Phase: HttpPhase.Body, IsTransient: true } and not TotalTimeoutException;

    // True when the file is complete.
    private async ValueTask<bool> Ask<TMode>()
        where TMode : struct, IWaitMode
    {
        _requests++;
        UrllibResponse response = await Send<TMode>(Request()).ConfigureAwait(false);
        try
        {
            long asked = _part.Length;
            if (response.Status == 200)
            {
                _part.Begin(response.Headers["ETag"], response.LengthRemaining, PlaceOf(response));
                _kept = 0;
                await Receive<TMode>(response, 0, _part.Complete).ConfigureAwait(false);
                return true;
            }

            if (asked == 0 || response.Status is not (206 or 416))
                throw new ResponseException($"The server answered {response.Status} {response.Reason}, which is no file.", response.Status);
            if (response.Status == 206 && Matching(response) is { } range)
                return await ReceiveRange<TMode>(response, range).ConfigureAwait(false);
            _part.Forget();
            _kept = 0;
            return false;
        }
        finally
        {
            await TMode.Dispose(response.AsStream()).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> ReceiveRange<TMode>(UrllibResponse response, ContentRange range)
        where TMode : struct, IWaitMode
    {
        _part.Learn(range.Complete);
        long received;
        try
        {
            received = await Receive<TMode>(response, range.First, range.Complete).ConfigureAwait(false);
        }
        catch (HttpException e) when (IsCut(e) && IsLongerThan(range))
        {
            received = _part.Length - range.First;
        }

        if (received == range.Length)
            return range.Last + 1 == range.Complete;
        _part.Forget();
        throw new ProtocolException(
            $"The server announced a range of {range.Length} bytes and sent {received} (RFC 9110, section 14.4).", HttpPhase.Body);
    }

    private bool IsLongerThan(ContentRange range)
    {
        _part.Measure();
        return _part.Length > range.Last + 1;
    }

    // The range, if it is what goes behind the bytes that are there: the same file, at the place where they end.
    private ContentRange? Matching(UrllibResponse response) =>
        ContentRange.Parse(response.Headers["Content-Range"]) is { } range
        && range.First == _part.Length
        && range.Complete == (_part.Complete ?? range.Complete)
        && (response.LengthRemaining ?? range.Length) == range.Length
        && response.Headers["ETag"] == _part.Validator
        && PlaceOf(response) == _part.Place
        && !IsMultipart(response)
            ? range
            : null;

    private static bool IsMultipart(UrllibResponse response) =>
        response.Headers["Content-Type"]?.StartsWith("multipart/byteranges", StringComparison.OrdinalIgnoreCase) == true;

    // A tag tells apart the versions of one resource in one coding (RFC 9110, section 8.8.3), and proves nothing about any other. The query
    // does not count: where a redirect leads to a store, it is a signature that is new each time.
    private static string PlaceOf(UrllibResponse response) => PartialFile.Digest(
        $"{response.Url.Origin}{response.Url.Path ?? "/"}\n{response.Headers[HeaderNames.ContentEncoding]}");

    private async ValueTask<long> Receive<TMode>(UrllibResponse response, long offset, long? total)
        where TMode : struct, IWaitMode
    {
        IProgress<TransferProgress>? progress = options.Progress is { } own ? new Shifted(own, offset, total) : null;
        FileStream file = UrllibResponse.OpenFile<TMode>(_part.DataPath, offset == 0 ? FileMode.Create : FileMode.Append);
        try
        {
            return await response.CopyInto<TMode>(file, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await TMode.Dispose(file).ConfigureAwait(false);
        }
    }

    // Coded content is not asked for: ranges count the bytes as they are sent, so the file has to be those bytes.
    private RequestOptions Request()
    {
        HttpHeaderDict headers = options.Request.Headers.Clone();
        headers[HeaderNames.AcceptEncoding] = "identity";
        headers.Remove("Range");
        headers.Remove("If-Range");
        if (_part.Length > 0)
        {
            headers["Range"] = $"bytes={_part.Length}-";
            headers["If-Range"] = _part.Validator;
        }

        return options.Request with { Headers = headers, PreloadContent = false, DecodeContent = false, KeepsIfRange = true };
    }

    private ValueTask<UrllibResponse> Send<TMode>(RequestOptions request)
        where TMode : struct, IWaitMode => TMode.Either(
            own => client.Get(url, own, cancellationToken),
            own => new ValueTask<UrllibResponse>(client.GetAsync(url, own, cancellationToken)),
            request);

    /// <summary>Counts from the beginning of the file, not of the response.</summary>
    private sealed class Shifted(IProgress<TransferProgress> inner, long offset, long? total) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => inner.Report(new TransferProgress(offset + value.Bytes, total));
    }
}
