using Urllib4.Bodies;

namespace Urllib4;

/// <content>Bodies that are read from streams: a stream, a file, a factory.</content>
public abstract partial class RequestBody
{
    /// <summary>
    /// A body read from a stream, from where the stream stands now. A stream that can seek is brought back there for every attempt, and its
    /// length is announced; one that cannot is sent in chunks, and only once.
    /// </summary>
    /// <param name="stream">
    /// The stream. It stays the caller's: it is never disposed here, and must not be used while a request is under way.
    /// </param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <returns>
    /// The body, for one request at a time: opening it while another attempt reads it is an <see cref="InvalidRequestException"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read.</exception>
    /// <remarks>For a stream that the request shall dispose, use <see cref="Create"/>.</remarks>
    public static RequestBody FromStream(Stream stream, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        return new StreamBody(stream, contentType);
    }

    /// <summary>A body read from a file, which is opened and measured afresh for every attempt, and never loaded as a whole.</summary>
    /// <param name="path">The path of a regular file. Pipes and devices have no length; open them and use <see cref="FromStream"/>.</param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <returns>The body. That the file is missing or locked is noticed when it is sent, as the platform's own exception.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    public static RequestBody FromFile(string path, string? contentType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileBody(Path.GetFullPath(path), contentType);
    }

    /// <summary>A body that a factory opens for every attempt.</summary>
    /// <param name="open">Gives a fresh stream of the same bytes at each call; the stream is disposed after the attempt.</param>
    /// <param name="length">The length in bytes, or null when it is not known, to send it in chunks.</param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <returns>The body. What the factory or its streams throw comes out unchanged.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="open"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static RequestBody Create(Func<Stream> open, long? length = null, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return new CreatedBody(open, length, contentType);
    }

    private sealed class CreatedBody(Func<Stream> open, long? length, string? contentType) : RequestBody
    {
        public override long? Length => length;

        public override string? ContentType => contentType;

        protected internal override Stream Open() =>
            open() ?? throw new InvalidRequestException("The factory of the body gave null for a stream.");
    }

    private sealed class FileBody(string path, string? contentType) : RequestBody
    {
        private static readonly FileStreamOptions _reading = new()
        {
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0, // whoever sends brings a buffer
        };

        public override long? Length => new FileInfo(path).Length;

        public override string? ContentType => contentType;

        protected internal override Stream Open() => new FileStream(path, _reading);
    }

    private sealed class StreamBody : RequestBody
    {
        private readonly Stream _stream;
        private readonly long? _start;
        private bool _taken;

        public StreamBody(Stream stream, string? contentType)
        {
            _stream = stream;
            ContentType = contentType;
            try
            {
                if (!stream.CanSeek)
                    return;
                long start = stream.Position;
                Length = long.Max(0, stream.Length - start);
                _start = start;
            }
            catch (Exception e) when (e is IOException or NotSupportedException)
            {
                // It claims to seek but cannot tell where it stands: it is sent as it comes, once.
            }
        }

        public override long? Length { get; }

        public override string? ContentType { get; }

        public override bool IsReplayable => _start is not null;

        internal override bool IsSpent => !IsReplayable && Volatile.Read(ref _taken);

        protected internal override Stream Open()
        {
            if (Interlocked.Exchange(ref _taken, true))
            {
                throw IsReplayable
                    ? new InvalidRequestException("The stream of this body is being read by another request; give each its own body.")
                    : new UnrewindableBodyException("The body comes from a stream that cannot seek, so it can be sent only once.");
            }

            if (_start is { } start)
                Rewind(start);
            return new LentStream(_stream, GiveBack);
        }

        private void Rewind(long start)
        {
            try
            {
                if (_stream.Position != start)
                    _stream.Position = start;
            }
            catch (Exception e)
            {
                GiveBack();
                throw new UnrewindableBodyException($"The stream of the body could not be brought back to position {start}.", e);
            }
        }

        private void GiveBack()
        {
            if (IsReplayable)
                Volatile.Write(ref _taken, false);
        }
    }
}
