namespace Urllib4.Bodies;

/// <summary>
/// What the <c>Content-Encoding</c> lines of a response ask for (RFC 9110, section 8.4). One coding that is not known here leaves the whole
/// body as it came: a part of the chain cannot be undone.
/// </summary>
internal sealed class ContentDecoding
{
    /// <summary>Codings of one body, over all lines, identity and unknown ones too; as in curl and urllib3. Real bodies have one.</summary>
    public const int MaxCodings = 5;

    private static readonly ContentDecoding _none = new([], null);

    private readonly List<Func<ContentDecoder>> _decoders;

    private ContentDecoding(List<Func<ContentDecoder>> decoders, string? unknownCoding)
    {
        _decoders = decoders;
        UnknownCoding = unknownCoding;
    }

    /// <summary>The first coding that cannot be undone here, as the server wrote it, or null. The body is then handed over raw.</summary>
    public string? UnknownCoding { get; }

    /// <summary>Whether there is anything to undo: some coding other than identity, and none unknown.</summary>
    public bool IsNeeded => UnknownCoding is null && _decoders.Count > 0;

    /// <summary>Reads the header's lines: names in any case, blanks around them and empty elements ignored.</summary>
    /// <param name="lines">The values of all lines, in order.</param>
    /// <exception cref="DecodeException">There are more than <see cref="MaxCodings"/> codings (DC-02); no decoder exists yet.</exception>
    public static ContentDecoding Parse(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return _none;

        var decoders = new List<Func<ContentDecoder>>();
        string? unknown = null;
        var codings = 0;
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index].AsSpan();
            foreach (var element in line.Split(','))
            {
                var coding = line[element].Trim(" \t");
                if (coding.IsEmpty)
                    continue;
                if (++codings > MaxCodings)
                    throw new DecodeException($"The body has more than {MaxCodings} content codings.");
                if (coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
                    continue;
                if (DecoderFor(coding) is { } decoder)
                    decoders.Add(decoder);
                else
                    unknown ??= coding.ToString();
            }
        }

        return new ContentDecoding(decoders, unknown);
    }

    /// <summary>Makes a fresh decoder for a body; the caller disposes it. Null unless <see cref="IsNeeded"/>.</summary>
    /// <exception cref="DecodeException">The system's library could not set up a decoder.</exception>
    public ContentDecoder? CreateDecoder()
    {
        if (!IsNeeded)
            return null;

        // The header names them in the order in which they were applied.
        var decoder = _decoders[^1]();
        try
        {
            for (var index = _decoders.Count - 2; index >= 0; index--)
                decoder = new ChainDecoder(decoder, _decoders[index]());
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    private static Func<ContentDecoder>? DecoderFor(ReadOnlySpan<char> coding)
    {
        if (coding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || coding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
            return InflateDecoder.Gzip;
        if (coding.Equals("deflate", StringComparison.OrdinalIgnoreCase))
            return static () => new DeflateSniffer();
        if (coding.Equals("br", StringComparison.OrdinalIgnoreCase))
            return static () => new BrotliContentDecoder();
        if (coding.Equals("zstd", StringComparison.OrdinalIgnoreCase) && ZstdLibrary.Installed is { } library)
            return () => new ZstdDecoder(library);
        return null;
    }
}
