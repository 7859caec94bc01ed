using System.Buffers;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>
/// Reads <c>WWW-Authenticate</c> and <c>Proxy-Authenticate</c> (RFC 9110, section 11.6.1), in which one comma separates both challenges and
/// their parameters (AU-02). Looks at each character a fixed number of times (LM-07).
/// </summary>
/// <remarks>
/// A fault breaks one challenge: reading goes on behind the next comma that no quotes hold, at the next element that begins a challenge.
/// A quote that never ends leaves no such comma. The challenge that has the fault is given as a broken one, and so is a <c>Digest</c>
/// that what was passed over names: whoever has a password must know that he was not asked for it in clear only.
/// </remarks>
internal static class ChallengeParser
{
    private static readonly SearchValues<char> _token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    /// <summary>The challenges of all lines of a header, in their order.</summary>
    public static List<AuthChallenge> Parse(IEnumerable<string> lines)
    {
        var challenges = new List<AuthChallenge>();
        foreach (string line in lines)
            ParseLine(line, challenges, null);
        return challenges;
    }

    /// <summary>The parameters of <c>Authentication-Info</c>, which has no scheme (RFC 7615); null when they are broken.</summary>
    public static AuthChallenge? ParseInfo(string? line)
    {
        var found = new List<AuthChallenge>();
        ParseLine(line, found, new AuthChallenge(""));
        return found is [{ IsBroken: false } info] ? info : null;
    }

    private static void ParseLine(ReadOnlySpan<char> line, List<AuthChallenge> challenges, AuthChallenge? current)
    {
        var cursor = new Cursor(line);
        bool afterScheme = false;
        while (cursor.NextElement(out bool separated))
        {
            ReadOnlySpan<char> rest = cursor.Rest;
            ReadOnlySpan<char> token = cursor.TakeToken();
            if (!token.IsEmpty && cursor.TryTake('='))
            {
                if (current is not null && cursor.TakeValue() is { } value && cursor.IsAtEnd && current.TryAdd(token.ToString(), value))
                {
                    afterScheme = false;
                    continue;
                }

                token = "";
            }

            if (token.IsEmpty || (afterScheme && !separated))
            {
                cursor = new Cursor(rest);
                AddBroken(current, cursor.TakeElement(), challenges);
                current = null;
                afterScheme = false;
                continue;
            }

            if (current is not null)
                challenges.Add(current);
            current = new AuthChallenge(token.ToString()) { Token68 = cursor.TakeToken68() };
            afterScheme = true;
        }

        if (current is not null)
            challenges.Add(current);
    }

    private static void AddBroken(AuthChallenge? current, ReadOnlySpan<char> passed, List<AuthChallenge> challenges)
    {
        if (current is not null)
            challenges.Add(new AuthChallenge(current.Scheme) { IsBroken = true });
        if (passed.Contains(DigestAuthentication.Scheme, StringComparison.OrdinalIgnoreCase))
            challenges.Add(new AuthChallenge(DigestAuthentication.Scheme) { IsBroken = true });
    }

    private ref struct Cursor(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public readonly ReadOnlySpan<char> Rest => _rest;

        /// <summary>Whether nothing but blanks stands before the next comma or the end.</summary>
        public bool IsAtEnd
        {
            get
            {
                _rest = _rest.TrimStart(" \t");
                return _rest.IsEmpty || _rest[0] == ',';
            }
        }

        /// <summary>Goes to the next element of the list; empty ones do not count.</summary>
        public bool NextElement(out bool separated)
        {
            separated = IsAtEnd;
            _rest = _rest.TrimStart(" \t,");
            return !_rest.IsEmpty;
        }

        /// <summary>Takes everything up to the next comma that no quotes hold.</summary>
        public ReadOnlySpan<char> TakeElement()
        {
            bool isQuoted = false;
            int end = 0;
            for (; end < _rest.Length && (isQuoted || _rest[end] != ','); end++)
            {
                if (_rest[end] == '"')
                    isQuoted = !isQuoted;
                else if (isQuoted && _rest[end] == '\\')
                    end++;
            }

            end = Math.Min(end, _rest.Length); // behind a backslash
            ReadOnlySpan<char> element = _rest[..end];
            _rest = _rest[end..];
            return element;
        }

        public ReadOnlySpan<char> TakeToken()
        {
            int end = HeaderRules.IndexOfIllegalInToken(_rest);
            ReadOnlySpan<char> token = end < 0 ? _rest : _rest[..end];
            _rest = _rest[token.Length..];
            return token;
        }

        /// <summary>Takes a character with the blanks around it, which some servers put around the equals sign.</summary>
        public bool TryTake(char wanted)
        {
            ReadOnlySpan<char> found = _rest.TrimStart(" \t");
            if (found.IsEmpty || found[0] != wanted)
                return false;
            _rest = found[1..].TrimStart(" \t");
            return true;
        }

        public string? TakeToken68()
        {
            ReadOnlySpan<char> found = _rest.TrimStart(" \t");
            int length = found.IndexOfAnyExcept(_token68) is >= 0 and var end ? end : found.Length;
            if (length == 0 || found.Length == _rest.Length)
                return null;
            ReadOnlySpan<char> after = found[length..].TrimStart('=');
            var next = new Cursor(after);
            if (!next.IsAtEnd)
                return null;
            _rest = after;
            return found[..(found.Length - after.Length)].ToString();
        }

        public string? TakeValue()
        {
            if (_rest is not ['"', ..])
                return TakeToken() is { IsEmpty: false } token ? token.ToString() : null;
            _rest = _rest[1..];
            var value = new StringBuilder();
            while (_rest.IndexOfAny('"', '\\') is >= 0 and var at)
            {
                value.Append(_rest[..at]);
                bool ends = _rest[at] == '"';
                _rest = _rest[(at + 1)..];
                if (ends)
                    return value.ToString();
                if (_rest.IsEmpty)
                    return null;
                value.Append(_rest[0]);
                _rest = _rest[1..];
            }

            return null;
        }
    }
}
