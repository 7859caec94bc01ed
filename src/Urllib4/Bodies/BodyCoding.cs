namespace Urllib4;

/// <summary>A way to compress a request body; a content coding of RFC 9110, section 8.4.1.</summary>
public enum BodyCoding
{
    /// <summary><c>gzip</c>, which nearly every server that takes compressed bodies understands.</summary>
    Gzip,

    /// <summary><c>deflate</c> in its zlib format (RFC 1950), as RFC 9110 defines it.</summary>
    Deflate,

    /// <summary><c>br</c>, Brotli (RFC 7932).</summary>
    Brotli,
}
