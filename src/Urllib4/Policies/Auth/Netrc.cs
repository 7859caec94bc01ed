using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>
/// The user names and passwords of a <c>.netrc</c> text, looked up by parsed host and never by what stands in a URL (AU-05).
/// Macros, accounts and entries without a password are passed over, and so is <c>default</c>: it would give its password to every host that
/// a redirect can name (CVE-2025-0167).
/// </summary>
internal sealed class Netrc
{
    private readonly List<(string Machine, Credential Credential)> _entries = [];

    private Netrc()
    {
    }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="InvalidRequestException">A word does not belong there. The line is named, the word not shown.</exception>
    public static Netrc Parse(string text)
    {
        var netrc = new Netrc();
        var words = new Words(text);
        string? machine = null;
        string? login = null;
        string? password = null;
        while (words.Next(out ReadOnlySpan<char> word))
        {
            switch (word)
            {
                case "machine" or "default":
                    netrc.Add(machine, login, password);
                    machine = word is "machine" ? words.Value() : null;
                    login = password = null;
                    break;
                case "login" or "user":
                    login = words.Value();
                    break;
                case "password":
                    password = words.Value();
                    break;
                case "account":
                    words.Value();
                    break;
                case "macdef":
                    words.SkipMacro();
                    break;
                case ['#', ..]:
                    words.SkipLine();
                    break;
                default:
                    throw words.Fault("has a word that does not belong there");
            }
        }

        netrc.Add(machine, login, password);
        return netrc;
    }

    /// <summary>The first entry for a host, and for a user if the URL names one; null when there is none.</summary>
    public Credential? For(HostName host, string? user = null)
    {
        foreach (var (machine, credential) in _entries)
        {
            if (machine.Equals(host.Name, StringComparison.OrdinalIgnoreCase) && (user is null || user == credential.User))
                return credential;
        }

        return null;
    }

    private void Add(string? machine, string? login, string? password)
    {
        if (machine is null || login is null || password is null)
            return;
        string bare = machine is ['[', .., ']'] ? machine[1..^1] : machine.EndsWith('.') ? machine[..^1] : machine;
        _entries.Add((bare, new Credential(login, password)));
    }

    private ref struct Words(string text)
    {
        private int _at;

        /// <summary>The next word in which a keyword is expected.</summary>
        public bool Next(out ReadOnlySpan<char> word)
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
            int start = _at;
            while (_at < text.Length && !char.IsWhiteSpace(text[_at]))
                _at++;
            word = text.AsSpan(start, _at - start);
            return !word.IsEmpty;
        }

        /// <summary>The word behind a keyword, which may be in quotes with escapes.</summary>
        public string Value()
        {
            int before = _at;
            if (!Next(out ReadOnlySpan<char> word))
                throw Fault("ends where a value is expected");
            if (word[0] != '"')
                return word.ToString();
            _at = text.IndexOf('"', before) + 1;
            var value = new StringBuilder();
            while (_at < text.Length && text[_at] is not ('"' or '\n'))
            {
                bool escaped = text[_at] == '\\' && _at + 1 < text.Length;
                _at += escaped ? 1 : 0;
                value.Append(!escaped ? text[_at] : text[_at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
                _at++;
            }

            if (_at == text.Length || text[_at] != '"')
                throw Fault("has a value whose quotes do not close");
            _at++;
            return value.ToString();
        }

        public void SkipLine() => _at = text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length;

        /// <summary>A macro ends with an empty line.</summary>
        public void SkipMacro()
        {
            SkipLine();
            while (_at < text.Length)
            {
                int line = ++_at;
                SkipLine();
                if (text.AsSpan(line, _at - line).Trim('\r').IsEmpty)
                    return;
            }
        }

        public readonly InvalidRequestException Fault(string what) =>
            new($"Line {1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n')} of the netrc {what}.");
    }
}
