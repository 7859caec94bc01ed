using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Urllib4.Cli.Requests;

/// <summary>A request in the words of the library.</summary>
internal sealed record RequestPlan(string Method, string Url, PoolOptions Pool, RequestOptions Request)
{
    public static RequestPlan Of(RequestInput input)
    {
        HttpHeaderDict headers = HeadersOf(input.Headers);
        RequestBody? body = Body(input);
        (FieldList fields, bool isMultipart) = Fields(input);
        if (input.Json is not null)
            headers.TryAdd("Accept", "application/json, */*;q=0.5");

        if (body is not null && fields.Count > 0)
            throw CliException.Usage("a request has one body: --data, --json, or --form with --file");
        string method = input.Method;
        if (fields.Count > 0 && method is "GET" or "HEAD" or "OPTIONS" && input.Form.Count + input.Files.Count > 0)
            throw CliException.Usage($"a {method} has no form; add items to its URL with --query");
        // The fields of a DELETE would go into its URL.
        if (fields.Count > 0 && method is "DELETE")
            (body, fields) = (isMultipart ? RequestBody.Multipart(fields) : Form(input.Form), new FieldList());
        return new RequestPlan(method, Address(input), PoolOf(input), new RequestOptions
        {
            Headers = headers,
            Body = body,
            Fields = fields,
            EncodeMultipart = isMultipart,
            Auth = AuthOf(input),
            Redirect = input.FollowRedirects,
            DecodeContent = input.Decode,
            PreloadContent = false,
            Explain = input.Output.Explain,
        });
    }

    public static (string Name, string Value) Pair(string item, string option)
    {
        int equals = item.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (item[..equals], item[(equals + 1)..])
            : throw CliException.Usage($"{option} takes name=value, and '{item}' has no name or no equals sign");
    }

    public static HttpHeaderDict HeadersOf(IEnumerable<string> lines)
    {
        var headers = new HttpHeaderDict();
        foreach (string line in lines)
            AddHeader(headers, line);
        return headers;
    }

    public static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.CannotRead, $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    public static PoolOptions PoolOf(RequestInput input) => new()
    {
        Timeout = Durations.Timeouts(input.Timeout),
        Retries = Retries(input.Retries),
        HttpVersions = input.Http2 ? HttpVersions.Http11 | HttpVersions.Http2 : HttpVersions.Http11,
        Tls = Tls(input),
        Proxy = input.Proxy is null ? null : input.Proxy == "none" ? ProxyOptions.None : new ProxyOptions(input.Proxy),
        Credentials = input.Netrc ? CredentialSource.FromNetrc() : null,
        Resolver = input.Resolve.Count + input.ConnectTo.Count > 0 ? new PinnedResolver(input.Resolve, input.ConnectTo) : null,
    };

    /// <summary>The URL, with its scheme and its query.</summary>
    public static string Address(RequestInput input)
    {
        string url = input.Url;
        if (url.Length == 0)
            throw CliException.Usage("the URL is empty");
        if (!url.Contains("://", StringComparison.Ordinal))
            url = $"http://{url}";
        if (input.Query.Count == 0)
            return url;
        string query = string.Join('&', input.Query.Select(static item =>
        {
            (string name, string value) = Pair(item, "--query");
            return $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";
        }));
        int hash = url.IndexOf('#', StringComparison.Ordinal);
        string start = hash < 0 ? url : url[..hash];
        return $"{start}{(start.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
    }

    private static Retry Retries(int count)
    {
        if (count < 0)
            throw CliException.Usage("--retry takes a number that is not negative");
        // Redirects have a count of their own, so that none of both eats the other's.
        return new Retry
        {
            Total = count + 20,
            Connect = count,
            Read = count,
            Status = count,
            Other = count,
            Redirect = 20,
            StatusForcelist = [429, 503],
            RaiseOnStatus = false,
            BackoffFactor = 0.5,
        };
    }

