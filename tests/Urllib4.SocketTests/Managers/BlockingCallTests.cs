using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

[Collection(AloneGroup.Name)]
public sealed class BlockingCallTests : ClientTests
{
    private const int Callers = 200;

    [Fact]
    public void Two_hundred_blocking_callers_need_nobody_from_the_thread_pool()
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        using var plain = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var secure = MisbehavingServer.Start(_ => new Dialogue().StartTls(certificate).Loop(static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 8, Block = true, Tls = new() { CaCerts = new([authority.Root]) } });
        var answered = new Gate();
        bool canarySang = false;

        WithoutThreadPool(
            answered,
            () => OnThreads(Callers, n =>
            {
                string url = n % 10 == 0 ? secure.SecureUrl : plain.Url;
                RequestBody? body = n % 3 == 0 ? RequestBody.FromString("some text") : null;
                RequestOptions options = new() { Body = body, PreloadContent = n % 2 == 0 };
                for (int i = 0; i < 3; i++)
                    Assert.Equal("ok", manager.Request(n % 3 == 0 ? "POST" : "GET", url, options).Text());
            }),
            () => canarySang = true,
            () => Assert.False(canarySang));

        Assert.Equal(Callers * 3, plain.Requests.Count + secure.Requests.Count);
        Assert.True(plain.Connections <= 8 && secure.Connections <= 8);
        AssertAtRest(manager);
    }

    /// <summary>
    /// Runs an action while every thread of the pool is held, and proves it by a canary that was queued and did not sing.
    /// </summary>
    private static void WithoutThreadPool(Gate end, Action action, Action canary, Action check)
    {
        ThreadPool.GetMaxThreads(out int workers, out int ports);
        ThreadPool.SetMaxThreads(Environment.ProcessorCount, ports);
        // More than there can be threads just now; the rest of them waits behind.
        for (int i = 0; i < ThreadPool.ThreadCount + Environment.ProcessorCount + 64; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => end.Wait(TimeSpan.FromMinutes(2)), null);
        ThreadPool.UnsafeQueueUserWorkItem(_ => canary(), null);
        try
        {
            action();
            check();
        }
        finally
        {
            end.Open();
            ThreadPool.SetMaxThreads(workers, ports);
        }
    }
}
