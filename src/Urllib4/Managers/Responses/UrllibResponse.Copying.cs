using System.Buffers;
using Urllib4.Waiting;

namespace Urllib4;

/// <content>The body into another stream, or a file.</content>
public sealed partial class UrllibResponse
{
    // Writing a file is a system call for each part, so larger parts are cheaper; between streams they only miss the cache.
    private const int FileChunkLength = 1024 * 1024;

    /// <summary>Copies what is left of the body into a stream, as it comes.</summary>
    /// <param name="destination">Where it goes; not flushed, not disposed.</param>
    /// <param name="progress">Told after each part how much of the body was received, and of how much. Default null.</param>
    /// <returns>How many bytes were written, after decoding.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public long CopyTo(Stream destination, IProgress<TransferProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return Blocking.Result(CopyParts<Blocking>(destination, ChunkLength, progress, CancellationToken.None));
    }

    /// <summary>Copies what is left of the body into a stream, as it comes.</summary>
    /// <param name="destination">Where it goes; not flushed, not disposed.</param>
    /// <param name="progress">Told after each part how much of the body was received, and of how much. Default null.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>How many bytes were written, after decoding.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)" path="/exception"/>
    public async ValueTask<long> CopyToAsync(
        Stream destination, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return await CopyParts<Asynchronous>(destination, ChunkLength, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes what is left of the body into a file, as it comes. After a failure the file holds what came until then. See
    /// <see cref="UrllibDownload"/> for downloads that go on where they were cut.
    /// </summary>
    /// <param name="path">The file; what is in it is replaced.</param>
    /// <param name="progress">Told after each part how much of the body was received, and of how much. Default null.</param>
    /// <returns>How many bytes were written, after decoding.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public long CopyTo(string path, IProgress<TransferProgress>? progress = null) =>
        Blocking.Result(CopyIntoFile<Blocking>(path, progress, CancellationToken.None));

    /// <summary>Writes what is left of the body into a file, as <see cref="CopyTo(string, IProgress{TransferProgress}?)"/>.</summary>
    /// <param name="path">The file; what is in it is replaced.</param>
    /// <param name="progress">Told after each part how much of the body was received, and of how much. Default null.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>How many bytes were written, after decoding.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)" path="/exception"/>
    public ValueTask<long> CopyToAsync(
        string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        CopyIntoFile<Asynchronous>(path, progress, cancellationToken);

    /// <summary>Copies what is left of the body into a file that is open.</summary>
    internal ValueTask<long> CopyInto<TMode>(FileStream file, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => CopyParts<TMode>(file, FileChunkLength, progress, cancellationToken);

    /// <summary>Opens a file that is written in large parts.</summary>
    internal static FileStream OpenFile<TMode>(string path, FileMode mode)
        where TMode : struct, IWaitMode => new(path, new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = TMode.IsBlocking ? FileOptions.None : FileOptions.Asynchronous,
        });

    private async ValueTask<long> CopyIntoFile<TMode>(
        string path, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        FileStream file = OpenFile<TMode>(path, FileMode.Create);
        try
        {
            return await CopyInto<TMode>(file, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await TMode.Dispose(file).ConfigureAwait(false);
        }
    }

    private async ValueTask<long> CopyParts<TMode>(
        Stream destination, int chunkLength, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(chunkLength);
        try
        {
            long copied = 0;
            while (await ReadSome<TMode>(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int count)
            {
                await TMode.Write(destination, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                copied += count;
                progress?.Report(_data is null
                    ? new TransferProgress(BytesReceived, AnnouncedLength)
                    : new TransferProgress(_dataRead, _data.Length));
            }

            return copied;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