    private static void AddHeader(HttpHeaderDict headers, string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            string value = line[(colon + 1)..].Trim(' ', '\t');
            if (value.Length > 0)
                headers.Add(line[..colon], Octets(value));
            else if (line[..colon].ToUpperInvariant() is "ACCEPT-ENCODING" or "HOST" or "USER-AGENT")
                headers[line[..colon]] = HttpHeaderDict.SkipHeader;
            else
                headers.Remove(line[..colon]); // nothing else is sent unasked
        }
        else if (line.EndsWith(';') && line.Length > 1)
        {
            headers.Add(line[..^1], "");
        }
        else
        {
            throw CliException.Usage($"--header takes 'Name: value', and '{line}' has no colon");
        }
    }

    // Text beyond ASCII goes out as the bytes of its UTF-8, as a terminal would give them to curl.
    private static string Octets(string value) => Ascii.IsValid(value) ? value : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));

    private static RequestBody? Body(RequestInput input)
    {
        int count = (input.Body is null ? 0 : 1) + (input.Json is null ? 0 : 1) + (input.Data is null ? 0 : 1);
        if (count > 1)
            throw CliException.Usage("a request has one body: --data, --json, or --form with --file");
        if (input.Json is { } json)
            return Json(json);
        return input.Data is { } data ? Data(data) : input.Body;
    }

    private static RequestBody Json(string json)
    {
        byte[] bytes = json switch
        {
            "-" or "@-" => Input(),
            ['@', .. string path] => ReadFile(path),
            _ => Encoding.UTF8.GetBytes(json),
        };
        try
        {
            using var document = JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw CliException.Usage($"--json: this is no JSON: {e.Message}");
        }

        return RequestBody.FromBytes(bytes, "application/json");
    }

    private static RequestBody Data(string data)
    {
        const string type = "application/octet-stream";
        switch (data)
        {
            case "-" or "@-":
                return RequestBody.FromStream(Console.OpenStandardInput(), type);
            case ['@', .. string path]:
                if (!File.Exists(path))
                    throw new CliException(ExitCodes.CannotRead, $"there is no file '{path}'");
                return RequestBody.FromFile(path, type);
            default:
                return RequestBody.FromString(data);
        }
    }

    private static byte[] Input()
    {
        using Stream input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static RequestBody Form(IReadOnlyList<string> items) => RequestBody.Form(items.Select(static item =>
    {
        (string name, string value) = Pair(item, "--form");
        return KeyValuePair.Create(name, value);
    }));

    private static (FieldList Fields, bool IsMultipart) Fields(RequestInput input)
    {
        var fields = new FieldList();
        foreach (string item in input.Form)
        {
            (string name, string value) = Pair(item, "--form");
            fields.Add(new RequestField(name, value));
        }

        foreach (string item in input.Files)
        {
            (string name, string path) = Pair(item, "--file");
            path = path.TrimStart('@');
            if (!File.Exists(path))
                throw new CliException(ExitCodes.CannotRead, $"there is no file '{path}'");
            fields.Add(name, RequestField.FromFile(path));
        }

        return (fields, input.Files.Count > 0);
    }

    private static HttpAuth? AuthOf(RequestInput input)
    {
        if (input.Bearer is { } token)
            return input.User is null ? HttpAuth.Bearer(token) : throw CliException.Usage("--auth and --bearer do not go together");
        if (input.User is not { } user)
            return input.Digest ? throw CliException.Usage("--digest needs --auth user:password") : null;
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        (string name, string password) = colon < 0 ? (user, Password(user)) : (user[..colon], user[(colon + 1)..]);
        return input.Digest ? HttpAuth.Digest(name, password) : HttpAuth.Basic(name, password);
    }

    private static string Password(string user)
    {
        if (Console.IsInputRedirected)
            throw CliException.Usage("--auth takes user:password; a password can be asked for only on a terminal");
        Console.Error.Write($"Password of {user}: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && password.Length > 0)
                password.Length--;
            else if (key.KeyChar >= ' ')
                password.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return password.ToString();
    }

    private static TlsOptions Tls(RequestInput input)
    {
        try
        {
            return new TlsOptions
            {
                CaCerts = input.CaCert is { } ca ? CertificateSet.Read(ca) : null,
                ClientCertificate = input.Cert is { } cert ? ClientCertificate.ReadPem(cert, input.Key) : null,
                DangerousAcceptAnyCertificate = input.Insecure,
                DangerousAcceptAnyHostname = input.Insecure,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CliException(ExitCodes.CannotRead, $"a certificate cannot be read: {e.Message}", e);
        }
    }
}
