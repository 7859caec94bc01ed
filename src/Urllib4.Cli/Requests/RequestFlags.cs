using System.CommandLine;

namespace Urllib4.Cli.Requests;

/// <summary>The options of a command that sends requests.</summary>
internal sealed class RequestFlags
{
    private readonly Option<string[]> _headers =
        Many("--header", "Name: value", "A header; 'Name:' leaves one out, 'Name;' sends one without a value", "-H");
    private readonly Option<string[]> _query = Many("--query", "name=value", "Added to the query of the URL", "-q");
    private readonly Option<string?> _json = One("--json", "text|@file|-", "A body of JSON; it has to be well-formed", "-j");
    private readonly Option<string[]> _form = Many("--form", "name=value", "A field of a form", "-f");
    private readonly Option<string[]> _files = Many("--file", "name=path", "A file in a form, which is then multipart");
    private readonly Option<string?> _data = One("--data", "text|@file|-", "A body as it is; - is the standard input", "-d");
    private readonly Option<string?> _user =
        One("--auth", "user:password", "Basic authentication; without a password it is asked for", "-u");
    private readonly Option<bool> _digest = Flag("--digest", "Digest authentication instead of Basic");
    private readonly Option<string?> _bearer = One("--bearer", "token", "A bearer token");
    private readonly Option<bool> _netrc = Flag("--netrc", "Take the password from ~/.netrc");
    private readonly ConnectionFlags _connection = new();
    private readonly Option<bool> _noRedirect = Flag("--no-redirect", "Show a redirect instead of following it");
    private readonly Option<string?> _output = One("--output", "file", "Write the body into a file; it appears when it is complete", "-o");
    private readonly Option<bool> _remoteName = Flag("--remote-name", "Write the body into a file named as the end of the URL", "-O");
    private readonly Option<bool> _head = Flag("--include", "Show status and headers of the response, too", "-i");
    private readonly Option<bool> _explain = Flag("--explain", "Draw what happened and how long it took");
    private readonly Option<bool> _verbose = Flag("--verbose", "Write what goes over the wire, without secrets", "-v");
    private readonly Option<string?> _har = One("--har", "file", "Write what happened as HAR 1.2, without secrets");
    private readonly Option<bool> _harSecrets = Flag("--har-keeps-secrets", "Leave passwords, tokens and cookies in the HAR");
    private readonly Option<bool> _curl = Flag("--curl", "Print the request as a line for curl instead of sending it");
    private readonly Option<string?> _pretty =
        One("--pretty", "auto|always|never", "Format and colour the output; auto does on a terminal");

    private RequestFlags() => _pretty.AcceptOnlyFromAmong("auto", "always", "never");

    public static RequestFlags AddTo(Command command)
    {
        var flags = new RequestFlags();
        foreach (Option option in flags.All)
            command.Add(option);
        return flags;
    }

    private IEnumerable<Option> All =>
    [
        _headers, _query, _json, _form, _files, _data, _user, _digest, _bearer, _netrc, .. _connection.All, _noRedirect, _output,
        _remoteName, _head, _explain, _verbose, _har, _harSecrets, _curl, _pretty,
    ];

    public RequestInput Read(ParseResult parsed, string method, string url) => _connection.Read(parsed, new RequestInput
    {
        Method = method,
        Url = url,
        Headers = parsed.GetValue(_headers) ?? [],
        Query = parsed.GetValue(_query) ?? [],
        Json = parsed.GetValue(_json),
        Form = parsed.GetValue(_form) ?? [],
        Files = parsed.GetValue(_files) ?? [],
        Data = parsed.GetValue(_data),
        User = parsed.GetValue(_user),
        Digest = parsed.GetValue(_digest),
        Bearer = parsed.GetValue(_bearer),
        Netrc = parsed.GetValue(_netrc),
        FollowRedirects = !parsed.GetValue(_noRedirect),
        Output = Output(parsed),
    });

    /// <summary>The part that any command of one request has, such as that for lines of curl.</summary>
    public static (IReadOnlyList<Option> Options, Func<ParseResult, OutputInput> Read) OutputOnly()
    {
        var flags = new RequestFlags();
        return ([flags._explain, flags._verbose, flags._har, flags._harSecrets, flags._curl, flags._pretty], flags.Output);
    }

    internal static Option<string?> One(string name, string value, string about, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = about, Arity = ArgumentArity.ExactlyOne };

    internal static Option<string[]> Many(string name, string value, string about, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = about, Arity = ArgumentArity.OneOrMore };

    internal static Option<bool> Flag(string name, string about, params string[] aliases) => new(name, aliases) { Description = about };

    private OutputInput Output(ParseResult parsed) => new()
    {
        File = parsed.GetValue(_output),
        RemoteName = parsed.GetValue(_remoteName),
        ShowHead = parsed.GetValue(_head),
        Explain = parsed.GetValue(_explain),
        Verbose = parsed.GetValue(_verbose),
        Har = parsed.GetValue(_har),
        HarSecrets = parsed.GetValue(_harSecrets),
        AsCurl = parsed.GetValue(_curl),
        Pretty = parsed.GetValue(_pretty) switch { "always" => true, "never" => false, _ => null },
    };
}
