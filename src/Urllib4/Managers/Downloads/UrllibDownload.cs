using Urllib4.Managers;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>Downloads into files that go on where they were cut.</summary>
/// <remarks>
/// <para>
/// Until it is complete the file is called <c>name.part</c>, beside a <c>name.part.etag</c> that says what it is a part of; then it takes
/// its name in one step, and replaces what had it. What breaks off is resumed, by the same call or by the next one for the same URL, with
/// <c>Range</c> and <c>If-Range</c> (RFC 9110, sections 13.1.5 and 14.2). That needs a strong entity tag: without one, or when the server
/// has another file by now, names another range or length, or sends the file from its beginning, the download begins anew. Two versions
/// of a file are never put together.
/// </para>
/// <para>The bytes are kept as the server sends them; a coding is not asked for. One download at a time may write to one path.</para>
/// </remarks>
public static class UrllibDownload
{
    /// <summary>Downloads a file, holding the calling thread.</summary>
    /// <param name="client">Who sends the requests.</param>
    /// <param name="url">What to get.</param>
    /// <param name="path">Where to put it; the directory has to exist.</param>
    /// <param name="options">How to go about it; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the download; what has come is kept for the next call where it can be resumed.</param>
    /// <returns>What it took.</returns>
    /// <exception cref="ResponseException">The server answered with something other than the file.</exception>
    /// <exception cref="HttpException">A request failed, or the body broke off once too often.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static DownloadResult ToFile(
        IRequestMethods client, RequestUrl url, string path, DownloadOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Result(Create(client, url, path, options, cancellationToken).Run<Blocking>());

    /// <summary>Downloads a file, as <see cref="ToFile"/> without holding a thread.</summary>
    /// <inheritdoc cref="ToFile"/>
    public static async Task<DownloadResult> ToFileAsync(
        IRequestMethods client, RequestUrl url, string path, DownloadOptions? options = null,
        CancellationToken cancellationToken = default) =>
        await Create(client, url, path, options, cancellationToken).Run<Asynchronous>().ConfigureAwait(false);

    private static Download Create(
        IRequestMethods client, RequestUrl url, string path, DownloadOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= DownloadOptions.Default;
        options.Seal();
        return new Download(client, url, path, options, cancellationToken);
    }
}
