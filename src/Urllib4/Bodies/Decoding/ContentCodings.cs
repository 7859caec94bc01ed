using Urllib4.Bodies;

namespace Urllib4;

/// <summary>The content codings that can be decoded on this machine: the honest answer to "what do you accept".</summary>
/// <remarks>Fixed for the life of the process; safe to use from any thread.</remarks>
public static class ContentCodings
{
    /// <summary>
    /// Whether bodies coded with Zstandard (RFC 8878) can be decoded. They are decoded by the system's own libzstd, version 1.4 or later
    /// (<c>libzstd.so.1</c>, <c>libzstd.1.dylib</c> or <c>libzstd.dll</c>), which is looked for once, on first use. Without it this is
    /// false, and such a body is handed over as it came.
    /// </summary>
    public static bool IsZstdAvailable => ZstdLibrary.Installed is not null;

    /// <summary>
    /// The value for an <c>Accept-Encoding</c> header (RFC 9110, section 12.5.3) that asks for nothing that could not be decoded:
    /// <c>gzip, deflate, br</c>, and <c>, zstd</c> when <see cref="IsZstdAvailable"/>. urllib3's <c>ACCEPT_ENCODING</c>.
    /// </summary>
    public static string AcceptEncoding { get; } = ZstdLibrary.Installed is null ? "gzip, deflate, br" : "gzip, deflate, br, zstd";
}
