using System.Buffers;
using System.Globalization;
using System.Text;
using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Curl;

/// <summary>Reads the arguments of curl that a browser or a page of documentation writes; any other is refused by name.</summary>
internal sealed class CurlArguments
{
    private static readonly Dictionary<char, string> _short = new()
    {
        ['X'] = "request", ['H'] = "header", ['d'] = "data", ['F'] = "form", ['b'] = "cookie", ['u'] = "user", ['A'] = "user-agent",
        ['e'] = "referer", ['k'] = "insecure", ['L'] = "location", ['I'] = "head", ['G'] = "get", ['x'] = "proxy", ['o'] = "output",
        ['O'] = "remote-name", ['m'] = "max-time", ['s'] = "silent", ['S'] = "show-error", ['v'] = "verbose", ['i'] = "include",
        ['g'] = "globoff", ['f'] = "fail", ['E'] = "cert", ['#'] = "progress-bar",
    };

    private readonly List<string> _headers = [];
    private readonly List<string> _form = [];
    private readonly List<string> _files = [];
    private readonly List<string> _resolve = [];
    private readonly List<string> _connectTo = [];
    private readonly List<string> _limits = [];
    private readonly ArrayBufferWriter<byte> _data = new();
    private RequestInput _input = new() { Method = "", Url = "", FollowRedirects = false, Decode = false };
    private bool _hasData;
    private bool _isGet;
    private bool _isHead;

    public static RequestInput Read(IReadOnlyList<string> words)
    {
        var arguments = new CurlArguments();
        Queue<string> rest = new(words);
        if (rest.TryPeek(out string? first) && first is "curl" or "curl.exe")
            rest.Dequeue();
        while (rest.TryDequeue(out string? word))
            arguments.Take(word, rest);
        return arguments.Finish();
    }

    private void Take(string word, Queue<string> rest)
    {
        if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
        {
            Option(word[2..], Value);
        }
        else if (word.StartsWith('-') && word.Length > 1)
        {
            for (int i = 1; i < word.Length; i++)
            {
                if (!_short.TryGetValue(word[i], out string? name))
                    throw Unknown($"-{word[i]}");
                int at = i;
                bool took = false;
                Option(name, () =>
                {
                    took = true;
                    return at + 1 < word.Length ? word[(at + 1)..] : Value();
                });
                if (took)
                    break;
            }
        }
        else
        {
            Place(word);
        }

        string Value() => rest.TryDequeue(out string? value) ? value : throw CliException.Usage($"the line for curl ends after {word}");
    }

    private void Place(string url) => _input = _input.Url.Length == 0
        ? _input with { Url = url }
        : throw CliException.Usage("the line for curl has more than one URL");

    private void Option(string name, Func<string> value)
    {
        switch (name)
        {
            case "url": Place(value()); break;
            case "request": _input = _input with { Method = value() }; break;
            case "header": _headers.Add(value()); break;
            case "user-agent": _headers.Add($"User-Agent: {value()}"); break;
            case "referer": _headers.Add($"Referer: {value()}"); break;
            case "cookie": Cookie(value()); break;
            case "form" or "form-string": Form(value(), isText: name == "form-string"); break;
            case "user": _input = _input with { User = value() }; break;
            case "digest": _input = _input with { Digest = true }; break;
            case "oauth2-bearer": _input = _input with { Bearer = value() }; break;
            case "netrc": _input = _input with { Netrc = true }; break;
            case "insecure": _input = _input with { Insecure = true }; break;
            case "location": _input = _input with { FollowRedirects = true }; break;
            case "compressed": _input = _input with { Decode = true }; break;
            case "head": _isHead = true; break;
            case "get": _isGet = true; break;
            default:
                if (!Data(name, value) && !Way(name, value) && !IsIdle(name))
                    throw Unknown($"--{name}");
                break;
        }
    }

