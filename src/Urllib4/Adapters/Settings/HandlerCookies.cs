using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Adapters;

/// <summary>
/// The cookies of a handler on their way between messages and the caller's <see cref="CookieContainer"/>. A container holds texts, but
/// a cookie is octets to the server that set it (RFC 6265, section 5.4): what came as octets goes back as the same ones.
/// </summary>
/// <remarks>Safe to use from several threads, like the container itself.</remarks>
internal sealed class HandlerCookies(CookieContainer container)
{
    // By the object that the container keeps, so that a cookie which is replaced or runs out takes its octets along.
    private readonly ConditionalWeakTable<Cookie, Received> _received = [];
    private volatile bool _hasReceived;

    /// <summary>The <c>Cookie</c> header for a URI, each character a byte of it; empty for none.</summary>
    /// <param name="uri">Where the request goes.</param>
    /// <param name="write">Turns a text of the caller into such characters.</param>
    public string HeaderFor(Uri uri, Func<string, string> write)
    {
        if (container.Count == 0)
            return "";
        if (!_hasReceived)
            return container.GetCookieHeader(uri) is { Length: > 0 } header ? write(header) : "";
        return WithOctets(uri, write);
    }

    /// <summary>Keeps what one <c>Set-Cookie</c> line says; what is no cookie is passed over.</summary>
    /// <param name="from">The URI that was answered.</param>
    /// <param name="line">The value of the line, each character a byte of it.</param>
    /// <param name="reading">In which encoding the caller reads it; null for Latin-1.</param>
    public void Keep(Uri from, string line, Encoding? reading)
    {
        string text = reading is null ? line : reading.GetString(Encoding.Latin1.GetBytes(line));
        try
        {
            container.SetCookies(from, text);
            if (!Ascii.IsValid(line))
                Remember(from, line, text, reading ?? Encoding.Latin1);
        }
        catch (CookieException)
        {
            // The server's mistake, and no reason to lose its answer.
        }
    }

    // By itself, so that a request without cookies makes no closure.
    private string WithOctets(Uri uri, Func<string, string> write) =>
        string.Join("; ", container.GetCookies(uri).Select(cookie => OctetsOf(cookie) ?? write(cookie.ToString())));

    // Null for a cookie of the caller's, or one that the caller has changed.
    private string? OctetsOf(Cookie cookie) =>
        _received.TryGetValue(cookie, out Received? received) && received.Text == cookie.Value
            ? $"{cookie.Name}={received.Octets}"
            : null;

    private void Remember(Uri from, string line, string text, Encoding reading)
    {
        // The container reads a comma as the end of a cookie, so it alone can say which cookies a line sets.
        var parsed = new CookieContainer();
        parsed.SetCookies(from, text);
        CookieCollection set = parsed.GetAllCookies();
        foreach (Cookie cookie in container.GetAllCookies())
        {
            if (!set.Contains(cookie))
                continue;
            string octets = set.Count == 1
                ? ValueOf(line)
                : Encoding.Latin1.GetString(reading.GetBytes(cookie.Value));
            if (HeaderRules.IndexOfIllegalInValue(octets) < 0)
                _received.AddOrUpdate(cookie, new Received(cookie.Value, octets));
        }

        _hasReceived = true;
    }

    // As it came, but for blanks around it: the container also takes away what is a blank of Unicode only, such as the last byte of "à".
    private static string ValueOf(string line)
    {
        ReadOnlySpan<char> pair = line.AsSpan().TrimStart(" \t").TrimStart(';');
        int end = pair.IndexOf(';');
        pair = end < 0 ? pair : pair[..end];
        return pair[(pair.IndexOf('=') + 1)..].Trim(" \t").ToString();
    }

    /// <summary>A cookie as it came.</summary>
    /// <param name="Text">Its value in the container.</param>
    /// <param name="Octets">Its value on the wire, each character a byte.</param>
    private sealed record Received(string Text, string Octets);
}
