using System.IO.Compression;
using Urllib4.Bodies;
using Urllib4.Primitives;

namespace Urllib4;

/// <content>The same body, sent otherwise.</content>
public abstract partial class RequestBody
{
    /// <summary>Gives this body without its length, so that it is sent in chunks; urllib3's <c>chunked=True</c>.</summary>
    /// <returns>The body.</returns>
    public RequestBody WithoutLength() => new UnmeasuredBody(this);

    /// <summary>
    /// Gives this body, compressed while it is sent, with <see cref="ContentEncoding"/> saying how. Its length is not known beforehand,
    /// so it is sent in chunks, and no more of it is held in memory than the compressor's window.
    /// </summary>
    /// <param name="coding">How to compress. The server must be known to understand it: requests have no negotiation.</param>
    /// <param name="level">How hard to try. Default <see cref="CompressionLevel.Optimal"/>.</param>
    /// <returns>The body; replayable if this one is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is none of the known values.</exception>
    public RequestBody Compressed(BodyCoding coding, CompressionLevel level = CompressionLevel.Optimal)
    {
        if (!Enum.IsDefined(level))
            throw new ArgumentOutOfRangeException(nameof(level));
        return coding switch
        {
            BodyCoding.Gzip => new CompressedBody(this, "gzip", to => new GZipStream(to, level, leaveOpen: true),
                [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            BodyCoding.Deflate => new CompressedBody(this, "deflate", to => new ZLibStream(to, level, leaveOpen: true),
                [0x78, 0x9C, 3, 0, 0, 0, 0, 1]),
            BodyCoding.Brotli => new CompressedBody(this, "br", to => new BrotliStream(to, level, leaveOpen: true),
                [6]),
            _ => throw new ArgumentOutOfRangeException(nameof(coding)),
        };
    }

    /// <summary>
    /// Gives this body with trailers behind it (RFC 9110, section 6.5), such as a checksum taken while it was read. It is sent in chunks.
    /// </summary>
    /// <param name="trailers">
    /// Gives the trailers; called once an attempt, after the last byte was read. A server may ignore them.
    /// </param>
    /// <param name="announced">
    /// The names of the trailers, for the <c>Trailer</c> field of the head (RFC 9110, section 6.6.2), unless the request has one of its
    /// own. Servers may want to know them before the body comes. Default none.
    /// </param>
    /// <returns>The body. If the trailers depend on what was read, use it for one request at a time.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="trailers"/> is null.</exception>
    /// <remarks>
    /// Trailers that frame, route, authenticate or describe the body are refused with <see cref="InvalidHeaderException"/> when given.
    /// </remarks>
    /// <exception cref="InvalidHeaderException">A name cannot be that of a trailer.</exception>
    public RequestBody WithTrailers(Func<HttpHeaderDict> trailers, params string[] announced)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        ArgumentNullException.ThrowIfNull(announced);
        return new TrailingBody(this, trailers, announced);
    }

    /// <summary>A body that differs from another in one point.</summary>
    private abstract class VariedBody(RequestBody inner) : RequestBody
    {
        public override string? ContentType => inner.ContentType;

        public override string? ContentEncoding => inner.ContentEncoding;

        public override bool IsReplayable => inner.IsReplayable;

        internal override bool IsSpent => inner.IsSpent;

        internal override string? AnnouncedTrailers => inner.AnnouncedTrailers;

        protected internal override Stream Open() => inner.Open();

        protected internal override HttpHeaderDict? GetTrailers() => inner.GetTrailers();
    }

    private sealed class UnmeasuredBody(RequestBody inner) : VariedBody(inner);

    private sealed class CompressedBody(RequestBody inner, string name, Func<Stream, Stream> compressor, byte[] nothing)
        : VariedBody(inner)
    {
        public override string ContentEncoding => base.ContentEncoding is { } before ? $"{before}, {name}" : name;

        protected internal override Stream Open() => new CompressingStream(base.Open(), compressor, nothing);
    }

    private sealed class TrailingBody : VariedBody
    {
        // RFC 9110, section 6.5.1: what a recipient needs before it reads the body, and what would let a trailer change who asks for what.
        private static readonly string[] _forbidden =
        [
            HeaderNames.TransferEncoding, HeaderNames.ContentLength, HeaderNames.Host, HeaderNames.Connection, HeaderNames.Trailer,
            HeaderNames.TE, HeaderNames.Upgrade, HeaderNames.ContentEncoding, HeaderNames.ContentType, "Content-Range",
            HeaderNames.Authorization, HeaderNames.ProxyAuthorization, HeaderNames.Cookie, HeaderNames.CacheControl,
            "Expect", "Max-Forwards", "Range",
        ];

        private readonly Func<HttpHeaderDict> _trailers;
        private readonly string[] _announced;

        public TrailingBody(RequestBody inner, Func<HttpHeaderDict> trailers, string[] announced)
            : base(inner)
        {
            _trailers = trailers;
            _announced = [.. announced];
            foreach (string name in _announced)
            {
                HeaderRules.CheckName(name);
                if (_forbidden.Contains(name, StringComparer.OrdinalIgnoreCase))
                    throw Forbidden(name);
            }
        }

        internal override string? AnnouncedTrailers => _announced.Length == 0 ? base.AnnouncedTrailers : string.Join(", ", _announced);

        protected internal override HttpHeaderDict? GetTrailers()
        {
            var given = _trailers();
            foreach (string name in _forbidden)
            {
                if (given is not null && given.Contains(name))
                    throw Forbidden(name);
            }

            return given;
        }

        private static InvalidHeaderException Forbidden(string name) =>
            new(name, -1, "it means nothing after the body, or is dangerous there");
    }
}