    private bool Way(string name, Func<string> value)
    {
        switch (name)
        {
            case "proxy": _input = _input with { Proxy = value() }; break;
            case "cacert": _input = _input with { CaCert = value() }; break;
            case "cert": _input = _input with { Cert = value() }; break;
            case "key": _input = _input with { Key = value() }; break;
            case "http2": _input = _input with { Http2 = true }; break;
            case "max-time": _limits.Add($"total={value()}"); break;
            case "connect-timeout": _limits.Add($"connect={value()}"); break;
            case "resolve": _resolve.Add(value()); break;
            case "connect-to": _connectTo.Add(value()); break;
            case "retry": _input = _input with { Retries = Count(value()) }; break;
            case "output": _input = _input with { Output = _input.Output with { File = value() } }; break;
            case "remote-name": _input = _input with { Output = _input.Output with { RemoteName = true } }; break;
            case "include": _input = _input with { Output = _input.Output with { ShowHead = true } }; break;
            case "verbose": _input = _input with { Output = _input.Output with { Verbose = true } }; break;
            default: return false;
        }

        return true;
    }

    private static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        ? count
        : throw CliException.Usage("--retry takes a number");

    // What changes nothing here, or is so anyway.
    private static bool IsIdle(string name) => name is
        "silent" or "show-error" or "globoff" or "path-as-is" or "fail" or "http1.1" or "progress-bar" or "basic"
        or "no-progress-meter" or "fail-with-body" or "anyauth" or "no-buffer" or "tcp-nodelay";

    private bool Data(string name, Func<string> value)
    {
        switch (name)
        {
            case "data" or "data-ascii":
                string text = value();
                Add(text.StartsWith('@') ? Joined(Bytes(text[1..])) : Encoding.UTF8.GetBytes(text));
                return true;
            case "data-raw":
                Add(Encoding.UTF8.GetBytes(value()));
                return true;
            case "data-binary":
                string binary = value();
                Add(binary.StartsWith('@') ? Bytes(binary[1..]) : Encoding.UTF8.GetBytes(binary));
                return true;
            case "data-urlencode":
                string pair = value();
                int equals = pair.IndexOf('=', StringComparison.Ordinal);
                string escaped = Uri.EscapeDataString(pair[(equals + 1)..]);
                Add(Encoding.UTF8.GetBytes(equals > 0 ? $"{pair[..equals]}={escaped}" : escaped));
                return true;
            case "json":
                string json = value();
                _data.Write(json.StartsWith('@') ? Bytes(json[1..]) : Encoding.UTF8.GetBytes(json));
                _hasData = true;
                _headers.Add("Content-Type: application/json");
                _headers.Add("Accept: application/json");
                return true;
            default:
                return false;
        }
    }

    // Curl takes the line breaks out of a file unless it is told that it is binary.
    private static byte[] Joined(byte[] bytes) => [.. bytes.Where(static b => b is not ((byte)'\r' or (byte)'\n'))];

    private void Add(byte[] data)
    {
        if (_hasData)
            _data.Write("&"u8);
        _data.Write(data);
        _hasData = true;
    }

    private static byte[] Bytes(string path)
    {
        if (path != "-")
            return RequestPlan.ReadFile(path);
        using Stream input = Console.OpenStandardInput();
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }

    private void Cookie(string value) => _headers.Add(value.Contains('=', StringComparison.Ordinal)
        ? $"Cookie: {value}"
        : throw CliException.Usage("-b with a file of cookies is not understood; give name=value"));

    private void Form(string item, bool isText)
    {
        int equals = item.IndexOf('=', StringComparison.Ordinal);
        if (!isText && equals > 0 && item.Length > equals + 1 && item[equals + 1] == '@')
            _files.Add(item.Split(';')[0]);
        else
            _form.Add(item);
    }

    private RequestInput Finish()
    {
        if (_input.Url.Length == 0)
            throw CliException.Usage("the line for curl has no URL");
        bool hasForm = _form.Count + _files.Count > 0;
        bool isSent = _hasData && !_isGet;
        string url = _input.Url;
        if (_hasData && _isGet)
            url += (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + Encoding.UTF8.GetString(_data.WrittenSpan);
        bool isTyped = _headers.Any(static h => h.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase));
        return _input with
        {
            Url = url,
            Method = _input.Method.Length > 0 ? _input.Method : _isHead ? "HEAD" : isSent || hasForm ? "POST" : "GET",
            Headers = _headers,
            Form = _form,
            Files = _files,
            Body = isSent ? RequestBody.FromBytes(_data.WrittenMemory, isTyped ? null : "application/x-www-form-urlencoded") : null,
            Timeout = _limits.Count > 0 ? string.Join(',', _limits) : null,
            Resolve = _resolve,
            ConnectTo = _connectTo,
        };
    }

    private static CliException Unknown(string name) => CliException.Usage($"the option {name} of curl is not understood");
}
