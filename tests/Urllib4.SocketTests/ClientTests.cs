using System.Diagnostics;
using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests;

/// <summary>What tests share that send requests in both modes.</summary>
public abstract class ClientTests : ModeTests
{
    /// <summary>A good response with a body of two bytes.</summary>
    protected const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Ends a test that hangs; no test passes because of it.</summary>
    protected static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>No limits: for tests that are about something else, and do much at once.</summary>
    protected static HttpTimeout Endless { get; } = new()
    {
        Pool = Timeout.InfiniteTimeSpan,
        Resolve = Timeout.InfiniteTimeSpan,
        Connect = Timeout.InfiniteTimeSpan,
        Proxy = Timeout.InfiniteTimeSpan,
        Tls = Timeout.InfiniteTimeSpan,
        Send = Timeout.InfiniteTimeSpan,
        Read = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a request in a mode.</summary>
    protected static Task<UrllibResponse> Send(
        Mode mode, IRequestMethods client, string method, string url, RequestOptions? options = null, CancellationToken token = default) =>
        Call(mode, () => client.Request(method, url, options, token), () => client.RequestAsync(method, url, options, token))
            .WaitAsync(Patience, CancellationToken.None);

    /// <summary>Reads a streamed body to its end in a mode.</summary>
    protected static Task<byte[]> ReadAll(Mode mode, UrllibResponse response) =>
        Call(mode, () => response.Data, () => response.DataAsync().AsTask()).WaitAsync(Patience, CancellationToken.None);

    /// <summary>A directory in which every given name stands for the same endpoint.</summary>
    protected static Resolver Everywhere(int port, params IReadOnlyList<string> hosts) =>
        Resolver.FromTable(hosts.Select(host => KeyValuePair.Create(host, new IPEndPoint(IPAddress.Loopback, port))));

    /// <summary>Waits for what another thread is about to do.</summary>
    protected static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience), "It never happened.");

    /// <summary>Asserts that no connection is lent, being dialed, or waited for.</summary>
    protected static void AssertAtRest(PoolManager manager)
    {
        foreach (var (key, pool) in manager.Pools)
        {
            PoolSnapshot now = pool.Snapshot();
            Assert.True(now is { Busy.Count: 0, Dialing: 0, Waiting: 0 }, $"{key} is not at rest: {now}");
        }
    }

    /// <summary>Asserts that a call fails with just this error, and gives it.</summary>
    protected static async Task<T> Fails<T>(Task<UrllibResponse> call)
        where T : Exception
    {
        Exception? failure = await Record.ExceptionAsync(() => call);
        return Assert.IsType<T>(failure);
    }

    /// <summary>Lets virtual time pass, step by step, until a call that waits for a limit is over.</summary>
    protected static async Task PassTime(VirtualTime clock, TimeSpan step, Task call)
    {
        while (!call.IsCompleted)
        {
            // Again if the wait has begun only now. A blocking call looks at the clock once its own wait is over, which is as long.
            clock.Advance(step);
            await Task.WhenAny(call, Task.Delay(step));
        }
    }

    /// <summary>Runs something on so many threads at once, and waits for all of them.</summary>
    protected static void OnThreads(int count, Action<int> action)
    {
        var failures = new List<Exception>();
        Thread[] threads =
            [.. Enumerable.Range(0, count).Select(n => new Thread(() => Try(() => action(n), failures)) { IsBackground = true })];
        Array.ForEach(threads, static t => t.Start());
        long started = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads)
        {
            TimeSpan left = Patience - Stopwatch.GetElapsedTime(started);
            Assert.True(thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero), "A caller hangs.");
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    private static void Try(Action action, List<Exception> failures)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            lock (failures)
                failures.Add(e);
        }
    }
}
