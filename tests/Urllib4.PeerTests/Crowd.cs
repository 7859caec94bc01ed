using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Urllib4.PeerTests;

/// <summary>Many callers at once who share a number of requests: every other one blocks, on a thread of its own.</summary>
/// <param name="http">What they all use.</param>
/// <param name="prepare">Makes the errand of a number, with the chance of its caller.</param>
/// <param name="judge">Says in a word what became of an errand: its response, read to the end, or its failure.</param>
internal sealed class Crowd(
    IRequestMethods http, Func<int, Random, Errand> prepare, Func<Errand, UrllibResponse?, Exception?, string> judge)
{
    private int _begun;

    /// <summary>What became of the errands, and how often.</summary>
    public ConcurrentDictionary<string, int> Outcomes { get; } = new();

    /// <summary>How many requests to send: what <c>URLLIB4_SOAK</c> says, or else a few thousand.</summary>
    public static int Requests(int few) =>
        Environment.GetEnvironmentVariable("URLLIB4_SOAK") is { Length: > 0 } more ? int.Parse(more, CultureInfo.InvariantCulture) : few;

    /// <summary>Lets the callers work until all requests are sent, and reports.</summary>
    public async Task Run(int callers, int requests)
    {
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, callers / 2).Select(n => new Thread(() => Block(new Random(n), requests)))];
        Array.ForEach(threads, static t => t.Start());
        await Task.WhenAll(Enumerable.Range(threads.Length, callers - threads.Length).Select(n => Await(new Random(n), requests)));
        Array.ForEach(threads, static t => t.Join());
        IEnumerable<string> outcomes = Outcomes.Select(static o => $"{o.Value} {o.Key}").Order(StringComparer.Ordinal).Take(20);
        TestContext.Current.SendDiagnosticMessage(
            "{0} requests in {1:0.0} s: {2}", requests, Stopwatch.GetElapsedTime(started).TotalSeconds, string.Join(", ", outcomes));
    }

    private void Block(Random random, int requests)
    {
        while (TryBegin(random, requests) is { } begun)
        {
            using Errand errand = begun;
            try
            {
                using UrllibResponse response = http.Request(errand.Method, errand.Url, errand.Options, errand.CancellationToken);
                _ = response.Data;
                Note(judge(errand, response, null));
            }
            catch (Exception e)
            {
                Note(judge(errand, null, e));
            }
        }
    }

    private async Task Await(Random random, int requests)
    {
        await Task.Yield();
        while (TryBegin(random, requests) is { } begun)
        {
            using Errand errand = begun;
            try
            {
                await using UrllibResponse response = await http.RequestAsync(
                    errand.Method, errand.Url, errand.Options, errand.CancellationToken);
                await response.DataAsync(errand.CancellationToken);
                Note(judge(errand, response, null));
            }
            catch (Exception e)
            {
                Note(judge(errand, null, e));
            }
        }
    }

    private Errand? TryBegin(Random random, int requests) =>
        Interlocked.Increment(ref _begun) is var number && number <= requests ? prepare(number, random) : null;

    private void Note(string outcome) => Outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
}
