using System.Diagnostics.CodeAnalysis;

namespace Urllib4;

/// <summary>How a download goes about it.</summary>
/// <remarks>Immutable, so one value can serve many downloads at once; derive another with <c>with</c>.</remarks>
public sealed record DownloadOptions : OptionsRecord
{
    /// <summary>The defaults.</summary>
    public static DownloadOptions Default { get; } = NewDefault();

    /// <summary>
    /// What each request is like: its headers, limits, retries. <c>Range</c>, <c>If-Range</c>, <c>Accept-Encoding</c>,
    /// <see cref="RequestOptions.PreloadContent"/> and <see cref="RequestOptions.DecodeContent"/> are the download's own. An initializer
    /// may also fill it in place. Default <see cref="RequestOptions.Default"/>.
    /// </summary>
    [AllowNull]
    public RequestOptions Request
    {
        get => field ?? (IsSealed ? RequestOptions.Default : field = new());
        init;
    }

    /// <summary>Told how much of the file is there, after each part and counted from its beginning. Default null.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }

    /// <summary>
    /// How often the rest is asked for at once when the body breaks off. Default 5. What is then still missing is asked for by the next
    /// call, so 0 leaves it all to the caller. Requests that get no response are a matter of <see cref="RequestOptions.Retries"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxResumes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxResumes));
            field = value;
        }
    } = 5;

    private protected override void SealCollections() => Request.Seal();

    private static DownloadOptions NewDefault()
    {
        var options = new DownloadOptions();
        options.Seal();
        return options;
    }
}

/// <summary>A file that was downloaded.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="BytesKept">How many of them were there from an earlier call and did not have to come again.</param>
/// <param name="Requests">How many requests it took.</param>
public sealed record DownloadResult(long Length, long BytesKept, int Requests);
