using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>Many callers of both kinds, some of whom change their mind: no answer goes astray, and nothing is left in the end.</summary>
[Collection(AloneGroup.Name)]
public sealed class SoakTests(ITestOutputHelper output) : ClientTests
{
    private const int Callers = 64;

    // Set URLLIB4_SOAK to a number for a longer run.
    private static readonly int _requests =
        int.TryParse(Environment.GetEnvironmentVariable("URLLIB4_SOAK"), CultureInfo.InvariantCulture, out int wanted) ? wanted : 10_000;

    private int _answered;
    private int _cancelled;

    [Theory]
    [InlineData(HttpVersions.Http11)]
    [InlineData(HttpVersions.Http11 | HttpVersions.Http2)]
    public async Task Every_answer_belongs_to_its_request_and_nothing_leaks(HttpVersions versions)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        using HttpBinServer server = HttpBinServer.Start(new()
        {
            Certificate = certificate,
            Protocols = HttpProtocols.Http1AndHttp2,
        });
        var manager = new PoolManager(new PoolOptions
        {
            MaxSize = 24,
            Block = true,
            HttpVersions = versions,
            Tls = new() { CaCerts = new([authority.Root]) },
        });
        using LeakCheck leaks = new LeakCheck()
            .Watch("busy", () => manager.Pools.Sum(static p => p.Value.Snapshot().Busy.Count))
            .Watch("dialing", () => manager.Pools.Sum(static p => p.Value.Snapshot().Dialing))
            .Watch("waiting", () => manager.Pools.Sum(static p => p.Value.Snapshot().Waiting));
        string[] urls = [server.Url, server.SecureUrl];
        long start = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(n => n % 2 == 0
            ? OnThread(() => Blocking(manager, urls[n / 2 % 2], n))
            : Asynchronous(manager, urls[n / 2 % 2], n)));

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.Equal(_requests / Callers * Callers, _answered + _cancelled);
        Assert.True(_cancelled > 0, "Nobody changed his mind in time.");
        leaks.Verify();
        output.WriteLine($"{_answered} answered, {_cancelled} cancelled, {server.Connections} connections, {took.TotalSeconds:0.0} s");
        Assert.All(manager.Pools, static p => Assert.InRange(p.Value.Snapshot().Idle.Count, 0, 24));
        await manager.DisposeAsync();
        Until(() => server.OpenConnections == 0);
        leaks.Verify();
    }

    private bool Blocking(PoolManager manager, string url, int caller)
    {
        var chance = new Random(caller);
        for (int i = 0; i < _requests / Callers; i++)
        {
            Asked asked = Next(chance, caller, i);
            using CancellationTokenSource stop = Changing(chance);
            try
            {
                Check(asked, manager.Request("POST", url + "/echo", asked.Options, stop.Token));
            }
            catch (OperationCanceledException e)
            {
                Cancelled(e, stop);
            }
        }

        return true;
    }

    private async Task<bool> Asynchronous(PoolManager manager, string url, int caller)
    {
        var chance = new Random(caller);
        for (int i = 0; i < _requests / Callers; i++)
        {
            Asked asked = Next(chance, caller, i);
            using CancellationTokenSource stop = Changing(chance);
            try
            {
                UrllibResponse response = await manager.RequestAsync("POST", url + "/echo", asked.Options, stop.Token);
                await response.DataAsync(CancellationToken.None);
                Check(asked, response);
            }
            catch (OperationCanceledException e)
            {
                Cancelled(e, stop);
            }
        }

        return true;
    }

    private void Check(Asked asked, UrllibResponse response)
    {
        Assert.Equal(200, response.Status);
        Assert.Equal(asked.Id, response.Headers["X-Request-Id"]);
        Assert.Equal(asked.Body, response.Data);
        Interlocked.Increment(ref _answered);
    }

    private void Cancelled(OperationCanceledException e, CancellationTokenSource stop)
    {
        Assert.Equal(stop.Token, e.CancellationToken);
        Interlocked.Increment(ref _cancelled);
    }

    private static Asked Next(Random chance, int caller, int number)
    {
        string id = $"{caller}-{number}";
        byte[] body = new byte[chance.Next(100) == 0 ? 200_000 : chance.Next(1, 2000)];
        chance.NextBytes(body);
        RequestOptions options = new() { Body = body, Headers = new() { { "X-Request-Id", id } }, PreloadContent = chance.Next(4) > 0 };
        return new(id, body, options);
    }

    // One in ten; most of them in the midst of it.
    private static CancellationTokenSource Changing(Random chance)
    {
        var stop = new CancellationTokenSource();
        if (chance.Next(10) == 0)
            stop.CancelAfter(TimeSpan.FromMilliseconds(chance.Next(0, 4)));
        return stop;
    }

    private sealed record Asked(string Id, byte[] Body, RequestOptions Options);
}
