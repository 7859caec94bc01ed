using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Urllib4.TestKit;

/// <summary>
/// A well-behaved server with the resources of httpbin and a few more, on Kestrel. It keeps a log of its requests and counts its
/// connections, so that a test can see what really went over the wire.
/// </summary>
public sealed class HttpBinServer : IAsyncDisposable, IDisposable
{
    private readonly WebApplication _app;
    private readonly HttpBinOptions _options;
    private readonly List<LoggedRequest> _log = [];
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _holds = new();
    private readonly ConcurrentDictionary<string, int> _tries = new();
    private int _connections;
    private int _openConnections;
    private int _held;

    private HttpBinServer(HttpBinOptions options)
    {
        _options = options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = true;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, null));
            if (options.Certificate is { } certificate)
                kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, certificate));
        });
        _app = builder.Build();
        _app.Run(Serve);
    }

    /// <summary>The port without TLS.</summary>
    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>The port with TLS.</summary>
    /// <exception cref="InvalidOperationException">The server has no certificate.</exception>
    public int TlsPort => _app.Urls.Skip(1).Select(static u => new Uri(u).Port).DefaultIfEmpty(-1).First() is var port and > 0
        ? port
        : throw new InvalidOperationException("The server was started without a certificate.");

    /// <summary>Where it is, without TLS and without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Where it is, with TLS, under the name localhost and without a slash at the end.</summary>
    public string SecureUrl => $"https://localhost:{TlsPort}";

    /// <summary>How many connections were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections are open.</summary>
    public int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>How many requests are kept waiting by <c>/hold</c>.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The requests so far, in the order in which their heads were read.</summary>
    public IReadOnlyList<LoggedRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _log];
        }
    }

    /// <summary>Starts a server.</summary>
    public static async Task<HttpBinServer> StartAsync(HttpBinOptions? options = null)
    {
        var server = new HttpBinServer(options ?? new HttpBinOptions());
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Starts a server, on threads of the pool, while the calling thread waits.</summary>
    public static HttpBinServer Start(HttpBinOptions? options = null)
    {
        var server = new HttpBinServer(options ?? new HttpBinOptions());
        Await(server._app.StartAsync());
        return server;
    }

    /// <summary>Lets a request to <c>/hold?id=…</c> go on, whether it has come already or is still to come.</summary>
    public void Release(string id) => HoldOf(id).TrySetResult();

    /// <summary>Holds the calling thread until so many requests wait in <c>/hold</c>.</summary>
    public void WaitUntilHeld(int count) => WaitFor(() => Held >= count, $"{count} requests in /hold");

    /// <summary>Holds the calling thread until so many requests have come.</summary>
    public void WaitForRequests(int count) => WaitFor(() => _log.Count >= count, $"{count} requests");

    /// <summary>Holds the calling thread until no more than so many connections are open.</summary>
    public void WaitForOpenConnections(int count) => WaitFor(() => OpenConnections <= count, $"no more than {count} open connections");

    /// <inheritdoc/>
    public void Dispose() => Await(DisposeAsync().AsTask());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Requests that still wait are not worth waiting for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    internal async Task HoldAsync(string id, CancellationToken cancellationToken)
    {
        Count(ref _held, 1);
        try
        {
            await HoldOf(id).Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Count(ref _held, -1);
        }
    }

    /// <summary>Counts the tries under one id, from one.</summary>
    internal int NextTry(string id) => _tries.AddOrUpdate(id, 1, static (_, n) => n + 1);

    private TaskCompletionSource HoldOf(string id) =>
        _holds.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Configure(ListenOptions listen, IssuedCertificate? certificate)
    {
        listen.Protocols = certificate is null ? _options.PlainProtocol : _options.Protocols;
        listen.Use(CountConnection);
        if (certificate is null)
            return;
        SslServerAuthenticationOptions tls = certificate.ServerOptions();
        tls.ClientCertificateRequired = _options.AskForClientCertificate;
        tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
    }

    private ConnectionDelegate CountConnection(ConnectionDelegate next) => async connection =>
    {
        Count(ref _connections, 1);
        Count(ref _openConnections, 1);
        try
        {
            await next(connection);
        }
        finally
        {
            Count(ref _openConnections, -1);
        }
    };

    private async Task Serve(HttpContext context)
    {
        var entry = new LoggedRequest(context);
        lock (_gate)
        {
            _log.Add(entry);
            Monitor.PulseAll(_gate);
        }

        if (_options.ServerHeader is { } name)
            context.Response.Headers.Server = name;
        context.Request.Body = new CountedBody(context.Request.Body, entry);
        await HttpBin.Respond(context, this);
    }

    private void Count(ref int counter, int by)
    {
        lock (_gate)
        {
            counter += by;
            Monitor.PulseAll(_gate);
        }
    }

    private void WaitFor(Func<bool> condition, string what)
    {
        lock (_gate)
            Guard.WaitUntil(_gate, condition, null, () => what);
    }

    private static void Await(Task task)
    {
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (task.Exception is { } e)
            throw new InvalidOperationException("The server could not be started or stopped.", e);
    }
}
