using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>
/// The caller's headers that concern the message or the connection rather than the resource. Each may be given once, in whatever case:
/// which of two counts would be for the next reader to decide, and readers differ.
/// </summary>
internal struct ControlFields
{
    public string? Host;
    public string? ContentLength;
    public string? TransferEncoding;
    public string? Connection;
    public string? Upgrade;
    public string? Te;
    public string? Expect;

    /// <summary>Checks every line, and picks these out.</summary>
    /// <exception cref="InvalidHeaderException">A line cannot be sent, or one of these is there twice.</exception>
    public static ControlFields Collect(HttpHeaderDict headers)
    {
        var fields = default(ControlFields);
        foreach (KeyValuePair<string, string> header in headers.Lines)
        {
            OutgoingFields.CheckLine(header.Key, header.Value);
            fields.Take(header.Key, header.Value);
        }

        return fields;
    }

    private void Take(string name, string value)
    {
        if (HeaderNames.Same(name, HeaderNames.Host))
            TakeOnce(ref Host, name, value);
        else if (HeaderNames.Same(name, HeaderNames.ContentLength))
            TakeOnce(ref ContentLength, name, value);
        else if (HeaderNames.Same(name, HeaderNames.TransferEncoding))
            TakeOnce(ref TransferEncoding, name, value);
        else if (HeaderNames.Same(name, HeaderNames.Connection))
            TakeOnce(ref Connection, name, value);
        else if (HeaderNames.Same(name, HeaderNames.Upgrade))
            TakeOnce(ref Upgrade, name, value);
        else if (HeaderNames.Same(name, HeaderNames.TE))
            TakeOnce(ref Te, name, value);
        else if (HeaderNames.Same(name, HeaderNames.Expect))
            TakeOnce(ref Expect, name, value);
    }

    private static void TakeOnce(ref string? field, string name, string value)
    {
        if (field is not null)
            throw new InvalidHeaderException(name, -1, "it is given more than once");
        field = value;
    }
}
