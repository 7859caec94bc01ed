using System.Net;
using System.Net.Sockets;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Where a scenario is played: a handler, a way of calling, a server, and a sheet on which to note what was seen.</summary>
internal sealed class Stage : ModeTests, IDisposable
{
    private readonly StringBuilder _sheet = new();
    private readonly MisbehavingServer? _server;

    public Stage(Scenario scenario, Mode mode, bool isOurs, CertificateAuthority authority)
    {
        Mode = mode;
        if (scenario.Server is { } dialogues)
            _server = MisbehavingServer.Start(n => dialogues(n));
        Jar = new CookieContainer();
        Uri server = _server is null ? new Uri("http://127.0.0.1/") : Uri;
        scenario.Handler.Jar?.Invoke(Jar, server);
        Handler = isOurs
            ? Handlers.Ours(scenario.Handler, Jar, server, authority)
            : Handlers.Theirs(scenario.Handler, Jar, server, authority);
        Invoker = new HttpMessageInvoker(Handler, disposeHandler: false);
        Client = new HttpClient(Handler, disposeHandler: true) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public Mode Mode { get; }

    public HttpMessageHandler Handler { get; }

    public HttpMessageInvoker Invoker { get; }

    public HttpClient Client { get; }

    public CookieContainer Jar { get; }

    /// <summary>Opened by the scenario when the server is to go on.</summary>
    public Gate Gate { get; } = new();

    public MisbehavingServer Server => _server ?? throw new InvalidOperationException("The scenario has no server.");

    /// <summary>Whether what the server got is a matter of chance, because a limit of time may run out before it reads.</summary>
    public bool HidesRequests { get; set; }

    /// <summary>A header of requests that is random, so that at most its first word is compared.</summary>
    public string? HidesHeader { get; set; }

    public Uri Uri => new(Server.Url + "/");

    /// <summary>What was noted, with what differs from run to run taken out.</summary>
    public string Sheet
    {
        get
        {
            foreach (ReceivedRequest request in HidesRequests ? [] : _server?.Requests ?? [])
                Note($"server got: {Text(request)}");
            string text = _sheet.ToString();
            return _server is null ? text : text.Replace($":{_server.Port}", ":PORT", StringComparison.Ordinal);
        }
    }

    public void Note(string line) => _sheet.Append(line).Append('\n');

    public HttpRequestMessage Get(string path = "") => new(HttpMethod.Get, new Uri(Uri, path));

    public HttpRequestMessage Post(HttpContent? content, string path = "") => new(HttpMethod.Post, new Uri(Uri, path))
    {
        Content = content,
    };

    public Task<HttpResponseMessage> Send(
        HttpRequestMessage request,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead,
        CancellationToken cancellationToken = default) => Call(
            Mode,
            () => Client.Send(request, completion, cancellationToken),
            () => Client.SendAsync(request, completion, cancellationToken));

    /// <summary>Does something that blocks, on a thread of its own.</summary>
    public static Task OnThread(Action blocking) => OnThread(() =>
    {
        blocking();
        return true;
    });

    /// <summary>Sends a request over the bare handler.</summary>
    public static Task<HttpResponseMessage> Invoke(Stage s, HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        Call(s.Mode, () => s.Invoker.Send(request, cancellationToken), () => s.Invoker.SendAsync(request, cancellationToken));

    /// <summary>Sends a request and notes the response or the failure.</summary>
    public async Task Try(
        HttpRequestMessage request,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead,
        CancellationToken cancellationToken = default)
    {
        try
        {
            using HttpResponseMessage response = await Send(request, completion, cancellationToken);
            await Show(response);
        }
        catch (Exception e)
        {
            Show(e);
        }
    }

    /// <summary>Notes a response, and reads its body.</summary>
    public async Task Show(HttpResponseMessage response)
    {
        Note($"{(int)response.StatusCode} '{response.ReasonPhrase}' HTTP/{response.Version}");
        Note($"answers {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}");
        foreach (var (name, values) in response.Headers.NonValidated.OrderBy(static h => h.Key, StringComparer.Ordinal))
            Note($"header {name}: {string.Join(" | ", values)}");
        foreach (var (name, values) in response.Content.Headers.NonValidated.OrderBy(static h => h.Key, StringComparer.Ordinal))
            Note($"content {name}: {string.Join(" | ", values)}");
        byte[] body = await Read(response);
        Note(body.Length > 200 ? $"body of {body.Length}, {Checksum.Crc32(body):x8}" : $"body '{Encoding.Latin1.GetString(body)}'");
        foreach (var (name, values) in response.TrailingHeaders.NonValidated)
            Note($"trailer {name}: {string.Join(" | ", values)}");
    }

    /// <summary>Reads the whole body in the mode.</summary>
    public Task<byte[]> Read(HttpResponseMessage response) => Call(
        Mode,
        () =>
        {
            using var all = new MemoryStream();
            response.Content.CopyTo(all, null, CancellationToken.None);
            return all.ToArray();
        },
        () => response.Content.ReadAsByteArrayAsync());

    public Task<Stream> Open(HttpResponseMessage response) =>
        Call(Mode, () => response.Content.ReadAsStream(), () => response.Content.ReadAsStreamAsync());

    public Task<int> Read(Stream stream, byte[] buffer, CancellationToken cancellationToken = default) =>
        Call(Mode, () => stream.Read(buffer), () => stream.ReadAsync(buffer, cancellationToken).AsTask());

    /// <summary>Does something that may fail, and notes how it ends.</summary>
    public async Task Try(string what, Func<Task> action)
    {
        try
        {
            await action();
            Note($"{what}: done");
        }
        catch (Exception e)
        {
            Note($"{what}: {Describe(e)}");
        }
    }

    public void Show(Exception failure) => Note(Describe(failure));

    public void Dispose()
    {
        Client.Dispose();
        Invoker.Dispose();
        _server?.Dispose();
    }

    // What a program can tell failures apart by: the type, what it says of itself, a timeout inside, the error of a socket anywhere.
    private static string Describe(Exception failure)
    {
        var text = new StringBuilder(failure.GetType().Name);
        if (failure is HttpRequestException { HttpRequestError: var error, StatusCode: var status })
            text.Append($"({error}{(status is { } s ? $", {(int)s}" : "")})");
        if (failure is HttpIOException { HttpRequestError: var kind })
            text.Append($"({kind})");
        for (Exception? inner = failure.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is TimeoutException && failure is OperationCanceledException)
                text.Append(" of time");
            if (inner is SocketException socket && failure is not OperationCanceledException)
                text.Append($" by {socket.SocketErrorCode}");
        }

        return text.ToString();
    }

    private string Text(ReceivedRequest request)
    {
        var text = new StringBuilder($"{request.Method} {request.Target} {request.Version}");
        foreach (var (name, value) in request.Headers.OrderBy(static h => h.Key, StringComparer.Ordinal))
            text.Append($"\n  {name}: {(name == HidesHeader ? value.Split(' ')[0].Length > 10 ? "hidden" : value.Split(' ')[0] : value)}");
        if (request.Body.Length > 400)
            text.Append($"\n  body of {request.Body.Length}, {Checksum.Crc32(request.Body):x8}");
        else if (request.Body.Length > 0)
            text.Append($"\n  '{request.Text}'");
        foreach (var (name, value) in request.Trailers)
            text.Append($"\n  trailer {name}: {value}");
        return text.ToString();
    }
}
